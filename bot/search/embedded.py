"""The embedded index, which is updated while searches go on."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from pathlib import Path
from typing import NamedTuple

from bot.model.article import Article, ArticleId
from bot.model.day_range import DayRange
from bot.model.progress import ProgressCallback
from bot.retrieval.index.article_table import ArticleTable
from bot.retrieval.index.extent import Extent
from bot.retrieval.question.bounds import Bounds
from bot.retrieval.question.query import Query
from bot.retrieval.scoring.limits import AnswerLimits
from bot.retrieval.scoring.results import SearchResult
from bot.retrieval.scoring.weights import Weights
from bot.retrieval.search_index import MAX_CANDIDATES, SearchIndex
from bot.retrieval.text.terms import Analyser
from bot.search.lost_changes import require_articles, require_indexed_revisions
from bot.search.snapshot import load_index, save_index
from bot.store.articles import ArticleStore
from bot.store.database import Database

INDEX_FILE = "corpus.npz"

_BATCH_SIZE = 1000
"""The number of articles that are read and added in one step."""

MAX_UNSAVED_CHARS = 200_000
"""The maximum length of text that a start may have to index again: about 0.05 s of work."""


class EmbeddedSearch:
    """A search over an index in memory.

    A search uses one immutable index from start to end; `refresh` builds the next index and
    replaces the current one.
    """

    def __init__(self, database: Database, analyser: Analyser, folder: Path) -> None:
        """Create a search that is empty until its first `refresh`.

        Args:
            database: The database of the library.
            analyser: The analyser that makes the terms.
            folder: The folder of the saved index.
        """
        self.analyser = analyser
        self._database = database
        self._article_store = ArticleStore(database)
        self._path = folder / INDEX_FILE
        self._index: SearchIndex | None = None
        self._data_version: int | None = None
        self._change_token: tuple[int, int] | None = None
        self._unsaved_chars = 0
        self._saved_index_has_withdrawn = False
        self._refresh_lock = asyncio.Lock()

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
        """Return the result of the query in the library as of the last refresh.

        Args:
            query: The query.
            bounds: The bounds on date and source.
            until: The clock's day; articles dated later are hidden.
            limits: The limits on excerpts.
            weights: The weights of the features.
            max_candidates: The number of passages that are analysed.
        """
        index = self._index or await self.refresh()
        return await asyncio.to_thread(
            index.search,
            query,
            bounds=bounds,
            until=until,
            limits=limits,
            weights=weights,
            max_candidates=max_candidates,
        )

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
        """Return the passages of each period that contain the most of the query, best first."""
        index = self._index or await self.refresh()
        return await asyncio.to_thread(
            index.search_by_period,
            query,
            periods,
            bounds=bounds,
            until=until,
            limits=limits,
            weights=weights,
        )

    async def get_articles(self) -> ArticleTable:
        """Return the articles as of the last refresh."""
        return (self._index or await self.refresh()).articles

    async def compute_extent(self, *, until: date) -> Extent:
        """Return the extent of the library on the day `until`."""
        index = self._index or await self.refresh()
        return await asyncio.to_thread(index.compute_extent, until=until)

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
        """Return the best passage of each article, ordered by day, as `SearchIndex` does."""
        index = self._index or await self.refresh()
        return await asyncio.to_thread(
            index.search_by_day,
            query,
            bounds=bounds,
            until=until,
            limits=limits,
            weights=weights,
            newest_first=newest_first,
        )

    async def find_matching_days(
        self, query: Query, *, bounds: Bounds, until: date, min_coverage: float = 1.0
    ) -> tuple[date, ...]:
        """Return the day of each article that contains the query terms, as `SearchIndex` does."""
        index = self._index or await self.refresh()
        return await asyncio.to_thread(
            index.find_matching_days, query, bounds=bounds, until=until, min_coverage=min_coverage
        )

    async def find_matching_ids(
        self, queries: Sequence[Query], *, article_ids: AbstractSet[ArticleId]
    ) -> tuple[tuple[ArticleId, ...], ...]:
        """Return for each query the given articles that contain its terms.

        Many queries are cheap if the articles are few, however large the library is.
        """
        index = self._index or await self.refresh()
        return await asyncio.to_thread(_find_matching_ids, index, queries, article_ids)

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
        return await asyncio.to_thread(
            self._find_best_per_article, query, articles, limits=limits, weights=weights
        )

    def _find_best_per_article(
        self, query: Query, articles: Sequence[Article], *, limits: AnswerLimits, weights: Weights
    ) -> SearchResult:
        index = SearchIndex.from_articles(articles, self.analyser)
        matching_ids = index.find_matching_ids(query, bounds=Bounds(), until=None)
        other_ids = frozenset(index.articles.ids).difference(matching_ids)
        return index.with_changes(removed=other_ids, added=()).search_by_day(
            query, bounds=Bounds(), until=None, limits=limits, weights=weights, newest_first=True
        )

    async def idfs(self, terms: Iterable[str]) -> Mapping[str, float]:
        """Return the idf of each term."""
        return (self._index or await self.refresh()).idfs(terms)

    async def get_idf_function(self) -> Callable[[Iterable[str]], Mapping[str, float]]:
        """Return a function that computes idfs in the library as of the last refresh."""
        return (self._index or await self.refresh()).idfs

    async def find_articles_with_texts(
        self, texts: Sequence[str], *, until: date
    ) -> Iterator[tuple[Callable[[], Article], tuple[int, ...]]]:
        """Return the articles that may contain texts, in the form of `PassageIndex`.

        Everything is computed while iterating, so iterate in a thread.
        """
        index = self._index or await self.refresh()
        return index.find_articles_with_texts(texts, until=until)

    async def require_articles(self) -> None:
        """Refuse an empty database beside a saved index, rather than begin a new library.

        Raises:
            StoreError: There is a saved index, but the database never had an article.
        """
        require_articles(
            self._database.path,
            self._path,
            has_ever_held_articles=await self._article_store.has_ever_held_articles(),
        )

    async def refresh(self, progress: ProgressCallback | None = None) -> SearchIndex:
        """Update the index with the changes in the library since the last refresh.

        Raises:
            StoreError: The database lacks articles that its saved index contains.
        """
        async with self._refresh_lock:
            index = self._index or await self._load_saved()
            # Read before the articles: a commit in between is then found by the next refresh.
            data_version = await self._database.get_data_version()
            if data_version != self._data_version:
                # Most commits only record shown answers. With 100,000 articles, asking for the
                # change token takes 1 ms, comparing all revisions 216 ms.
                change_token = await self._article_store.get_change_token()
                if change_token != self._change_token:
                    index = await self._update_index(index, progress)
                self._change_token = change_token
            self._index, self._data_version = index, data_version
            return index

    async def save(self) -> None:
        """Save the index if the saved one lacks much text or contains withdrawn articles.

        Raises:
            OSError: The file can't be written.
        """
        async with self._refresh_lock:
            has_much_unsaved = self._unsaved_chars > MAX_UNSAVED_CHARS
            if self._index is None or not (has_much_unsaved or self._saved_index_has_withdrawn):
                return
            library_id = await self._article_store.get_library_id()
            await asyncio.to_thread(save_index, self._index, self._path, library_id)
            self._unsaved_chars, self._saved_index_has_withdrawn = 0, False

    async def _load_saved(self) -> SearchIndex:
        library_id = await self._article_store.get_library_id()
        index = await asyncio.to_thread(load_index, self._path, self.analyser, library_id)
        return index or SearchIndex.from_articles((), self.analyser)

    async def _update_index(
        self, index: SearchIndex, progress: ProgressCallback | None
    ) -> SearchIndex:
        current = await self._article_store.get_current_revisions()
        changes = await asyncio.to_thread(_compare_revisions, index, current)
        if self._index is None:
            await self._require_indexed_revisions(index, changes.stale_ids, current)
        if changes.stale_ids:
            index = await asyncio.to_thread(index.with_changes, removed=changes.stale_ids, added=())
        for start in range(0, len(changes.new_ids), _BATCH_SIZE):
            index = await self._add_articles(index, changes.new_ids[start : start + _BATCH_SIZE])
            if progress:
                progress(min(start + _BATCH_SIZE, len(changes.new_ids)), len(changes.new_ids))
        # The text of a withdrawn article must not stay in the saved file, however little changed.
        self._saved_index_has_withdrawn |= not changes.stale_ids <= current.keys()
        return index

    async def _require_indexed_revisions(
        self,
        index: SearchIndex,
        stale_ids: AbstractSet[ArticleId],
        current: Mapping[ArticleId, int],
    ) -> None:
        """Refuse a database that lacks revisions of the index that was saved beside it."""
        withdrawn = await self._article_store.get_withdrawn_revisions(stale_ids)
        await asyncio.to_thread(
            require_indexed_revisions,
            self._database.path,
            self._path,
            indexed={
                article_id: revision
                for article_id, revision in index.articles.get_revisions().items()
                if article_id in stale_ids
            },
            last_known={
                article_id: max(current.get(article_id, 0), withdrawn.get(article_id, 0))
                for article_id in stale_ids
            },
        )

    async def _add_articles(
        self, index: SearchIndex, article_ids: Sequence[ArticleId]
    ) -> SearchIndex:
        articles = await self._article_store.find_many(article_ids)
        self._unsaved_chars += sum(len(article.body) for article in articles)
        return await asyncio.to_thread(index.with_changes, removed=frozenset(), added=articles)


class _Changes(NamedTuple):
    """The indexed articles that are outdated, and the articles to be added."""

    stale_ids: frozenset[ArticleId]
    new_ids: list[ArticleId]


def _find_matching_ids(
    index: SearchIndex, queries: Iterable[Query], article_ids: AbstractSet[ArticleId]
) -> tuple[tuple[ArticleId, ...], ...]:
    subset = index.with_changes(removed=frozenset(index.articles.ids) - article_ids, added=())
    return tuple(subset.find_matching_ids(query, bounds=Bounds(), until=None) for query in queries)


def _compare_revisions(index: SearchIndex, current: Mapping[ArticleId, int]) -> _Changes:
    indexed_revisions = index.articles.get_revisions()
    return _Changes(
        stale_ids=frozenset(
            article_id
            for article_id, revision in indexed_revisions.items()
            if current.get(article_id) != revision
        ),
        new_ids=[
            article_id
            for article_id, revision in current.items()
            if indexed_revisions.get(article_id) != revision
        ],
    )
