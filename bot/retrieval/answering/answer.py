"""Query + hits -> Answer: excerpts in order, or an abstention with its reasons."""

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
"""The passages shown with an abstention at most."""

_MIN_DUPLICATE_OVERLAP = 0.7
"""The overlap of two excerpts' words (Jaccard) from which they are told as one."""

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Excerpts in order, or an abstention with its reasons.

    Attributes:
        query: What was searched for.
        confidence: The probability that the first excerpt, or the closest, answers; None where that
            is not calibrated.
        excerpts: What answers, best first; empty in an abstention.
        reasons: Why not, the weightiest first; empty unless it abstains.
        unknown_words: That articles hold some words of the question nowhere; None where they hold all.
        closest_excerpts: The excerpts nearest to the question; empty unless it abstains.
        further_excerpts: What follows on those shown: what else answers, then what else was found, each
            best first; with those shown at most as many as a search gives hits.
        answering_count: How many of `excerpts` and `further_excerpts`, in this order, answer.
        extent: What the searched library holds.
        total: How many passages hold a term of the query.
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
        """Whether the articles answer."""
        return bool(self.excerpts)


def build_answer(
    query: Query, result: SearchResult, *, limits: AnswerLimits, weights: Weights
) -> Answer:
    """The answer to `query` from what was found.

    Args:
        query: What was searched for.
        result: What the search gave.
        limits: How much to show, and how sure an answer has to be.
        weights: How much each piece of evidence counts.
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
    """The excerpts of the hits, best first, as far as they are short enough."""
    excerpts = (
        extract_excerpt(hit, result.idfs, max_chars=limits.max_excerpt_chars) for hit in result.hits
    )
    return [excerpt for excerpt in excerpts if excerpt]


def remove_near_duplicates(excerpts: Iterable[Excerpt]) -> tuple[Excerpt, ...]:
    """The excerpts without those that overlap with an earlier one or say the same."""
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
