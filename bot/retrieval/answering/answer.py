"""Query + hits -> Answer: excerpts in order, or an abstention with its reasons."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.retrieval.answering.abstention import Reason, reasons, unknown_words
from bot.retrieval.answering.confidence import Case
from bot.retrieval.answering.excerpts import Excerpt, excerpt_of
from bot.retrieval.question.query import Query
from bot.retrieval.scoring.limits import Limits
from bot.retrieval.scoring.results import Extent, Found
from bot.retrieval.scoring.weights import Weights

MAX_CLOSEST = 3
"""The passages shown with an abstention at most."""

_SAME = 0.7
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
        unknown: That articles hold some words of the question nowhere; None where they hold all.
        closest: The excerpts nearest to the question; empty unless it abstains.
        further: What follows on those shown: what else answers, then what else was found, each
            best first; with those shown at most as many as a search gives hits.
        answering_count: How many of `excerpts` and `further`, in this order, answer.
        extent: What the searched library holds.
        total: How many passages hold a term of the query.
    """

    query: Query
    confidence: float | None
    excerpts: tuple[Excerpt, ...]
    reasons: tuple[Reason, ...]
    unknown: Reason | None
    closest: tuple[Excerpt, ...]
    further: tuple[Excerpt, ...]
    answering_count: int
    extent: Extent
    total: int

    @property
    def answered(self) -> bool:
        """Whether the articles answer."""
        return bool(self.excerpts)


def compose(query: Query, found: Found, *, limits: Limits, weights: Weights) -> Answer:
    """The answer to `query` from what was found.

    Args:
        query: What was searched for.
        found: What the search gave.
        limits: How much to show, and how sure an answer has to be.
        weights: How much each piece of evidence counts.
    """
    case = Case(query=query, found=found, limits=limits, weights=weights)
    candidates = excerpts_of(found, limits)
    told = told_once(candidates)
    answering = case.answering(told)
    excerpts = answering[: limits.max_excerpts]
    rest = tuple(each for each in told if each not in answering)
    closest = () if excerpts else told[:MAX_CLOSEST]
    return Answer(
        query=query,
        confidence=_confidence(case, told),
        excerpts=excerpts,
        reasons=() if excerpts else tuple(reasons(case, candidates)),
        unknown=unknown_words(case),
        closest=closest,
        further=(answering + rest)[len(excerpts) or len(closest) :],
        answering_count=len(answering),
        extent=found.extent,
        total=found.total,
    )


def _confidence(case: Case, told: tuple[Excerpt, ...]) -> float | None:
    if not case.is_calibrated:
        return None
    return case.confidence(told[0], told) if told else 0.0


def excerpts_of(found: Found, limits: Limits) -> list[Excerpt]:
    """The excerpts of the hits, best first, as far as they are short enough."""
    cited = (
        excerpt_of(hit, found.rarities, max_chars=limits.max_excerpt_chars) for hit in found.hits
    )
    return [excerpt for excerpt in cited if excerpt]


def told_once(excerpts: Iterable[Excerpt]) -> tuple[Excerpt, ...]:
    """The excerpts without those that overlap with an earlier one or say the same."""
    kept: list[tuple[Excerpt, frozenset[str]]] = []
    for excerpt in excerpts:
        words = frozenset(_WORD.findall(excerpt.text.lower()))
        if not any(_overlap(excerpt, other) or _same(words, others) for other, others in kept):
            kept.append((excerpt, words))
    return tuple(excerpt for excerpt, _ in kept)


def _overlap(one: Excerpt, other: Excerpt) -> bool:
    return (
        one.article.id == other.article.id
        and one.span.start < other.span.end
        and other.span.start < one.span.end
    )


def _same(words: frozenset[str], others: frozenset[str]) -> bool:
    return len(words & others) >= _SAME * len(words | others)
