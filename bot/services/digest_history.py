"""The use cases of looking at digests: previews, upcoming times, history and explanations."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, datetime

from bot.digest.compose import Digest, DigestLimits
from bot.digest.decisions import Decision, DecisionStep
from bot.digest.explanation import DigestExplanation
from bot.digest.preview import compose_preview
from bot.digest.schedule import fills_day, iter_due_times
from bot.digest.window import build_window
from bot.errors import AnswerExpired, NoDelivery, UnknownArticle
from bot.model.article import Article, ArticleId
from bot.model.delivery import Delivery, DeliveryState
from bot.model.subscription import Subscription
from bot.retrieval.library_search import LibrarySearch
from bot.runtime.clock import Clock
from bot.services.digest_composer import DigestComposer
from bot.store.articles import ArticleStore
from bot.store.deliveries import DeliveryStore

MAX_HISTORY_DAYS = 10
"""The number of deliveries in a history."""


class DigestHistoryService:
    """Previews digests, lists their deliveries and explains their contents."""

    def __init__(  # noqa: PLR0913 - the parts that it looks at
        self,
        *,
        articles: ArticleStore,
        deliveries: DeliveryStore,
        index: LibrarySearch,
        build_composer: Callable[[], DigestComposer],
        limits: DigestLimits,
        clock: Clock,
    ) -> None:
        """Look at these deliveries, and compose previews within the limits."""
        self._articles = articles
        self._deliveries = deliveries
        self._index = index
        self._build_composer = build_composer
        self._limits = limits
        self._clock = clock

    async def list_upcoming(self, subscription: Subscription, count: int) -> tuple[datetime, ...]:
        """Return the next `count` times of posting, without days that already have a delivery."""
        times: list[datetime] = []
        due_times = iter_due_times(subscription, self._clock.now())
        while len(times) < count:
            due = next(due_times)
            delivery = await self._deliveries.find_by_day(subscription.id, due.local_day)
            if not fills_day(delivery, due):
                times.append(due.at)
        return tuple(times)

    async def list_history(self, subscription: Subscription) -> tuple[Delivery, ...]:
        """Return the last MAX_HISTORY_DAYS deliveries of a digest, the latest day first."""
        return await self._deliveries.get_history(subscription.id, MAX_HISTORY_DAYS)

    async def find_by_day(self, subscription: Subscription, day: date) -> Delivery | None:
        """Return the delivery of a local day; None if there is none."""
        return await self._deliveries.find_by_day(subscription.id, day)

    async def explain_decision(
        self, subscription: Subscription, article_id: ArticleId, day: date | None
    ) -> tuple[Delivery, DigestExplanation]:
        """Explain the decision on an article in the digest of a day; None for the last digest.

        Raises:
            NoDelivery: There is no delivery of that day.
            UnknownArticle: The library does not hold the article.
        """
        delivery = await self._get_delivery(subscription, day)
        article = await self._articles.find(article_id)
        if article is None:
            raise UnknownArticle(article_id)
        decision = await self._find_decision(delivery, article_id)
        explanation = DigestExplanation(
            article=article,
            arrived_at=(await self._articles.get_arrival_times([article_id]))[article_id],
            window_starts_at=delivery.window_starts_at,
            window_ends_at=delivery.window_ends_at,
            zone=subscription.zone,
            decision=decision,
            duplicate_of=await self._find_reporting_article(decision),
            is_posted=delivery.state is DeliveryState.POSTED,
            is_refused=delivery.state is DeliveryState.FAILED,
        )
        return delivery, explanation

    async def _find_decision(self, delivery: Delivery, article_id: ArticleId) -> Decision | None:
        recorded = await self._deliveries.find_decision(delivery.id, article_id)
        if recorded is None:
            return None
        return Decision(
            article_id=article_id, step=DecisionStep(recorded.step), detail=recorded.detail
        )

    async def count_decisions_by_step(self, key: str) -> Mapping[DecisionStep, int]:
        """Return how many articles were decided at each step of the delivery with this key.

        Raises:
            AnswerExpired: The delivery is no longer stored.
        """
        delivery = await self._deliveries.find_by_key(key)
        if delivery is None:
            raise AnswerExpired
        decisions = await self._deliveries.get_decisions(delivery.id)
        return Counter(DecisionStep(decision.step) for decision in decisions)

    async def _find_reporting_article(self, decision: Decision | None) -> Article | None:
        """Return the article that reports the story instead; None if there is none."""
        if decision is None or decision.step is not DecisionStep.DUPLICATE_OF:
            return None
        return await self._articles.find(ArticleId(decision.detail))

    async def _get_delivery(self, subscription: Subscription, day: date | None) -> Delivery:
        if day is None:
            last = await self._deliveries.get_history(subscription.id, 1)
            delivery = last[0] if last else None
        else:
            delivery = await self._deliveries.find_by_day(subscription.id, day)
        if delivery is None:
            raise NoDelivery(subscription.name, day)
        return delivery

    async def preview(self, subscription: Subscription, day: date | None) -> Digest:
        """Compose the digest as of now, or as of a day; nothing is posted.

        Args:
            subscription: The settings of the digest.
            day: A day to compose by publication dates; None for now.

        Raises:
            FutureDay: The day is later than today.
            EmptyQuery: A topic has nothing to search for.
        """
        # The default digest of a server without one has no id, and no deliveries to continue.
        if day is not None or not subscription.id:
            today = self._clock.today(subscription.zone)
            return await self._preview_by_publication(subscription, day or today, today)
        now = await self._deliveries.read_clock_between_writes(self._clock.now)
        high_water_mark = await self._deliveries.get_high_water_mark(subscription.id, now)
        window = build_window(subscription, high_water_mark=high_water_mark, due=None, now=now)
        return await self._build_composer().compose(subscription, window)

    async def _preview_by_publication(
        self, subscription: Subscription, day: date, today: date
    ) -> Digest:
        """Compose the digest of a day by publication dates alone."""
        return await compose_preview(
            self._index, subscription, day, until=today, limits=self._limits
        )

    async def purge(self, claimed_before: datetime) -> int:
        """Delete deliveries claimed before an instant, except the last two of each digest."""
        return await self._deliveries.purge(claimed_before)
