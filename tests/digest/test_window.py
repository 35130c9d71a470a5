"""Windows of digests, and the positions of articles."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digest.schedule import Due
from bot.digest.window import (
    DigestWindow,
    WindowPosition,
    build_day_window,
    build_window,
    get_start_of_day,
    locate_in_window,
)
from bot.model.delivery import HighWaterMark
from bot.model.subscription import WEEKDAYS
from tests.builders import an_article
from tests.digest.builders import NINE, WINDOW, a_subscription, an_arrival

TODAY = Due(NINE.date(), NINE)
DAY = timedelta(days=1)
YESTERDAY = HighWaterMark(NINE.date() - DAY, NINE - DAY)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def mark_until(text: str) -> HighWaterMark:
    """Return the mark of a digest posted at this time of a day."""
    return HighWaterMark(at(text).date(), at(text))


def locate(
    came_in_at: str,
    published_on: str,
    *,
    zone: str = "UTC",
    window: DigestWindow = WINDOW,
    late: int = 7,
) -> WindowPosition:
    article = an_article(published_on=date.fromisoformat(published_on))
    return locate_in_window(
        an_arrival(article, at(came_in_at)), window, ZoneInfo(zone), late_days=late
    )


def test_a_window_goes_on_where_the_last_one_ended() -> None:
    ended_at = at("2026-03-01 09:00")

    window = build_window(
        a_subscription(), high_water_mark=mark_until("2026-03-01 09:00"), due=TODAY, now=NINE
    )

    assert window == DigestWindow(day=date(2026, 3, 2), starts_at=ended_at, ends_at=NINE)


def test_a_first_window_begins_when_the_digest_was_begun() -> None:
    subscription = a_subscription(begins_at=at("2026-03-02 08:00"))

    window = build_window(subscription, high_water_mark=None, due=TODAY, now=NINE)

    assert window.starts_at == at("2026-03-02 08:00")


def test_after_a_pause_a_window_begins_when_it_was_resumed() -> None:
    subscription = a_subscription(begins_at=at("2026-03-02 08:00"))

    window = build_window(
        subscription, high_water_mark=mark_until("2026-02-20 09:00"), due=TODAY, now=NINE
    )

    assert window.starts_at == at("2026-03-02 08:00")
    assert window.missed_days == ()


def test_after_an_outage_a_window_tells_the_days_that_it_makes_up_for() -> None:
    covered = mark_until("2026-02-27 09:00")

    window = build_window(a_subscription(), high_water_mark=covered, due=TODAY, now=NINE)

    assert window.starts_at == covered.window_ends_at
    assert window.missed_days == (date(2026, 2, 28), date(2026, 3, 1))


def test_days_without_a_due_digest_are_not_missed() -> None:
    subscription = a_subscription(days=WEEKDAYS)

    window = build_window(
        subscription, high_water_mark=mark_until("2026-02-27 09:00"), due=TODAY, now=NINE
    )

    assert window.missed_days == ()  # a Saturday and a Sunday


def test_a_first_digest_that_did_not_come_is_missed() -> None:
    subscription = a_subscription(
        begins_at=at("2026-03-01 08:00"), schedule_changed_at=at("2026-03-01 08:00")
    )

    window = build_window(subscription, high_water_mark=None, due=TODAY, now=NINE)

    assert window.missed_days == (date(2026, 3, 1),)


def test_a_day_that_began_with_the_late_digest_of_the_day_before_may_be_missed() -> None:
    late = HighWaterMark(date(2026, 2, 28), at("2026-03-01 00:03"))

    window = build_window(a_subscription(), high_water_mark=late, due=TODAY, now=NINE)

    assert window.missed_days == (date(2026, 3, 1),)


def test_a_day_whose_digest_came_before_its_time_is_not_missed() -> None:
    window = build_window(
        a_subscription(), high_water_mark=mark_until("2026-03-01 08:00"), due=TODAY, now=NINE
    )

    assert window.missed_days == ()


def test_a_day_whose_time_was_past_when_the_digest_was_begun_is_not_missed() -> None:
    subscription = a_subscription(begins_at=at("2026-03-01 10:00"))

    window = build_window(subscription, high_water_mark=None, due=TODAY, now=NINE)

    assert window.missed_days == ()


def test_a_day_whose_time_a_late_digest_of_the_day_before_covers_is_not_missed() -> None:
    late = HighWaterMark(date(2026, 2, 28), at("2026-03-01 09:01"))

    window = build_window(a_subscription(), high_water_mark=late, due=TODAY, now=NINE)

    assert window.missed_days == ()


def test_days_before_the_time_was_set_are_not_missed() -> None:
    subscription = a_subscription(schedule_changed_at=at("2026-02-28 10:00"))

    window = build_window(
        subscription, high_water_mark=mark_until("2026-02-26 09:00"), due=TODAY, now=NINE
    )

    assert window.missed_days == (date(2026, 3, 1),)


def test_a_digest_in_time_does_not_say_when_it_was_due() -> None:
    window = build_window(
        a_subscription(), high_water_mark=YESTERDAY, due=TODAY, now=NINE + timedelta(hours=1)
    )

    assert window.due_at is None


def test_a_late_digest_says_when_it_was_due() -> None:
    window = build_window(
        a_subscription(), high_water_mark=YESTERDAY, due=TODAY, now=NINE + timedelta(minutes=61)
    )

    assert window.due_at == NINE
    assert window.day == NINE.date()


def test_a_digest_posted_after_midnight_is_of_the_day_on_which_it_was_due() -> None:
    due = Due(date(2026, 3, 1), at("2026-03-01 23:59"))

    window = build_window(
        a_subscription(time_of_day=time(23, 59)),
        high_water_mark=None,
        due=due,
        now=at("2026-03-02 00:01"),
    )

    assert window.day == date(2026, 3, 1)


def test_a_digest_that_is_asked_for_is_of_the_day_that_it_is_there() -> None:
    subscription = a_subscription(zone=ZoneInfo("Pacific/Auckland"))

    window = build_window(subscription, high_water_mark=None, due=None, now=at("2026-03-02 12:00"))

    assert window.day == date(2026, 3, 3)
    assert window.due_at is None


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2026, 3, 2), "2026-03-01 08:00", "2026-03-02 08:00"),
        (date(2026, 3, 29), "2026-03-28 08:00", "2026-03-29 07:00"),
        (date(2026, 10, 25), "2026-10-24 07:00", "2026-10-25 08:00"),
    ],
    ids=["24 hours", "23 hours", "25 hours"],
)
def test_a_preview_goes_from_its_time_on_the_day_before_to_its_time(
    day: date, first: str, last: str
) -> None:
    window = build_day_window(time(9), ZoneInfo("Europe/Berlin"), day)

    assert (window.starts_at, window.ends_at) == (at(first), at(last))


@pytest.mark.parametrize("day", [date(2026, 3, 30), date(2026, 10, 26)], ids=["spring", "autumn"])
def test_a_preview_at_midnight_covers_one_day_of_publications(day: date) -> None:
    berlin = ZoneInfo("Europe/Berlin")

    window = build_day_window(time(0), berlin, day)

    days = [day - number * DAY for number in (2, 1, 0)]
    within = [
        window.starts_at <= get_start_of_day(other, berlin) < window.ends_at for other in days
    ]
    assert within == [False, True, False]


@pytest.mark.parametrize("hour", [0, 9, 23])
def test_a_day_that_a_zone_leaps_over_is_empty_and_those_around_it_miss_nothing(hour: int) -> None:
    before, leapt, after = (
        build_day_window(time(hour), ZoneInfo("Pacific/Apia"), date(2011, 12, day))
        for day in (29, 30, 31)
    )

    assert leapt.starts_at == leapt.ends_at == before.ends_at == after.starts_at
    assert after.ends_at - after.starts_at == DAY


@given(
    day=st.dates(date(1950, 1, 1), date(2040, 1, 1)),
    zone=st.sampled_from(["Pacific/Apia", "Australia/Lord_Howe", "America/St_Johns"]),
    hour=st.integers(0, 23),
)
def test_one_preview_begins_where_that_of_the_day_before_ends(
    day: date, zone: str, hour: int
) -> None:
    before, after = (
        build_day_window(time(hour), ZoneInfo(zone), window_day) for window_day in (day, day + DAY)
    )

    assert before.ends_at == after.starts_at
    assert after.starts_at <= after.ends_at


@pytest.mark.parametrize(
    ("came_in_at", "published_on", "expected"),
    [
        ("2026-03-02 08:59", "2026-03-02", WindowPosition.WITHIN),
        ("2026-03-01 09:00", "2026-03-01", WindowPosition.WITHIN),
        ("2026-03-02 09:00", "2026-03-02", WindowPosition.AFTER),
        ("2026-03-01 08:59", "2026-03-01", WindowPosition.BEFORE),
        ("2026-03-02 08:00", "2026-02-23", WindowPosition.WITHIN),
        ("2026-03-02 08:00", "2026-02-22", WindowPosition.TOO_OLD),
        ("2026-03-02 08:00", "2019-01-01", WindowPosition.TOO_OLD),
        ("2026-03-02 08:00", "2026-03-03", WindowPosition.WAITS),
        ("2026-02-20 08:00", "2026-03-02", WindowPosition.WITHIN),
        ("2026-02-20 08:00", "2026-03-01", WindowPosition.BEFORE),
    ],
    ids=[
        "just in time",
        "at its first moment",
        "at its end",
        "before its first moment",
        "seven days late",
        "eight days late",
        "of an archive",
        "from the future",
        "waited for its day",
        "waited for the day before",
    ],
)
def test_an_article_stands_where_it_came_in_or_on_its_later_day(
    came_in_at: str, published_on: str, expected: WindowPosition
) -> None:
    assert locate(came_in_at, published_on) is expected


def test_how_late_an_article_may_come_in_is_a_setting() -> None:
    assert locate("2026-03-02 08:00", "2026-03-01", late=1) is WindowPosition.WITHIN
    assert locate("2026-03-02 08:00", "2026-03-01", late=0) is WindowPosition.TOO_OLD


def test_lateness_is_counted_to_the_day_the_article_was_added() -> None:
    after_outage = DigestWindow(day=NINE.date(), starts_at=at("2026-02-01 09:00"), ends_at=NINE)

    found = locate("2026-02-02 12:00", "2026-02-02", window=after_outage)

    assert found is WindowPosition.WITHIN


def test_the_day_that_it_is_in_the_zone_decides_what_waits() -> None:
    window = DigestWindow(
        day=date(2026, 3, 3), starts_at=at("2026-03-01 12:00"), ends_at=at("2026-03-02 12:00")
    )

    found = locate("2026-03-02 08:00", "2026-03-03", window=window, zone="Pacific/Auckland")

    assert found is WindowPosition.WITHIN


def test_an_article_stands_at_the_first_moment_of_its_day() -> None:
    assert get_start_of_day(date(2026, 3, 2), ZoneInfo("Europe/Berlin")) == at("2026-03-01 23:00")


@given(
    came_in=st.integers(0, 20 * 24),
    ahead=st.integers(-7, 10),
    ends=st.lists(st.integers(0, 60 * 24), min_size=2, max_size=6, unique=True).map(sorted),
)
def test_an_article_is_in_one_of_the_windows_that_follow_each_other(
    came_in: int, ahead: int, ends: list[int]
) -> None:
    zone = ZoneInfo("Europe/Berlin")
    begin = at("2026-03-15 00:00")
    came_in_at = begin + timedelta(hours=came_in)
    published_on = came_in_at.astimezone(zone).date() + ahead * DAY
    arrival = an_arrival(an_article(published_on=published_on), came_in_at)
    moments = [begin, *(begin + timedelta(hours=end + 1) for end in ends), begin + 70 * DAY]

    found = [
        locate_in_window(
            arrival, DigestWindow(day=last.date(), starts_at=first, ends_at=last), zone, late_days=7
        )
        for first, last in pairwise(moments)
    ]

    assert found.count(WindowPosition.WITHIN) == 1
