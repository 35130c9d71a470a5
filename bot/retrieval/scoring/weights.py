"""Weights of features and evidence, learnt from judged questions."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Self

from bot.retrieval.question.query import Query

INTERCEPT = "intercept"
"""The name, among the evidence, of the constant term of the logistic regression."""


class Caution(StrEnum):
    """How sure an answer has to be."""

    CAREFUL = "careful"
    BALANCED = "balanced"
    EAGER = "eager"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Weights of ranking features and of evidence; an empty table has no effect.

    Attributes:
        candidates: The weights of first-stage features in choosing the passages to analyse.
        features: The weights of features in the score of a passage, relative to BM25.
        statement: The same for a query that is no question, such as a claim or search terms.
        evidence: The weights of evidence in the confidence, and the intercept.
        min_confidences: The minimum confidence for an answer, by caution.
    """

    candidates: Mapping[str, float]
    features: Mapping[str, float]
    statement: Mapping[str, float]
    evidence: Mapping[str, float]
    min_confidences: Mapping[Caution, float]

    @classmethod
    def from_tables(cls, tables: Mapping[str, Any]) -> Self:
        """Build weights from the tables of a weights file.

        Raises:
            ValueError: A table or a number is missing or invalid.
        """
        try:
            return cls(
                candidates=_parse_weights(tables["candidates"]),
                features=_parse_weights(tables["features"]),
                statement=_parse_weights(tables["statement"]),
                evidence=_parse_weights(tables["evidence"]),
                # The table is called "least" in config/weights.toml.
                min_confidences={caution: float(tables["least"][caution]) for caution in Caution},
            )
        except (AttributeError, KeyError, TypeError) as error:
            message = f"a table or a number is missing or invalid: {error}"
            raise ValueError(message) from error

    def get_feature_weights(self, query: Query) -> Mapping[str, float]:
        """Return the weights of features in the score of a passage for this query."""
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
"""Weights for BM25 alone, with which every hit counts as an answer."""
