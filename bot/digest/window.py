"""Which stretch of time a digest covers, and where an article stands in it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.digest.schedule import Due, due_at, due_on, local_day
from bot.model.arrival import Arrival
from bot.model.delivery import Covered
from bot.model.subscription import Subscription

USUAL_TIME = time(9)
"""Up to when a day is previewed where no digest is set."""

LATE = timedelta(hours=1)
"""A digest that comes later than this after it was due says so."""

_ONE_DAY = timedelta(days=1)


class Standing(StrEnum):
    """Where an article stands to a window."""

    WITHIN = "within"
    BEFORE = "before"
    AFTER = "after"
    WAITS = "waits"
    TOO_OLD = "too_old"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A stretch of time, in UTC.

    Attributes:
        day: The day whose digest covers it, in the digest's zone.
        first: Its first moment.
        last: Its end, which is no longer in it.
        missed: The days on which the digest was due and did not come, which it makes up for.
        due_at: When it was due, where it comes much later; None where it comes in time.
    """

    day: date
    first: datetime
    last: datetime
    missed: tuple[date, ...] = ()
    due_at: datetime | None = None


def window_of(
    subscription: Subscription, *, covered: Covered | None, due: Due | None, now: datetime
) -> Window:
    """The window of the digest that is composed now.

    It runs from the end of the last one to now, and never begins before the subscription was begun
    or resumed.

    Args:
        subscription: Whose it is.
        covered: How far the deliveries have come; None for the first.
        due: For when it is composed; None where it is not by the clock.
        now: The time.
    """
    first = max(subscription.begins_at, covered.ended_at if covered else subscription.begins_at)
    day = due.local_day if due else local_day(subscription, now)
    return Window(
        day=day,
        first=first,
        last=now,
        missed=_missed(subscription, first, covered, day),
        due_at=due.at if due and now - due.at > LATE else None,
    )


def _missed(
    subscription: Subscription, first: datetime, covered: Covered | None, day: date
) -> tuple[date, ...]:
    """The days before `day` on which the digest was due since the window's first, and did not come.

    On the window's first day it may have come already, or not: the window may begin after midnight
    with a digest that was late.
    """
    begin = local_day(subscription, first)
    if covered and covered.local_day >= begin:
        begin += _ONE_DAY
    since = max(first, subscription.scheduled_at)
    days = (begin + number * _ONE_DAY for number in range((day - begin).days))
    found = (due_on(subscription, each) for each in days)
    return tuple(due.local_day for due in found if due and due.at > since)


def day_window(at: time, zone: ZoneInfo, day: date) -> Window:
    """From that time on the day before up to that time on a day, as a preview takes it.

    One day's begins where the last one's ends, whatever clocks do: on a day that the zone leaps over
    it is empty.
    """
    return Window(
        day=day, first=_told_until(at, zone, day - _ONE_DAY), last=_told_until(at, zone, day)
    )


def _told_until(at: time, zone: ZoneInfo, day: date) -> datetime:
    """The moment that it was that time last, by the end of a day that may have been leapt over."""
    moments = (due_at(at, zone, day - days * _ONE_DAY) for days in (0, 1))
    return next(moment for moment in moments if moment)


def published_at(day: date, zone: ZoneInfo) -> datetime:
    """The moment at which an article of that day stands: the day's first."""
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def standing_of(arrival: Arrival, window: Window, zone: ZoneInfo, *, late_days: int) -> Standing:
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
    came_in_on = arrival.came_in_at.astimezone(zone).date()
    if published_on < came_in_on - late_days * _ONE_DAY:
        return Standing.TOO_OLD
    if published_on > window.last.astimezone(zone).date():
        return Standing.WAITS
    stands_at = max(arrival.came_in_at, published_at(published_on, zone))
    if stands_at < window.first:
        return Standing.BEFORE
    return Standing.WITHIN if stands_at < window.last else Standing.AFTER
