"""The kind of answer that a question wants, and whether a sentence holds one.

Signs on the surface only: capitals, digits, units, prepositions. English throughout.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.retrieval.dates import dates_in
from bot.retrieval.span import NOWHERE, Span
from bot.retrieval.terms import Analyser, Term


class Kind(StrEnum):
    """What a question asks for."""

    PERSON = "person"
    DAY = "day"
    PLACE = "place"
    COUNT = "count"
    MONEY = "money"
    AMOUNT = "amount"
    DURATION = "duration"
    NAME = "name"
    REASON = "reason"
    WORDS = "words"
    ANY = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The kind of answer that a question wants.

    Attributes:
        kind: What it asks for.
        head: The term of the noun asked for ("which court", "how many people"); None without one.
        span: The words of the question that say so and are not searched for.
    """

    kind: Kind = Kind.ANY
    head: str | None = None
    span: Span = NOWHERE

    @property
    def is_strict(self) -> bool:
        """Whether a sentence without such a thing can't be the answer."""
        return self.kind not in {Kind.REASON, Kind.WORDS, Kind.ANY}


_AUXILIARY = r"(?:did|do|does|is|are|was|were|will|would|has|have|had|can|could|may|might|should)"
_WORTH = r"(?=.*\b(?:worth|cost|costs|pay|paid|spend|spent|charge|charged|earn|raise|raised)\b)"
_QUESTIONS = tuple(
    (kind, re.compile(rf"\b{pattern}", re.IGNORECASE))
    for kind, pattern in (
        (Kind.DURATION, r"how (?:long|soon)\b"),
        (Kind.MONEY, rf"how (?:much|many (?:dollars|euros|pounds))\b(?: money\b)?{_WORTH}"),
        (Kind.AMOUNT, r"how (?:much|old|far|fast|tall|high|big|large|heavy|deep|often)\b"),
        (Kind.COUNT, r"how (?:many|few)\s+(?:more\s+)?(?P<head>[\w-]+)"),
        (Kind.REASON, r"(?:why\b|(?:for )?what reason\b|how come\b)"),
        (Kind.DAY, r"(?:when\b|(?:what|which) (?:day|date|year|month|time)\b)"),
        (Kind.PLACE, r"(?:where\b|(?:what|which) (?:place|location)\b)"),
        (Kind.PERSON, r"(?:who|whom|whose)\b"),
        (
            Kind.WORDS,
            rf"(?:what|how) {_AUXILIARY}\b(?=.*\b(?:say|said|saying|respond|reply|tell)\b)",
        ),
        (Kind.ANY, r"(?:what|which) (?:kinds?|types?|sorts?) of\b"),
        (Kind.NAME, r"which\s+(?:of the\s+)?(?P<head>[\w-]+)"),
        (
            Kind.NAME,
            rf"what\s+(?!{_AUXILIARY}\b)(?P<head>[\w-]+)(?=\s+{_AUXILIARY}\b)",
        ),
        (
            Kind.NAME,
            r"what\s+(?P<head>company|country|city|state|court|team|film|movie|actor|singer)\b",
        ),
    )
)

_MONTH_OR_WEEKDAY = re.compile(
    r"(?:jan|feb|mar(?:ch)?$|apr|may$|jun|jul|aug|sep|oct|nov|dec|mon(?:day)?$|tue|wed|thu|fri|sat|sun)",
    re.IGNORECASE,
)
_NUMBER_WORDS = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|"
    "seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|"
    "thousands?|millions?|billions?|dozens?"
)
_NUMBER = re.compile(rf"(?<![\w.])(?:\d[\d,.]*|one|a|(?:{_NUMBER_WORDS})\b)", re.IGNORECASE)
_PLAIN_NUMBER = re.compile(rf"(?<![\w.])(?:\d|(?:{_NUMBER_WORDS})\b)", re.IGNORECASE)
_MONEY = re.compile(
    r"[$€£¥]\s?\d|\b(?:million|billion|trillion|thousand|hundred|\d)\s(?:U\.?S\.?\s)?"
    r"(?:dollars|euros|pounds|yen|yuan|rupees|cents|pence)\b",
    re.IGNORECASE,
)
_DURATION = re.compile(
    rf"\b(?:\d[\d,.]*|one|an?|half an?|several|few|{_NUMBER_WORDS})[\s-](?:[\w-]+\s)?"
    r"(?:second|minute|hour|day|night|week|month|year|decade|centur(?:y|ie))s?\b",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"\b(?:in|at|near|from|to|outside|across|off|into|towards?|around|throughout|inside|over|of)\s"
    r"(?:the\s|[a-z]+ern\s|central\s)*(?P<name>[A-Z][\w.’'-]*)"
)
_WORDS = re.compile(r"\b[^\W\d_][\w’'-]*")
_SOME_DAY = date(2000, 1, 1)
"""Stands in for the day of an undated article where only the form of a date matters."""

_REACH = 30
"""Characters after a number within which the thing counted must stand ("two other red lines")."""

_AGENTS = frozenset(
    [
        "government",
        "company",
        "police",
        "official",
        "officials",
        "authorities",
        "president",
        "minister",
        "ministry",
        "senator",
        "senators",
        "lawmakers",
        "lawmaker",
        "court",
        "judge",
        "jury",
        "army",
        "military",
        "navy",
        "agency",
        "agencies",
        "researchers",
        "scientists",
        "group",
        "firm",
        "startup",
        "union",
        "team",
        "voters",
        "workers",
        "prosecutors",
        "doctors",
        "spokesman",
        "spokeswoman",
        "spokesperson",
        "regulators",
        "parliament",
        "congress",
        "committee",
        "commission",
        "council",
        "man",
        "woman",
        "men",
        "women",
        "students",
        "soldiers",
        "protesters",
        "shareholders",
        "investors",
        "founder",
    ]
)


def wanted(question: str, analyser: Analyser) -> Wanted:
    """The kind of answer that `question` wants, by the first question word that it holds."""
    found = [
        (match.start(), kind, match)
        for kind, form in _QUESTIONS
        if (match := form.search(question))
    ]
    if not found:
        return Wanted()
    _, kind, match = min(found, key=lambda entry: entry[0])
    head = match.groupdict().get("head")
    if head is None:
        return Wanted(kind=kind, span=Span(*match.span()))
    keys = analyser.keys(head)
    return Wanted(
        kind=kind, head=keys[0] if keys else None, span=Span(match.start(), match.start("head"))
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
            head=want.head,
            day=published_on or _SOME_DAY,
            known=known,
            analyser=analyser,
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """A sentence, and what is needed to judge it."""

    text: str
    head: str | None
    day: date
    known: frozenset[str]
    analyser: Analyser

    def is_new(self, word: str) -> bool:
        """Whether the word is a term that the question does not hold, and no month or weekday."""
        keys = self.analyser.keys(word)
        return bool(keys) and not self.known.intersection(keys) and not _MONTH_OR_WEEKDAY.match(word)

    def new_names(self) -> bool:
        return any(word[0].isupper() and self.is_new(word) for word in _WORDS.findall(self.text))

    def without_dates(self) -> str:
        """The text with its dates blanked, so that their numbers count for nothing."""
        text = self.text
        for mention in dates_in(text, self.day):
            start, end = mention.span
            text = text[:start] + " " * (end - start) + text[end:]
        return text


def _holds_person(told: _Told) -> bool:
    return told.new_names() or any(
        word in _AGENTS and told.is_new(word) for word in _WORDS.findall(told.text)
    )


def _holds_day(told: _Told) -> bool:
    return bool(dates_in(told.text, told.day))


def _holds_place(told: _Told) -> bool:
    return any(told.is_new(found["name"]) for found in _PLACE.finditer(told.text))


def _holds_count(told: _Told) -> bool:
    text = told.without_dates()
    if told.head in {None, "peopl", "person"}:
        return _PLAIN_NUMBER.search(text) is not None
    return any(
        told.head in told.analyser.keys(text[found.end() : found.end() + _REACH])
        for found in _NUMBER.finditer(text)
    )


def _holds_money(told: _Told) -> bool:
    return _MONEY.search(told.text) is not None


def _holds_amount(told: _Told) -> bool:
    return _PLAIN_NUMBER.search(told.without_dates()) is not None


def _holds_duration(told: _Told) -> bool:
    return _DURATION.search(told.text) is not None


def _holds_name(told: _Told) -> bool:
    terms = told.analyser.terms(told.text)
    heads = [place for place, term in enumerate(terms) if term.text == told.head]
    if not heads:
        return told.new_names()
    return any(_is_modified(told, terms, place) for place in heads)


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
    Kind.MONEY: _holds_money,
    Kind.AMOUNT: _holds_amount,
    Kind.DURATION: _holds_duration,
    Kind.NAME: _holds_name,
}
