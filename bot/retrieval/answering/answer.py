"""The answer to a query: excerpts in order, or an abstention with its reasons."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.retrieval.answering.abstention import Reason, explain_abstention, explain_unknown_words
from bot.retrieval.answering.confidence import ConfidenceModel
from bot.retrieval.answering.excerpts import Excerpt, extract_excerpt
from bot.retrieval.index.extent import Extent
from bot.retrieval.question.query import Query
from bot.retrieval.scoring.limits import AnswerLimits
from bot.retrieval.scoring.results import SearchResult
from bot.retrieval.scoring.weights import Weights

MAX_CLOSEST = 3
"""The maximum number of closest passages shown with an abstention."""

_MIN_DUPLICATE_OVERLAP = 0.7
"""The overlap of words (Jaccard) at which two excerpts count as near-duplicates."""

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Excerpts in order, or an abstention with its reasons.

    Attributes:
        query: The query.
        confidence: The probability that the first excerpt, shown or closest, answers the query;
            None if the weights are not calibrated.
        excerpts: The excerpts that answer, best first; empty in an abstention.
        reasons: The reasons for an abstention, most important first; empty in an answer.
        unknown_words: The words that no article contains, as a reason; None if there are none.
        closest_excerpts: The excerpts closest to the query in an abstention; empty in an answer.
        further_excerpts: The excerpts behind those shown: first those that also answer, then the
            others, each best first.
        answering_count: The number of leading excerpts of `excerpts` and `further_excerpts`
            together that answer.
        extent: The extent of the searched library.
        total: The number of passages that contain a query term.
    """

    query: Query
    confidence: float | None
    excerpts: tuple[Excerpt, ...]
    reasons: tuple[Reason, ...]
    unknown_words: Reason | None
    closest_excerpts: tuple[Excerpt, ...]
    further_excerpts: tuple[Excerpt, ...]
    answering_count: int
    extent: Extent
    total: int

    @property
    def is_answered(self) -> bool:
        """Whether the articles answer the query."""
        return bool(self.excerpts)


def build_answer(
    query: Query, result: SearchResult, *, limits: AnswerLimits, weights: Weights
) -> Answer:
    """Build the answer to a query from its search result.

    Args:
        query: The query.
        result: The search result.
        limits: The limits on the answer, and how sure it has to be.
        weights: The weights of the evidence.
    """
    model = ConfidenceModel(query=query, result=result, limits=limits, weights=weights)
    all_excerpts = extract_excerpts(result, limits)
    distinct_excerpts = remove_near_duplicates(all_excerpts)
    answering_excerpts = model.select_answers(distinct_excerpts)
    excerpts = answering_excerpts[: limits.max_excerpts]
    rest = tuple(excerpt for excerpt in distinct_excerpts if excerpt not in answering_excerpts)
    closest = () if excerpts else distinct_excerpts[:MAX_CLOSEST]
    return Answer(
        query=query,
        confidence=_estimate_confidence(model, distinct_excerpts),
        excerpts=excerpts,
        reasons=() if excerpts else tuple(explain_abstention(model, all_excerpts)),
        unknown_words=explain_unknown_words(query, result),
        closest_excerpts=closest,
        further_excerpts=(answering_excerpts + rest)[len(excerpts) or len(closest) :],
        answering_count=len(answering_excerpts),
        extent=result.extent,
        total=result.total,
    )


def _estimate_confidence(model: ConfidenceModel, excerpts: tuple[Excerpt, ...]) -> float | None:
    if not model.is_calibrated:
        return None
    return model.estimate_confidence(excerpts[0], excerpts) if excerpts else 0.0


def extract_excerpts(result: SearchResult, limits: AnswerLimits) -> list[Excerpt]:
    """Return the excerpts of the hits, best first, skipping hits that are too long to quote."""
    excerpts = (
        extract_excerpt(hit, result.idfs, max_chars=limits.max_excerpt_chars) for hit in result.hits
    )
    return [excerpt for excerpt in excerpts if excerpt]


def remove_near_duplicates(excerpts: Iterable[Excerpt]) -> tuple[Excerpt, ...]:
    """Return the excerpts without those that overlap an earlier one or nearly repeat it."""
    distinct: list[tuple[Excerpt, frozenset[str]]] = []
    for excerpt in excerpts:
        words = frozenset(_WORD.findall(excerpt.text.lower()))
        if not any(
            _spans_overlap(excerpt, other) or _is_near_duplicate(words, other_words)
            for other, other_words in distinct
        ):
            distinct.append((excerpt, words))
    return tuple(excerpt for excerpt, _ in distinct)


def _spans_overlap(excerpt: Excerpt, other: Excerpt) -> bool:
    return (
        excerpt.article.id == other.article.id
        and excerpt.span.start < other.span.end
        and other.span.start < excerpt.span.end
    )


def _is_near_duplicate(words: frozenset[str], other_words: frozenset[str]) -> bool:
    return len(words & other_words) >= _MIN_DUPLICATE_OVERLAP * len(words | other_words)
