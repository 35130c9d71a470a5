"""Days, ranges of days, and the calendar that the date grammar counts in."""

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from bot.model.day_range import DayRange

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_ONE_DAY = timedelta(days=1)
_DAYS_OF = {"day": 1, "week": 7}
_MONTHS_OF = {"month": 1, "year": 12}


def day_text(day: date) -> str:
    """The day as a reader sees it: `2 March 2026`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


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
        return _period_text(Period(*bounds))
    return f"{'since' if days.first else 'until'} {day_text(bounds[0])}"


def _period_text(period: Period) -> str:
    first, last = period
    if first == last:
        return day_text(last)
    if period == year_of(first):
        return str(first.year)
    if period == month_of(first):
        return f"{MONTHS[first.month - 1]} {first.year}"
    shared = next(
        part
        for part in (f" {MONTHS[last.month - 1]} {last.year}", f" {last.year}", "")
        if day_text(first).endswith(part)
    )
    return f"{day_text(first).removesuffix(shared)} to {day_text(last)}"


def week_of(day: date) -> Period:
    """The Monday to Sunday that holds the day."""
    monday = day - timedelta(days=day.weekday())
    return Period(monday, monday + timedelta(days=6))


def month_of(day: date) -> Period:
    """The calendar month that holds the day."""
    return Period(day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1]))


def year_of(day: date) -> Period:
    """The calendar year that holds the day."""
    return Period(date(day.year, 1, 1), date(day.year, 12, 31))


UNITS: Mapping[str, Callable[[date], Period]] = {
    "day": lambda day: Period(day, day),
    "week": week_of,
    "month": month_of,
    "year": year_of,
}


def days_before(day: date, count: int, unit: str) -> date:
    """The same day `count` units earlier, or the last of its month where that has no such day."""
    if unit in _DAYS_OF:
        return day - timedelta(days=count * _DAYS_OF[unit])
    months = day.year * 12 + day.month - 1 - count * _MONTHS_OF[unit]
    end = month_of(date(months // 12, months % 12 + 1, 1)).last
    return end.replace(day=min(day.day, end.day))


def past(day: date, count: int, unit: str) -> Period:
    """The `count` units that end with the day, itself included."""
    return Period(days_before(day, count, unit) + _ONE_DAY, day)


def third(period: Period, index: int) -> Period:
    """The early (0), mid (1) or late (2) part of a month or a year.

    A month is parted before the 11th and the 21st, a year before May and September.
    """
    if period == month_of(period.first):
        begins = [period.first.replace(day=day) for day in (1, 11, 21)]
    else:
        begins = [period.first.replace(month=month) for month in (1, 5, 9)]
    ends = [begins[1] - _ONE_DAY, begins[2] - _ONE_DAY, period.last]
    return Period(begins[index], ends[index])


def yearly(in_year: Callable[[int], Period]) -> Occurrences:
    """What returns each year; `in_year` raises ValueError for a year without it."""

    def near(clock: date) -> tuple[Period, ...]:
        # Eight years: between 1896 and 1904 there was no leap day.
        found = (_possible(in_year, year) for year in range(clock.year - 8, clock.year + 9))
        return tuple(period for period in found if period)

    return near


def _possible(in_year: Callable[[int], Period], year: int) -> Period | None:
    try:
        return in_year(year)
    except ValueError:
        return None


def weekly(weekday: int, length: int = 1) -> Occurrences:
    """What returns each week on that weekday (Monday is 0) for `length` days."""

    def near(clock: date) -> tuple[Period, ...]:
        begin = week_of(clock).first + timedelta(days=weekday)
        begins = [begin + timedelta(weeks=weeks) for weeks in (-1, 0, 1)]
        return tuple(Period(day, day + timedelta(days=length - 1)) for day in begins)

    return near


def each(unit: str) -> Occurrences:
    """The calendar unit of the clock and its neighbours."""
    unit_of = UNITS[unit]

    def near(clock: date) -> tuple[Period, ...]:
        here = unit_of(clock)
        return (unit_of(here.first - _ONE_DAY), here, unit_of(here.last + _ONE_DAY))

    return near


def latest(occurrences: Occurrences, clock: date) -> Period:
    """The latest that does not begin after the clock, or the only one."""
    periods = occurrences(clock)
    if len(periods) == 1:
        return periods[0]
    return max(period for period in periods if period.first <= clock)


def ended(occurrences: Occurrences, clock: date) -> Period:
    """The latest that was over before the clock's day."""
    return max(period for period in occurrences(clock) if period.last < clock)


def upcoming(occurrences: Occurrences, clock: date) -> Period:
    """The earliest that begins after the clock's day."""
    return min(period for period in occurrences(clock) if period.first > clock)


def following(occurrences: Occurrences, clock: date) -> Period:
    """The earliest that does not end before the clock, or the only one."""
    periods = occurrences(clock)
    if len(periods) == 1:
        return periods[0]
    return min(period for period in periods if period.last >= clock)
