"""The search over the library that lookups, digests and services use."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Protocol

from bot.model.article import Article, ArticleId
from bot.retrieval.index.article_table import ArticleTable
from bot.retrieval.index.extent import Extent
from bot.retrieval.question.bounds import Bounds
from bot.retrieval.question.query import Query
from bot.retrieval.scoring.limits import AnswerLimits
from bot.retrieval.scoring.results import SearchResult
from bot.retrieval.scoring.weights import Weights
from bot.retrieval.text.terms import Analyser


class LibrarySearch(Protocol):
    """A search over all stored articles, wherever its index stands.

    Articles dated later than the day `until` are hidden. Every method may raise StoreError if the
    library can't be read.
    """

    @property
    def analyser(self) -> Analyser:
        """The analyser that made the terms of the index."""

    async def search(
        self, query: Query, *, bounds: Bounds, until: date, limits: AnswerLimits, weights: Weights
    ) -> SearchResult:
        """Return the passages that answer a query best, as `SearchIndex.search` does.

        Args:
            query: What is searched for.
            bounds: Which articles are searched.
            until: The last day that is visible.
            limits: How much is shown.
            weights: How much each feature counts.
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
        """Return the best passage of each article, ordered by day of publication.

        Args:
            query: What is searched for.
            bounds: Which articles are searched.
            until: The last day that is visible.
            limits: How much is shown.
            weights: How much each feature counts.
            newest_first: Whether the last day comes first.
        """

    async def find_best_per_article(
        self, query: Query, articles: Sequence[Article], *, limits: AnswerLimits, weights: Weights
    ) -> SearchResult:
        """Return the best passage of each of these articles that contains the query's terms.

        Args:
            query: What is searched for.
            articles: At most as many as a search gives hits.
            limits: How much is shown.
            weights: How much each feature counts.
        """

    async def find_matching_days(
        self, query: Query, *, bounds: Bounds, until: date, min_coverage: float = 1.0
    ) -> tuple[date, ...]:
        """Return the day of each article that contains the query's terms, in order.

        Args:
            query: What is searched for.
            bounds: Which articles are searched.
            until: The last day that is visible.
            min_coverage: The share of the weight of the query's terms that an article must contain.
        """

    async def find_matching_ids(
        self, queries: Sequence[Query], *, article_ids: AbstractSet[ArticleId]
    ) -> tuple[tuple[ArticleId, ...], ...]:
        """Return for each query which of these articles contain its terms."""

    async def find_matching_articles(
        self, terms: Iterable[str], *, until: date
    ) -> Iterator[Article]:
        """Return the articles that contain all of these terms, the oldest first.

        Each is decoded when it is taken from the iterator, so iterate in a thread.
        """

    async def idfs(self, terms: Iterable[str]) -> Mapping[str, float]:
        """Return the idf of each term; 0 if no article contains it."""

    async def get_idf_function(self) -> Callable[[Iterable[str]], Mapping[str, float]]:
        """Return a function that gives the idf of terms without waiting."""

    async def get_articles(self) -> ArticleTable:
        """Return all articles, those dated in the future too."""

    async def compute_extent(self, *, until: date) -> Extent:
        """Return how much of the library is visible on the day `until`."""
