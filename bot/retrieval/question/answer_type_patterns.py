"""Whether a sentence holds a thing of the kind that a question wants.

Signs on the surface only: capitals, digits, units, prepositions. English throughout.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from bot.dates.grammar import dates_in
from bot.model.span import NOWHERE
from bot.retrieval.question.answer_type import Kind, Wanted
from bot.retrieval.text.terms import Analyser, Term

_MONTH_OR_WEEKDAY = re.compile(
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tues?|wed|thu(?:rs?)?|fri|sat|sun)(?:\.|['’]s|s)?",
    re.IGNORECASE,
)
_CALENDAR = (
    "January February March April May June July August September October November December "
    "Jan Feb Mar Apr Jun Jul Aug Sept Sep Oct Nov Dec "
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday Mon Tue Tues Wed Thu Thurs Fri Sat Sun"
)
_NUMBER_WORDS = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|"
    "seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|"
    "thousands?|millions?|billions?|dozens?"
)
_PLAIN_NUMBER = re.compile(rf"(?<![\w.])(?:\d[\d,.]*|(?:{_NUMBER_WORDS})\b)", re.IGNORECASE)
_NUMBER = re.compile(rf"{_PLAIN_NUMBER.pattern}|\b(?:one|an?)\b", re.IGNORECASE)
_QUANTITY = rf"(?:\d[\d,.]*|an?|half an?|one|several|few|{_NUMBER_WORDS})[\s-](?:[\w-]+\s)?"
_SIGNS = {
    kind: re.compile(form, re.IGNORECASE)
    for kind, form in {
        Kind.MONEY: r"[$€£¥]\s?\d|(?:\b(?:million|billion|trillion|thousand|hundred)|\d)\s(?:U\.?S\.?\s)?"
        r"(?:dollars|euros|pounds|yen|yuan|rupees|rubles|cents|pence)\b",
        Kind.PERCENTAGE: r"\d\s?%|\bper ?cent\b|\b(?:half|(?:a|one|two|three)[\s-](?:third|quarter)s?"
        rf"|(?:one|\d+) (?:in|out of) (?:\d+|{_NUMBER_WORDS}))\b",
        Kind.DURATION: rf"\b{_QUANTITY}"
        r"(?:second|minute|hour|day|night|week|month|year|decade|centur(?:y|ie))s?\b",
        Kind.AGE: r"\b(?:aged?|at) (?:of )?\d|\d[\s-](?:year|month|week|day)s?[\s-](?:old|of age)\b"
        r"|, \d{1,3},",
        Kind.SPEED: r"\d\s?(?:mph|km/h|kmh|kph|knots|m/s|(?:miles|kilomet\w+|km) (?:per|an) hour)",
        Kind.LENGTH: rf"\b{_QUANTITY}"
        r"(?:m|km|cm|mm|ft|(?:kilo|centi|milli)?met(?:er|re)s?|miles?|feet|foot|inch(?:es)?|yards?|"
        r"stor(?:e?y|ies)|floors?)\b",
        Kind.REASON: r"\b(?:because|since|due to|so that|in order to|as a result|which means|led to|"
        r"citing|amid|therefore|after)\b",
        Kind.WORDS: r"\b(?:said|says|saying|told|added|wrote|tweeted|responded|replied|argued|called|"
        r"according to)\b",
        Kind.WEIGHT: rf"\b{_QUANTITY}(?:kg|g|lbs?|(?:kilo)?grams?|tons?|tonnes?|pounds?|ounces?)\b",
    }.items()
}
_PLACE = re.compile(
    r"\b(?:[Ii]n|[Aa]t|[Oo]n|[Nn]ear|from|to|[Oo]utside|across|off|into|towards?|around|throughout|"
    r"[Ii]nside|over|of)\s"
    r"(?:[a-z]+\s){0,3}?"
    r"(?P<name>[A-Z][\w.’'-]*|(?:airport|beach|border|bridge|building|camp|capital|church|city|coast|"
    r"court|factory|forest|hall|highway|home|hospital|hotel|house|island|lake|mall|market|mosque|"
    r"mountains?|museum|office|park|prison|restaurant|river|road|school|sea|square|stadium|station|"
    r"store|street|theatre|town|university|village|warehouse)\b)"
)
_WORDS = re.compile(r"\b[^\W\d_][\w’'-]*")
_SOME_DAY = date(2000, 1, 1)
"""Stands in for the day of an undated article where only the form of a date matters."""

_REACH = 30
"""Characters after a number within which the thing counted must stand ("two other red lines")."""

_PEOPLE = {None, "peopl", "person"}
_PERSONS = re.compile(
    r"\b(?:people|persons?|men|women|children|dead|deaths?|died|killed|injured|wounded|victims|"
    r"passengers|casualties|employees|workers|residents|members|lives|fatalities)\b"
)
_AGENTS = re.compile(
    r"\b(?:"
    r"government|company|police|official|officials|authorities|president|minister|ministry|"
    r"senator|senators|lawmakers|lawmaker|court|judge|jury|army|military|navy|agency|"
    r"agencies|researchers|scientists|group|firm|startup|union|team|voters|workers|"
    r"prosecutors|doctors|spokesman|spokeswoman|spokesperson|regulators|parliament|"
    r"congress|committee|commission|council|man|woman|men|women|students|soldiers|"
    r"protesters|shareholders|investors|founder|head"
    r")\b"
)


def holds(
    sentence: str,
    want: Wanted,
    *,
    published_on: date | None,
    known: frozenset[str],
    analyser: Analyser,
) -> bool:
    """Whether `sentence` holds a thing of the wanted kind that is not itself in the question.

    Args:
        sentence: One sentence of an article.
        want: What the question wants.
        published_on: The article's day, from which "Friday" is understood.
        known: The question's terms.
        analyser: Makes the sentence's terms.
    """
    test = _TESTS.get(want.kind)
    return test is not None and test(
        _Told(
            text=sentence,
            want=want,
            day=published_on or _SOME_DAY,
            known=known,
            analyser=analyser,
        )
    )


@cache
def calendar_terms(analyser: Analyser) -> frozenset[str]:
    """The terms of months and weekdays, which are written with a capital and are no names."""
    return frozenset(analyser.keys(_CALENDAR))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """A sentence, and what is needed to judge it."""

    text: str
    want: Wanted
    day: date
    known: frozenset[str]
    analyser: Analyser

    def is_new(self, word: str) -> bool:
        """Whether the word is a term that the question does not hold, and no month or weekday."""
        keys = self.analyser.keys(word)
        return (
            bool(keys)
            and not self.known.intersection(keys)
            and not _MONTH_OR_WEEKDAY.fullmatch(word)
        )

    def has_new_name(self, text: str) -> bool:
        """Whether this part of the sentence holds a name that the question does not."""
        return any(word[0].isupper() and self.is_new(word) for word in _WORDS.findall(text))

    def without_dates(self) -> str:
        """The text with its dates blanked, so that their numbers count for nothing."""
        text = self.text
        for mention in dates_in(text, self.day):
            start, end = mention.span
            text = text[:start] + " " * (end - start) + text[end:]
        return text


def _holds_person(told: _Told) -> bool:
    text = _PLACE.sub("", told.text)
    return told.has_new_name(text) or any(map(told.is_new, _AGENTS.findall(text)))


def _holds_day(told: _Told) -> bool:
    return bool(dates_in(told.text, told.day))


def _holds_place(told: _Told) -> bool:
    return any(told.is_new(found["name"]) for found in _PLACE.finditer(told.text))


def _holds_count(told: _Told) -> bool:
    text = told.without_dates()
    counted = _behind(_NUMBER, text)
    if told.want.head in _PEOPLE and any(map(_PERSONS.search, counted)):
        return True
    return any(told.want.head in told.analyser.keys(piece) for piece in counted) or any(
        told.known.intersection(told.analyser.keys(piece)) for piece in _behind(_PLAIN_NUMBER, text)
    )


def _behind(number: re.Pattern[str], text: str) -> list[str]:
    """What stands within reach behind each such number."""
    return [text[found.end() : found.end() + _REACH] for found in number.finditer(text)]


def _holds_amount(told: _Told) -> bool:
    return _PLAIN_NUMBER.search(told.without_dates()) is not None


def _holds_sign(told: _Told) -> bool:
    return _SIGNS[told.want.kind].search(told.text) is not None


def _holds_name(told: _Told) -> bool:
    terms = told.analyser.terms(told.text)
    heads = [place for place, term in enumerate(terms) if term.text == told.want.head]
    if not heads or told.want.noun == NOWHERE:
        return told.has_new_name(told.text)
    return not told.want.is_title or any(_is_modified(told, terms, place) for place in heads)


def _is_modified(told: _Told, terms: list[Term], place: int) -> bool:
    """Whether the noun asked for stands beside a word that says which one ("Supreme Court")."""
    head = terms[place]
    before = terms[place - 1] if place else None
    after = terms[place + 1] if place + 1 < len(terms) else None
    return (
        before is not None
        and before.text not in told.known
        and told.text[before.end : head.start] in {" ", "’s ", "'s "}
    ) or (
        after is not None
        and after.text not in told.known
        and told.text[after.start].isupper()
        and after.start - head.end <= len(" in the ")
    )


_TESTS = {
    Kind.PERSON: _holds_person,
    Kind.DAY: _holds_day,
    Kind.PLACE: _holds_place,
    Kind.COUNT: _holds_count,
    Kind.AMOUNT: _holds_amount,
    **dict.fromkeys(_SIGNS, _holds_sign),
    Kind.NAME: _holds_name,
}
