from datetime import date

import pytest

from bot.model.day_range import DayRange

FIRST, MIDDLE, LAST = date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3)


@pytest.mark.parametrize(
    ("first", "last", "message"),
    [(None, None, "has a first or a last day"), (LAST, FIRST, "can't begin on 2026-03-03")],
    ids=["open at both ends", "ends before it begins"],
)
def test_an_empty_or_reversed_range_is_refused(
    first: date | None, last: date | None, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        DayRange(first=first, last=last)


@pytest.mark.parametrize(
    ("day_range", "expected"),
    [
        (DayRange(first=MIDDLE, last=MIDDLE), [MIDDLE]),
        (DayRange(first=None, last=MIDDLE), [FIRST, MIDDLE]),
        (DayRange(first=MIDDLE, last=None), [MIDDLE, LAST]),
    ],
    ids=["one day", "no beginning", "no end"],
)
def test_a_range_contains_both_its_ends(day_range: DayRange, expected: list[date]) -> None:
    assert [day for day in (FIRST, MIDDLE, LAST) if day_range.contains(day)] == expected


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (DayRange(first=MIDDLE, last=LAST), True),
        (DayRange(first=LAST, last=None), False),
        (DayRange(first=None, last=FIRST), True),
    ],
    ids=["shares a day", "begins after it", "ends on its first day"],
)
def test_ranges_overlap_if_they_share_a_day(other: DayRange, *, expected: bool) -> None:
    day_range = DayRange(first=FIRST, last=MIDDLE)

    assert day_range.overlaps(other) is other.overlaps(day_range) is expected
