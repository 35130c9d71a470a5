"""The use cases of lookups in the library."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from bot.lookups.changed import find_changes
from bot.lookups.evidence import find_evidence
from bot.lookups.latest import list_latest, list_published_on
from bot.lookups.listing import Listing
from bot.lookups.quotations import CheckedQuotation, check_quotations
from bot.lookups.search import Detail, Searcher, Sort, search_passages
from bot.lookups.source_counts import SourceSummary, list_sources
from bot.lookups.status import Status, get_status
from bot.lookups.timeline import TimelineStep, build_timeline
from bot.lookups.trend import Trend, build_trend, parse_terms
from bot.model.article import Article, ArticleId
from bot.model.day_range import DayRange
from bot.retrieval.index.extent import Extent
from bot.retrieval.library_search import LibrarySearch
from bot.retrieval.question.bounds import Bounds
from bot.retrieval.question.query import Query, parse_query
from bot.retrieval.scoring.weights import Weights
from bot.runtime.clock import Clock
from bot.services.bounds import parse_bounds
from bot.services.limits import build_answer_limits
from bot.settings.settings import Settings
from bot.store.articles import ArticleStore


class BrowseService:
    """Runs the lookups.

    Each `today` is the last visible day; None stands for the day in the zone of the settings.
    """

    def __init__(
        self,
        *,
        index: LibrarySearch,
        articles: ArticleStore,
        weights: Weights,
        settings: Settings,
        clock: Clock,
    ) -> None:
        """Look up articles in the index, within the limits of the settings."""
        self._index = index
        self._articles = articles
        self._weights = weights
        self._settings = settings
        self._clock = clock

    def parse_query(self, terms: str, *, today: date | None = None) -> Query:
        """Parse search terms, whether or not they form a question.

        Raises:
            EmptyQuery: They have nothing to search for.
        """
        today = today or self._clock.today()
        return parse_query(terms, today=today, analyser=self._index.analyser)

    def parse_bounds(
        self,
        after: str | None,
        before: str | None,
        source: str | None,
        *,
        today: date | None = None,
    ) -> Bounds:
        """Parse the bounds of a search.

        Raises:
            UnknownDate: A text is not a date, or is ambiguous.
            ReversedBounds: `after` is later than `before`.
        """
        return parse_bounds(after, before, source, today=today or self._clock.today())

    async def search(
        self,
        query: Query,
        bounds: Bounds,
        *,
        sort: Sort = Sort.BEST,
        detail: Detail = Detail.FULL,
        today: date | None = None,
    ) -> Listing:
        """Return the passages that contain a term of the query."""
        searcher = self._build_searcher(today)
        return await search_passages(searcher, query, bounds, sort=sort, detail=detail)

    async def build_timeline(
        self,
        query: Query,
        bounds: Bounds,
        *,
        step: TimelineStep | None = None,
        today: date | None = None,
    ) -> Listing:
        """Return one dated sentence for each step of time on a topic."""
        return await build_timeline(self._build_searcher(today), query, bounds, step=step)

    async def find_changes(
        self, query: Query, *, since: date, today: date | None = None
    ) -> Listing:
        """Return what has been said since a day, each beside the last statement before it."""
        return await find_changes(self._build_searcher(today), query, since=since)

    async def find_evidence(
        self, text: str, *, sent_on: date, today: date | None = None
    ) -> Listing:
        """Return passages about the content of a message."""
        return await find_evidence(self._build_searcher(today), text, sent_on=sent_on)

    async def list_latest(
        self, *, count: int, source: str | None = None, today: date | None = None
    ) -> Listing:
        """Return the newest articles, each with its leading sentence."""
        return await list_latest(
            self._index,
            count=count,
            source=source,
            until=today or self._clock.today(),
            max_chars=self._settings.answers.max_excerpt_chars,
        )

    async def list_published_on(self, days: DayRange, *, today: date | None = None) -> Listing:
        """Return the articles of some days, and the closest days with articles."""
        return await list_published_on(
            self._index,
            days=days,
            until=today or self._clock.today(),
            max_chars=self._settings.answers.max_excerpt_chars,
        )

    def parse_trend_terms(self, text: str) -> Mapping[str, Query]:
        """Return the query of each trend term, by the term as entered.

        Raises:
            TooManyTerms: There are more terms than a trend shows.
            EmptyQuery: A term has nothing to search for.
        """
        return parse_terms(text, self._index.analyser)

    async def build_trend(
        self, queries: Mapping[str, Query], *, weeks: int, today: date | None = None
    ) -> Trend:
        """Return how many articles contain each term, by week."""
        today = today or self._clock.today()
        return await build_trend(self._index, queries, weeks=weeks, today=today)

    async def check_quotations(
        self, texts: Iterable[str], *, today: date | None = None
    ) -> tuple[CheckedQuotation, ...]:
        """Return where the library contains each quotation, in order."""
        return await check_quotations(texts, self._index, until=today or self._clock.today())

    async def list_sources(self, *, today: date | None = None) -> tuple[SourceSummary, ...]:
        """Return the sources with their numbers of articles and their days."""
        articles = await self._index.get_articles()
        until = today or self._clock.today()
        return await asyncio.to_thread(list_sources, articles, until=until)

    async def compute_extent(self, *, today: date | None = None) -> Extent:
        """Return the size and the days of the visible library."""
        return await self._index.compute_extent(until=today or self._clock.today())

    async def get_status(
        self,
        *,
        today: date | None = None,
        latency: timedelta | None = None,
        uptime: timedelta | None = None,
    ) -> Status:
        """Return the state of the library and the bot.

        Args:
            today: The last visible day.
            latency: The latency of Discord's gateway; None if it is not known.
            uptime: How long the bot has been running; None if it is not.
        """
        return await get_status(
            self._index,
            until=today or self._clock.today(),
            changed_at=await self._articles.get_last_change_time(),
            latency=latency,
            uptime=uptime,
        )

    async def find_article(self, article_id: ArticleId) -> Article | None:
        """Return the current revision of an article; None if the library does not hold it."""
        article = await self._articles.find(article_id)
        return (await self._index.get_articles()).add_sentences(article) if article else None

    def _build_searcher(self, today: date | None) -> Searcher:
        return Searcher(
            index=self._index,
            today=today or self._clock.today(),
            limits=build_answer_limits(self._settings),
            weights=self._weights,
        )
