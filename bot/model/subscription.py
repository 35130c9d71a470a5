"""The digest settings of a server."""

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo


class WhenEmpty(StrEnum):
    """What a day brings on which nothing is new."""

    SKIP = "skip"
    NOTE = "note"


class SubscriptionState(StrEnum):
    """Whether a digest is posted; SUSPENDED is a pause that the bot itself began."""

    ACTIVE = "active"
    PAUSED = "paused"
    SUSPENDED = "troubled"


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestTopic:
    """A saved search as it was typed, with its heading; what was typed is that where it is empty."""

    heading: str
    query_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """One digest of a server.

    Attributes:
        id: Its number in the database.
        guild: The server.
        channel: Where it is posted.
        name: What people pick it by in that server.
        time_of_day: The time of day, in its zone.
        zone: The time zone that decides the day and the time.
        days: The days of the week on which it is posted; Monday is 0.
        topics: What it is about, in this order; empty for all that is new.
        sources: The sources it is taken from; empty for all.
        max_entries: The entries at most.
        when_empty: What a day brings on which nothing is new.
        mention_role: The role that each digest mentions; None for nobody.
        state: Whether it is posted.
        suspension_reason: Why the bot paused it; None where it did not.
        begins_at: When it was begun or resumed: no window reaches back further.
        schedule_changed_at: When its time, its zone or its days were set, or it was resumed: it was not due
            by them before.
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
    state: SubscriptionState
    suspension_reason: str | None
    begins_at: datetime
    schedule_changed_at: datetime


class DueTime(NamedTuple):
    """When a digest has to be looked at, in UTC, and its place among those of that moment."""

    subscription: Subscription
    due_at: datetime
    position: int


EVERY_DAY: frozenset[int] = frozenset(range(7))
"""All days of the week; Monday is 0."""


WEEKDAYS: frozenset[int] = frozenset(range(5))
"""Monday to Friday."""
