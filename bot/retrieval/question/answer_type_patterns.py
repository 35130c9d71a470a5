"""Whether a sentence holds a thing of the kind that a question wants.

Signs on the surface only: capitals, digits, units, prepositions. English throughout.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from bot.dates.grammar import find_dates
from bot.dates.names import (
    MONTH_ABBREVIATIONS,
    MONTH_NAMES,
    WEEKDAY_ABBREVIATIONS,
    WEEKDAY_NAMES,
)
from bot.dates.number_words import ONES, TEENS, TENS
from bot.model.span import EMPTY_SPAN
from bot.retrieval.question.answer_kinds import AnswerTypeKind
from bot.retrieval.question.answer_type import AnswerType
from bot.retrieval.question.nouns import AGENT_NOUNS, PEOPLE_NOUNS
from bot.retrieval.text.speech_verbs import QUOTATION_SIGNS
from bot.retrieval.text.terms import Analyser, Term

_CALENDAR_NAMES = (*MONTH_NAMES, *MONTH_ABBREVIATIONS, *WEEKDAY_NAMES, *WEEKDAY_ABBREVIATIONS)
_MISSPELT_MONTHS = ("Sepember",)
_MONTH_OR_WEEKDAY = re.compile(
    rf"(?:{'|'.join((*_CALENDAR_NAMES, *_MISSPELT_MONTHS))})(?:\.|['’]s|s)?", re.IGNORECASE
)
_NUMBER_WORDS = "|".join(
    (*ONES[1:], *TEENS, *TENS, "hundreds?", "thousands?", "millions?", "billions?", "dozens?")
)
_PLAIN_NUMBER = re.compile(rf"(?<![\w.])(?:\d[\d,.]*|(?:{_NUMBER_WORDS})\b)", re.IGNORECASE)
_NUMBER = re.compile(rf"{_PLAIN_NUMBER.pattern}|\b(?:one|an?)\b", re.IGNORECASE)
_QUANTITY = rf"(?:\d[\d,.]*|an?|half an?|one|several|few|{_NUMBER_WORDS})[\s-](?:[\w-]+\s)?"
_PATTERNS_BY_KIND = {
    kind: re.compile(pattern, re.IGNORECASE)
    for kind, pattern in {
        AnswerTypeKind.MONEY: r"[$€£¥]\s?\d|(?:\b(?:million|billion|trillion|thousand|hundred)|\d)\s(?:U\.?S\.?\s)?"
        r"(?:dollars|euros|pounds|yen|yuan|rupees|rubles|cents|pence)\b",
        AnswerTypeKind.PERCENTAGE: r"\d\s?%|\bper ?cent\b|\b(?:half|(?:a|one|two|three)[\s-](?:third|quarter)s?"
        rf"|(?:one|\d+) (?:in|out of) (?:\d+|{_NUMBER_WORDS}))\b",
        AnswerTypeKind.DURATION: rf"\b{_QUANTITY}"
        r"(?:second|minute|hour|day|night|week|month|year|decade|centur(?:y|ie))s?\b",
        AnswerTypeKind.AGE: r"\b(?:aged?|at) (?:of )?\d|\d[\s-](?:year|month|week|day)s?[\s-](?:old|of age)\b"
        r"|, \d{1,3},",
        AnswerTypeKind.SPEED: r"\d\s?(?:mph|km/h|kmh|kph|knots|m/s|(?:miles|kilomet\w+|km) (?:per|an) hour)",
        AnswerTypeKind.LENGTH: rf"\b{_QUANTITY}"
        r"(?:m|km|cm|mm|ft|(?:kilo|centi|milli)?met(?:er|re)s?|miles?|feet|foot|inch(?:es)?|yards?|"
        r"stor(?:e?y|ies)|floors?)\b",
        AnswerTypeKind.REASON: r"\b(?:because|since|due to|so that|in order to|as a result|which means|led to|"
        r"citing|amid|therefore|after)\b",
        AnswerTypeKind.QUOTATION: rf"\b(?:{'|'.join(QUOTATION_SIGNS)})\b",
        AnswerTypeKind.WEIGHT: rf"\b{_QUANTITY}(?:kg|g|lbs?|(?:kilo)?grams?|tons?|tonnes?|pounds?|ounces?)\b",
    }.items()
}
_PLACE_PHRASE = re.compile(
    r"\b(?:[Ii]n|[Aa]t|[Oo]n|[Nn]ear|from|to|[Oo]utside|across|off|into|towards?|around|throughout|"
    r"[Ii]nside|over|of)\s"
    r"(?:[a-z]+\s){0,3}?"
    r"(?P<name>[A-Z][\w.’'-]*|(?:airport|beach|border|bridge|building|camp|capital|church|city|coast|"
    r"court|factory|forest|hall|highway|home|hospital|hotel|house|island|lake|mall|market|mosque|"
    r"mountains?|museum|office|park|prison|restaurant|river|road|school|sea|square|stadium|station|"
    r"store|street|theatre|town|university|village|warehouse)\b)"
)
_WORD = re.compile(r"\b[^\W\d_][\w’'-]*")
_PLACEHOLDER_DATE = date(2000, 1, 1)
"""Stands in for the day of an undated article where only the form of a date matters."""

_COUNTED_WINDOW_CHARS = 30
"""Characters after a number within which the thing counted must stand ("two other red lines")."""

_PERSON_HEADS = {None, "peopl", "person"}
_PEOPLE = re.compile(rf"\b(?:{'|'.join(PEOPLE_NOUNS)})\b")
_AGENT = re.compile(rf"\b(?:{'|'.join(AGENT_NOUNS)})\b")


def has_answer_type(
    sentence: str,
    answer_type: AnswerType,
    *,
    published_on: date | None,
    query_terms: frozenset[str],
    analyser: Analyser,
) -> bool:
    """Whether `sentence` holds a thing of the wanted kind that is not itself in the question.

    Args:
        sentence: One sentence of an article.
        answer_type: What the question wants.
        published_on: The article's day, from which "Friday" is understood.
        query_terms: The question's terms.
        analyser: Makes the sentence's terms.
    """
    matches = _MATCHERS.get(answer_type.kind)
    return matches is not None and matches(
        _SentenceContext(
            text=sentence,
            answer_type=answer_type,
            published_on=published_on or _PLACEHOLDER_DATE,
            query_terms=query_terms,
            analyser=analyser,
        )
    )


@cache
def get_calendar_terms(analyser: Analyser) -> frozenset[str]:
    """The terms of months and weekdays, which are written with a capital and are no names."""
    return frozenset(analyser.extract_term_texts(" ".join(_CALENDAR_NAMES)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _SentenceContext:
    """A sentence, and what is needed to judge it."""

    text: str
    answer_type: AnswerType
    published_on: date
    query_terms: frozenset[str]
    analyser: Analyser

    def is_new(self, word: str) -> bool:
        """Whether the word is a term that the question does not hold, and no month or weekday."""
        term_texts = self.analyser.extract_term_texts(word)
        return (
            bool(term_texts)
            and not self.query_terms.intersection(term_texts)
            and not _MONTH_OR_WEEKDAY.fullmatch(word)
        )

    def has_new_name(self, text: str) -> bool:
        """Whether this part of the sentence holds a name that the question does not."""
        return any(word[0].isupper() and self.is_new(word) for word in _WORD.findall(text))

    def blank_dates(self) -> str:
        """The text with its dates blanked, so that their numbers count for nothing."""
        text = self.text
        for mention in find_dates(text, self.published_on):
            start, end = mention.span
            text = text[:start] + " " * (end - start) + text[end:]
        return text


def _has_person(context: _SentenceContext) -> bool:
    text = _PLACE_PHRASE.sub("", context.text)
    return context.has_new_name(text) or any(map(context.is_new, _AGENT.findall(text)))


def _has_date(context: _SentenceContext) -> bool:
    return bool(find_dates(context.text, context.published_on))


def _has_place(context: _SentenceContext) -> bool:
    return any(context.is_new(match["name"]) for match in _PLACE_PHRASE.finditer(context.text))


def _has_count(context: _SentenceContext) -> bool:
    text = context.blank_dates()
    counted_texts = _find_texts_after(_NUMBER, text)
    if context.answer_type.head in _PERSON_HEADS and any(map(_PEOPLE.search, counted_texts)):
        return True
    return any(
        context.answer_type.head in context.analyser.extract_term_texts(piece)
        for piece in counted_texts
    ) or any(
        context.query_terms.intersection(context.analyser.extract_term_texts(piece))
        for piece in _find_texts_after(_PLAIN_NUMBER, text)
    )


def _find_texts_after(number: re.Pattern[str], text: str) -> list[str]:
    """What stands within reach behind each such number."""
    return [
        text[match.end() : match.end() + _COUNTED_WINDOW_CHARS] for match in number.finditer(text)
    ]


def _has_amount(context: _SentenceContext) -> bool:
    return _PLAIN_NUMBER.search(context.blank_dates()) is not None


def _matches_pattern(context: _SentenceContext) -> bool:
    return _PATTERNS_BY_KIND[context.answer_type.kind].search(context.text) is not None


def _has_name(context: _SentenceContext) -> bool:
    terms = context.analyser.extract_terms(context.text)
    heads = [
        position for position, term in enumerate(terms) if term.text == context.answer_type.head
    ]
    if not heads or context.answer_type.noun_span == EMPTY_SPAN:
        return context.has_new_name(context.text)
    return not context.answer_type.has_title_noun or any(
        _is_modified(context, terms, position) for position in heads
    )


def _is_modified(context: _SentenceContext, terms: list[Term], position: int) -> bool:
    """Whether the noun asked for stands beside a word that says which one ("Supreme Court")."""
    head = terms[position]
    before = terms[position - 1] if position else None
    after = terms[position + 1] if position + 1 < len(terms) else None
    return (
        before is not None
        and before.text not in context.query_terms
        and context.text[before.end : head.start] in {" ", "’s ", "'s "}
    ) or (
        after is not None
        and after.text not in context.query_terms
        and context.text[after.start].isupper()
        and after.start - head.end <= len(" in the ")
    )


_MATCHERS = {
    AnswerTypeKind.PERSON: _has_person,
    AnswerTypeKind.DATE: _has_date,
    AnswerTypeKind.PLACE: _has_place,
    AnswerTypeKind.COUNT: _has_count,
    AnswerTypeKind.AMOUNT: _has_amount,
    **dict.fromkeys(_PATTERNS_BY_KIND, _matches_pattern),
    AnswerTypeKind.NAME: _has_name,
}
