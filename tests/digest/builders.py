"""What tests of digests start from, made in one line each."""

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
"""The end of the usual window, which begins a day before."""

EIGHT = NINE.replace(hour=8)
"""Within it."""

WINDOW = DigestWindow(day=NINE.date(), starts_at=NINE.replace(day=1), ends_at=NINE)


def a_subscription(**others: Any) -> Subscription:
    """A digest of all that is new, each day at 09:00 UTC, as it was begun, unless a test says more."""
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
    """Topics by their headings."""
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
    """An article that came in within the usual window, unless a test says more."""
    return Arrival(
        article=article,
        arrived_at=came_in_at,
        revised_at=revised_at or came_in_at,
        previous=previous,
    )


def articles(bodies: Mapping[str, str], **others: Any) -> list[Article]:
    """Articles of 2 March by their ids, each with its own title, from their bodies."""
    return [
        replace(an_article(body, id=name, title=name.capitalize()), **others)
        for name, body in bodies.items()
    ]


def news_of(arrivals: Iterable[Arrival]) -> News:
    """The news of these, weighed by an index that holds just them."""
    listed = list(arrivals)
    index = an_index(*(arrival.article for arrival in listed))
    return News(listed, the_analyser(), index.idfs)


def briefs_of(*listed: Article) -> tuple[News, list[ArticleBrief]]:
    """The articles, read, and the news that they are of."""
    news = news_of(map(an_arrival, listed))
    return news, [news.get_brief(article) for article in listed]


def a_digest(
    *arrivals: Arrival,
    subscription: Subscription | None = None,
    window: DigestWindow = WINDOW,
    told_before: Iterable[str] = (),
    limits: DigestLimits | None = None,
) -> Digest:
    """The digest of these arrivals, of which those with the ids `told_before` were told of before."""
    return compose_digest(
        subscription or a_subscription(),
        window,
        news_of(arrivals),
        already_reported=frozenset(map(ArticleId, told_before)),
        limits=limits or DigestLimits(),
    )
