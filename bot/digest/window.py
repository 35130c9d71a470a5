"""The period that a digest covers, and the position of an article relative to it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.digest.schedule import Due, find_due_on, get_local_day, local_time_to_utc
from bot.model.arrival import Arrival
from bot.model.delivery import HighWaterMark
from bot.model.subscription import Subscription

DEFAULT_TIME = time(9)
"""The time of day of a preview if the server has no digest."""

LATE_AFTER = timedelta(hours=1)
"""A digest posted later than this after its due time says so."""

_ONE_DAY = timedelta(days=1)


class WindowPosition(StrEnum):
    """The position of an article relative to a window.

    WAITS: it is dated in the future. TOO_OLD: it arrived too long after its publication.
    """

    WITHIN = "within"
    BEFORE = "before"
    AFTER = "after"
    WAITS = "waits"
    TOO_OLD = "too_old"


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestWindow:
    """A half-open period of time, in UTC.

    Attributes:
        day: The day of the digest, in the digest's zone.
        starts_at: The first moment.
        ends_at: The end, which is outside the window.
        missed_days: Earlier due days without a digest, which this one makes up for.
        due_at: The due time if the digest is more than LATE_AFTER late; None otherwise.
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
    """Return the window of the digest that is composed now.

    It runs from the end of the previous window to `now`, but never starts before the subscription
    began or was resumed.

    Args:
        subscription: The digest.
        high_water_mark: How far the deliveries have covered time; None before the first one.
        due: The due time that it is composed for; None if it is posted on request.
        now: The current time, in UTC.
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
    """Return the due days before `day` in the window without a digest.

    The window's first day counts only if it has no delivery: a late digest can end its window after
    midnight, so the first day of the next window may still be due.
    """
    begin = get_local_day(subscription, starts_at)
    if high_water_mark and high_water_mark.local_day >= begin:
        begin += _ONE_DAY
    # Before its schedule was changed, the digest was not due at the times of the new one.
    since = max(starts_at, subscription.schedule_changed_at)
    days = (begin + number * _ONE_DAY for number in range((day - begin).days))
    due_times = (find_due_on(subscription, candidate) for candidate in days)
    return tuple(due.local_day for due in due_times if due and due.at > since)


def build_day_window(time_of_day: time, zone: ZoneInfo, day: date) -> DigestWindow:
    """Return the window of a preview: from a time on the day before up to that time.

    Each window starts where the previous day's ends, even if the clocks change. It is empty on a
    day that the zone skips.
    """
    return DigestWindow(
        day=day,
        starts_at=_find_last_occurrence(time_of_day, zone, day - _ONE_DAY),
        ends_at=_find_last_occurrence(time_of_day, zone, day),
    )


def _find_last_occurrence(time_of_day: time, zone: ZoneInfo, day: date) -> datetime:
    """Return when it was last that time, up to the end of a day that a zone may have skipped."""
    moments = (local_time_to_utc(time_of_day, zone, day - days * _ONE_DAY) for days in (0, 1))
    return next(moment for moment in moments if moment)


def get_start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Return the first moment of a local day, in UTC."""
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def locate_in_window(
    arrival: Arrival, window: DigestWindow, zone: ZoneInfo, *, late_days: int
) -> WindowPosition:
    """Return the position of an article relative to the window.

    Its arrival counts, or the start of its day of publication if that is later. So each article is
    in exactly one window, and one dated in the future waits.

    Args:
        arrival: The article.
        window: The window.
        zone: The zone that decides which day it is.
        late_days: An article that arrives more than so many days after its publication is too old.
    """
    # Articles of a library always have a day; `date.min` only satisfies the type.
    published_on = arrival.article.published_on or date.min
    arrived_on = arrival.arrived_at.astimezone(zone).date()
    if published_on < arrived_on - late_days * _ONE_DAY:
        return WindowPosition.TOO_OLD
    if published_on > window.ends_at.astimezone(zone).date():
        return WindowPosition.WAITS
    effective_at = max(arrival.arrived_at, get_start_of_day(published_on, zone))
    if effective_at < window.starts_at:
        return WindowPosition.BEFORE
    return WindowPosition.WITHIN if effective_at < window.ends_at else WindowPosition.AFTER
