"""The current Corpus: kept in step with the library while searches go on."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from pathlib import Path
from typing import NamedTuple

from bot.model.article import Article, ArticleId
from bot.retrieval.index.article_table import Articles
from bot.retrieval.question.query import Query
from bot.retrieval.scoring.limits import Bounds, Limits
from bot.retrieval.scoring.results import Extent, Found
from bot.retrieval.scoring.weights import Weights
from bot.retrieval.search_index import Corpus
from bot.retrieval.text.terms import Analyser
from bot.search import snapshot as saved_corpus
from bot.store.articles import ArticleStore
from bot.store.database import Database

Progress = Callable[[int, int], None]
"""Gets how many articles are done and how many there are in all."""

FILE_NAME = "corpus.npz"

_AT_ONCE = 1000
"""The articles that are read and added in one step."""

_UNSAVED_CHARS_AT_MOST = 200_000
"""The text that a start may have to take in again before the corpus is saved anew: 0.05 s of work."""


class LiveCorpus:
    """A search holds the corpus that it began with; a refresh makes the next one and swaps it in."""

    def __init__(self, database: Database, analyser: Analyser, folder: Path) -> None:
        """A live corpus that holds nothing until its first `refresh`.

        Args:
            database: The library.
            analyser: Makes the terms.
            folder: Where the corpus is saved.
        """
        self.analyser = analyser
        self._database = database
        self._articles = ArticleStore(database)
        self._path = folder / FILE_NAME
        self._corpus: Corpus | None = None
        self._version: int | None = None
        self._changes: tuple[int, int] | None = None
        self._unsaved_chars = 0
        self._saved_holds_withdrawn = False
        self._refreshing = asyncio.Lock()

    async def search(
        self, query: Query, *, bounds: Bounds, until: date, limits: Limits, weights: Weights
    ) -> Found:
        """What the library held for `query` at the last refresh, computed beside the event loop.

        Args:
            query: What is searched for.
            bounds: Which articles are searched.
            until: The clock's day; articles dated later are hidden.
            limits: How much is shown.
            weights: How much each feature counts.
        """
        corpus = self._corpus or await self.refresh()
        return await asyncio.to_thread(
            corpus.search, query, bounds=bounds, until=until, limits=limits, weights=weights
        )

    async def articles(self) -> Articles:
        """The articles that the library held at the last refresh."""
        return (self._corpus or await self.refresh()).articles

    async def extent(self, *, until: date) -> Extent:
        """How much of the library is visible on the day `until`."""
        corpus = self._corpus or await self.refresh()
        return await asyncio.to_thread(corpus.extent, until=until)

    async def by_day(  # noqa: PLR0913 - what a search depends on
        self,
        query: Query,
        *,
        bounds: Bounds,
        until: date,
        limits: Limits,
        weights: Weights,
        newest_first: bool,
    ) -> Found:
        """The best passage of each article in the order of its day, as `Corpus.by_day` says."""
        corpus = self._corpus or await self.refresh()
        return await asyncio.to_thread(
            corpus.by_day,
            query,
            bounds=bounds,
            until=until,
            limits=limits,
            weights=weights,
            newest_first=newest_first,
        )

    async def days_holding(
        self, query: Query, *, bounds: Bounds, until: date, least: float = 1.0
    ) -> tuple[date, ...]:
        """The days of the articles that hold the terms of `query`, as `Corpus.days_holding` says."""
        corpus = self._corpus or await self.refresh()
        return await asyncio.to_thread(
            corpus.days_holding, query, bounds=bounds, until=until, least=least
        )

    async def ids_holding(
        self, queries: Sequence[Query], *, among: AbstractSet[ArticleId]
    ) -> tuple[tuple[ArticleId, ...], ...]:
        """For each query those of some articles that hold its terms, as `Corpus.ids_holding` says.

        Many queries cost little where the articles are few, however large the library is.
        """
        corpus = self._corpus or await self.refresh()
        return await asyncio.to_thread(_ids_holding, corpus, queries, among)

    async def best_of_each(
        self, query: Query, articles: Sequence[Article], *, limits: Limits, weights: Weights
    ) -> Found:
        """The best passage of each of these articles alone that holds the terms of `query`.

        Args:
            query: What is searched for.
            articles: At most as many as a search gives hits.
            limits: How much is shown.
            weights: How much each feature counts.
        """
        return await asyncio.to_thread(
            self._best_of_each, query, articles, limits=limits, weights=weights
        )

    def _best_of_each(
        self, query: Query, articles: Sequence[Article], *, limits: Limits, weights: Weights
    ) -> Found:
        held = Corpus.of(articles, self.analyser)
        holding = held.ids_holding(query, bounds=Bounds(), until=None)
        others = frozenset(held.articles.ids).difference(holding)
        return held.changed(removed=others, added=()).by_day(
            query, bounds=Bounds(), until=None, limits=limits, weights=weights, newest_first=True
        )

    async def rarities(self, terms: Iterable[str]) -> Mapping[str, float]:
        """The weight of each term, as `Corpus.rarities` says."""
        return (self._corpus or await self.refresh()).rarities(terms)

    async def weigher(self) -> Callable[[Iterable[str]], Mapping[str, float]]:
        """What gives the weight of each term in the library of the last refresh, time and again."""
        return (self._corpus or await self.refresh()).rarities

    async def holding(self, terms: Iterable[str], *, until: date) -> Iterator[Article]:
        """The articles that hold all of these terms, as `Corpus.holding` says.

        They are decoded by whoever asks for them, best beside the event loop.
        """
        corpus = self._corpus or await self.refresh()
        return await asyncio.to_thread(corpus.holding, terms, until=until)

    async def refresh(self, progress: Progress | None = None) -> Corpus:
        """Takes in what changed in the library since the last time.

        Raises:
            StoreError: The library can't be read.
        """
        async with self._refreshing:
            corpus = self._corpus or await self._saved()
            version = await self._database.data_version()
            if version != self._version:
                # Most commits are of what people were shown, and to compare all articles takes time.
                changes = await self._articles.changes()
                if changes != self._changes:
                    corpus = await self._in_step(corpus, progress)
                self._changes = changes
            self._corpus, self._version = corpus, version
            return corpus

    async def save(self) -> None:
        """Saves the corpus, where the saved one is missing much or holds what was withdrawn.

        Raises:
            OSError: It can't be written.
        """
        async with self._refreshing:
            misses_much = self._unsaved_chars > _UNSAVED_CHARS_AT_MOST
            if self._corpus is None or not (misses_much or self._saved_holds_withdrawn):
                return
            library_id = await self._articles.library_id()
            await asyncio.to_thread(saved_corpus.save, self._corpus, self._path, library_id)
            self._unsaved_chars, self._saved_holds_withdrawn = 0, False

    async def _saved(self) -> Corpus:
        library_id = await self._articles.library_id()
        saved = await asyncio.to_thread(saved_corpus.load, self._path, self.analyser, library_id)
        return saved or Corpus.of((), self.analyser)

    async def _in_step(self, corpus: Corpus, progress: Progress | None) -> Corpus:
        current = await self._articles.revisions_current()
        changes = await asyncio.to_thread(_changes, corpus, current)
        if changes.stale:
            corpus = await asyncio.to_thread(corpus.changed, removed=changes.stale, added=())
        for done in range(0, len(changes.new), _AT_ONCE):
            corpus = await self._with(corpus, changes.new[done : done + _AT_ONCE])
            if progress:
                progress(min(done + _AT_ONCE, len(changes.new)), len(changes.new))
        self._saved_holds_withdrawn |= not changes.stale <= current.keys()
        return corpus

    async def _with(self, corpus: Corpus, ids: Sequence[ArticleId]) -> Corpus:
        articles = await self._articles.current(ids)
        self._unsaved_chars += sum(len(article.body) for article in articles)
        return await asyncio.to_thread(corpus.changed, removed=frozenset(), added=articles)


class _Changes(NamedTuple):
    """What the library no longer holds as the corpus does, and what the corpus lacks."""

    stale: frozenset[ArticleId]
    new: list[ArticleId]


def _ids_holding(
    corpus: Corpus, queries: Iterable[Query], among: AbstractSet[ArticleId]
) -> tuple[tuple[ArticleId, ...], ...]:
    part = corpus.changed(removed=frozenset(corpus.articles.ids) - among, added=())
    return tuple(part.ids_holding(query, bounds=Bounds(), until=None) for query in queries)


def _changes(corpus: Corpus, current: Mapping[ArticleId, int]) -> _Changes:
    held = dict(zip(corpus.articles.ids, corpus.articles.revisions.tolist(), strict=True))
    return _Changes(
        stale=frozenset(each for each, revision in held.items() if current.get(each) != revision),
        new=[each for each, revision in current.items() if held.get(each) != revision],
    )
