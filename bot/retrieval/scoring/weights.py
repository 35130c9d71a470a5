"""What was learnt from judged questions: how much each feature and each piece of evidence counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Self

from bot.retrieval.question.query import Query

INTERCEPT = "intercept"
"""The name, among the evidence, of what is added without any."""


class Caution(StrEnum):
    """How sure an answer has to be."""

    CAREFUL = "careful"
    BALANCED = "balanced"
    EAGER = "eager"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """How much counts what; each table is empty where it plays no part.

    Attributes:
        candidates: For the features seen from afar, their weights in the choice of passages to read.
        features: For each feature its weight in the score, where BM25's is 1.
        statement: The same where nothing is asked, as for a claim or terms to search for.
        evidence: For each piece of evidence its weight in the confidence, and the intercept.
        min_confidences: For each caution the least confidence with which a question is answered.
    """

    candidates: Mapping[str, float]
    features: Mapping[str, float]
    statement: Mapping[str, float]
    evidence: Mapping[str, float]
    min_confidences: Mapping[Caution, float]

    @classmethod
    def from_tables(cls, tables: Mapping[str, Any]) -> Self:
        """The weights of these tables, named as the attributes are.

        Raises:
            ValueError: A table or a number is missing, or is none.
        """
        try:
            return cls(
                candidates=_parse_weights(tables["candidates"]),
                features=_parse_weights(tables["features"]),
                statement=_parse_weights(tables["statement"]),
                evidence=_parse_weights(tables["evidence"]),
                min_confidences={caution: float(tables["least"][caution]) for caution in Caution},
            )
        except (AttributeError, KeyError, TypeError) as error:
            message = f"a table or a number is missing: {error}"
            raise ValueError(message) from error

    def get_feature_weights(self, query: Query) -> Mapping[str, float]:
        """For each feature its weight in the score of a passage for this query."""
        return self.features if query.answer_type.is_question else self.statement


def _parse_weights(table: Mapping[str, Any]) -> Mapping[str, float]:
    return MappingProxyType({name: float(weight) for name, weight in table.items()})


BM25_ONLY = Weights(
    candidates={},
    features={},
    statement={},
    evidence={},
    min_confidences=dict.fromkeys(Caution, 0.0),
)
"""BM25 alone, which answers whatever it finds."""
