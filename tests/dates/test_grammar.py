from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dates.calendar import format_day, range_text
from bot.dates.grammar import find_dates, parse_day_range, parse_first_day, parse_last_day
from bot.errors import UnknownDate
from bot.model.day_range import DayRange

MONDAY = date(2026, 3, 2)
NEW_YEAR = date(2026, 1, 1)
LEAP_DAY = date(2024, 2, 29)

DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31))
PIECES = st.sampled_from(
    [
        "2",
        "5th",
        "30",
        "29",
        "2024",
        "2026-03-02",
        "2025-13",
        "3/2",
        "13/2/2026",
        "9/11",
        "March",
        "march",
        "may",
        "May",
        "Feb.",
        "february",
        "Sun",
        "Friday,",
        "tues",
        "weekend",
        "week",
        "months",
        "year",
        "today",
        "yesterday",
        "since",
        "between",
        "and",
        "to",
        "from",
        "-",
        "until",
        "last",
        "next",
        "past",
        "this",
        "the",
        "early",
        "mid",
        "late",
        "end",
        "of",
        "ago",
        "two",
        "999",
        "in",
        "on",
        "(",
        ")",
        ".",
        ",",
        "day",
        "before",
        "Black",
        "up",
    ]
)
SENTENCES = st.lists(PIECES, max_size=8).map(" ".join)


def bounds(days: DayRange) -> str:
    """Return the range as two ISO days around two dots, or as one ISO day."""
    first, last = (day.isoformat() if day else "" for day in (days.first, days.last))
    return first if first == last else f"{first}..{last}"


@pytest.mark.parametrize(
    ("text", "today", "expected"),
    [
        ("2026-03-02", MONDAY, "2026-03-02"),
        ("2026-3-2", MONDAY, "2026-03-02"),
        ("2027-03-02", MONDAY, "2027-03-02"),
        ("2026-03", MONDAY, "2026-03-01..2026-03-31"),
        ("2026", MONDAY, "2026-01-01..2026-12-31"),
        ("2 March", MONDAY, "2026-03-02"),
        ("3 March", MONDAY, "2025-03-03"),
        ("  2  MARCH  2026 ", MONDAY, "2026-03-02"),
        ("2nd of March", MONDAY, "2026-03-02"),
        ("the 1st of march", MONDAY, "2026-03-01"),
        ("March 2", MONDAY, "2026-03-02"),
        ("March 2nd, 2025", MONDAY, "2025-03-02"),
        ("Sept. 3, 2025", MONDAY, "2025-09-03"),
        ("3 Sep 2025", MONDAY, "2025-09-03"),
        ("Friday, Feb. 27", MONDAY, "2026-02-27"),
        ("29 February", MONDAY, "2024-02-29"),
        ("29 February", date(1903, 5, 1), "1896-02-29"),
        ("29 February", LEAP_DAY, "2024-02-29"),
        ("2/29", MONDAY, "2024-02-29"),
        ("31 December", NEW_YEAR, "2025-12-31"),
        ("13/2/2026", MONDAY, "2026-02-13"),
        ("2/13", MONDAY, "2026-02-13"),
        ("3/3", MONDAY, "2025-03-03"),
        ("13.2.2026", MONDAY, "2026-02-13"),
        ("February", MONDAY, "2026-02-01..2026-02-28"),
        ("in March 2025", MONDAY, "2025-03-01..2025-03-31"),
        ("December", MONDAY, "2025-12-01..2025-12-31"),
        ("February", LEAP_DAY, "2024-02-01..2024-02-29"),
        ("may", MONDAY, "2025-05-01..2025-05-31"),
        ("sun", MONDAY, "2026-03-01"),
        ("today", MONDAY, "2026-03-02"),
        ("Yesterday", NEW_YEAR, "2025-12-31"),
        ("tomorrow", LEAP_DAY, "2024-03-01"),
        ("the day before yesterday", MONDAY, "2026-02-28"),
        ("Monday", MONDAY, "2026-03-02"),
        ("last Monday", MONDAY, "2026-02-23"),
        ("next Monday", MONDAY, "2026-03-09"),
        ("on Friday", MONDAY, "2026-02-27"),
        ("last Fri.", MONDAY, "2026-02-27"),
        ("this Friday", MONDAY, "2026-02-27"),
        ("Thurs", NEW_YEAR, "2026-01-01"),
        ("this week", MONDAY, "2026-03-02..2026-03-08"),
        ("last week", MONDAY, "2026-02-23..2026-03-01"),
        ("the previous week", NEW_YEAR, "2025-12-22..2025-12-28"),
        ("next week", MONDAY, "2026-03-09..2026-03-15"),
        ("this weekend", MONDAY, "2026-02-28..2026-03-01"),
        ("the weekend", date(2026, 2, 28), "2026-02-28..2026-03-01"),
        ("last weekend", date(2026, 3, 1), "2026-02-21..2026-02-22"),
        ("this past weekend", MONDAY, "2026-02-28..2026-03-01"),
        ("next weekend", MONDAY, "2026-03-07..2026-03-08"),
        ("this month", MONDAY, "2026-03-01..2026-03-31"),
        ("last month", NEW_YEAR, "2025-12-01..2025-12-31"),
        ("next month", LEAP_DAY, "2024-03-01..2024-03-31"),
        ("last year", MONDAY, "2025-01-01..2025-12-31"),
        ("this year", NEW_YEAR, "2026-01-01..2026-12-31"),
        ("last March", MONDAY, "2025-03-01..2025-03-31"),
        ("next May", MONDAY, "2026-05-01..2026-05-31"),
        ("past week", MONDAY, "2026-02-24..2026-03-02"),
        ("last 10 days", MONDAY, "2026-02-21..2026-03-02"),
        ("the past three months", MONDAY, "2025-12-03..2026-03-02"),
        ("past year", LEAP_DAY, "2023-03-01..2024-02-29"),
        ("3 days ago", MONDAY, "2026-02-27"),
        ("a week ago", MONDAY, "2026-02-23..2026-03-01"),
        ("two weeks ago", MONDAY, "2026-02-16..2026-02-22"),
        ("two months ago", NEW_YEAR, "2025-11-01..2025-11-30"),
        ("a year ago", LEAP_DAY, "2023-01-01..2023-12-31"),
        ("since 1 March", MONDAY, "2026-03-01.."),
        ("since last week", MONDAY, "2026-02-23.."),
        ("until 5 May 2026", MONDAY, "..2026-05-05"),
        ("through February", MONDAY, "..2026-02-28"),
        ("up to yesterday", MONDAY, "..2026-03-01"),
        ("after 28 February", MONDAY, "2026-03-01.."),
        ("before 2026", MONDAY, "..2025-12-31"),
        ("between 1 February and 5 February", MONDAY, "2026-02-01..2026-02-05"),
        ("between 2 and 5 March 2025", MONDAY, "2025-03-02..2025-03-05"),
        ("between March 2 and 5, 2025", MONDAY, "2025-03-02..2025-03-05"),
        ("from 27 February to 2 March", MONDAY, "2026-02-27..2026-03-02"),
        ("27 February to 5 March", MONDAY, "2026-02-27..2026-03-05"),
        ("30 December to 2 January", NEW_YEAR, "2025-12-30..2026-01-02"),
        ("December to February 2026", MONDAY, "2025-12-01..2026-02-28"),
        ("December 2010 to February", MONDAY, "2010-12-01..2011-02-28"),
        ("Monday to Wednesday", date(2026, 3, 5), "2026-03-02..2026-03-04"),
        ("2026-02-01 - 2026-02-05", MONDAY, "2026-02-01..2026-02-05"),
        ("2024\u20132025", MONDAY, "2024-01-01..2025-12-31"),
        ("2-5 March", MONDAY, "2026-03-02..2026-03-05"),
        ("2 to 5 March", NEW_YEAR, "2025-03-02..2025-03-05"),
        ("March 2-5, 2025", MONDAY, "2025-03-02..2025-03-05"),
        ("March 2 to 5 April 2025", MONDAY, "2025-03-02..2025-04-05"),
        ("late February", MONDAY, "2026-02-21..2026-02-28"),
        ("late February", LEAP_DAY, "2024-02-21..2024-02-29"),
        ("late March", MONDAY, "2025-03-21..2025-03-31"),
        ("mid-March", MONDAY, "2025-03-11..2025-03-20"),
        ("early March", MONDAY, "2026-03-01..2026-03-10"),
        ("the end of February 2024", MONDAY, "2024-02-21..2024-02-29"),
        ("the beginning of last month", MONDAY, "2026-02-01..2026-02-10"),
        ("the middle of 2025", MONDAY, "2025-05-01..2025-08-31"),
        ("early 2025", MONDAY, "2025-01-01..2025-04-30"),
        ("late in 2025", MONDAY, "2025-09-01..2025-12-31"),
    ],
    ids=str,
)
def test_a_date_as_people_type_it_is_a_range_of_days(text: str, today: date, expected: str) -> None:
    days = parse_day_range(text, today)

    assert bounds(days) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "soon",
        "5",
        "30 February 2026",
        "30 February",
        "29 February 2025",
        "31 April",
        "2026-02-30",
        "2026-13",
        "2026-31-3",
        "2/30",
        "13/13/2026",
        "32 March",
        "1850-01-01",
        "March 2 please",
        "Good Friday",
        "5 to 2 March",
        "from 2026 to 2025",
        "last 0 days",
        "between March",
        "since",
    ],
)
def test_what_is_no_date_is_refused_without_readings(text: str) -> None:
    with pytest.raises(UnknownDate) as refusal:
        parse_day_range(text, MONDAY)

    assert refusal.value.text == text
    assert refusal.value.readings == ()


def test_a_range_that_leaves_the_calendar_is_refused() -> None:
    with pytest.raises(UnknownDate):
        parse_day_range("two weeks ago", date.min)


@pytest.mark.parametrize(
    ("text", "today", "readings"),
    [
        ("3/2", MONDAY, ("2 March 2026", "3 February 2026")),
        ("3/2/2026", MONDAY, ("2 March 2026", "3 February 2026")),
        ("02-03-2025", MONDAY, ("3 February 2025", "2 March 2025")),
        ("9/11", NEW_YEAR, ("11 September 2025", "9 November 2025")),
        ("since 3/2", LEAP_DAY, ("2 March 2023", "3 February 2024")),
    ],
    ids=str,
)
def test_an_ambiguous_date_is_refused_with_both_readings(
    text: str, today: date, readings: tuple[str, str]
) -> None:
    with pytest.raises(UnknownDate) as refusal:
        parse_day_range(text, today)

    assert refusal.value.readings == readings
    assert [range_text(parse_day_range(reading, today)) for reading in readings] == list(readings)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What did Altman say in late February?", {"late February": "2026-02-21..2026-02-28"}),
        ("a deal on Friday (Feb. 27).", {"Friday": "2026-02-27", "Feb. 27": "2026-02-27"}),
        ("It opened Sept. 3, 2025, at noon.", {"Sept. 3, 2025": "2025-09-03"}),
        ("talks on Saturday", {"Saturday": "2026-02-28"}),
        ("talks on Sat. and later", {"Sat.": "2026-02-28"}),
        ("over the weekend, it", {"the weekend": "2026-02-28..2026-03-01"}),
        ("YESTERDAY'S news", {"YESTERDAY": "2026-03-01"}),
        ("What happened in 2025?", {"2025": "2025-01-01..2025-12-31"}),
        ("a record (2025)", {"2025": "2025-01-01..2025-12-31"}),
        ("sales of the year 2025 rose", {"2025": "2025-01-01..2025-12-31"}),
        ("from May to June", {"May to June": "2025-05-01..2025-06-30"}),
        ("what changed since 2024 there", {"since 2024": "2024-01-01.."}),
        ("the vote before 1 March", {"before 1 March": "..2026-02-28"}),
        ("between March 2 and 5 it rained", {"between March 2 and 5": "2026-03-02..2026-03-05"}),
        ("on march 2 they met", {"march 2": "2026-03-02"}),
        ("in may 2025 they met", {"may 2025": "2025-05-01..2025-05-31"}),
        ("in May they met", {"May": "2025-05-01..2025-05-31"}),
        ("last March they met", {"last March": "2025-03-01..2025-03-31"}),
        ("what happened in february", {"february": "2026-02-01..2026-02-28"}),
        ("May 5 and 6 others", {"May 5": "2025-05-05"}),
        ("March 2 to 5 April 2025", {"March 2 to 5 April 2025": "2025-03-02..2025-04-05"}),
        ("Feb. 28-March 2", {"Feb. 28-March 2": "2026-02-28..2026-03-02"}),
        ("due 13/2/2026 at last", {"13/2/2026": "2026-02-13"}),
        ("2 March 2026", {"2 March 2026": "2026-03-02"}),
        ("Friday to march", {"Friday": "2026-02-27"}),
        ("three months ago, two", {"three months ago": "2025-12-01..2025-12-31"}),
    ],
    ids=str,
)
def test_dates_in_a_text_are_found_in_order_with_their_longest_reading(
    text: str, expected: dict[str, str]
) -> None:
    mentions = find_dates(text, MONDAY)

    assert {mention.span.extract(text): bounds(mention.days) for mention in mentions} == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Who is responsible?",
        "the 9/11 fund",
        "what about 3/2",
        "due 3/2/2026",
        "Who is May?",
        "May said no",
        "one may say",
        "in may order",
        "since may is late",
        "the last may win",
        "only 2 may stay",
        "the March on Washington",
        "they march in line",
        "the sun rose in the sun",
        "Jan Smith spoke",
        "the second of the trials",
        "2025 people came",
        "up to 2000 people came",
        "it cost $2025.",
        "1.2025, 2,025 and 20250",
        "in 2025% of cases",
        "they sent March 2,500 letters",
        "Black Friday sales",
        "on Good Friday",
        "USA Today reported",
        "30 February 2026",
        "on 2026-02-30",
        "1,000 days ago",
        "marching mondayish",
        "the last day",
        "every year and month",
    ],
)
def test_words_and_numbers_that_are_no_dates_are_left_alone(text: str) -> None:
    mentions = find_dates(text, MONDAY)

    assert mentions == ()


@given(day=DAYS, today=DAYS)
def test_a_day_comes_back_from_its_iso_form_and_from_its_text(day: date, today: date) -> None:
    only = DayRange(first=day, last=day)

    assert parse_day_range(day.isoformat(), today) == only
    assert parse_day_range(format_day(day), today) == only


@given(ends=st.tuples(DAYS | st.none(), DAYS | st.none()).filter(any), today=DAYS)
def test_a_range_comes_back_from_its_text(
    ends: tuple[date | None, date | None], today: date
) -> None:
    first, last = sorted(ends, key=str) if all(ends) else ends
    days = DayRange(first=first, last=last)

    found = parse_day_range(range_text(days), today)

    assert found == days


@given(text=SENTENCES | st.text(), today=st.dates())
def test_mentions_stand_apart_inside_any_text_and_mean_the_same_alone(
    text: str, today: date
) -> None:
    mentions = find_dates(text, today)

    edges = [edge for mention in mentions for edge in mention.span]
    assert edges == sorted(edges)
    assert all(0 <= edge <= len(text) for edge in edges)
    assert all(parse_day_range(found.span.extract(text), today) == found.days for found in mentions)


@given(text=SENTENCES, today=DAYS)
def test_whatever_is_typed_is_an_ordered_range_or_refused(text: str, today: date) -> None:
    try:
        days = parse_day_range(text, today)
    except UnknownDate:
        return

    assert (days.first or date.min) <= (days.last or date.max)


def test_a_bound_is_the_first_or_the_last_of_the_days_typed() -> None:
    today = date(2026, 3, 2)

    assert parse_first_day("January 2026", today) == date(2026, 1, 1)
    assert parse_last_day("January 2026", today) == date(2026, 1, 31)


def test_days_without_an_end_on_that_side_are_no_bound() -> None:
    today = date(2026, 3, 2)

    with pytest.raises(UnknownDate):
        parse_first_day("until January 2026", today)
    with pytest.raises(UnknownDate):
        parse_last_day("since January 2026", today)
