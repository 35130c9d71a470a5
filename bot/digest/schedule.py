"""When a digest is due: a time of day, in a zone, on some days of the week.

All of it is reckoned anew each time, from the zone's rules as they are known then.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.model.delivery import Delivery, DeliveryState
from bot.model.subscription import Subscription

_ONE_DAY = timedelta(days=1)
_ONE_SECOND = timedelta(seconds=1)

_LOOKBACK_DAYS = 15
"""The days that are looked at for the last time: a week, one that a zone skips, and a week more."""


class Due(NamedTuple):
    """A day of a digest in its own zone, and when it is due, in UTC."""

    local_day: date
    at: datetime


def local_time_to_utc(time_of_day: time, zone: ZoneInfo, local_day: date) -> datetime | None:
    """When it is that time on that day, in UTC.

    A time that comes twice counts when it comes first. Where clocks leap over it, it is the first
    moment after the leap.

    Args:
        time_of_day: The time of day.
        zone: The zone.
        local_day: The day in that zone.

    Returns:
        None for a day that the zone leaps over as a whole.
    """
    local_time = datetime.combine(local_day, time_of_day, tzinfo=zone)
    late, early = (local_time.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    if late.astimezone(zone).replace(tzinfo=None) == local_time.replace(tzinfo=None):
        return late
    leap = _find_leap(early, late, zone)
    adjacent_days = {moment.astimezone(zone).date() for moment in (leap - _ONE_SECOND, leap)}
    return leap if local_day in adjacent_days else None


def _find_leap(first: datetime, last: datetime, zone: ZoneInfo) -> datetime:
    """The first whole second after `first` that has the offset of `last`."""
    offset = last.astimezone(zone).utcoffset()
    while last - first > _ONE_SECOND:
        middle = first + (last - first) // _ONE_SECOND // 2 * _ONE_SECOND
        if middle.astimezone(zone).utcoffset() == offset:
            last = middle
        else:
            first = middle
    return last


def get_local_day(subscription: Subscription, now: datetime) -> date:
    """The day that it is where the digest is due."""
    return now.astimezone(subscription.zone).date()


def iter_due_times(subscription: Subscription, after: datetime) -> Iterator[Due]:
    """Each time at which the digest is due later than `after`, without an end."""
    day = get_local_day(subscription, after)
    while True:
        due = find_due_on(subscription, day)
        if due and due.at > after:
            yield due
        day += _ONE_DAY


def find_due_on(subscription: Subscription, day: date) -> Due | None:
    """When the digest is due on that day of its zone; None where it is not."""
    at = local_time_to_utc(subscription.time_of_day, subscription.zone, day)
    return Due(day, at) if at and day.weekday() in subscription.days else None


def find_last_due(subscription: Subscription, now: datetime) -> Due | None:
    """The last time up to now, `now` included, at which it was due; None where there was none yet."""
    today = get_local_day(subscription, now)
    candidates = (
        find_due_on(subscription, today - days_ago * _ONE_DAY) for days_ago in range(_LOOKBACK_DAYS)
    )
    last = next((due for due in candidates if due and due.at <= now), None)
    return last if last and last.at > subscription.schedule_changed_at else None


def fills_day(delivery: Delivery | None, due: Due) -> bool:
    """Whether a delivery takes the day, so that the digest does not come when it is due.

    One that was refused before its time does not: it may go well then.
    """
    if delivery is None:
        return False
    return delivery.state is not DeliveryState.FAILED or delivery.claimed_at >= due.at
