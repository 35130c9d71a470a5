"""The kind of answer that a question wants, and the noun it asks for. English throughout."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.model.span import NOWHERE, Span
from bot.retrieval.question.clauses import AUXILIARY, DETERMINER, PRONOUN, Asking, asking
from bot.retrieval.text.terms import Analyser


class Kind(StrEnum):
    """What a question asks for."""

    PERSON = "person"
    DAY = "day"
    PLACE = "place"
    COUNT = "count"
    MONEY = "money"
    PERCENTAGE = "percentage"
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
            repeat it. Nowhere where the answer must speak of it ("the name of the storm").
        clauses: Where the question asks, the narrower first: between commas, and the sentence.
        asks: Whether it asks at all; a claim does not, nor do terms to search for.
    """

    kind: Kind = Kind.ANY
    head: str | None = None
    is_strict: bool = False
    is_title: bool = False
    silent: tuple[Span, ...] = ()
    noun: Span = NOWHERE
    clauses: tuple[Span, ...] = ()
    asks: bool = True

    @property
    def is_thing(self) -> bool:
        """Whether the answer has a name or digits: a thing, and not a reason or a sentence."""
        return self.is_figure or self.head is not None or self.kind in _NAMED_KINDS

    @property
    def is_figure(self) -> bool:
        """Whether the answer is written with digits."""
        return self.kind in _FIGURES


_FIGURES = {
    Kind.DAY,
    Kind.COUNT,
    Kind.MONEY,
    Kind.PERCENTAGE,
    Kind.AMOUNT,
    Kind.AGE,
    Kind.SPEED,
    Kind.LENGTH,
    Kind.WEIGHT,
    Kind.DURATION,
}
_NAMED_KINDS = {Kind.PERSON, Kind.PLACE, Kind.NAME}
_SOFT = {Kind.REASON, Kind.WORDS, Kind.ANY}
_WITH_HEAD = {Kind.NAME, Kind.COUNT, Kind.PLACE, Kind.ANY}
_SILENT_HEADS = {Kind.DAY, Kind.PERCENTAGE, Kind.REASON}

_SAYING = r"(?=.*\b(?:say|said|saying|respond|reply|tell)\b)"
_PAYING = re.compile(
    r"\b(?:worth|cost\w*|pay\w*|paid|pric\w+|spen[dt]\w*|charged?|earn\w*|raised?|money|dollars|euros"
    r"|sold|sell\w*|fined?|fees?|settle\w*|damages|debts?|tax\w*|salar\w+|wages?|budget|bill|buy|bought"
    r"|auction\w*|loans?|donat\w+|compensation|jackpot|prize|revenue|profits?)\b",
    re.IGNORECASE,
)
_TITLES = re.compile(
    r"court|judge|president|minister|senator|governor|mayor|leader|king|queen|prince|princess|"
    r"general|coach|captain|agency|ministry|department|university|airport|hospital|committee",
    re.IGNORECASE,
)
_NAMED = re.compile(
    rf"{_TITLES.pattern}|company|firm|country|city|state|team|film|movie", re.IGNORECASE
)

_FUNCTION = (
    rf"(?:{AUXILIARY}|{PRONOUN}|{DETERMINER}|about|across|after|against|alongside|amid|around|as|at|"
    r"before|behind|between|by|during|for|from|in|including|inside|into|near|of|off|on|out|outside|"
    r"over|since|than|through|to|towards?|under|unless|until|up|via|when|where|while|with|without|"
    r"within|how|because|if|and|or|but|both|also|else|exactly|just|not|now|soon|again|ago|ever|never|"
    r"per|last|available|back|nationwide|still|together|"
    r"\w{3,}(?:ent|ed|al|ous|ful|iv|et)e?ly)(?![\w’'-])"
)
# What ends a noun unless it begins it ("which hit show"): verbs, mostly.
_BEHIND = (
    r"(?:early|earlier|later?|next|agreed|beat|became|becomes?|began|broke|brought|built|came|caught|"
    r"comes|cut|drew|exists?|fell|found|gave|gets?|gives?|got|happen|held|helps?|hit|holds?|kept|"
    r"known|leads?|left|led|lost|made|makes?|means?|meet|met|owns?|paid|plays?|put|quit|ran|ranks?|"
    r"remains?|represents?|rose|said|sank|saw|says?|sells?|sent|set|shot|shut|sold|spent|stands?|"
    r"stolen|struck|swept|takes?|tends|told|took|tops|usually|went|won|"
    r"(?:aim|need|plan|want)s?(?=\s+to\b)|"
    r"(?<!ly )(?!united|hundred|animated|beloved|armed)\w+[^e\W]ed|"
    r"\w{3,}(?=\s+(?:the|an?|his|her|its|their|our|down|off|out|up)\b)|"
    r"(?!building|meeting|painting|ruling|wedding)\w{3,}ing(?=\s+(?:the|an?|at|in|on|to)\b)"
    r")(?![\w’'-])"
)
_NOUN_WORD = r"(?:[“\"]\w[^“”\"]{0,30}[”\"]|[$£€'’]?\w(?:[\w’'.&-]*\w)?\.?)"
_NOUN = rf"(?!{_FUNCTION}){_NOUN_WORD}(?:\s+(?!{_FUNCTION}|{_BEHIND}){_NOUN_WORD}){{0,7}}"
_OF = re.compile(rf"\s+of\s+(?:{DETERMINER}\s+)?{_NOUN}", re.IGNORECASE)
_NAME_AHEAD = re.compile(r"(?:[A-Z]\S*\s+)*[A-Z]\S*['’]s?\s+")
_NAME_WITHIN = re.compile(r"\s+(?:[A-Z]\S*\s+)*[A-Z]\S*['’]s\b.*")
_OWNER = re.compile(
    r"(?<!\S)(?!(?:children|girl|kid|boy|m[ae]n|nation|people|wom[ae]n|world|year)s?['’])"
    r"[a-z][\w-]*(?=['’]s?(?:\s|$))"
)

_NOUN_GROUPS = ("noun", "bearer", "thing")
_SORT = "(?:kinds?|types?|sorts?|examples?)"
_NAME_OF = rf"(?:\w+ )?(?:name|title|nickname) of\s+(?:{DETERMINER}\s+)?"
_CALLED = "(?:called|titled|named|nicknamed|dubbed|known as)"
_OF_THESE = rf"(?:\s+one\b)?(?:\s+of\b)?(?:\s+{DETERMINER}(?=\s))?(?:\s+following\b)?"
_THE = rf"what {AUXILIARY}\s+(?:the|its|their|his|her)\s+"
_FORMS = tuple(
    (kind, re.compile(form, re.IGNORECASE))
    for kind, form in (
        (Kind.DURATION, r"how (?:long|soon|much (?:longer|time))\b"),
        (Kind.WEIGHT, r"how (?:heavy\b|much\b(?=.*\bweigh))"),
        (Kind.AMOUNT, r"(?:(?<=by )how much|how much of)\b"),
        (Kind.AMOUNT, r"how much\b(?=.*\b(?:increased?|risen|grown|fallen|dropped|declined)\b)"),
        (Kind.MONEY, r"how (?:much|big|large|many (?:dollars|euros|pounds))\b(?: money\b)?"),
        (Kind.AMOUNT, r"how (?:much|big|large|often|strong|high)\b"),
        (Kind.AGE, r"(?:how old|what age(?! groups?\b))\b"),
        (Kind.SPEED, r"how fast\b"),
        (Kind.LENGTH, r"how (?:far|tall|deep|wide)\b"),
        (Kind.COUNT, rf"how (?:many|few)\b(?:\s+more\b)?(?:\s+of \w+\b)?(?:\s+(?P<noun>{_NOUN}))?"),
        (Kind.REASON, r"(?:why|how come)\b"),
        (Kind.REASON, r"what(?=\s+(?:caused|causes|is causing|led to|motivated)\b)"),
        (Kind.REASON, r"(?:(?<=due to )|(?<=because of ))what(?=\W*$)"),
        (Kind.DAY, r"when\b"),
        (Kind.PLACE, r"where\b"),
        (Kind.PERSON, rf"(?:who|whom|whose|what {AUXILIARY} (?:his|her) name)\b"),
        (Kind.WORDS, rf"(?:what|how) {AUXILIARY}\b{_SAYING}"),
        (Kind.ANY, r"what happen(?:s|ed)?\b"),
        (Kind.ANY, rf"(?:what|which) {_SORT} of\b(?:\s+{DETERMINER}\b)?(?:\s+(?P<noun>{_NOUN}))?"),
        (Kind.ANY, r"(?:which|what)\s+(?:\w+\s+)?things?\b"),
        (Kind.NAME, rf"{_THE}(?={_NAME_OF}(?P<bearer>{_NOUN}))"),
        (
            Kind.NAME,
            rf"what {AUXILIARY}\b(?=.*\b{_CALLED}\W*$)(?:\s+the\s+(?P<bearer>{_NOUN}))?",
        ),
        (Kind.ANY, rf"{_THE}(?P<thing>{_NOUN})"),
        (Kind.PERCENTAGE, r"(?:what|which) (?:percentage|per ?cent|share|proportion)\b"),
        (Kind.NAME, rf"what\s+(?!{_BEHIND})(?P<noun>{_NOUN})"),
        (Kind.NAME, r"which\s+one\b(?!\s+of)"),
        (Kind.NAME, rf"which{_OF_THESE}(?:\s+(?P<noun>{_NOUN}))?"),
    )
)
_KINDS_OF_NOUNS = {
    noun: kind
    for kind, nouns in {
        Kind.DAY: "day date year month time",
        Kind.PLACE: "place location",
        Kind.MONEY: "price prices cost costs budget salary fee jackpot",
        Kind.PERCENTAGE: "percentage percent share proportion",
        Kind.AMOUNT: "amount number rate temperature magnitude speed size score record population",
        Kind.AGE: "age",
        Kind.REASON: "reason reasons cause grounds",
        Kind.NAME: "name title nickname",
    }.items()
    for noun in nouns.split()
}
_ENDINGS = tuple(
    (kind, re.compile(rf"\b(?:{form})\W*$", re.IGNORECASE))
    for kind, form in (
        (Kind.DAY, r"since(?: at least)?(?: the)?"),
        (Kind.REASON, r"because(?: of)?|due to"),
        (Kind.NAME, rf"renamed(?: to)?|{_CALLED}"),
        (Kind.PERSON, r"(?:held|set|owned|led|directed|written) by"),
        (Kind.AMOUNT, r"measures|weighs|ballooned to"),
    )
)
_OPEN = re.compile(r"__|(?:[?:…_]|\.{3})\W*$")
"""A gap to be filled, or how a text ends that waits for something."""


def wanted(question: str, analyser: Analyser) -> Wanted:
    """The kind of answer that `question` wants; that of a yes-or-no question is any."""
    where = asking(question)
    clauses = (where.part, where.sentence)
    if where.word is None:
        kind = Kind.ANY if where.is_yes_or_no else _kind_by_ending(where.sentence.of(question))
        asks = where.is_yes_or_no or kind is not Kind.ANY or _waits(question, where)
        return Wanted(kind=kind, silent=(where.polite,), clauses=clauses, asks=asks)
    for kind, form in _FORMS:
        match = form.match(question, where.word, where.sentence.end)
        if match and (kind is not Kind.MONEY or _PAYING.search(question, *where.sentence)):
            want = _read(kind, match, analyser)
            return replace(want, silent=(where.polite, *want.silent), clauses=clauses)
    return Wanted(silent=(where.polite,), clauses=clauses)


def _waits(question: str, where: Asking) -> bool:
    """Whether a question without a question word waits for something, or begins by asking for it."""
    asking_words = where.polite.of(question).strip()
    return bool(asking_words or _OPEN.search(where.sentence.of(question)))


def _kind_by_ending(sentence: str) -> Kind:
    """What a sentence leaves open that ends before its last word ("for the first time since:")."""
    return next((kind for kind, form in _ENDINGS if form.search(sentence)), Kind.ANY)


def _read(kind: Kind, match: re.Match[str], analyser: Analyser) -> Wanted:
    """What the words of a form want, without what stands around them."""
    group = next((name for name in _NOUN_GROUPS if match.groupdict().get(name)), None)
    if group is None:
        return Wanted(kind=kind, is_strict=kind not in _SOFT, silent=(Span(*match.span()),))
    noun, head = _noun_and_head(match.string, Span(*match.span(group)))
    word = head.of(match.string)
    kind = kind if kind is Kind.COUNT else _KINDS_OF_NOUNS.get(word.lower(), kind)
    before = Span(match.start(), min(match.end(), match.start(group)))
    if group == "thing" or kind not in _WITH_HEAD:
        silent = (before, head) if kind in _SILENT_HEADS else (before,)
        return Wanted(kind=kind, is_strict=kind not in _SOFT, silent=silent)
    keys = analyser.keys(word)
    return Wanted(
        kind=kind,
        head=keys[-1] if keys else None,
        is_strict=kind not in _SOFT and (kind is not Kind.NAME or _is_sure(match, group, word)),
        is_title=_TITLES.fullmatch(word) is not None,
        silent=(before,),
        noun=noun if group == "noun" else NOWHERE,
    )


def _is_sure(match: re.Match[str], group: str, head: str) -> bool:
    """Whether the answer is a name: "what agreement" may be told without one."""
    asks_which = match[0].lower().startswith("which")
    return asks_which or group == "bearer" or _NAMED.fullmatch(head) is not None


def _noun_and_head(question: str, found: Span) -> tuple[Span, Span]:
    """The noun without names that own it, and the word for what is asked, the last but for owners.

    "Which country's war" asks for a country, "which of Altman's models" for a model.
    """
    text = found.of(question)
    ahead = _NAME_AHEAD.match(text)
    start = ahead.end() if ahead else 0
    within = _NAME_WITHIN.search(text, start)
    noun = text[start : within.start() if within else None].rstrip(".’'”\"")
    owner = _OWNER.search(noun)
    last = Span(*owner.span()) if owner else Span(noun.rfind(" ") + 1, len(noun))
    start += found.start
    more = _OF.match(question, start + len(noun))
    is_plain = more is not None and more[0].islower()
    end = more.end() if more and is_plain else start + len(noun)
    return Span(start, end), last.shifted(start)
