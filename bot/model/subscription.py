"""Subscriptions: the digests of a server with their settings."""

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.model.activity import ActivityState


class WhenEmpty(StrEnum):
    """The options for a day without news: post nothing, or a note that nothing is new."""

    SKIP = "skip"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestTopic:
    """A saved search as entered, with its heading; if that is empty, the search text is shown."""

    heading: str
    query_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """One digest of a server.

    Attributes:
        id: The number of the digest in the database.
        guild: The server.
        channel: The channel where it is posted.
        name: Its name, unique within the server.
        time_of_day: The local time when it is posted.
        zone: The time zone of the digest.
        days: The days of the week when it is posted; Monday is 0.
        topics: The topics in their order; empty for all new articles.
        sources: The sources to use; empty for all.
        max_entries: The most entries in one digest.
        when_empty: What to do on a day without news.
        mention_role: The role that each digest mentions; None for nobody.
        state: Whether it is posted.
        suspension_reason: The reason why the bot paused it; None unless the bot did.
        begins_at: When it was created or resumed; no window starts earlier.
        schedule_changed_at: When its time, zone or days were last set, or it was resumed. Times of
            the schedule before that are never due.
    """

    id: int
    guild: str
    channel: str
    name: str
    time_of_day: time
    zone: ZoneInfo
    days: frozenset[int]
    topics: tuple[DigestTopic, ...]
    sources: tuple[str, ...]
    max_entries: int
    when_empty: WhenEmpty
    mention_role: str | None
    state: ActivityState
    suspension_reason: str | None
    begins_at: datetime
    schedule_changed_at: datetime


class DueTime(NamedTuple):
    """The UTC time when a digest is due, and its position among those due at that time."""

    subscription: Subscription
    due_at: datetime
    position: int


EVERY_DAY: frozenset[int] = frozenset(range(7))
"""All days of the week; Monday is 0."""


WEEKDAYS: frozenset[int] = frozenset(range(5))
"""Monday to Friday."""
