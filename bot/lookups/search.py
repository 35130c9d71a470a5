"""Search for passages with given terms, ranked by score or by day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.dates.calendar import Period
from bot.lookups.listing import Listing, Lookup
from bot.model.day_range import DayRange
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
"""The facts of a listing that store how much of each hit is shown, and the sort order."""


_QUICK_CANDIDATES = 15
"""The number of passages that a quick search analyses."""


class Sort(StrEnum):
    """The sort order of results."""

    BEST = "best"
    NEWEST = "newest"
    OLDEST = "oldest"


class Detail(StrEnum):
    """How much of each hit is shown."""

    COMPACT = "compact"
    FULL = "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class Searcher:
    """A search with the settings that all searches of one request share.

    Attributes:
        index: The search over the library.
        today: The last visible day.
        limits: The limits on excerpts.
        weights: The weights of the features.
    """

    index: LibrarySearch
    today: date
    limits: AnswerLimits
    weights: Weights

    async def search(self, query: Query, bounds: Bounds, sort: Sort) -> SearchResult:
        """Return the result of a query in this order."""
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

    async def search_quickly(self, query: Query, bounds: Bounds) -> SearchResult:
        """Return the best hits of a query in less time, as one of many searches of a request."""
        return await self.index.search(
            query,
            bounds=bounds,
            until=self.today,
            limits=self.limits,
            weights=self.weights,
            max_candidates=_QUICK_CANDIDATES,
        )

    async def search_by_period(
        self, query: Query, periods: Sequence[Period], bounds: Bounds
    ) -> tuple[SearchResult, ...]:
        """Return the result of a query in each period."""
        if not periods:
            return ()
        return await self.index.search_by_period(
            query,
            [DayRange(first=period.first, last=period.last) for period in periods],
            bounds=bounds,
            until=self.today,
            limits=self.limits,
            weights=self.weights,
        )

    async def search_undated(self, query: Query, bounds: Bounds, sort: Sort) -> SearchResult | None:
        """Return the result of the same search without dates; None if it has no dates."""
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
    """Search for passages that contain a query term.

    Sorted by score, every passage with one term counts. Sorted by day, each article with all terms
    is represented by its best passage, because days of passages with only one of several terms
    would mean little. If no article has all terms, one term is enough.

    Args:
        searcher: The search.
        query: The query.
        bounds: The bounds on date and source.
        sort: The sort order.
        detail: How much of each hit is shown.
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
    """Return a citation of only the sentence that answers."""
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
    """Yield the reasons for missing results: unknown words, and why nothing can be shown."""
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
    """Return the number of results.

    The search counts passages with all words of a phrase, side by side or not. If it returned fewer
    hits than its maximum, the hits are all that contain the phrase itself.
    """
    return len(result.hits) if query.phrases and len(result.hits) < MAX_HITS else result.total
