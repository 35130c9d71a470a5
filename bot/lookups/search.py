"""Passages that hold given terms, the best first or by their days."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from bot.lookups.listing import Listing, Lookup
from bot.retrieval.answering.abstention import Lack, Reason
from bot.retrieval.answering.answer import excerpts_of
from bot.retrieval.answering.excerpts import Citation, Excerpt
from bot.retrieval.question.query import Query
from bot.retrieval.scoring.limits import Bounds, Limits
from bot.retrieval.scoring.results import Found
from bot.retrieval.scoring.weights import Weights
from bot.retrieval.search_index import MAX_HITS
from bot.search.embedded import LiveCorpus

DETAIL = "detail"
SORT = "sort"
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
        corpus: What is searched.
        today: The last day that is visible.
        limits: How much of a hit is shown.
        weights: How much each feature counts.
    """

    corpus: LiveCorpus
    today: date
    limits: Limits
    weights: Weights

    async def found(self, query: Query, bounds: Bounds, sort: Sort) -> Found:
        """What a search finds in this order.

        Raises:
            StoreError: The library can't be read.
        """
        if sort is Sort.BEST:
            return await self.corpus.search(
                query, bounds=bounds, until=self.today, limits=self.limits, weights=self.weights
            )
        return await self.corpus.by_day(
            query,
            bounds=bounds,
            until=self.today,
            limits=self.limits,
            weights=self.weights,
            newest_first=sort is Sort.NEWEST,
        )


async def search(
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
    dates = tuple(mention.days for mention in query.dates)
    found = await searcher.found(query, bounds, sort)
    entries = _entries(found, detail, searcher.limits)
    undated = None
    if dates or bounds.days:
        of_any_day = replace(bounds, after=None, before=None)
        undated = await searcher.found(replace(query, dates=()), of_any_day, sort)
    return Listing(
        lookup=Lookup.SEARCH,
        entries=entries,
        total=_total(found, query),
        bounds=bounds,
        facts={DETAIL: detail.value, SORT: sort.value},
        dates=dates,
        undated=_entries(undated, detail, searcher.limits) if undated else (),
        undated_total=_total(undated, query) if undated else 0,
        reasons=tuple(_reasons(query, found, entries)),
    )


def _entries(found: Found, detail: Detail, limits: Limits) -> tuple[Citation, ...]:
    excerpts = excerpts_of(found, limits)
    return tuple(excerpts if detail is Detail.FULL else map(_in_one_sentence, excerpts))


def _in_one_sentence(excerpt: Excerpt) -> Citation:
    """The sentence of the excerpt that says most of what was searched for."""
    span = excerpt.answering
    own = [each for each in excerpt.matches if span.start <= each.start and each.end <= span.end]
    return Citation(
        article=excerpt.article,
        span=span,
        answering=span,
        matches=tuple(own),
        score=excerpt.score,
    )


def _reasons(query: Query, found: Found, entries: Sequence[Citation]) -> Iterator[Reason]:
    """Which words no article holds, and where nothing can be shown, why."""
    if not found.extent.articles:
        yield Reason(lack=Lack.NO_ARTICLES)
        return
    if found.unknown:
        yield Reason(
            lack=Lack.UNKNOWN_WORDS,
            words=tuple(map(query.word_of, found.unknown)),
            suggestions={query.word_of(term): meant for term, meant in found.suggestions.items()},
        )
    if found.hits and not entries:
        titles = (found.hits[0].reading.article.title,)
        yield Reason(lack=Lack.TOO_LONG, words=titles)
    elif not found.hits and query.phrases and not query.excluded:
        phrases = tuple(phrase.text for phrase in query.phrases)
        yield Reason(lack=Lack.NO_SUCH_PHRASE, words=phrases)
    elif not found.hits and not found.unknown:
        yield Reason(lack=Lack.OUT_OF_BOUNDS)


def _total(found: Found, query: Query) -> int:
    """How many there are: a search counts what holds the words of a phrase, side by side or not.

    Where it gave fewer than it may, these are all.
    """
    return len(found.hits) if query.phrases and len(found.hits) < MAX_HITS else found.total
