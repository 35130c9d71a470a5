"""Passages that hold given terms, the best first or by their days."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.lookups.listing import Listing, Lookup
from bot.retrieval.answering.abstention import (
    Reason,
    ReasonCode,
    explain_no_hits,
    explain_too_long,
    explain_unknown_words,
)
from bot.retrieval.answering.answer import extract_excerpts
from bot.retrieval.answering.excerpts import Citation, Excerpt
from bot.retrieval.library_search import LibrarySearch
from bot.retrieval.question.bounds import Bounds
from bot.retrieval.question.query import Query
from bot.retrieval.scoring.limits import AnswerLimits
from bot.retrieval.scoring.results import SearchResult
from bot.retrieval.scoring.weights import Weights
from bot.retrieval.search_index import MAX_HITS

DETAIL_FACT = "detail"
SORT_FACT = "sort"
"""The facts of a listing that say how much of each hit is shown, and in which order they stand."""


class Sort(StrEnum):
    """The order of what is found."""

    BEST = "best"
    NEWEST = "newest"
    OLDEST = "oldest"


class Detail(StrEnum):
    """How much of each hit is shown."""

    COMPACT = "compact"
    FULL = "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class Searcher:
    """What every search of one moment runs on.

    Attributes:
        index: What is searched.
        today: The last day that is visible.
        limits: How much of a hit is shown.
        weights: How much each feature counts.
    """

    index: LibrarySearch
    today: date
    limits: AnswerLimits
    weights: Weights

    async def search(self, query: Query, bounds: Bounds, sort: Sort) -> SearchResult:
        """What a search finds in this order.

        Raises:
            StoreError: The library can't be read.
        """
        if sort is Sort.BEST:
            return await self.index.search(
                query, bounds=bounds, until=self.today, limits=self.limits, weights=self.weights
            )
        return await self.index.search_by_day(
            query,
            bounds=bounds,
            until=self.today,
            limits=self.limits,
            weights=self.weights,
            newest_first=sort is Sort.NEWEST,
        )

    async def search_undated(self, query: Query, bounds: Bounds, sort: Sort) -> SearchResult | None:
        """Return what the same search finds without all days; None if there are none.

        Raises:
            StoreError: The library can't be read.
        """
        if not (query.dates or bounds.days):
            return None
        return await self.search(query.without_dates(), bounds.without_days(), sort)


async def search_passages(
    searcher: Searcher,
    query: Query,
    bounds: Bounds,
    *,
    sort: Sort = Sort.BEST,
    detail: Detail = Detail.FULL,
) -> Listing:
    """The passages that hold a term of the query, the best first.

    By their days, what is found are articles that hold all its terms, each by its best passage: the
    days of passages that hold a single one of several terms would tell nothing. Only where no
    article holds them all is one term enough.

    Args:
        searcher: What is searched.
        query: What is searched for.
        bounds: Which articles are searched.
        sort: The order.
        detail: How much of each hit is shown.

    Raises:
        StoreError: The library can't be read.
    """
    result = await searcher.search(query, bounds, sort)
    entries = _build_entries(result, detail, searcher.limits)
    undated = await searcher.search_undated(query, bounds, sort)
    return Listing(
        lookup=Lookup.SEARCH,
        entries=entries,
        total=_count_total(result, query),
        bounds=bounds,
        facts={DETAIL_FACT: detail.value, SORT_FACT: sort.value},
        dates=query.date_ranges,
        undated=_build_entries(undated, detail, searcher.limits) if undated else (),
        undated_total=_count_total(undated, query) if undated else 0,
        reasons=tuple(_iter_reasons(query, result, entries)),
    )


def _build_entries(
    result: SearchResult, detail: Detail, limits: AnswerLimits
) -> tuple[Citation, ...]:
    excerpts = extract_excerpts(result, limits)
    return tuple(excerpts if detail is Detail.FULL else map(_shorten_to_sentence, excerpts))


def _shorten_to_sentence(excerpt: Excerpt) -> Citation:
    """The sentence of the excerpt that says most of what was searched for."""
    span = excerpt.answer_span
    matches = [
        match for match in excerpt.matches if span.start <= match.start and match.end <= span.end
    ]
    return Citation(
        article=excerpt.article,
        span=span,
        answer_span=span,
        matches=tuple(matches),
        score=excerpt.score,
    )


def _iter_reasons(
    query: Query, result: SearchResult, entries: Sequence[Citation]
) -> Iterator[Reason]:
    """Which words no article holds, and where nothing can be shown, why."""
    if not result.extent.articles:
        yield Reason(code=ReasonCode.NO_ARTICLES)
        return
    if unknown_words := explain_unknown_words(query, result):
        yield unknown_words
    if not result.hits:
        yield from explain_no_hits(query, result)
    elif not entries:
        yield explain_too_long(result)


def _count_total(result: SearchResult, query: Query) -> int:
    """How many there are: a search counts what holds the words of a phrase, side by side or not.

    Where it gave fewer than it may, these are all.
    """
    return len(result.hits) if query.phrases and len(result.hits) < MAX_HITS else result.total
