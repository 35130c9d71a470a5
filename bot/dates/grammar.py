r"""The date grammar: what people type -> a range of days.

A grammar of our own, since the general date libraries know no ranges and find dates in "what did
may say". It is two tables, `_POINTS` and `_RANGES`: a form on the left, who reads it on the right.
In a form a word in capitals stands for its pattern in `_WORDS`, and a space for white space.

What the words mean:
- A year that is not given is the latest one in which the range does not begin after the clock;
  likewise a weekday is the latest one that is not after today, and the weekend the latest that has
  begun. "last" is the latest that is over, "next" the first that has not begun.
- "this week", "last month", "two weeks ago" are calendar units, weeks from Monday to Sunday;
  "past week" and "last 10 days" count back from today, which is one of them.
- "early" is to the 10th, "mid" 11th to 20th, "late" from the 21st; of a year, four months each.
- In "X to Y" without years, X follows these rules, and Y is the first that does not end before X.

Inside a text (`dates_in`) some words need more to be a date, since they are also verbs, names or
numbers. May, March, Mar, Jan, Sat, Sun and Wed need a capital letter or a number after them, and on
their own one of "in", "of", "on", "during" or "by" before them. A year on its own needs one of
these, "and", "or", "from", "to" or "year" before it, or the end of a clause after it.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from bot.dates.calendar import (
    MONTHS,
    UNITS,
    Occurrences,
    Period,
    day_text,
    days_before,
    each,
    ended,
    following,
    latest,
    month_of,
    past,
    third,
    upcoming,
    weekly,
    year_of,
    yearly,
)
from bot.errors import UnknownDate
from bot.model.day_range import DayRange
from bot.model.span import Span

__all__ = ["DateMention", "DayRange", "dates_in", "day_range", "day_text"]

_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMention:
    """A date inside a text: the days it means and where it stands."""

    days: DayRange
    span: Span


def first_day(text: str, today: date) -> date:
    """The first of the days that a person typed.

    Raises:
        UnknownDate: They are none, have no first day, or more than one reading.
    """
    return _given(day_range(text, today).first, text)


def last_day(text: str, today: date) -> date:
    """The last of the days that a person typed.

    Raises:
        UnknownDate: They are none, have no last day, or more than one reading.
    """
    return _given(day_range(text, today).last, text)


def _given(day: date | None, text: str) -> date:
    if day is None:  # "until March" has no first day
        raise UnknownDate(text)
    return day


def day_range(text: str, today: date) -> DayRange:
    """The days that the whole text means.

    Raises:
        UnknownDate: It is no date, an impossible one, or one with several readings ("3/2").
    """
    whole = text.strip().lower()
    try:
        for form, reader in _RANGE_FORMS:
            if found := form.fullmatch(whole):
                return reader(today, *found.groups())
    except (ValueError, OverflowError) as exc:
        raise UnknownDate(text) from exc
    raise UnknownDate(text)


def dates_in(text: str, today: date) -> tuple[DateMention, ...]:
    """The dates inside a text, in order; those with several readings are left out.

    `today` is the day on which the text was said: the clock for a question, the day of publication
    for a sentence of an article.
    """
    if _TELLING.isdisjoint(_PIECE.findall(text.lower())):
        return ()
    found = (_mention(match, today) for match in _MENTION.finditer(text))
    return tuple(mention for mention in found if mention)


def _mention(found: re.Match[str], today: date) -> DateMention | None:
    if not found["days"] or not _stands(found):
        return None
    try:
        days = day_range(found["days"], today)
    except UnknownDate:
        return None
    return DateMention(days=days, span=Span(*found.span("days")))


def _stands(found: re.Match[str]) -> bool:
    """Whether a doubtful word has the neighbour that makes it a date."""
    if found["lead"] or not _DOUBTFUL.fullmatch(found["days"]):
        return True
    is_year = found["days"][-1].isdigit()
    return is_year and bool(found["link"] or _CLAUSE_END.match(found.string, found.end("days")))


def _point(text: str, today: date) -> Occurrences:
    """What a text means that one of the forms of `_POINTS` matched."""
    return next(
        reader(today, *found.groups())
        for form, reader in _POINT_FORMS
        if (found := form.fullmatch(text))
    )


def _once(period: Period) -> Occurrences:
    return lambda _: (period,)


def _in_years(year: str | None, in_year: Callable[[int], Period]) -> Occurrences:
    return _once(in_year(int(year))) if year else yearly(in_year)


def _month_number(name: str) -> int:
    return int(name) if name.isdigit() else _MONTH_STEMS.index(name[:3]) + 1


def _year(_: date, year: str) -> Occurrences:
    return _once(year_of(date(int(year), 1, 1)))


def _month(_: date, name: str, year: str | None) -> Occurrences:
    number = _month_number(name)
    return _in_years(year, lambda y: month_of(date(y, number, 1)))


def _days(_: date, first: str, last: str | None, month: str, year: str | None) -> Occurrences:
    number = _month_number(month)
    begin, end = (int(day.rstrip("dhnrst")) for day in (first, last or first))
    return _in_years(year, lambda y: Period(date(y, number, begin), date(y, number, end)))


def _month_days(today: date, month: str, first: str, last: str, year: str) -> Occurrences:
    return _days(today, first, last, month, year)


def _numbers(today: date, text: str, one: str, other: str, year: str | None) -> Occurrences:
    """The day that two numbers mean as month and day, or as day and month."""
    readings = {}
    for month, day in ((one, other), (other, one)):
        with suppress(ValueError):
            period = latest(_days(today, day, None, month, year), today)
            readings[period] = day_text(period.first)
    if len(readings) > 1:
        raise UnknownDate(text, [*readings.values()])
    return _once(min(readings))


def _third(today: date, part: str, period: str) -> Occurrences:
    whole = _point(period, today)
    return lambda clock: tuple(third(period, _THIRDS[part]) for period in whole(clock))


def _recurring(today: date, name: str) -> Occurrences:
    if name == "weekend":
        return weekly(5, 2)
    if name in UNITS:
        return each(name)
    if name[:3] in _WEEKDAY_STEMS:
        return weekly(_WEEKDAY_STEMS.index(name[:3]))
    return _month(today, name, None)


def _neighbour(today: date, side: str, name: str) -> Occurrences:
    choice = upcoming if side == "next" else ended
    return _once(choice(_recurring(today, name), today))


def _count(text: str) -> int:
    return int(text) if text.isdigit() else _COUNTS[text]


def _past(today: date, count: str | None, unit: str) -> Occurrences:
    return _once(past(today, _count(count or "one"), unit))


def _ago(today: date, count: str, unit: str) -> Occurrences:
    return _once(UNITS[unit](days_before(today, _count(count), unit)))


def _day(after_today: int) -> Callable[[date], Occurrences]:
    def reader(today: date) -> Occurrences:
        day = today + timedelta(days=after_today)
        return _once(Period(day, day))

    return reader


def _open(today: date, side: str, text: str) -> DayRange:
    days = latest(_point(text, today), today)
    match side:
        case "since":
            return DayRange(first=days.first, last=None)
        case "after":
            return DayRange(first=days.last + timedelta(days=1), last=None)
        case "before":
            return DayRange(first=None, last=days.first - timedelta(days=1))
    return DayRange(first=None, last=days.last)


def _closed(today: date, start: str, end: str | None) -> DayRange:
    starts = _point(start, today)
    if end is None:
        first = last = latest(starts, today)
    else:
        ends = _point(end, today)
        known = ends(today)
        first = latest(starts, known[0].last if len(known) == 1 else today)
        last = following(ends, first.last)
    return DayRange(first=first.first, last=last.last)


def _any_of(patterns: Iterable[str]) -> str:
    return f"(?:{'|'.join(patterns)})"


_LONG_MONTHS = [month.lower() for month in MONTHS]
_MONTH_STEMS = [month[:3] for month in _LONG_MONTHS]
_SHORT_MONTHS = [*_MONTH_STEMS, "sept"]
_WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_WEEKDAY_STEMS = [weekday[:3] for weekday in _WEEKDAYS]
_SHORT_WEEKDAYS = [*_WEEKDAY_STEMS, "tues", "thur", "thurs"]
_NUMBERS = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
_COUNTS = {"a": 1, "an": 1} | {word: count for count, word in enumerate(_NUMBERS, start=1)}
_THIRDS = {"early": 0, "beginning": 0, "start": 0, "mid": 1, "middle": 1, "late": 2, "end": 2}

_WORDS = {
    "YEAR": r"(?:19|20)[0-9]{2}",
    "DAY": r"(?:[12][0-9]|3[01]|0?[1-9])(?:st|nd|rd|th)?",
    "MONTH": _any_of([*_LONG_MONTHS, _any_of(_SHORT_MONTHS) + r"\.?"]),
    "WEEKDAY": _any_of([*_WEEKDAYS, _any_of(_SHORT_WEEKDAYS) + r"\.?"]),
    "COUNT": _any_of([*_NUMBERS, "[0-9]{1,3}"]),
    "UNIT": _any_of(UNITS),
    "TO": r"(?: (?:to|until|till|through) |\s*[-\u2013]\s*)",
    "SLASHED": r"([0-9]{1,2})[/.-]([0-9]{1,2})(?:[/.-](YEAR))?",
    "PART": r"(early|mid|late|(?:beginning|start|middle|end)(?= of))(?: of)?(?: |-)(?:in )?",
}
_WORDS_IN_TEXT = _WORDS | {
    "MONTH": rf"(?!(?-i:may|march|mar|jan)\b(?!\.?\s+[0-9])){_WORDS['MONTH']}",
    "WEEKDAY": rf"(?!(?-i:sat|sun|wed)\b){_WORDS['WEEKDAY']}",
    "SLASHED": r"([0-9]{1,2})/([0-9]{1,2})/(YEAR)",
}

_POINTS: Mapping[str, Callable[..., Occurrences]] = {
    r"(YEAR)-([0-9]{1,2})-([0-9]{1,2})": lambda today, y, m, d: _days(today, d, None, m, y),
    r"(YEAR)-([0-9]{2})": lambda today, y, m: _month(today, m, y),
    r"(SLASHED)": _numbers,
    r"between (DAY) and (DAY) (?:of )?(MONTH)(?:,? (YEAR))?": _days,
    r"between (MONTH) (DAY) and (DAY)(?! MONTH)(?:,? (YEAR))?": _month_days,
    r"(?:WEEKDAY,? )?(?:the )?(DAY)(?:TO(DAY))? (?:of )?(MONTH)(?:,? (YEAR))?": _days,
    r"(?:WEEKDAY,? )?(MONTH) (?:the )?(DAY)(?:TO(DAY)(?! MONTH))?(?:,? (YEAR))?": _month_days,
    r"(?:the )?PART(MONTH(?:,? YEAR)?|YEAR|(?:last|this|next) (?:month|year))": _third,
    r"(MONTH)(?:,? (?:of )?(YEAR))?": _month,
    r"(YEAR)": _year,
    r"today": _day(0),
    r"yesterday": _day(-1),
    r"(?:the )?day before yesterday": _day(-2),
    r"tomorrow": _day(1),
    r"(an?|COUNT) (UNIT)s? ago": _ago,
    r"(?:the )?(?:past|last(?= COUNT)) (?:(COUNT) )?(UNIT)s?": _past,
    r"(?:(?:the|this) )?(last|past|previous|next) (week(?:end)?|month|year|WEEKDAY|MONTH)": _neighbour,
    r"(?:this )?(WEEKDAY)": _recurring,
    r"(?:this|the) (weekend)": _recurring,
    r"this (week|month|year|MONTH)": _recurring,
}
_RANGES: Mapping[str, Callable[..., DayRange]] = {
    r"(since|after|before|until|till|through|up to) (POINT)": _open,
    r"between (POINT) and (POINT)": _closed,
    r"(?:(?:from|on|in|of|during) )?(POINT)(?:TO(POINT))?": _closed,
}


def _pattern(form: str, words: Mapping[str, str]) -> str:
    """The regular expression of a form."""
    spaced = form.replace(" ", r"\s+")
    return re.sub("[A-Z]{2,}", lambda word: _pattern(words[word[0]], words), spaced)


def _either(forms: Iterable[str], words: Mapping[str, str]) -> str:
    """The regular expression of all the forms, without their groups; the first that fits counts."""
    return _any_of(re.sub(r"\((?!\?)", "(?:", _pattern(form, words)) for form in forms)


def _compiled(
    forms: Mapping[str, Callable[..., _Read]], words: Mapping[str, str]
) -> tuple[tuple[re.Pattern[str], Callable[..., _Read]], ...]:
    return tuple((re.compile(_pattern(form, words)), reader) for form, reader in forms.items())


_POINT_FORMS = _compiled(_POINTS, _WORDS)
_RANGE_FORMS = _compiled(_RANGES, _WORDS | {"POINT": _either(_POINTS, _WORDS)})

_MENTION_WORDS = _WORDS_IN_TEXT | {"POINT": _either(_POINTS, _WORDS_IN_TEXT)}
_MENTION_WORDS["RANGE"] = _either(_RANGES, _MENTION_WORDS)
_MENTION = re.compile(
    _pattern(
        r"\b(?<![\w$€£])(?<![0-9][.,:/-])"
        r"(?:(?:ash|black|bloody|cyber|easter|good|palm|super) WEEKDAY|usa today"
        r"|(?:(?:(?P<lead>in|of|on|during|by)|(?P<link>and|or|from|to|year)) )?(?P<days>RANGE))"
        r"(?![\w%]|[.,:/-][0-9])",
        _MENTION_WORDS,
    ),
    re.IGNORECASE,
)
_DOUBTFUL = re.compile(
    _pattern(r"(?:up to )?YEAR|march|may|(?:mar|jan|sat|sun|wed)\.?", _WORDS), re.IGNORECASE
)
_CLAUSE_END = re.compile(r"\s*(?:$|[.,;:?!)\]”])")
_PIECE = re.compile(r"[a-z]+|[0-9]+")
# One of these is in every date; looking for them first is what makes a text without dates quick.
_TELLING = frozenset(
    [
        *(*_LONG_MONTHS, *_SHORT_MONTHS, *_WEEKDAYS, *_SHORT_WEEKDAYS),
        *("today", "yesterday", "tomorrow", "weekend"),
        *(*UNITS, *(f"{unit}s" for unit in UNITS)),
        *(str(year) for year in range(1900, 2100)),
    ]
)
