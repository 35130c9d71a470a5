"""The time: the only module that reads the clock."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.dates.grammar import parse_first_day
from bot.errors import UnknownDate
from bot.settings.settings import Settings

TimeSource = Callable[[], datetime]
"""Gives the time now, aware and in UTC."""

_CLOCK_YEARS = range(1000, 9000)
"""Where a clock may start: dates around it are reckoned, so it keeps clear of the calendar's ends."""


@dataclass(frozen=True, slots=True)
class Clock:
    """The time, and the day that it is.

    Attributes:
        read: Gives the time now.
        zone: Where it is the day that "today" means if no other zone is named.
    """

    read: TimeSource
    zone: ZoneInfo

    def now(self) -> datetime:
        """Return the time now, in UTC."""
        return self.read()

    def today(self, zone: ZoneInfo | None = None) -> date:
        """Return the day that it is in a zone."""
        return self.read().astimezone(zone or self.zone).date()


def read_system_clock() -> datetime:
    """The time now."""
    return datetime.now(UTC)  # noqa: TID251 - the one place that reads the clock


def parse_time_source(text: str, settings: Settings) -> TimeSource:
    """A clock that starts at a date (its first moment) or an ISO instant and ticks on from there.

    Raises:
        UnknownDate: The text is neither, or lies near an end of the calendar.
    """
    zone = settings.dates.zone
    try:
        start = datetime.fromisoformat(text)
    except ValueError:
        day = parse_first_day(text, read_system_clock().astimezone(zone).date())
        start = datetime.combine(day, datetime.min.time())
    if start.year not in _CLOCK_YEARS:
        raise UnknownDate(text)
    aware = start if start.tzinfo else start.replace(tzinfo=zone)
    origin = time.monotonic()
    return lambda: aware.astimezone(UTC) + timedelta(seconds=time.monotonic() - origin)
