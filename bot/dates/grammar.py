r"""The date grammar, from the words that people type to a range of days.

We have a grammar of our own, since general date libraries do not understand ranges and find a date
in "what did may say". It consists of two tables, `_POINTS` and `_RANGES`. Each row has a form and the
function that parses it. In a form, a word in capitals stands for its pattern in `_WORDS`, and a space
for any white space.

The rules:
- A year that is not given is the latest one in which the range does not begin after the clock.
  A weekday is the latest one that is not after today, and the weekend is the latest one that has
  begun. "last" means the latest one that is over, "next" the first one that has not begun.
- "this week", "last month" and "two weeks ago" are calendar units. Weeks are from Monday to Sunday.
  "past week" and "last 10 days" count back from today and include it.
- "early" is up to the 10th, "mid" from the 11th to the 20th, "late" from the 21st. The parts of a
  year have four months each.
- In "X to Y" without years, X follows these rules, and Y is the first that does not end before X.

Inside a text (`find_dates`), some words are a date only in context, since they are also verbs, names
or numbers. May, March, Mar and Jan need a capital letter or a number after them, and Sat, Sun and Wed
need a capital letter. On their own, they also need "in", "of", "on", "during" or "by" before them.
A year on its own needs one of these, "and", "or", "from", "to" or "year" before it, or the end of a
clause after it. The words are in `calendar.toml` of `bot/english`.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import TypeVar

from bot.dates.calendar import (
    UNITS,
    Occurrences,
    Period,
    find_following,
    find_latest,
    find_latest_ended,
    find_upcoming,
    format_day,
    get_calendar_month,
    get_calendar_year,
    get_third,
    get_trailing_period,
    recur_by_unit,
    recur_weekly,
    recur_yearly,
    subtract_units,
)
from bot.dates.names import (
    MONTH_ABBREVIATIONS,
    MONTH_NAMES,
    MONTH_STEMS,
    WEEKDAY_ABBREVIATIONS,
    WEEKDAY_NAMES,
    WEEKDAY_STEMS,
)
from bot.dates.number_words import COUNTS_TO_TWELVE
from bot.english.word_lists import ENGLISH
from bot.errors import UnknownDate
from bot.model.day_range import DayRange
from bot.model.span import Span

_Parsed = TypeVar("_Parsed")

_MAX_DATES = 50
"""More are no dates of a question or sentence. Parsing 20,000 date words took 0.6 s."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMention:
    """A date inside a text, with the days that it means and its span."""

    days: DayRange
    span: Span


def parse_first_day(text: str, today: date) -> date:
    """Return the first day of a date or range, for the lower bound of a search.

    Raises:
        UnknownDate: The text is not a date, is ambiguous, or has no first day.
    """
    return _require_day(parse_day_range(text, today).first, text)


def parse_last_day(text: str, today: date) -> date:
    """Return the last day of a date or range, for the upper bound of a search.

    Raises:
        UnknownDate: The text is not a date, is ambiguous, or has no last day.
    """
    return _require_day(parse_day_range(text, today).last, text)


def _require_day(day: date | None, text: str) -> date:
    if day is None:  # "until March" has no first day
        raise UnknownDate(text)
    return day


def parse_day_range(text: str, today: date) -> DayRange:
    """Return the days that the whole text means.

    Raises:
        UnknownDate: The text is not a date, is an impossible date, or is ambiguous ("3/2").
    """
    expression = text.strip().lower()
    try:
        for form, parse in _RANGE_FORMS:
            if match := form.fullmatch(expression):
                return parse(today, *match.groups())
    except (ValueError, OverflowError) as exc:
        raise UnknownDate(text) from exc
    raise UnknownDate(text)


def find_dates(text: str, today: date) -> tuple[DateMention, ...]:
    """Return the first _MAX_DATES dates inside a text in order. Ambiguous dates are skipped.

    `today` is the day of the text: the clock for a question, the day of publication for a sentence of
    an article.
    """
    if _DATE_WORDS.isdisjoint(_TOKEN.findall(text.lower())):
        return ()
    mentions = (_parse_mention(match, today) for match in _MENTION.finditer(text))
    return tuple(islice((mention for mention in mentions if mention), _MAX_DATES))


def _parse_mention(match: re.Match[str], today: date) -> DateMention | None:
    if not match["days"] or not _has_required_context(match):
        return None
    try:
        days = parse_day_range(match["days"], today)
    except UnknownDate:
        return None
    return DateMention(days=days, span=Span(*match.span("days")))


def _has_required_context(match: re.Match[str]) -> bool:
    """Return whether a doubtful word has a neighbour that makes it a date."""
    if match["lead"] or not _AMBIGUOUS_DATE.fullmatch(match["days"]):
        return True
    is_year = match["days"][-1].isdigit()
    return is_year and bool(match["link"] or _CLAUSE_END.match(match.string, match.end("days")))


def _parse_point(text: str, today: date) -> Occurrences:
    """Return the occurrences of an expression that matches one of the forms in `_POINTS`."""
    return next(
        parse(today, *match.groups())
        for form, parse in _POINT_FORMS
        if (match := form.fullmatch(text))
    )


def _occur_once(period: Period) -> Occurrences:
    return lambda _: (period,)


def _build_occurrences(year: str | None, build_period: Callable[[int], Period]) -> Occurrences:
    return _occur_once(build_period(int(year))) if year else recur_yearly(build_period)


def _parse_month_number(name: str) -> int:
    return int(name) if name.isdigit() else _MONTH_STEMS.index(name[:3]) + 1


def _parse_year(_: date, year: str) -> Occurrences:
    return _occur_once(get_calendar_year(date(int(year), 1, 1)))


def _parse_month(_: date, name: str, year: str | None) -> Occurrences:
    number = _parse_month_number(name)
    return _build_occurrences(year, lambda y: get_calendar_month(date(y, number, 1)))


def _parse_days(_: date, first: str, last: str | None, month: str, year: str | None) -> Occurrences:
    number = _parse_month_number(month)
    begin, end = (int(day.rstrip("dhnrst")) for day in (first, last or first))
    return _build_occurrences(year, lambda y: Period(date(y, number, begin), date(y, number, end)))


# "May 3 to 5": the same as `_parse_days`, with the month first.
def _parse_month_days(today: date, month: str, first: str, last: str, year: str) -> Occurrences:
    return _parse_days(today, first, last, month, year)


def _parse_slashed_date(
    today: date, text: str, first: str, second: str, year: str | None
) -> Occurrences:
    """Return the day of "3/2", read as month and day or as day and month.

    Raises:
        UnknownDate: Both readings are possible and differ.
    """
    readings = {}
    for month, day in ((first, second), (second, first)):
        with suppress(ValueError):
            period = find_latest(_parse_days(today, day, None, month, year), today)
            readings[period] = format_day(period.first)
    if len(readings) > 1:
        raise UnknownDate(text, tuple(readings.values()))
    return _occur_once(min(readings))


def _parse_third(today: date, part: str, period: str) -> Occurrences:
    occurrences = _parse_point(period, today)
    return lambda reference_day: tuple(
        get_third(period, _THIRDS[part]) for period in occurrences(reference_day)
    )


def _parse_recurring(today: date, name: str) -> Occurrences:
    if name == "weekend":
        return recur_weekly(5, 2)
    if name in UNITS:
        return recur_by_unit(name)
    if name[:3] in _WEEKDAY_STEMS:
        return recur_weekly(_WEEKDAY_STEMS.index(name[:3]))
    return _parse_month(today, name, None)


def _parse_neighbour(today: date, side: str, name: str) -> Occurrences:
    find_neighbour = find_upcoming if side == "next" else find_latest_ended
    return _occur_once(find_neighbour(_parse_recurring(today, name), today))


def _parse_count(text: str) -> int:
    return int(text) if text.isdigit() else _COUNTS[text]


def _parse_past(today: date, count: str | None, unit: str) -> Occurrences:
    return _occur_once(get_trailing_period(today, _parse_count(count or "one"), unit))


def _parse_ago(today: date, count: str, unit: str) -> Occurrences:
    return _occur_once(UNITS[unit](subtract_units(today, _parse_count(count), unit)))


def _build_day_parser(after_today: int) -> Callable[[date], Occurrences]:
    def parse_day(today: date) -> Occurrences:
        day = today + timedelta(days=after_today)
        return _occur_once(Period(day, day))

    return parse_day


def _parse_open_range(today: date, side: str, text: str) -> DayRange:
    days = find_latest(_parse_point(text, today), today)
    match side:
        case "since":
            return DayRange(first=days.first, last=None)
        case "after":
            return DayRange(first=days.last + timedelta(days=1), last=None)
        case "before":
            return DayRange(first=None, last=days.first - timedelta(days=1))
    return DayRange(first=None, last=days.last)


def _parse_closed_range(today: date, start: str, end: str | None) -> DayRange:
    starts = _parse_point(start, today)
    if end is None:
        first = last = find_latest(starts, today)
    else:
        # "December to February 2025" begins in 2024: the latest December before that end.
        ends = _parse_point(end, today)
        known = ends(today)
        first = find_latest(starts, known[0].last if len(known) == 1 else today)
        last = find_following(ends, first.last)
    return DayRange(first=first.first, last=last.last)


def _join_alternatives(patterns: Iterable[str]) -> str:
    return f"(?:{'|'.join(patterns)})"


def _lower_all(names: Iterable[str]) -> list[str]:
    return [name.lower() for name in names]


_MONTHS, _SHORT_MONTHS = _lower_all(MONTH_NAMES), _lower_all(MONTH_ABBREVIATIONS)
_WEEKDAYS, _SHORT_WEEKDAYS = _lower_all(WEEKDAY_NAMES), _lower_all(WEEKDAY_ABBREVIATIONS)
_MONTH_STEMS, _WEEKDAY_STEMS = _lower_all(MONTH_STEMS), _lower_all(WEEKDAY_STEMS)
_COUNTS = {"a": 1, "an": 1} | {word: count for count, word in enumerate(COUNTS_TO_TWELVE, start=1)}
_MONTHS_THAT_ARE_WORDS = "|".join(ENGLISH.get_words("months_that_are_words"))
_SHORT_MONTHS_THAT_ARE_WORDS = "|".join(ENGLISH.get_words("short_months_that_are_words"))
_SHORT_WEEKDAYS_THAT_ARE_WORDS = "|".join(ENGLISH.get_words("short_weekdays_that_are_words"))
_THIRDS = {"early": 0, "beginning": 0, "start": 0, "mid": 1, "middle": 1, "late": 2, "end": 2}

_WORDS = {
    "YEAR": r"(?:19|20)[0-9]{2}",
    "DAY": r"(?:[12][0-9]|3[01]|0?[1-9])(?:st|nd|rd|th)?",
    "MONTH": _join_alternatives([*_MONTHS, _join_alternatives(_SHORT_MONTHS) + r"\.?"]),
    "WEEKDAY": _join_alternatives([*_WEEKDAYS, _join_alternatives(_SHORT_WEEKDAYS) + r"\.?"]),
    "COUNT": _join_alternatives([*COUNTS_TO_TWELVE, "[0-9]{1,3}"]),
    "UNIT": _join_alternatives(UNITS),
    "TO": r"(?: (?:to|until|till|through) |\s*[-\u2013]\s*)",
    "SLASHED": r"([0-9]{1,2})[/.-]([0-9]{1,2})(?:[/.-](YEAR))?",
    "PART": r"(early|mid|late|(?:beginning|start|middle|end)(?= of))(?: of)?(?: |-)(?:in )?",
}
# Stricter patterns for dates inside a text, as the module's docstring says. There, "13/2" needs a year.
_WORDS_IN_TEXT = _WORDS | {
    "MONTH": rf"(?!(?-i:{_MONTHS_THAT_ARE_WORDS}|{_SHORT_MONTHS_THAT_ARE_WORDS})\b(?!\.?\s+[0-9])){_WORDS['MONTH']}",
    "WEEKDAY": rf"(?!(?-i:{_SHORT_WEEKDAYS_THAT_ARE_WORDS})\b){_WORDS['WEEKDAY']}",
    "SLASHED": r"([0-9]{1,2})/([0-9]{1,2})/(YEAR)",
}

_POINTS: Mapping[str, Callable[..., Occurrences]] = {
    r"(YEAR)-([0-9]{1,2})-([0-9]{1,2})": lambda today, y, m, d: _parse_days(today, d, None, m, y),
    r"(YEAR)-([0-9]{2})": lambda today, y, m: _parse_month(today, m, y),
    r"(SLASHED)": _parse_slashed_date,
    r"between (DAY) and (DAY) (?:of )?(MONTH)(?:,? (YEAR))?": _parse_days,
    r"between (MONTH) (DAY) and (DAY)(?! MONTH)(?:,? (YEAR))?": _parse_month_days,
    r"(?:WEEKDAY,? )?(?:the )?(DAY)(?:TO(DAY))? (?:of )?(MONTH)(?:,? (YEAR))?": _parse_days,
    r"(?:WEEKDAY,? )?(MONTH) (?:the )?(DAY)(?:TO(DAY)(?! MONTH))?(?:,? (YEAR))?": _parse_month_days,
    r"(?:the )?PART(MONTH(?:,? YEAR)?|YEAR|(?:last|this|next) (?:month|year))": _parse_third,
    r"(MONTH)(?:,? (?:of )?(YEAR))?": _parse_month,
    r"(YEAR)": _parse_year,
    r"today": _build_day_parser(0),
    r"yesterday": _build_day_parser(-1),
    r"(?:the )?day before yesterday": _build_day_parser(-2),
    r"tomorrow": _build_day_parser(1),
    r"(an?|COUNT) (UNIT)s? ago": _parse_ago,
    r"(?:the )?(?:past|last(?= COUNT)) (?:(COUNT) )?(UNIT)s?": _parse_past,
    r"(?:(?:the|this) )?(last|past|previous|next) (week(?:end)?|month|year|WEEKDAY|MONTH)": _parse_neighbour,
    r"(?:this )?(WEEKDAY)": _parse_recurring,
    r"(?:this|the) (weekend)": _parse_recurring,
    r"this (week|month|year|MONTH)": _parse_recurring,
}
_RANGES: Mapping[str, Callable[..., DayRange]] = {
    r"(since|after|before|until|till|through|up to) (POINT)": _parse_open_range,
    r"between (POINT) and (POINT)": _parse_closed_range,
    r"(?:(?:from|on|in|of|during) )?(POINT)(?:TO(POINT))?": _parse_closed_range,
}


def _expand_form(form: str, words: Mapping[str, str]) -> str:
    """Return the regular expression for a form."""
    spaced = form.replace(" ", r"\s+")
    return re.sub("[A-Z]{2,}", lambda match: _expand_form(words[match[0]], words), spaced)


def _join_forms(forms: Iterable[str], words: Mapping[str, str]) -> str:
    """Return one regular expression for all forms, without groups. The first that matches counts."""
    return _join_alternatives(
        re.sub(r"\((?!\?)", "(?:", _expand_form(form, words)) for form in forms
    )


def _compile_forms(
    forms: Mapping[str, Callable[..., _Parsed]], words: Mapping[str, str]
) -> tuple[tuple[re.Pattern[str], Callable[..., _Parsed]], ...]:
    return tuple((re.compile(_expand_form(form, words)), parse) for form, parse in forms.items())


_POINT_FORMS = _compile_forms(_POINTS, _WORDS)
_RANGE_FORMS = _compile_forms(_RANGES, _WORDS | {"POINT": _join_forms(_POINTS, _WORDS)})

_MENTION_WORDS = _WORDS_IN_TEXT | {"POINT": _join_forms(_POINTS, _WORDS_IN_TEXT)}
_MENTION_WORDS["RANGE"] = _join_forms(_RANGES, _MENTION_WORDS)
_WORDS_BEFORE_NAMES = _join_alternatives(ENGLISH.get_words("words_before_weekday_names"))
_NAMES_WITH_DAY_WORDS = _join_alternatives(ENGLISH.get_words("names_with_day_words"))
_LEADS = "|".join(ENGLISH.get_words("words_before_dates"))
_LINKS = "|".join(ENGLISH.get_words("words_before_years"))
# Names with day words come first and match without the group `days`, so `find_dates` skips them whole.
# The conditions around them keep out parts of numbers, prices, percentages and longer dates.
_MENTION = re.compile(
    _expand_form(
        r"\b(?<![\w$€£])(?<![0-9][.,:/-])"
        rf"(?:{_WORDS_BEFORE_NAMES} WEEKDAY|{_NAMES_WITH_DAY_WORDS}"
        rf"|(?:(?:(?P<lead>{_LEADS})|(?P<link>{_LINKS})) )?(?P<days>RANGE))"
        r"(?![\w%]|[.,:/-][0-9])",
        _MENTION_WORDS,
    ),
    re.IGNORECASE,
)
_AMBIGUOUS_DATE = re.compile(
    _expand_form(
        rf"(?:up to )?YEAR|{_MONTHS_THAT_ARE_WORDS}"
        rf"|(?:{_SHORT_MONTHS_THAT_ARE_WORDS}|{_SHORT_WEEKDAYS_THAT_ARE_WORDS})\.?",
        _WORDS,
    ),
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r"\s*(?:$|[.,;:?!)\]”])")
_TOKEN = re.compile(r"[a-z]+|[0-9]+")
# Every date contains one of these words. Checking for them first makes texts without dates fast.
_DATE_WORDS = frozenset(
    [
        *(*_MONTHS, *_SHORT_MONTHS, *_WEEKDAYS, *_SHORT_WEEKDAYS),
        *("today", "yesterday", "tomorrow", "weekend"),
        *(*UNITS, *(f"{unit}s" for unit in UNITS)),
        *(str(year) for year in range(1900, 2100)),  # as YEAR
    ]
)
