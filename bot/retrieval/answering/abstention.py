"""Why the articles do not answer a question."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bot.model.day_range import DayRange
from bot.retrieval.answering.confidence import Case
from bot.retrieval.answering.excerpts import Excerpt
from bot.retrieval.question.answer_type import Kind


class Lack(StrEnum):
    """Why the articles do not answer."""

    NO_ARTICLES = "no articles"
    OUT_OF_BOUNDS = "out of bounds"
    UNKNOWN_WORDS = "unknown words"
    DATES_OUTSIDE = "dates outside"
    NO_SUCH_PHRASE = "no such phrase"
    NOT_TOGETHER = "not together"
    TOO_LONG = "too long"
    TOO_LITTLE = "too little"
    NO_SUCH_THING = "no such thing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason for an abstention.

    Attributes:
        lack: What is missing.
        words: The words typed that it speaks of.
        suggestions: For those of them that may be misspelt, words that the articles hold.
        kind: The kind of answer that was wanted, where that is missing.
        days: The days of the question that lie outside.
    """

    lack: Lack
    words: tuple[str, ...] = ()
    suggestions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    kind: Kind = Kind.ANY
    days: tuple[DayRange, ...] = ()


def unknown_words(case: Case) -> Reason | None:
    """The words that no article holds, with those that may be meant; None where there are none."""
    word_of = case.query.word_of
    if not case.found.unknown:
        return None
    return Reason(
        lack=Lack.UNKNOWN_WORDS,
        words=tuple(map(word_of, case.found.unknown)),
        suggestions={word_of(term): meant for term, meant in case.found.suggestions.items()},
    )


def reasons(case: Case, candidates: Sequence[Excerpt]) -> Iterable[Reason]:
    """Why none of the candidates answers, the weightiest reason first; at least one."""
    unknown = unknown_words(case)
    days = case.days_outside
    if not case.found.extent.articles:
        yield Reason(lack=Lack.NO_ARTICLES)
        return
    if unknown:
        yield unknown
    if days:
        yield Reason(lack=Lack.DATES_OUTSIDE, days=days)
    yield from _shortfall(case, candidates)


def _shortfall(case: Case, candidates: Sequence[Excerpt]) -> Iterable[Reason]:
    """What the passages found do not come to."""
    about = [excerpt for excerpt in candidates if case.is_about(excerpt)]
    known = [term for term in case.found.rarities if term not in case.found.unknown]
    if not case.found.hits:
        yield from _nothing_found(case)
    elif not candidates:
        titles = (case.found.hits[0].reading.article.title,)
        yield Reason(lack=Lack.TOO_LONG, words=titles)
    elif not about and not _stand_together(case, known):
        yield Reason(lack=Lack.NOT_TOGETHER, words=tuple(map(case.query.word_of, known)))
    elif about and case.query.wanted.is_strict and not any(map(case.holds_kind, about)):
        yield Reason(lack=Lack.NO_SUCH_THING, kind=case.query.wanted.kind)
    elif not case.found.unknown and not case.days_outside:
        yield Reason(lack=Lack.TOO_LITTLE)


def _nothing_found(case: Case) -> Iterable[Reason]:
    if case.query.phrases and not case.query.excluded:
        phrases = tuple(phrase.text for phrase in case.query.phrases)
        yield Reason(lack=Lack.NO_SUCH_PHRASE, words=phrases)
    elif not case.found.unknown:
        yield Reason(lack=Lack.OUT_OF_BOUNDS)


def _stand_together(case: Case, terms: Sequence[str]) -> bool:
    """Whether a passage holds all of the terms."""
    return any(
        frozenset(terms) <= frozenset().union(*(each.terms for each in hit.reading.sentences))
        for hit in case.found.hits
    )
