"""What people ask about digests, below Discord: what would come, what came, and why just that."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime

from bot.dates.calendar import format_day
from bot.digest.compose import Digest
from bot.digest.decisions import Decision, DecisionStep
from bot.digest.explanation import DigestExplanation
from bot.digest.preview import compose_preview
from bot.digest.schedule import fills_day, iter_due_times
from bot.digest.window import build_window
from bot.errors import AnswerExpired, NoDelivery, UnknownArticle
from bot.model.article import Article, ArticleId
from bot.model.delivery import Delivery, DeliveryState
from bot.model.subscription import Subscription
from bot.services import app as running
from bot.services.app import App
from bot.services.digest_composer import Composer

MAX_HISTORY_DAYS = 10
"""The days that a history tells of."""


async def list_upcoming(app: App, subscription: Subscription, count: int) -> tuple[datetime, ...]:
    """The next times at which the digest is posted: not on a day that was taken before its time.

    Raises:
        StoreError: The database can't be used.
    """
    times: list[datetime] = []
    due_times = iter_due_times(subscription, app.clock())
    while len(times) < count:
        due = next(due_times)
        if not fills_day(await app.deliveries.find_by_day(subscription.id, due.local_day), due):
            times.append(due.at)
    return tuple(times)


async def list_history(app: App, subscription: Subscription) -> tuple[Delivery, ...]:
    """The last deliveries of the digest, the latest day first.

    Raises:
        StoreError: The database can't be used.
    """
    return await app.deliveries.get_history(subscription.id, MAX_HISTORY_DAYS)


async def explain_decision(
    app: App, subscription: Subscription, article_id: ArticleId, day: date | None
) -> tuple[Delivery, DigestExplanation]:
    """What became of an article in the digest of a day; of its last one, where no day is given.

    Raises:
        NoDelivery: There is none of that day.
        UnknownArticle: The library does not hold the article.
        StoreError: The database can't be used.
    """
    delivery = await _get_delivery(app, subscription, day)
    article = await app.articles.find(article_id)
    if article is None:
        raise UnknownArticle(article_id)
    recorded = await app.deliveries.find_decision(delivery.id, article_id)
    decision = (
        Decision(article_id=article_id, step=DecisionStep(recorded.step), detail=recorded.detail)
        if recorded
        else None
    )
    explanation = DigestExplanation(
        article=article,
        arrived_at=(await app.articles.get_arrival_times([article_id]))[article_id],
        window_starts_at=delivery.window_start,
        window_ends_at=delivery.window_end,
        zone=subscription.zone,
        decision=decision,
        duplicate_of=await _find_reporting_article(app, decision),
        is_posted=delivery.state is DeliveryState.POSTED,
        is_refused=delivery.state is DeliveryState.FAILED,
    )
    return delivery, explanation


async def count_by_step(app: App, key: str) -> Mapping[DecisionStep, int]:
    """How many articles ended at each step, in the delivery whose buttons carry the key.

    Raises:
        AnswerExpired: It is not kept any more.
        StoreError: The database can't be used.
    """
    delivery = await app.deliveries.find_by_key(key)
    if delivery is None:
        raise AnswerExpired
    return Counter(
        DecisionStep(decision.step) for decision in await app.deliveries.get_decisions(delivery.id)
    )


async def _find_reporting_article(app: App, decision: Decision | None) -> Article | None:
    """The article that tells the story instead, where another does."""
    if decision is None or decision.step is not DecisionStep.DUPLICATE_OF:
        return None
    return await app.articles.find(ArticleId(decision.detail))


async def _get_delivery(app: App, subscription: Subscription, day: date | None) -> Delivery:
    if day is None:
        last = await app.deliveries.get_history(subscription.id, 1)
        delivery = last[0] if last else None
    else:
        delivery = await app.deliveries.find_by_day(subscription.id, day)
    if delivery is None:
        raise NoDelivery(subscription.name, format_day(day) if day else None)
    return delivery


async def preview_digest(app: App, subscription: Subscription, day: date | None) -> Digest:
    """What the digest would show if it were posted now, or would have shown on a day.

    Raises:
        DayToCome: The day is later than today.
        EmptyQuery: A topic has nothing to search for.
        StoreError: The database can't be used.
    """
    limits = running.build_digest_limits(app)
    if day is not None or not subscription.id:
        today = app.get_today(subscription.zone)
        return await compose_preview(
            app.index, subscription, day or today, until=today, limits=limits
        )
    now = await app.deliveries.read_clock(app.clock)
    high_water_mark = await app.deliveries.get_high_water_mark(subscription.id, now)
    window = build_window(subscription, high_water_mark=high_water_mark, due=None, now=now)
    composer = Composer(app.articles, app.deliveries, app.index, limits)
    return await composer.compose(subscription, window)
