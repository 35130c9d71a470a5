"""Which stretch of time a digest covers, and where an article stands in it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.digest.schedule import Due, find_due_on, get_local_day, local_time_to_utc
from bot.model.arrival import Arrival
from bot.model.delivery import HighWaterMark
from bot.model.subscription import Subscription

DEFAULT_TIME = time(9)
"""Up to when a day is previewed where no digest is set."""

LATE_AFTER = timedelta(hours=1)
"""A digest that comes later than this after it was due says so."""

_ONE_DAY = timedelta(days=1)


class WindowPosition(StrEnum):
    """Where an article stands to a window."""

    WITHIN = "within"
    BEFORE = "before"
    AFTER = "after"
    WAITS = "waits"
    TOO_OLD = "too_old"


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestWindow:
    """A stretch of time, in UTC.

    Attributes:
        day: The day whose digest covers it, in the digest's zone.
        starts_at: Its first moment.
        ends_at: Its end, which is no longer in it.
        missed_days: The days on which the digest was due and did not come, which it makes up for.
        due_at: When it was due, where it comes much later; None where it comes in time.
    """

    day: date
    starts_at: datetime
    ends_at: datetime
    missed_days: tuple[date, ...] = ()
    due_at: datetime | None = None


def build_window(
    subscription: Subscription,
    *,
    high_water_mark: HighWaterMark | None,
    due: Due | None,
    now: datetime,
) -> DigestWindow:
    """The window of the digest that is composed now.

    It runs from the end of the last one to now, and never begins before the subscription was begun
    or resumed.

    Args:
        subscription: Whose it is.
        high_water_mark: How far the deliveries have come; None for the first.
        due: For when it is composed; None where it is not by the clock.
        now: The time.
    """
    starts_at = max(
        subscription.begins_at,
        high_water_mark.window_ends_at if high_water_mark else subscription.begins_at,
    )
    day = due.local_day if due else get_local_day(subscription, now)
    return DigestWindow(
        day=day,
        starts_at=starts_at,
        ends_at=now,
        missed_days=_list_missed_days(subscription, starts_at, high_water_mark, day),
        due_at=due.at if due and now - due.at > LATE_AFTER else None,
    )


def _list_missed_days(
    subscription: Subscription,
    starts_at: datetime,
    high_water_mark: HighWaterMark | None,
    day: date,
) -> tuple[date, ...]:
    """The days before `day` on which the digest was due since the window's first, and did not come.

    On the window's first day it may have come already, or not: the window may begin after midnight
    with a digest that was late.
    """
    begin = get_local_day(subscription, starts_at)
    if high_water_mark and high_water_mark.local_day >= begin:
        begin += _ONE_DAY
    since = max(starts_at, subscription.schedule_changed_at)
    days = (begin + number * _ONE_DAY for number in range((day - begin).days))
    due_times = (find_due_on(subscription, candidate) for candidate in days)
    return tuple(due.local_day for due in due_times if due and due.at > since)


def build_day_window(time_of_day: time, zone: ZoneInfo, day: date) -> DigestWindow:
    """From that time on the day before up to that time on a day, as a preview takes it.

    One day's begins where the last one's ends, whatever clocks do: on a day that the zone leaps over
    it is empty.
    """
    return DigestWindow(
        day=day,
        starts_at=_find_last_occurrence(time_of_day, zone, day - _ONE_DAY),
        ends_at=_find_last_occurrence(time_of_day, zone, day),
    )


def _find_last_occurrence(time_of_day: time, zone: ZoneInfo, day: date) -> datetime:
    """The moment that it was that time last, by the end of a day that may have been leapt over."""
    moments = (local_time_to_utc(time_of_day, zone, day - days * _ONE_DAY) for days in (0, 1))
    return next(moment for moment in moments if moment)


def get_start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The moment at which an article of that day stands: the day's first."""
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def locate_in_window(
    arrival: Arrival, window: DigestWindow, zone: ZoneInfo, *, late_days: int
) -> WindowPosition:
    """Where an article stands to the window.

    It stands where it came in, and one that is dated later at the first moment of its day: so each
    article is in one window, and one from the future waits.

    Args:
        arrival: The article.
        window: The window.
        zone: Where it is the day that counts.
        late_days: For how many days after its publication an article may come in late.
    """
    published_on = arrival.article.published_on or date.min  # those of a library all have a day
    arrived_on = arrival.arrived_at.astimezone(zone).date()
    if published_on < arrived_on - late_days * _ONE_DAY:
        return WindowPosition.TOO_OLD
    if published_on > window.ends_at.astimezone(zone).date():
        return WindowPosition.WAITS
    effective_at = max(arrival.arrived_at, get_start_of_day(published_on, zone))
    if effective_at < window.starts_at:
        return WindowPosition.BEFORE
    return WindowPosition.WITHIN if effective_at < window.ends_at else WindowPosition.AFTER
