from datetime import date

import pytest

from bot.model.day_range import DayRange
from bot.retrieval.question.bounds import Bounds

FIRST = date(2026, 2, 1)
LAST = date(2026, 2, 28)


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        (Bounds(source="The Courier"), ()),
        (Bounds(after=FIRST), (DayRange(first=FIRST, last=None),)),
        (Bounds(before=LAST), (DayRange(first=None, last=LAST),)),
        (Bounds(after=FIRST, before=LAST), (DayRange(first=FIRST, last=LAST),)),
    ],
    ids=["open", "after", "before", "between"],
)
def test_bounds_are_one_range_of_days_where_a_side_is_closed(
    bounds: Bounds, expected: tuple[DayRange, ...]
) -> None:
    assert bounds.days == expected


def test_bounds_without_days_keep_their_source() -> None:
    bounds = Bounds(after=FIRST, before=LAST, source="The Courier")

    assert bounds.without_days() == Bounds(source="The Courier")
