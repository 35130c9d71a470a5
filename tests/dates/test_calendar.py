from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dates.calendar import (
    format_day,
    get_calendar_week,
    get_calendar_year,
    get_third,
    range_text,
    subtract_units,
)
from bot.model.day_range import DayRange

DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31))


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        pytest.param("2026-03-02", "2026-03-02", "2 March 2026", id="one day"),
        pytest.param("2026-02-21", "2026-02-28", "21 to 28 February 2026", id="in a month"),
        pytest.param("2026-02-28", "2026-03-02", "28 February to 2 March 2026", id="in a year"),
        pytest.param(
            "2025-12-30", "2026-01-02", "30 December 2025 to 2 January 2026", id="over new year"
        ),
        pytest.param("2025-03-05", "2026-03-05", "5 March 2025 to 5 March 2026", id="a year apart"),
        pytest.param("2026-02-01", "2026-02-28", "February 2026", id="whole month"),
        pytest.param("2024-02-01", "2024-02-28", "1 to 28 February 2024", id="all but a leap day"),
        pytest.param("2026-01-01", "2026-12-31", "2026", id="whole year"),
        pytest.param("2026-03-01", None, "since 1 March 2026", id="no end"),
        pytest.param(None, "2026-05-05", "until 5 May 2026", id="no beginning"),
    ],
)
def test_a_range_is_written_as_short_as_a_person_would(
    first: str | None, last: str | None, text: str
) -> None:
    days = DayRange(
        first=date.fromisoformat(first) if first else None,
        last=date.fromisoformat(last) if last else None,
    )

    written = range_text(days)

    assert written == text


def test_a_range_without_any_bound_is_refused() -> None:
    with pytest.raises(ValueError, match="first or a last day"):
        DayRange(first=None, last=None)


@given(first=DAYS, days=st.integers(1, 5000))
def test_a_range_that_ends_before_it_begins_is_refused(first: date, days: int) -> None:
    with pytest.raises(ValueError, match="can't begin on"):
        DayRange(first=first, last=first - timedelta(days=days))


@pytest.mark.parametrize(
    ("first", "last", "held"),
    [
        pytest.param(date(2026, 3, 1), date(2026, 3, 3), [1, 2, 3], id="both bounds included"),
        pytest.param(date(2026, 3, 3), None, [3, 4], id="no end"),
        pytest.param(None, date(2026, 3, 2), [1, 2], id="no beginning"),
    ],
)
def test_a_range_contains_its_days_and_no_others(
    first: date | None, last: date | None, held: list[int]
) -> None:
    days = DayRange(first=first, last=last)

    contained = [day for day in (1, 2, 3, 4) if days.contains(date(2026, 3, day))]

    assert contained == held


@pytest.mark.parametrize(
    ("other", "shared"),
    [
        pytest.param((1, 4), False, id="just before"),
        pytest.param((1, 5), True, id="touching the first day"),
        pytest.param((8, 9), True, id="touching the last day"),
        pytest.param((9, 9), False, id="just after"),
        pytest.param((6, 6), True, id="inside"),
        pytest.param((None, 4), False, id="open before"),
        pytest.param((8, None), True, id="open on the last day"),
    ],
)
def test_ranges_overlap_where_they_share_a_day(
    other: tuple[int | None, int | None], *, shared: bool
) -> None:
    days = DayRange(first=date(2026, 3, 5), last=date(2026, 3, 8))
    first, last = (date(2026, 3, day) if day else None for day in other)
    others = DayRange(first=first, last=last)

    overlapping = (days.overlaps(others), others.overlaps(days))

    assert overlapping == (shared, shared)


def test_a_day_is_written_without_leading_zeros() -> None:
    written = format_day(date(2026, 3, 2))

    assert written == "2 March 2026"


@given(DAYS)
def test_a_week_runs_from_monday_to_sunday_and_holds_its_day(day: date) -> None:
    week = get_calendar_week(day)

    assert week.first.weekday() == 0
    assert week.last - week.first == timedelta(days=6)
    assert week.first <= day <= week.last


@pytest.mark.parametrize(
    ("count", "unit", "earlier"),
    [
        pytest.param(1, "day", date(2024, 3, 30), id="day"),
        pytest.param(2, "week", date(2024, 3, 17), id="weeks"),
        pytest.param(1, "month", date(2024, 2, 29), id="a month without such a day"),
        pytest.param(3, "month", date(2023, 12, 31), id="months over a new year"),
        pytest.param(1, "year", date(2023, 3, 31), id="year"),
    ],
)
def test_days_before_counts_in_calendar_units(count: int, unit: str, earlier: date) -> None:
    found = subtract_units(date(2024, 3, 31), count, unit)

    assert found == earlier


@settings(max_examples=50)
@given(DAYS)
def test_the_thirds_of_a_year_follow_each_other_and_make_it_whole(day: date) -> None:
    year = get_calendar_year(day)

    early, mid, late = (get_third(year, index) for index in (0, 1, 2))

    assert (early.first, late.last) == year
    assert mid.first - early.last == late.first - mid.last == timedelta(days=1)
