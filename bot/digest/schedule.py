"""Due times of digests: a time of day, in a time zone, on some days of the week.

Times are computed from the current time zone data on each call, because its rules can change.
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
"""The days searched for the last due time: two weeks and a day, since a zone can skip a day."""


class Due(NamedTuple):
    """A local day of a digest, and the time in UTC at which it is due."""

    local_day: date
    at: datetime


def local_time_to_utc(time_of_day: time, zone: ZoneInfo, local_day: date) -> datetime | None:
    """Return when a local clock shows this time on this day, in UTC.

    If the time occurs twice, the first one counts. If the clocks skip it, the result is the first
    moment after the gap.

    Args:
        time_of_day: The local time.
        zone: The time zone.
        local_day: The day in that zone.

    Returns:
        None for a day that the zone skips as a whole.
    """
    local_time = datetime.combine(local_day, time_of_day, tzinfo=zone)
    late, early = (local_time.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    # A round trip through UTC changes only a time that the clocks skip.
    if late.astimezone(zone).replace(tzinfo=None) == local_time.replace(tzinfo=None):
        return late
    leap = _find_leap(early, late, zone)
    adjacent_days = {moment.astimezone(zone).date() for moment in (leap - _ONE_SECOND, leap)}
    return leap if local_day in adjacent_days else None


def _find_leap(first: datetime, last: datetime, zone: ZoneInfo) -> datetime:
    """Return the first whole second after `first` with the UTC offset of `last`."""
    offset = last.astimezone(zone).utcoffset()
    # zoneinfo does not expose its transitions, so this one is found by bisection.
    while last - first > _ONE_SECOND:
        middle = first + (last - first) // _ONE_SECOND // 2 * _ONE_SECOND
        if middle.astimezone(zone).utcoffset() == offset:
            last = middle
        else:
            first = middle
    return last


def get_local_day(subscription: Subscription, now: datetime) -> date:
    """Return the local day of an instant in the digest's zone."""
    return now.astimezone(subscription.zone).date()


def iter_due_times(subscription: Subscription, after: datetime) -> Iterator[Due]:
    """Yield the due times later than `after`, in order and without end."""
    day = get_local_day(subscription, after)
    while True:
        due = find_due_on(subscription, day)
        if due and due.at > after:
            yield due
        day += _ONE_DAY


def find_due_on(subscription: Subscription, day: date) -> Due | None:
    """Return when the digest is due on a local day; None if it is not."""
    at = local_time_to_utc(subscription.time_of_day, subscription.zone, day)
    return Due(day, at) if at and day.weekday() in subscription.days else None


def find_last_due(subscription: Subscription, now: datetime) -> Due | None:
    """Return the latest due time up to `now`, inclusive; None if there is none.

    A due time counts only if it is later than the last change of the schedule.
    """
    today = get_local_day(subscription, now)
    candidates = (
        find_due_on(subscription, today - days_ago * _ONE_DAY) for days_ago in range(_LOOKBACK_DAYS)
    )
    last = next((due for due in candidates if due and due.at <= now), None)
    return last if last and last.at > subscription.schedule_changed_at else None


def fills_day(delivery: Delivery | None, due: Due) -> bool:
    """Return whether a delivery takes the day, so that the digest is not due any more.

    A failed attempt from before the due time does not: a second one may succeed.
    """
    if delivery is None:
        return False
    return delivery.state is not DeliveryState.FAILED or delivery.claimed_at >= due.at
