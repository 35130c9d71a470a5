"""Composing digests from the library; digests due together share the analysis of articles."""

import asyncio
from datetime import datetime, timedelta

from bot.digest.compose import Digest, DigestLimits, compose_digest
from bot.digest.decisions import REPORTED_STEPS
from bot.digest.news import News
from bot.digest.window import DigestWindow
from bot.model.article import ArticleId
from bot.model.delivery import Delivery
from bot.model.subscription import Subscription
from bot.retrieval.library_search import LibrarySearch
from bot.services.library import Notify
from bot.store.articles import ArticleStore
from bot.store.deliveries import DeliveryStore

DECISION_RETENTION = timedelta(days=30)
"""How long decisions are stored; there are no corrections of older articles."""


class DigestComposer:
    """Composes digests; windows with the same revisions share one `News`."""

    def __init__(
        self,
        articles: ArticleStore,
        deliveries: DeliveryStore,
        index: LibrarySearch,
        limits: DigestLimits,
    ) -> None:
        self._articles = articles
        self._deliveries = deliveries
        self._index = index
        self._limits = limits
        self._news_lock = asyncio.Lock()
        self._cached_news: tuple[object, News] | None = None

    async def compose(
        self, subscription: Subscription, window: DigestWindow, abandoned: Delivery | None = None
    ) -> Digest:
        """Compose the digest of a window.

        Args:
            subscription: The settings of the digest.
            window: The period that it covers.
            abandoned: The claim that it replaces; its articles do not count as reported. None for
                none.

        Raises:
            EmptyQuery: A topic has nothing to search for.
        """
        already_reported = await self._deliveries.find_article_ids_at_steps(
            subscription.id, REPORTED_STEPS, exclude=abandoned
        )
        async with self._news_lock:  # News is not thread-safe
            news = await self._load_news(window)
            return await asyncio.to_thread(
                compose_digest,
                subscription,
                window,
                news,
                already_reported=already_reported,
                limits=self._limits,
            )

    async def _load_news(self, window: DigestWindow) -> News:
        """Return the arrivals of a window, cached while the library and its days are the same."""
        arrival_times = [
            await self._articles.get_last_arrival_time(at)
            for at in (window.starts_at, window.ends_at)
        ]
        # Instead of the window's exact bounds: digests due in the same minute end at different
        # instants, but mostly with the same last arrivals.
        days = (window.starts_at.date(), window.ends_at.date())
        cache_key = (*arrival_times, *days, await self._articles.get_change_token())
        if self._cached_news is None or self._cached_news[0] != cache_key:
            self._cached_news = cache_key, await self._build_news(window.starts_at, window.ends_at)
        return self._cached_news[1]

    async def _build_news(self, starts_at: datetime, ends_at: datetime) -> News:
        since = starts_at - DECISION_RETENTION - timedelta(days=self._limits.late_days)
        arrivals = await self._articles.find_arrivals(starts_at, ends_at, since.date())
        return News(arrivals, self._index.analyser, await self._index.get_idf_function())


class DueDigestComposer:
    """Composes due digests, and notifies the operator of articles dated in the future."""

    def __init__(self, *, composer: DigestComposer, notify: Notify) -> None:
        """Notify the operator of each article dated in the future once."""
        self._composer = composer
        self._notify = notify
        self._notified_ids: set[ArticleId] = set()

    async def compose(
        self, subscription: Subscription, window: DigestWindow, abandoned: Delivery | None
    ) -> Digest:
        """Compose the digest of a window, as `DigestComposer.compose` does."""
        digest = await self._composer.compose(subscription, window, abandoned)
        waiting_ids = frozenset(digest.waiting_article_ids)
        for article_id in sorted(waiting_ids - self._notified_ids):
            self._notify(
                f"The article {article_id} is dated in the future. Digests wait for its day."
            )
        self._notified_ids |= waiting_ids
        return digest
