"""The search interface that lookups, digests and services use."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Protocol

from bot.model.article import Article, ArticleId
from bot.model.day_range import DayRange
from bot.retrieval.index.article_table import ArticleTable
from bot.retrieval.index.extent import Extent
from bot.retrieval.question.bounds import Bounds
from bot.retrieval.question.query import Query
from bot.retrieval.scoring.limits import AnswerLimits
from bot.retrieval.scoring.results import SearchResult
from bot.retrieval.scoring.weights import Weights
from bot.retrieval.search_index import MAX_CANDIDATES
from bot.retrieval.text.terms import Analyser


class LibrarySearch(Protocol):
    """A search over all stored articles, independent of the place of its index.

    Articles dated after the day `until` are hidden.
    """

    @property
    def analyser(self) -> Analyser:
        """The analyser that made the terms of the index."""

    async def search(  # noqa: PLR0913 - what a search depends on
        self,
        query: Query,
        *,
        bounds: Bounds,
        until: date,
        limits: AnswerLimits,
        weights: Weights,
        max_candidates: int = MAX_CANDIDATES,
    ) -> SearchResult:
        """Return the passages that match a query best, as `SearchIndex.search` does.

        Args:
            query: The query.
            bounds: The bounds on date and source.
            until: The last visible day.
            limits: The limits on excerpts.
            weights: The weights of the features.
            max_candidates: The number of passages that are analysed.
        """

    async def search_by_period(  # noqa: PLR0913 - what a search depends on
        self,
        query: Query,
        periods: Sequence[DayRange],
        *,
        bounds: Bounds,
        until: date,
        limits: AnswerLimits,
        weights: Weights,
    ) -> tuple[SearchResult, ...]:
        """Return for each period the passages that contain the most of the query, best first.

        Args:
            query: The query.
            periods: The periods of publication, at least one.
            bounds: The bounds on date and source.
            until: The last visible day.
            limits: The limits on excerpts.
            weights: The weights of the features.
        """

    async def search_by_day(  # noqa: PLR0913 - what a search depends on
        self,
        query: Query,
        *,
        bounds: Bounds,
        until: date,
        limits: AnswerLimits,
        weights: Weights,
        newest_first: bool,
    ) -> SearchResult:
        """Return the best passage of each article, ordered by publication day.

        Args:
            query: The query.
            bounds: The bounds on date and source.
            until: The last visible day.
            limits: The limits on excerpts.
            weights: The weights of the features.
            newest_first: Whether to start with the last day.
        """

    async def find_best_per_article(
        self, query: Query, articles: Sequence[Article], *, limits: AnswerLimits, weights: Weights
    ) -> SearchResult:
        """Return the best passage of each of these articles that contains all query terms.

        Args:
            query: The query.
            articles: The articles, at most MAX_HITS of `search_index`.
            limits: The limits on excerpts.
            weights: The weights of the features.
        """

    async def find_matching_days(
        self, query: Query, *, bounds: Bounds, until: date, min_coverage: float = 1.0
    ) -> tuple[date, ...]:
        """Return the publication day of each dated article that contains the query terms.

        Args:
            query: The query.
            bounds: The bounds on date and source.
            until: The last visible day.
            min_coverage: The minimum share of the query's total idf that an article must contain.

        Returns:
            The days, ascending; a day appears once per article.
        """

    async def find_matching_ids(
        self, queries: Sequence[Query], *, article_ids: AbstractSet[ArticleId]
    ) -> tuple[tuple[ArticleId, ...], ...]:
        """Return for each query the given articles that contain its terms."""

    async def find_articles_with_texts(
        self, texts: Sequence[str], *, until: date
    ) -> Iterator[tuple[Callable[[], Article], tuple[int, ...]]]:
        """Return functions that load the articles that may contain texts, and the texts' indices.

        Everything is computed while iterating, so iterate in a thread.
        """

    async def idfs(self, terms: Iterable[str]) -> Mapping[str, float]:
        """Return the idf of each term; 0 if no article contains it."""

    async def get_idf_function(self) -> Callable[[Iterable[str]], Mapping[str, float]]:
        """Return a synchronous function that computes the idf of terms."""

    async def get_articles(self) -> ArticleTable:
        """Return all articles, including those dated in the future."""

    async def compute_extent(self, *, until: date) -> Extent:
        """Return the extent of the library on the day `until`."""
