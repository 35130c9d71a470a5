"""The clock; no other module reads the system time."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.dates.grammar import parse_first_day
from bot.errors import UnknownDate
from bot.settings.settings import Settings

TimeSource = Callable[[], datetime]
"""Returns the current time, aware and in UTC."""

_CLOCK_YEARS = range(1000, 9000)
"""The start years that a clock accepts.

Dates before and after it are computed, so it keeps away from both ends of the calendar.
"""


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock with a default time zone.

    Attributes:
        read: Returns the current time in UTC.
        zone: The time zone that decides which day "today" is, unless another is given.
    """

    read: TimeSource
    zone: ZoneInfo

    def now(self) -> datetime:
        """Return the current time in UTC."""
        return self.read()

    def today(self, zone: ZoneInfo | None = None) -> date:
        """Return the current day in a time zone; None for that of the clock."""
        return self.read().astimezone(zone or self.zone).date()


def read_system_clock() -> datetime:
    """Return the system time in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - the one place that reads the clock


def parse_time_source(text: str, settings: Settings) -> TimeSource:
    """Return a clock that starts at a given time and runs on from there.

    Args:
        text: A date, for its first moment, or an ISO time; without an offset, in the zone of the
            settings.
        settings: The settings with the time zone.

    Raises:
        UnknownDate: The text is neither, or its year is too close to an end of the calendar.
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
    # The system time can jump, for example when NTP sets it; the monotonic clock can't.
    origin = time.monotonic()
    return lambda: aware.astimezone(UTC) + timedelta(seconds=time.monotonic() - origin)
