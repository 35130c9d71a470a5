"""The kind of answer that a question wants, by its first question word. English throughout."""

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.retrieval.span import NOWHERE, Span
from bot.retrieval.terms import Analyser


class Kind(StrEnum):
    """What a question asks for."""

    PERSON = "person"
    DAY = "day"
    PLACE = "place"
    COUNT = "count"
    MONEY = "money"
    AMOUNT = "amount"
    AGE = "age"
    SPEED = "speed"
    LENGTH = "length"
    WEIGHT = "weight"
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
        is_strict: Whether a sentence without such a thing can't be the answer.
        is_title: Whether the noun stands beside the name of what it means, like a judge or a court.
        silent: The words that only ask ("can you tell me", "how many"): not searched for.
        noun: The noun asked for with what stands before it ("AI model"); an answer need not
            repeat it.
    """

    kind: Kind = Kind.ANY
    head: str | None = None
    is_strict: bool = False
    is_title: bool = False
    silent: tuple[Span, ...] = ()
    noun: Span = NOWHERE


_SOFT = {Kind.REASON, Kind.WORDS, Kind.ANY}
_AUXILIARY = (
    r"(?:did|do|does|is|are|was|were|will|would|has|have|had|can|could|may|might|should)(?:n['’]t)?"
)
_POLITE = (
    r"(?:(?:hey|hi|hello|so|ok|okay|please|well|and|but|also)\b[,\s]*"
    r"|(?:can|could|would) (?:you|someone|anyone) (?:please )?tell (?:me|us)\s+"
    r"|(?:please )?tell (?:me|us)\s+|(?:do|does) (?:you|we|anyone|anybody|someone) know\s+|(?:i|we) want to know\s+)*"
)
_BEGINNING = re.compile(rf"(?P<polite>\s*{_POLITE})(?P<yes_or_no>{_AUXILIARY}\b)?", re.IGNORECASE)
_PAYING = r"(?=.*\b(?:worth|cost|costs|pay|paid|spend|spent|charge|charged|earn|raise|raised)\b)"
_SAYING = r"(?=.*\b(?:say|said|saying|respond|reply|tell)\b)"
_TITLE = (
    r"(?:court|judge|president|minister|senator|governor|mayor|leader|king|queen|prince|princess|"
    r"general|coach|captain|agency|ministry|department|university|airport|hospital|committee)"
)
_NOUN = rf"(?P<noun>(?:[\w'’-]+\s+){{0,5}}?(?P<head>[\w-]+))(?:['’]s)?(?=\s+{_AUXILIARY}\b)"

_FORMS = tuple(
    (kind, re.compile(rf"\b{form}", re.IGNORECASE))
    for kind, form in (
        (Kind.DURATION, r"(?:for )?how (?:long|soon)\b"),
        (Kind.MONEY, rf"how (?:much|many (?:dollars|euros|pounds))\b(?: money\b)?{_PAYING}"),
        (Kind.AGE, r"how old\b"),
        (Kind.SPEED, r"how fast\b"),
        (Kind.LENGTH, r"how (?:far|tall|high|deep|wide)\b"),
        (Kind.WEIGHT, r"how heavy\b"),
        (Kind.AMOUNT, r"how (?:much|big|large|often|strong)\b"),
        (
            Kind.COUNT,
            r"how (?:many|few)\s+(?:more\s+)?(?:of \w+\s+)?(?P<noun>(?P<head>[\w-]+))",
        ),
        (Kind.REASON, r"(?:why\b|(?:for )?what reason\b|how come\b)"),
        (Kind.DAY, r"(?:when\b|(?:what|which) (?:day|date|year|month|time)\b)"),
        (Kind.PLACE, r"(?:where\b|(?:what|which) (?:place|location)\b)"),
        (Kind.PERSON, r"(?:who|whom|whose)\b"),
        (Kind.WORDS, rf"(?:what|how) {_AUXILIARY}\b{_SAYING}"),
        (Kind.ANY, r"what happen(?:s|ed)\b"),
        (Kind.ANY, r"(?:what|which) (?:kinds?|types?|sorts?) of\b"),
        (Kind.ANY, r"(?:which|what)\s+(?:\w+\s+)?things?\b"),
        (Kind.NAME, rf"(?:which|what)\s+(?P<noun>(?:\w+\s+)?(?P<head>{_TITLE}))\b"),
        (Kind.NAME, rf"(?:which|what)\s+(?!{_AUXILIARY}\b)(?:of the\s+)?{_NOUN}"),
        (
            Kind.NAME,
            r"(?:which|what)\s+(?P<noun>(?P<head>company|firm|country|city|state|team|film|movie))\b",
        ),
        (Kind.NAME, r"which\b"),
    )
)
_TITLES = re.compile(_TITLE, re.IGNORECASE)


def wanted(question: str, analyser: Analyser) -> Wanted:
    """The kind of answer that `question` wants; that of a yes-or-no question is any."""
    beginning = next(_BEGINNING.finditer(question))
    polite = Span(*beginning.span("polite"))
    found = [(kind, match) for kind, form in _FORMS if (match := form.search(question))]
    if beginning["yes_or_no"] or not found:
        return Wanted(silent=(polite,))
    kind, match = min(found, key=lambda form: form[1].start())
    return _read(kind, match, polite, analyser)


def _read(kind: Kind, match: re.Match[str], polite: Span, analyser: Analyser) -> Wanted:
    head = match.groupdict().get("head")
    if head is None:
        return Wanted(kind=kind, is_strict=kind not in _SOFT, silent=(polite, Span(*match.span())))
    keys = analyser.keys(head)
    return Wanted(
        kind=kind,
        head=keys[-1] if keys else None,
        is_strict=True,
        is_title=_TITLES.fullmatch(head) is not None,
        silent=(polite, Span(match.start(), match.start("noun"))),
        noun=Span(*match.span("noun")),
    )
