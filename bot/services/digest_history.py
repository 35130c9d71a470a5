"""What people ask about digests, below Discord: what would come, what came, and why just that."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime

from bot.dates.calendar import day_text
from bot.digest.compose import Digest
from bot.digest.decisions import Decision, Step
from bot.digest.explanation import Explanation
from bot.digest.preview import preview
from bot.digest.schedule import dues, takes
from bot.digest.window import window_of
from bot.errors import AnswerExpired, NoDelivery, UnknownArticle
from bot.model.article import Article, ArticleId
from bot.model.delivery import Delivery, DeliveryState
from bot.model.subscription import Subscription
from bot.services import app as running
from bot.services.app import App
from bot.services.digest_composer import Composer

MOST_DAYS = 10
"""The days that a history tells of."""


async def coming(app: App, digest: Subscription, count: int) -> tuple[datetime, ...]:
    """The next times at which the digest is posted: not on a day that was taken before its time.

    Raises:
        StoreError: The database can't be used.
    """
    times: list[datetime] = []
    coming = dues(digest, app.clock())
    while len(times) < count:
        due = next(coming)
        if not takes(await app.deliveries.on(digest.id, due.local_day), due):
            times.append(due.at)
    return tuple(times)


async def history(app: App, digest: Subscription) -> tuple[Delivery, ...]:
    """The last deliveries of the digest, the latest day first.

    Raises:
        StoreError: The database can't be used.
    """
    return await app.deliveries.history(digest.id, MOST_DAYS)


async def explained(
    app: App, digest: Subscription, article_id: ArticleId, day: date | None
) -> tuple[Delivery, Explanation]:
    """What became of an article in the digest of a day; of its last one, where no day is given.

    Raises:
        NoDelivery: There is none of that day.
        UnknownArticle: The library does not hold the article.
        StoreError: The database can't be used.
    """
    delivery = await _delivery(app, digest, day)
    article = await app.articles.current_one(article_id)
    if article is None:
        raise UnknownArticle(article_id)
    kept = await app.deliveries.decision(delivery.id, article_id)
    decision = (
        Decision(article_id=article_id, step=Step(kept.step), detail=kept.detail) if kept else None
    )
    explanation = Explanation(
        article=article,
        came_in_at=(await app.articles.came_in_at([article_id]))[article_id],
        first=delivery.window_first,
        last=delivery.window_last,
        zone=digest.zone,
        decision=decision,
        told_by=await _told_by(app, decision),
        is_posted=delivery.state is DeliveryState.POSTED,
        is_refused=delivery.state is DeliveryState.FAILED,
    )
    return delivery, explanation


async def counted(app: App, key: str) -> Mapping[Step, int]:
    """How many articles ended at each step, in the delivery whose buttons carry the key.

    Raises:
        AnswerExpired: It is not kept any more.
        StoreError: The database can't be used.
    """
    delivery = await app.deliveries.with_key(key)
    if delivery is None:
        raise AnswerExpired
    return Counter(Step(each.step) for each in await app.deliveries.decisions(delivery.id))


async def _told_by(app: App, decision: Decision | None) -> Article | None:
    """The article that tells the story instead, where another does."""
    if decision is None or decision.step is not Step.DUPLICATE_OF:
        return None
    return await app.articles.current_one(ArticleId(decision.detail))


async def _delivery(app: App, digest: Subscription, day: date | None) -> Delivery:
    if day is None:
        last = await app.deliveries.history(digest.id, 1)
        found = last[0] if last else None
    else:
        found = await app.deliveries.on(digest.id, day)
    if found is None:
        raise NoDelivery(digest.name, day_text(day) if day else None)
    return found


async def previewed(app: App, digest: Subscription, day: date | None) -> Digest:
    """What the digest would show if it were posted now, or would have shown on a day.

    Raises:
        DayToCome: The day is later than today.
        EmptyQuery: A topic has nothing to search for.
        StoreError: The database can't be used.
    """
    limits = running.digest_limits(app)
    if day is not None or not digest.id:
        today = app.today_in(digest.zone)
        return await preview(app.corpus, digest, day or today, until=today, limits=limits)
    now = await app.deliveries.moment(app.clock)
    covered = await app.deliveries.covered(digest.id, now)
    window = window_of(digest, covered=covered, due=None, now=now)
    composer = Composer(app.articles, app.deliveries, app.corpus, limits)
    return await composer.due(digest, window)
