from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.digest.alert_rules import (
    AlertFrequency,
    build_alert_query,
    build_quiet_hours,
    find_watched_revisions,
    get_preview_bounds,
    is_quiet,
    parse_alert_query,
    select_new_matches,
)
from bot.errors import (
    EmptyQuery,
    EndlessQuietHours,
    IncompleteQuietHours,
    UnknownTime,
    UnusableAlert,
)
from bot.model.alert import Alert, AlertKey, QuietHours
from bot.model.article import ArticleId
from bot.model.ids import Pseudonym
from bot.retrieval.index.article_table import ArticleTable
from bot.retrieval.question.bounds import Bounds
from tests.builders import NOON, an_article, the_analyser

LATER = timedelta(days=1)
BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = QuietHours(start=time(22), end=time(7), zone="Europe/Berlin")
LUNCH = QuietHours(start=time(12), end=time(13, 30), zone="Europe/Berlin")
IN_THE_GAP = QuietHours(start=time(2, 30), end=time(3, 30), zone="Europe/Berlin")
REPEATED = QuietHours(start=time(2), end=time(3), zone="Europe/Berlin")


def an_alert(typed: str) -> Alert:
    return Alert(
        key=AlertKey("own"),
        guild=None,
        person=Pseudonym("a" * 32),
        channel="77",
        query_text=typed,
        quiet_hours=None,
        begins_at=NOON,
    )


def in_berlin(hour: int, minute: int, day: int = 3) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


def test_the_words_of_a_date_are_looked_for_like_others() -> None:
    query = parse_alert_query('river "high water" -ferry March', the_analyser())

    assert query.terms == ("river", "high", "water", "march")
    assert query.excluded_terms == {"ferri"}
    assert query.dates == ()


def test_an_alert_looks_for_something() -> None:
    with pytest.raises(EmptyQuery):
        parse_alert_query("-ferry", the_analyser())


def test_an_alert_with_words_that_became_common_raises_its_own_error() -> None:
    assert build_alert_query(an_alert("river"), the_analyser()) == parse_alert_query(
        "river", the_analyser()
    )
    with pytest.raises(UnusableAlert, match="too common to search for"):
        build_alert_query(an_alert("the"), the_analyser())


def test_articles_of_today_and_of_as_many_days_before_as_are_late_are_watched() -> None:
    days = {"too old": 28, "late": 1, "new": 8, "future": 9}
    articles = [
        an_article(id=name, published_on=date(2026, 2 if day > 9 else 3, day), revision=day)
        for name, day in days.items()
    ]

    found = find_watched_revisions(ArticleTable.from_articles(articles), date(2026, 3, 8), 7)

    assert found == {"late": 1, "new": 8}


def test_thirty_days_up_to_today_are_looked_back_on() -> None:
    today = date(2026, 3, 31)

    assert get_preview_bounds(today) == Bounds(after=date(2026, 3, 2), before=today)


def test_articles_from_before_the_alert_are_not_new() -> None:
    came_in_at = {"before": NOON - LATER, "at": NOON, "after": NOON + timedelta(microseconds=1)}
    named = {ArticleId(name): at for name, at in came_in_at.items()}

    found = select_new_matches([*named, ArticleId("taken back")], named, NOON)

    assert found == ("after",)


@pytest.mark.parametrize(
    ("quiet", "hour", "minute", "expected"),
    [
        (None, 23, 0, False),
        (NIGHT, 21, 59, False),
        (NIGHT, 22, 0, True),
        (NIGHT, 0, 0, True),
        (NIGHT, 6, 59, True),
        (NIGHT, 7, 0, False),
        (LUNCH, 11, 59, False),
        (LUNCH, 12, 0, True),
        (LUNCH, 13, 29, True),
        (LUNCH, 13, 30, False),
    ],
)
def test_quiet_hours_run_from_their_begin_to_their_end_by_the_clocks_of_the_zone(
    quiet: QuietHours | None,
    hour: int,
    minute: int,
    expected: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    assert is_quiet(quiet, in_berlin(hour, minute)) is expected


def test_quiet_hours_follow_the_clocks_when_these_change() -> None:
    before, after = in_berlin(6, 30, day=28), in_berlin(6, 30, day=29)

    assert after - before == timedelta(hours=23)
    assert is_quiet(NIGHT, before)
    assert is_quiet(NIGHT, after)
    assert not is_quiet(NIGHT, after + timedelta(minutes=30))


def test_quiet_hours_that_begin_where_clocks_leap_are_those_that_are_left_of_them() -> None:
    leap = in_berlin(1, 0, day=29) + timedelta(hours=1)

    assert not is_quiet(IN_THE_GAP, leap - timedelta(minutes=1))
    assert is_quiet(IN_THE_GAP, leap)
    assert not is_quiet(IN_THE_GAP, leap + timedelta(minutes=30))


def test_quiet_hours_last_twice_as_long_where_clocks_show_them_twice() -> None:
    begin = datetime(2026, 10, 25, 0, tzinfo=UTC)
    halves = [begin + number * timedelta(minutes=30) for number in range(-1, 5)]

    assert [is_quiet(REPEATED, half) for half in halves] == [False, True, True, True, True, False]


def test_a_zone_that_is_known_no_longer_makes_an_alert_unusable() -> None:
    with pytest.raises(UnusableAlert, match="time zone of its quiet hours"):
        is_quiet(QuietHours(start=time(22), end=time(7), zone="Europe/Atlantis"), NOON)


def test_quiet_hours_are_read_as_typed() -> None:
    assert build_quiet_hours("22:00", " 7:00", "Europe/Berlin") == NIGHT
    assert build_quiet_hours(None, None, "Europe/Berlin") is None


@pytest.mark.parametrize(
    ("begins", "ends", "error"),
    [
        ("22:00", None, IncompleteQuietHours),
        (None, "07:00", IncompleteQuietHours),
        ("22:00", "22:00", EndlessQuietHours),
        ("22:00", "25:00", UnknownTime),
    ],
)
def test_invalid_quiet_hours_are_refused(
    begins: str | None, ends: str | None, error: type[Exception]
) -> None:
    with pytest.raises(error):
        build_quiet_hours(begins, ends, "Europe/Berlin")


def test_articles_of_one_day_count_as_one_day() -> None:
    days = [date(2026, 3, 1), date(2026, 3, 1), date(2026, 3, 2)]

    assert AlertFrequency.from_days(days) == AlertFrequency(article_count=3, day_count=2)
    assert AlertFrequency.from_days([]) == AlertFrequency(article_count=0, day_count=0)
