"""Due times in zones that skip, repeat and change hours and days."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digest.schedule import (
    Due,
    fills_day,
    find_last_due,
    get_local_day,
    iter_due_times,
    local_time_to_utc,
)
from bot.model.delivery import Delivery, DeliveryState
from bot.model.subscription import WEEKDAYS, Subscription
from tests.digest.builders import a_subscription

ZONES = ("Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia", "America/Toronto", "UTC")


def next_times(subscription: Subscription, after: datetime, count: int) -> tuple[datetime, ...]:
    return tuple(due.at for due in islice(iter_due_times(subscription, after), count))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "clock", "day", "expected"),
    [
        ("Europe/Berlin", "08:30", "2026-03-02", "2026-03-02 07:30"),
        ("Europe/Berlin", "02:30", "2026-03-29", "2026-03-29 01:00"),
        ("Europe/Berlin", "02:00", "2026-03-29", "2026-03-29 01:00"),
        ("Europe/Berlin", "03:00", "2026-03-29", "2026-03-29 01:00"),
        ("Europe/Berlin", "01:59", "2026-03-29", "2026-03-29 00:59"),
        ("Europe/Berlin", "02:30", "2026-10-25", "2026-10-25 00:30"),
        ("Europe/Berlin", "03:00", "2026-10-25", "2026-10-25 02:00"),
        ("Australia/Lord_Howe", "02:15", "2026-10-04", "2026-10-03 15:30"),
        ("Australia/Lord_Howe", "01:45", "2026-04-05", "2026-04-04 14:45"),
        ("Pacific/Apia", "09:00", "2011-12-29", "2011-12-29 19:00"),
        ("Pacific/Apia", "09:00", "2011-12-31", "2011-12-30 19:00"),
        ("America/Toronto", "23:45", "1919-03-30", "1919-03-31 04:30"),
        ("America/Toronto", "00:10", "1919-03-31", "1919-03-31 04:30"),
        ("America/Mexico_City", "09:00", "2022-07-01", "2022-07-01 14:00"),
        ("America/Mexico_City", "09:00", "2023-07-01", "2023-07-01 15:00"),
        ("Asia/Pyongyang", "09:00", "2018-05-04", "2018-05-04 00:30"),
        ("Asia/Pyongyang", "09:00", "2018-05-05", "2018-05-05 00:00"),
        ("UTC", "23:59", "2016-12-31", "2016-12-31 23:59"),
        ("UTC", "09:00", "2028-02-29", "2028-02-29 09:00"),
    ],
    ids=[
        "an ordinary day",
        "within the leap of spring",
        "where the leap of spring begins",
        "where the leap of spring ends",
        "before the leap of spring",
        "the first of two in autumn",
        "after the repeat of autumn",
        "a leap of half an hour",
        "the first of two, half an hour apart",
        "before a missing day",
        "after a missing day",
        "a leap that ends on the next day",
        "a leap that began on the day before",
        "summer time while there was one",
        "no summer time since the rules changed",
        "half an hour off",
        "no longer half an hour off",
        "before a leap second",
        "the day that leap years have",
    ],
)
def test_a_time_of_a_day_is_one_moment(zone: str, clock: str, day: str, expected: str) -> None:
    due = local_time_to_utc(time.fromisoformat(clock), ZoneInfo(zone), date.fromisoformat(day))

    assert due == at(expected)


@pytest.mark.parametrize("clock", ["00:00", "09:00", "23:59"])
def test_a_day_that_a_zone_leaps_over_has_no_time(clock: str) -> None:
    assert (
        local_time_to_utc(time.fromisoformat(clock), ZoneInfo("Pacific/Apia"), date(2011, 12, 30))
        is None
    )


@given(
    zone=st.sampled_from(ZONES).map(ZoneInfo),
    day=st.dates(date(1900, 1, 1), date(2060, 1, 1)),
    clock=st.times().map(lambda moment: moment.replace(second=0, microsecond=0)),
)
def test_a_later_day_is_due_later(zone: ZoneInfo, day: date, clock: time) -> None:
    first, second = (local_time_to_utc(clock, zone, day + timedelta(days=days)) for days in (0, 1))

    assert first is None or second is None or first < second


def test_the_next_times_are_the_next_three_days() -> None:
    times = next_times(a_subscription(), at("2026-03-02 09:00"), 3)

    assert times == tuple(at(f"2026-03-0{day} 09:00") for day in (3, 4, 5))


def test_a_moment_before_its_time_the_same_day_comes_next() -> None:
    assert next_times(a_subscription(), at("2026-03-02 08:59"), 1) == (at("2026-03-02 09:00"),)


def test_on_weekdays_the_weekend_is_left_out() -> None:
    subscription = a_subscription(days=WEEKDAYS)

    times = next_times(subscription, at("2026-03-05 12:00"), 2)  # a Thursday

    assert times == (at("2026-03-06 09:00"), at("2026-03-09 09:00"))


def test_a_weekly_digest_comes_each_week_on_its_day() -> None:
    subscription = a_subscription(days=frozenset({6}))

    times = next_times(subscription, at("2028-02-21 12:00"), 2)  # across 29 February

    assert times == (at("2028-02-27 09:00"), at("2028-03-05 09:00"))


def test_a_weekly_digest_of_a_missing_day_comes_the_week_after() -> None:
    subscription = a_subscription(zone=ZoneInfo("Pacific/Apia"), days=frozenset({4}))

    (due,) = islice(iter_due_times(subscription, at("2011-12-25 00:00")), 1)

    assert due.local_day == date(2012, 1, 6)


def test_a_zone_ahead_of_utc_has_its_own_day() -> None:
    subscription = a_subscription(zone=ZoneInfo("Pacific/Auckland"))

    assert get_local_day(subscription, at("2026-03-02 12:00")) == date(2026, 3, 3)


def test_a_digest_is_due_on_the_day_of_its_own_zone() -> None:
    subscription = a_subscription(zone=ZoneInfo("Pacific/Auckland"))

    (due,) = islice(iter_due_times(subscription, at("2026-03-02 12:00")), 1)

    assert due == Due(date(2026, 3, 3), at("2026-03-02 20:00"))


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-03-02 09:00", date(2026, 3, 2)),
        ("2026-03-02 08:59", date(2026, 3, 1)),
        ("2026-03-02 23:59", date(2026, 3, 2)),
    ],
)
def test_the_last_time_that_it_was_due_may_be_this_moment(now: str, expected: date) -> None:
    due = find_last_due(a_subscription(), at(now))

    assert due is not None
    assert due.local_day == expected


def test_a_weekly_digest_was_last_due_up_to_two_weeks_ago() -> None:
    subscription = a_subscription(
        zone=ZoneInfo("Pacific/Apia"), days=frozenset({4}), begins_at=at("2011-01-01 00:00")
    )

    due = find_last_due(subscription, at("2012-01-05 12:00"))

    assert due is not None
    assert due.local_day == date(2011, 12, 23)


def test_nothing_was_due_before_the_digest_was_begun() -> None:
    subscription = a_subscription(begins_at=at("2026-03-02 09:00"))

    assert find_last_due(subscription, at("2026-03-03 08:59")) is None


def test_a_digest_is_due_if_it_is_already_tomorrow_in_its_zone() -> None:
    subscription = a_subscription(time_of_day=time(0, 10), zone=ZoneInfo("America/Toronto"))
    begun = a_subscription(
        time_of_day=time(0, 10), zone=ZoneInfo("America/Toronto"), begins_at=at("1919-01-01 00:00")
    )

    due = find_last_due(begun, at("1919-03-31 04:30"))

    assert due == Due(date(1919, 3, 31), at("1919-03-31 04:30"))
    assert find_last_due(subscription, at("1919-03-31 04:30")) is None


@given(
    zone=st.sampled_from(ZONES).map(ZoneInfo),
    now=st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_the_last_time_is_followed_by_the_next(zone: ZoneInfo, now: datetime) -> None:
    subscription = a_subscription(
        zone=zone, time_of_day=time(2, 15), begins_at=at("1980-01-01 00:00")
    )

    last = find_last_due(subscription, now)
    (following,) = islice(iter_due_times(subscription, now), 1)

    assert last is not None
    assert last.at <= now < following.at
    assert next(iter_due_times(subscription, last.at)) == following


def a_delivery(state: DeliveryState, claimed_at: str) -> Delivery:
    return Delivery(
        id=1,
        subscription_id=1,
        channel="1",
        local_day=date(2026, 3, 2),
        state=state,
        window_starts_at=at("2026-03-01 09:00"),
        window_ends_at=at("2026-03-02 09:00"),
        key="key",
        claimed_at=at(claimed_at),
        after_message_id=None,
        message_id=None,
        posted_at=None,
        reason=None,
    )


@pytest.mark.parametrize(
    ("delivery", "expected"),
    [
        (None, False),
        (a_delivery(DeliveryState.POSTED, "2026-03-02 08:00"), True),
        (a_delivery(DeliveryState.CLAIMED, "2026-03-02 09:00"), True),
        (a_delivery(DeliveryState.FAILED, "2026-03-02 09:00"), True),
        (a_delivery(DeliveryState.FAILED, "2026-03-02 08:59"), False),
    ],
    ids=["none", "posted early", "claimed", "refused when due", "refused before"],
)
def test_a_delivery_fills_its_day_unless_it_was_refused_before_its_time(
    delivery: Delivery | None, *, expected: bool
) -> None:
    due = Due(local_day=date(2026, 3, 2), at=at("2026-03-02 09:00"))

    assert fills_day(delivery, due) is expected
