"""Parsing of a question into terms, names, phrases, exclusions, dates and the answer type."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import accumulate, pairwise
from operator import attrgetter

from bot.dates.grammar import DateMention, find_dates
from bot.english.word_lists import ENGLISH
from bot.errors import EmptyQuery
from bot.model.day_range import DayRange
from bot.model.span import Span
from bot.retrieval.question.answer_kinds import AnswerTypeKind
from bot.retrieval.question.answer_type import AnswerType, parse_answer_type
from bot.retrieval.text.punctuation import QUOTED_PATTERN
from bot.retrieval.text.terms import Analyser, Term

_PHRASE = re.compile(QUOTED_PATTERN)
# A minus before a digit is a number, not an exclusion.
_EXCLUDED = re.compile(r"(?<!\S)-([^\W\d][\w’'.-]*)")
_NEGATION = re.compile(ENGLISH.get_pattern("negation"), re.IGNORECASE)
_IGNORED_SPEECH_TERMS = frozenset(ENGLISH.get_words("ignored_speech_terms"))
_MIN_ASKED_TERMS = 2
"""A clause with fewer terms says too little to count as the part that asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Words that were typed in quotation marks, with their terms. There is at least one term."""

    text: str
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A parsed question.

    Attributes:
        terms: The terms, each once, in the order typed. Never empty.
        words: The word that was typed for each term.
        compound_terms: The terms of hyphenated words, if the parts of the word are terms, too.
        names: Runs of terms that were typed as one name, with capitals.
        phrases: Phrases in quotation marks. A passage must contain their terms side by side.
        excluded_terms: Terms that a passage must not contain.
        dates: The dates in the question.
        answer_type: The kind of answer that the question asks for.
        noun_terms: The terms of the noun of the question ("which AI model"). An answer need not
            repeat them.
        asked_terms: The terms of the clause that asks, if it has at least two besides the noun's,
            else those of the sentence that asks. Never empty.
        is_negated: Whether the question is negative ("who did not sign"). Terms do not show this.
        asked_on: The day of the question, or None if dates are not understood.
    """

    terms: tuple[str, ...]
    words: tuple[str, ...]
    compound_terms: frozenset[str] = frozenset()
    names: tuple[tuple[str, ...], ...] = ()
    phrases: tuple[Phrase, ...] = ()
    excluded_terms: frozenset[str] = frozenset()
    dates: tuple[DateMention, ...] = ()
    answer_type: AnswerType = AnswerType()  # noqa: RUF009 - a frozen value
    noun_terms: frozenset[str] = frozenset()
    asked_terms: frozenset[str] = frozenset()
    is_negated: bool = False
    asked_on: date | None = None

    @property
    def target_terms(self) -> frozenset[str]:
        """The terms of the question's noun, or none if it has no noun."""
        return (
            self.noun_terms
            if self.answer_type.head is None
            else self.noun_terms | {self.answer_type.head}
        )

    @property
    def date_ranges(self) -> tuple[DayRange, ...]:
        """The days that the dates in the question mean."""
        return tuple(mention.days for mention in self.dates)

    def get_word(self, term: str) -> str:
        """Return the word that was typed for a term."""
        return self.words[self.terms.index(term)]

    def without_dates(self) -> "Query":
        """Return the same query without dates."""
        return replace(self, dates=())


def parse_query(question: str, *, today: date | None, analyser: Analyser) -> Query:
    """Return the query for a question that is asked on the day `today`.

    Words in quotation marks are a phrase, and `-word` excludes a word. The words of a date are not
    searched for, nor are words that only ask for a kind of answer ("how many"). If `today` is None,
    as for articles without dates, dates are words like others.

    Raises:
        EmptyQuery: The question has no words to search for.
    """
    dates = find_dates(question, today) if today else ()
    answer_type = parse_answer_type(question, analyser)
    exclusions = list(_EXCLUDED.finditer(question))
    ignored_spans = [
        *answer_type.ignored_spans,
        *(mention.span for mention in dates),
        *(Span(*match.span()) for match in exclusions),
    ]
    terms = _select_searched_terms(
        analyser.extract_terms(question), ignored_spans, answer_type.kind
    )
    if not terms:
        raise EmptyQuery
    excluded_terms = frozenset(
        term for match in exclusions for term in analyser.extract_term_texts(match[1])
    )
    query = _build_query(question, terms, answer_type)
    return replace(
        query,
        phrases=_find_phrases(question, analyser),
        excluded_terms=excluded_terms,
        dates=dates,
        asked_on=today,
    )


def _build_query(question: str, terms: Sequence[Term], answer_type: AnswerType) -> Query:
    """Return the query for the terms of a question, without phrases, exclusions and dates."""
    words = _map_terms_to_words(question, terms)
    noun_terms = _find_terms_in(answer_type.noun_span, terms)
    return Query(
        terms=tuple(words),
        words=tuple(words.values()),
        compound_terms=_find_compound_terms(terms),
        names=_find_names(question, terms),
        answer_type=answer_type,
        noun_terms=noun_terms,
        asked_terms=_find_asked_terms(answer_type.clauses, terms, noun_terms),
        is_negated=_NEGATION.search(question) is not None,
    )


def _find_asked_terms(
    clauses: Sequence[Span], terms: Sequence[Term], noun_terms: frozenset[str]
) -> frozenset[str]:
    """Return the terms of the clause that asks if it has enough, else the sentence's, else all."""
    part_terms, sentence_terms = (_find_terms_in(clause, terms) for clause in clauses)
    if len(part_terms - noun_terms) >= _MIN_ASKED_TERMS:
        return part_terms
    return sentence_terms or frozenset(term.text for term in terms)


def _find_terms_in(span: Span, terms: Iterable[Term]) -> frozenset[str]:
    return frozenset(term.text for term in terms if _is_inside(term, span))


def _is_inside(term: Term, span: Span) -> bool:
    return span.start <= term.start and term.end <= span.end


def _select_searched_terms(
    terms: Iterable[Term], ignored_spans: Sequence[Span], kind: AnswerTypeKind
) -> list[Term]:
    """Return the terms that are searched for."""
    spans = sorted(ignored_spans)
    last_ends = list(accumulate((span.end for span in spans), max, initial=0))
    remaining = [
        term
        for term in terms
        # The spans that begin before the term, or where it does, may reach to its end.
        if term.end > last_ends[bisect_right(spans, term.start, key=attrgetter("start"))]
    ]
    if kind is AnswerTypeKind.QUOTATION:
        # "What did they say?" has no other terms: then these are searched for after all.
        return [term for term in remaining if term.text not in _IGNORED_SPEECH_TERMS] or remaining
    return remaining


def _map_terms_to_words(question: str, terms: Sequence[Term]) -> dict[str, str]:
    """Return the word that was typed first for each term."""
    words: dict[str, str] = {}
    for term in terms:
        words.setdefault(term.text, question[term.start : term.end])
    return words


def _find_compound_terms(terms: Sequence[Term]) -> frozenset[str]:
    pairs = [
        (compound.text, part.text)
        for compound, part in pairwise(terms)
        if _is_inside(part, Span(compound.start, compound.end))
    ]
    return frozenset(compound for compound, _ in pairs) - {part for _, part in pairs}


def _find_phrases(question: str, analyser: Analyser) -> tuple[Phrase, ...]:
    return tuple(
        Phrase(text=match["quoted"], terms=term_texts)
        for match in _PHRASE.finditer(question)
        if (term_texts := tuple(analyser.extract_term_texts(match["quoted"])))
    )


def _find_names(question: str, terms: Sequence[Term]) -> tuple[tuple[str, ...], ...]:
    """Return the runs of capitalised terms.

    A single capitalised word at the beginning of the question is not a name. A question without
    lower-case letters has no names.
    """
    if not any(map(str.islower, question)):  # capitals mean nothing
        return ()
    question_start = len(question) - len(question.lstrip())
    return tuple(
        tuple(term.text for term in run)
        for run in _group_capitalised_terms(question, terms)
        if len(run) > 1 or run[0].start > question_start
    )


def _group_capitalised_terms(question: str, terms: Iterable[Term]) -> list[list[Term]]:
    runs: list[list[Term]] = []
    for term in terms:
        if not question[term.start].isupper():
            continue
        if runs and _continues_name(question, runs[-1][-1], term):
            runs[-1].append(term)
        else:
            runs.append([term])
    return runs


def _continues_name(question: str, before: Term, term: Term) -> bool:
    """Return whether two terms belong to one name. A possessive ends a name ("Musk's Tesla")."""
    is_owner = question[before.start : before.end].endswith(("'s", "’s"))
    return not is_owner and question[before.end : term.start] == " "
