"""Builders for tests of digests."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from bot.digest.compose import Digest, DigestLimits, compose_digest
from bot.digest.news import ArticleBrief, News
from bot.digest.window import DigestWindow
from bot.model.activity import ActivityState
from bot.model.arrival import Arrival
from bot.model.article import Article, ArticleId
from bot.model.subscription import EVERY_DAY, DigestTopic, Subscription, WhenEmpty
from tests.builders import an_article, an_index, the_analyser

BEGUN = datetime(2026, 1, 1, tzinfo=UTC)
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""The end of the default window, which starts a day before."""

EIGHT = NINE.replace(hour=8)
"""A time within the default window."""

WINDOW = DigestWindow(day=NINE.date(), starts_at=NINE.replace(day=1), ends_at=NINE)


def a_subscription(**others: Any) -> Subscription:
    """Build a digest of all new articles, every day at 09:00 UTC, with the given changes."""
    usual: dict[str, Any] = {
        "id": 1,
        "guild": "1",
        "channel": "2",
        "name": "Morning",
        "time_of_day": time(9),
        "zone": ZoneInfo("UTC"),
        "days": EVERY_DAY,
        "topics": (),
        "sources": (),
        "max_entries": 5,
        "when_empty": WhenEmpty.SKIP,
        "mention_role": None,
        "state": ActivityState.ACTIVE,
        "suspension_reason": None,
        "begins_at": others.get("begins_at", BEGUN),
        "schedule_changed_at": others.get("begins_at", BEGUN),
    }
    return Subscription(**usual | others)


def topics(**terms: str) -> tuple[DigestTopic, ...]:
    """Build topics from their headings and search texts."""
    return tuple(
        DigestTopic(heading=heading, query_text=query_text) for heading, query_text in terms.items()
    )


def an_arrival(
    article: Article,
    came_in_at: datetime = EIGHT,
    *,
    revised_at: datetime | None = None,
    previous: Article | None = None,
) -> Arrival:
    """Build an arrival within the default window, with the given changes."""
    return Arrival(
        article=article,
        arrived_at=came_in_at,
        revised_at=revised_at or came_in_at,
        previous=previous,
    )


def articles(bodies: Mapping[str, str], **others: Any) -> list[Article]:
    """Build articles of 2 March from their bodies, by id, each with its own title."""
    return [
        replace(an_article(body, id=name, title=name.capitalize()), **others)
        for name, body in bodies.items()
    ]


def news_of(arrivals: Iterable[Arrival]) -> News:
    """Build the news of these arrivals, with the idfs of an index of just their articles."""
    listed = list(arrivals)
    index = an_index(*(arrival.article for arrival in listed))
    return News(listed, the_analyser(), index.idfs)


def briefs_of(*listed: Article) -> tuple[News, list[ArticleBrief]]:
    """Build the briefs of the articles, and their news."""
    news = news_of(map(an_arrival, listed))
    return news, [news.get_brief(article) for article in listed]


def a_digest(
    *arrivals: Arrival,
    subscription: Subscription | None = None,
    window: DigestWindow = WINDOW,
    told_before: Iterable[str] = (),
    limits: DigestLimits | None = None,
) -> Digest:
    """Compose the digest of these arrivals; earlier digests included the ids `told_before`."""
    return compose_digest(
        subscription or a_subscription(),
        window,
        news_of(arrivals),
        already_reported=frozenset(map(ArticleId, told_before)),
        limits=limits or DigestLimits(),
    )
