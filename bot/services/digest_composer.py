"""Digests from what the library holds: what came in is read once for all that are due together."""

import asyncio
from datetime import datetime, timedelta

from bot.digest.compose import Digest, DigestLimits, compose
from bot.digest.decisions import TOLD
from bot.digest.news import News
from bot.digest.window import Window
from bot.model.delivery import Delivery
from bot.model.subscription import Subscription
from bot.search.embedded import LiveCorpus
from bot.store.articles import ArticleStore
from bot.store.deliveries import DeliveryStore

KEPT = timedelta(days=30)
"""How long it is known what a digest told of: corrections are told of nothing older."""


class Composer:
    """Composes digests; windows that hold the same revisions share the reading of them."""

    def __init__(
        self,
        articles: ArticleStore,
        deliveries: DeliveryStore,
        corpus: LiveCorpus,
        limits: DigestLimits,
    ) -> None:
        self._articles = articles
        self._deliveries = deliveries
        self._corpus = corpus
        self._limits = limits
        self._composing = asyncio.Lock()
        self._news: tuple[object, News] | None = None

    async def due(
        self, subscription: Subscription, window: Window, left: Delivery | None = None
    ) -> Digest:
        """What is to be posted over the window.

        Args:
            subscription: The digest.
            window: What it covers.
            left: The claim in whose place it is composed, which told nobody anything.

        Raises:
            EmptyQuery: A topic has nothing to search for.
            StoreError: The database can't be used.
        """
        told_before = await self._deliveries.chosen(subscription.id, TOLD, but_not=left)
        async with self._composing:  # one thread at a time may use what was read
            news = await self._read(window)
            return await asyncio.to_thread(
                compose,
                subscription,
                window,
                news,
                told_before=told_before,
                limits=self._limits,
            )

    async def _read(self, window: Window) -> News:
        """What came in; kept for the next window with the same revisions before it and in it."""
        bounds = [await self._articles.last_came_in(at) for at in (window.first, window.last)]
        days = (window.first.date(), window.last.date())
        kind = (*bounds, *days, await self._articles.changes())
        if self._news is None or self._news[0] != kind:
            self._news = kind, await self._news_of(window.first, window.last)
        return self._news[1]

    async def _news_of(self, first: datetime, last: datetime) -> News:
        since = first - KEPT - timedelta(days=self._limits.late_days)
        arrivals = await self._articles.came_in(first, last, since.date())
        return News(arrivals, self._corpus.analyser, await self._corpus.weigher())
