"""Recognition of sentences with the kind of thing that a question asks for.

Only the wording is considered: capitals, digits, units and prepositions.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from bot.dates.grammar import find_dates
from bot.dates.names import (
    MONTH_ABBREVIATIONS,
    MONTH_NAMES,
    WEEKDAY_ABBREVIATIONS,
    WEEKDAY_NAMES,
)
from bot.english.word_lists import ENGLISH, join_words
from bot.model.span import EMPTY_SPAN
from bot.retrieval.question.answer_kinds import AnswerTypeKind
from bot.retrieval.question.answer_type import AnswerType
from bot.retrieval.question.nouns import AGENT_NOUNS, PEOPLE_NOUNS
from bot.retrieval.text.terms import Analyser, Term

_CALENDAR_NAMES = (*MONTH_NAMES, *MONTH_ABBREVIATIONS, *WEEKDAY_NAMES, *WEEKDAY_ABBREVIATIONS)
_MONTH_OR_WEEKDAY = re.compile(
    rf"{join_words((*_CALENDAR_NAMES, *ENGLISH.get_words('misspelt_months')))}(?:\.|['’]s|s)?",
    re.IGNORECASE,
)
_PLAIN_NUMBER = re.compile(ENGLISH.get_pattern("plain_number"), re.IGNORECASE)
_NUMBER = re.compile(ENGLISH.get_pattern("number"), re.IGNORECASE)
_PATTERNS_BY_KIND = {
    AnswerTypeKind(form.kind): re.compile(form.pattern, re.IGNORECASE)
    for form in ENGLISH.get_forms("answer_signs")
}
_PLACE_PHRASE = re.compile(ENGLISH.get_pattern("place_phrase"))
_WORD = re.compile(r"\b[^\W\d_][\w’'-]*")
_PLACEHOLDER_DATE = date(2000, 1, 1)
"""Replaces the day of an undated article, if only the form of a date matters."""

_COUNTED_WINDOW_CHARS = 30
"""The thing counted must begin within this distance after a number ("two other red lines")."""

_CACHED_SENTENCES = 2_048
"""The number of sentences with kept dates: somewhat more than two searches analyse."""

# A sentence is asked for its dates up to three times, and again by the search without the question's
# dates. Finding them took half of the time of such a question.
find_sentence_dates = lru_cache(_CACHED_SENTENCES)(find_dates)
"""Return the dates of a sentence of an article, as `find_dates` does."""

# Terms, so they are stems. None stands for "how many" without a noun.
_PERSON_HEADS = {None, "peopl", "person"}
_PEOPLE = re.compile(rf"\b{join_words(PEOPLE_NOUNS)}\b")
_AGENT = re.compile(rf"\b{join_words(AGENT_NOUNS)}\b")


def has_answer_type(
    sentence: str,
    answer_type: AnswerType,
    *,
    published_on: date | None,
    query_terms: frozenset[str],
    analyser: Analyser,
) -> bool:
    """Return whether a sentence has a thing of the right kind that is not in the question itself.

    Args:
        sentence: One sentence of an article.
        answer_type: The answer type of the question.
        published_on: The article's day, needed for words such as "Friday". None if it has none.
        query_terms: The question's terms.
        analyser: The analyser for the sentence's terms.
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
    """Return the terms of months and weekdays. They have capitals, but are not names."""
    return frozenset(analyser.extract_term_texts(" ".join(_CALENDAR_NAMES)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _SentenceContext:
    """A sentence with the question's terms and answer type."""

    text: str
    answer_type: AnswerType
    published_on: date
    query_terms: frozenset[str]
    analyser: Analyser

    def is_new(self, word: str) -> bool:
        """Return whether a word has terms, none of them in the question, and is no month or weekday."""
        term_texts = self.analyser.extract_term_texts(word)
        return (
            bool(term_texts)
            and not self.query_terms.intersection(term_texts)
            and not _MONTH_OR_WEEKDAY.fullmatch(word)
        )

    def has_new_name(self, text: str) -> bool:
        """Return whether a part of the sentence has a name that is not in the question."""
        return any(word[0].isupper() and self.is_new(word) for word in _WORD.findall(text))

    def blank_dates(self) -> str:
        """Return the text with spaces in place of its dates, so that their numbers do not count."""
        text = self.text
        for mention in find_sentence_dates(text, self.published_on):
            start, end = mention.span
            text = text[:start] + " " * (end - start) + text[end:]
        return text


def _has_person(context: _SentenceContext) -> bool:
    # A name behind a preposition is more likely a place than a person.
    text = _PLACE_PHRASE.sub("", context.text)
    return context.has_new_name(text) or any(map(context.is_new, _AGENT.findall(text)))


def _has_date(context: _SentenceContext) -> bool:
    return bool(find_sentence_dates(context.text, context.published_on))


def _has_place(context: _SentenceContext) -> bool:
    return any(context.is_new(match["name"]) for match in _PLACE_PHRASE.finditer(context.text))


def _has_count(context: _SentenceContext) -> bool:
    text = context.blank_dates()
    counted_texts = _find_texts_after(_NUMBER, text)
    if context.answer_type.head in _PERSON_HEADS and any(map(_PEOPLE.search, counted_texts)):
        return True
    # A number followed by the question's noun, or by another word of the question ("20 were hurt").
    return any(
        context.answer_type.head in context.analyser.extract_term_texts(piece)
        for piece in counted_texts
    ) or any(
        context.query_terms.intersection(context.analyser.extract_term_texts(piece))
        for piece in _find_texts_after(_PLAIN_NUMBER, text)
    )


def _find_texts_after(number: re.Pattern[str], text: str) -> list[str]:
    """Return the text after each number, as far as a counted thing may be."""
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
    # Without the noun, only a name can say which one is meant.
    if not heads or context.answer_type.noun_span == EMPTY_SPAN:
        return context.has_new_name(context.text)
    return not context.answer_type.has_title_noun or any(
        _is_modified(context, terms, position) for position in heads
    )


def _is_modified(context: _SentenceContext, terms: list[Term], position: int) -> bool:
    """Return whether a word beside the question's noun says which one is meant ("Supreme Court")."""
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
