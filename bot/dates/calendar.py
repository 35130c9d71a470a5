"""Calendar arithmetic for the date grammar, and the texts of days and ranges."""

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from bot.dates.names import MONTH_NAMES
from bot.model.day_range import DayRange

_ONE_DAY = timedelta(days=1)
_DAYS_PER_UNIT = {"day": 1, "week": 7}
_MONTHS_PER_UNIT = {"month": 1, "year": 12}


def format_day(day: date) -> str:
    """Return the day as it is shown to readers: `2 March 2026`."""
    return f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


class Period(NamedTuple):
    """The days from `first` to `last`, both inclusive."""

    first: date
    last: date


Occurrences = Callable[[date], tuple[Period, ...]]
"""A function from a day to the periods near it that an expression can mean, oldest first.

If there is only one period, it does not depend on the day.
"""


def range_text(days: DayRange) -> str:
    """Return the range as it is shown to readers: `2 to 8 March 2026`.

    The date grammar parses the text as the same range.
    """
    bounds = [day for day in (days.first, days.last) if day]
    if len(bounds) > 1:
        return _format_period(Period(*bounds))
    return f"{'since' if days.first else 'until'} {format_day(bounds[0])}"


def _format_period(period: Period) -> str:
    first, last = period
    if first == last:
        return format_day(last)
    if period == get_calendar_year(first):
        return str(first.year)
    if period == get_calendar_month(first):
        return f"{MONTH_NAMES[first.month - 1]} {first.year}"
    # The month and the year are written once if both days have the same.
    shared_suffix = next(
        part
        for part in (f" {MONTH_NAMES[last.month - 1]} {last.year}", f" {last.year}", "")
        if format_day(first).endswith(part)
    )
    return f"{format_day(first).removesuffix(shared_suffix)} to {format_day(last)}"


def get_calendar_week(day: date) -> Period:
    """Return the week of the day, from Monday to Sunday."""
    monday = day - timedelta(days=day.weekday())
    return Period(monday, monday + timedelta(days=6))


def get_calendar_month(day: date) -> Period:
    """Return the calendar month of the day."""
    return Period(day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1]))


def get_calendar_year(day: date) -> Period:
    """Return the calendar year of the day."""
    return Period(date(day.year, 1, 1), date(day.year, 12, 31))


UNITS: Mapping[str, Callable[[date], Period]] = {
    "day": lambda day: Period(day, day),
    "week": get_calendar_week,
    "month": get_calendar_month,
    "year": get_calendar_year,
}


def subtract_units(day: date, count: int, unit: str) -> date:
    """Return the same day `count` units earlier.

    If the earlier month has no such day, return its last day: one month before 31 March is
    28 or 29 February.
    """
    if unit in _DAYS_PER_UNIT:
        return day - timedelta(days=count * _DAYS_PER_UNIT[unit])
    # One count of months over all years, so that a subtraction may cross a new year.
    months = day.year * 12 + day.month - 1 - count * _MONTHS_PER_UNIT[unit]
    end = get_calendar_month(date(months // 12, months % 12 + 1, 1)).last
    return end.replace(day=min(day.day, end.day))


def get_trailing_period(day: date, count: int, unit: str) -> Period:
    """Return the `count` units that end with the day, which is part of them."""
    return Period(subtract_units(day, count, unit) + _ONE_DAY, day)


def get_third(period: Period, index: int) -> Period:
    """Return the early (0), mid (1) or late (2) part of a month or a year.

    The parts of a month begin on the 1st, 11th and 21st, those of a year in January, May and September.
    """
    if period == get_calendar_month(period.first):
        first_days = [period.first.replace(day=day) for day in (1, 11, 21)]
    else:
        first_days = [period.first.replace(month=month) for month in (1, 5, 9)]
    last_days = [first_days[1] - _ONE_DAY, first_days[2] - _ONE_DAY, period.last]
    return Period(first_days[index], last_days[index])


def recur_yearly(build_period: Callable[[int], Period]) -> Occurrences:
    """Return the occurrences of a yearly period.

    `build_period` gets a year. It raises ValueError if the period does not exist in that year, as
    29 February in most years.
    """

    def find_periods(reference_day: date) -> tuple[Period, ...]:
        # Eight years on each side always include a leap day: 1896 and 1904 are the farthest apart.
        periods = (
            _try_build_period(build_period, year)
            for year in range(reference_day.year - 8, reference_day.year + 9)
        )
        return tuple(period for period in periods if period)

    return find_periods


def _try_build_period(build_period: Callable[[int], Period], year: int) -> Period | None:
    try:
        return build_period(year)
    except ValueError:
        return None


def recur_weekly(weekday: int, length: int = 1) -> Occurrences:
    """Return the occurrences of a weekly period of `length` days from a weekday (Monday is 0)."""

    def find_periods(reference_day: date) -> tuple[Period, ...]:
        first_day = get_calendar_week(reference_day).first + timedelta(days=weekday)
        first_days = [first_day + timedelta(weeks=weeks) for weeks in (-1, 0, 1)]
        return tuple(Period(day, day + timedelta(days=length - 1)) for day in first_days)

    return find_periods


def recur_by_unit(unit: str) -> Occurrences:
    """Return the occurrences of a calendar unit: the one of the given day, the one before and after."""
    get_period = UNITS[unit]

    def find_periods(reference_day: date) -> tuple[Period, ...]:
        current = get_period(reference_day)
        return (get_period(current.first - _ONE_DAY), current, get_period(current.last + _ONE_DAY))

    return find_periods


def find_latest(occurrences: Occurrences, reference_day: date) -> Period:
    """Return the latest period that does not begin after the day, or the only one."""
    periods = occurrences(reference_day)
    if len(periods) == 1:
        return periods[0]
    return max(period for period in periods if period.first <= reference_day)


def find_latest_ended(occurrences: Occurrences, reference_day: date) -> Period:
    """Return the latest period that ended before the day."""
    return max(period for period in occurrences(reference_day) if period.last < reference_day)


def find_upcoming(occurrences: Occurrences, reference_day: date) -> Period:
    """Return the earliest period that begins after the day."""
    return min(period for period in occurrences(reference_day) if period.first > reference_day)


def find_following(occurrences: Occurrences, reference_day: date) -> Period:
    """Return the earliest period that does not end before the day, or the only one."""
    periods = occurrences(reference_day)
    if len(periods) == 1:
        return periods[0]
    return min(period for period in periods if period.last >= reference_day)
