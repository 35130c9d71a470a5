"""Days, ranges of days, and the calendar that the date grammar counts in."""

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
    """The day as a reader sees it: `2 March 2026`."""
    return f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


class Period(NamedTuple):
    """The days from `first` to `last`, both included and both known."""

    first: date
    last: date


Occurrences = Callable[[date], tuple[Period, ...]]
"""The periods near a clock that one expression can mean, oldest first.

A single one is meant whatever the clock says.
"""


def range_text(days: DayRange) -> str:
    """Return the range as a reader sees it; the date grammar reads it back as the same range."""
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
    shared_suffix = next(
        part
        for part in (f" {MONTH_NAMES[last.month - 1]} {last.year}", f" {last.year}", "")
        if format_day(first).endswith(part)
    )
    return f"{format_day(first).removesuffix(shared_suffix)} to {format_day(last)}"


def get_calendar_week(day: date) -> Period:
    """The Monday to Sunday that holds the day."""
    monday = day - timedelta(days=day.weekday())
    return Period(monday, monday + timedelta(days=6))


def get_calendar_month(day: date) -> Period:
    """The calendar month that holds the day."""
    return Period(day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1]))


def get_calendar_year(day: date) -> Period:
    """The calendar year that holds the day."""
    return Period(date(day.year, 1, 1), date(day.year, 12, 31))


UNITS: Mapping[str, Callable[[date], Period]] = {
    "day": lambda day: Period(day, day),
    "week": get_calendar_week,
    "month": get_calendar_month,
    "year": get_calendar_year,
}


def subtract_units(day: date, count: int, unit: str) -> date:
    """The same day `count` units earlier, or the last of its month where that has no such day."""
    if unit in _DAYS_PER_UNIT:
        return day - timedelta(days=count * _DAYS_PER_UNIT[unit])
    months = day.year * 12 + day.month - 1 - count * _MONTHS_PER_UNIT[unit]
    end = get_calendar_month(date(months // 12, months % 12 + 1, 1)).last
    return end.replace(day=min(day.day, end.day))


def get_trailing_period(day: date, count: int, unit: str) -> Period:
    """The `count` units that end with the day, itself included."""
    return Period(subtract_units(day, count, unit) + _ONE_DAY, day)


def get_third(period: Period, index: int) -> Period:
    """The early (0), mid (1) or late (2) part of a month or a year.

    A month is parted before the 11th and the 21st, a year before May and September.
    """
    if period == get_calendar_month(period.first):
        first_days = [period.first.replace(day=day) for day in (1, 11, 21)]
    else:
        first_days = [period.first.replace(month=month) for month in (1, 5, 9)]
    last_days = [first_days[1] - _ONE_DAY, first_days[2] - _ONE_DAY, period.last]
    return Period(first_days[index], last_days[index])


def recur_yearly(build_period: Callable[[int], Period]) -> Occurrences:
    """What returns each year; `build_period` raises ValueError for a year without it."""

    def find_periods(reference_day: date) -> tuple[Period, ...]:
        # Eight years: between 1896 and 1904 there was no leap day.
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
    """What returns each week on that weekday (Monday is 0) for `length` days."""

    def find_periods(reference_day: date) -> tuple[Period, ...]:
        first_day = get_calendar_week(reference_day).first + timedelta(days=weekday)
        first_days = [first_day + timedelta(weeks=weeks) for weeks in (-1, 0, 1)]
        return tuple(Period(day, day + timedelta(days=length - 1)) for day in first_days)

    return find_periods


def recur_by_unit(unit: str) -> Occurrences:
    """The calendar unit of the clock and its neighbours."""
    get_period = UNITS[unit]

    def find_periods(reference_day: date) -> tuple[Period, ...]:
        current = get_period(reference_day)
        return (get_period(current.first - _ONE_DAY), current, get_period(current.last + _ONE_DAY))

    return find_periods


def find_latest(occurrences: Occurrences, reference_day: date) -> Period:
    """The latest that does not begin after the clock, or the only one."""
    periods = occurrences(reference_day)
    if len(periods) == 1:
        return periods[0]
    return max(period for period in periods if period.first <= reference_day)


def find_latest_ended(occurrences: Occurrences, reference_day: date) -> Period:
    """The latest that was over before the clock's day."""
    return max(period for period in occurrences(reference_day) if period.last < reference_day)


def find_upcoming(occurrences: Occurrences, reference_day: date) -> Period:
    """The earliest that begins after the clock's day."""
    return min(period for period in occurrences(reference_day) if period.first > reference_day)


def find_following(occurrences: Occurrences, reference_day: date) -> Period:
    """The earliest that does not end before the clock, or the only one."""
    periods = occurrences(reference_day)
    if len(periods) == 1:
        return periods[0]
    return min(period for period in periods if period.last >= reference_day)
