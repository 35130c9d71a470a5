"""The reasons for an abstention."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bot.model.day_range import DayRange
from bot.retrieval.answering.confidence import ConfidenceModel
from bot.retrieval.answering.excerpts import Excerpt
from bot.retrieval.question.answer_kinds import AnswerTypeKind
from bot.retrieval.question.query import Query
from bot.retrieval.scoring.results import SearchResult


class ReasonCode(StrEnum):
    """The kinds of reasons for an abstention."""

    NO_ARTICLES = "no articles"
    OUT_OF_BOUNDS = "out of bounds"
    UNKNOWN_WORDS = "unknown words"
    DATES_NOT_COVERED = "dates outside"
    NO_SUCH_PHRASE = "no such phrase"
    NOT_TOGETHER = "not together"
    TOO_LONG = "too long"
    LOW_CONFIDENCE = "too little"
    NO_SUCH_ANSWER_TYPE = "no such thing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason for an abstention.

    Attributes:
        code: The kind of reason.
        words: The words of the question that the reason is about, or a title.
        suggestions: Words that the articles contain, for those of `words` that may be misspelt.
        kind: The expected answer type, if no passage contains one.
        days: The days of the question that the library does not cover.
    """

    code: ReasonCode
    words: tuple[str, ...] = ()
    suggestions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    kind: AnswerTypeKind = AnswerTypeKind.ANY
    days: tuple[DayRange, ...] = ()


def explain_unknown_words(query: Query, result: SearchResult) -> Reason | None:
    """Return the words that no article contains, with suggestions; None if every word is known."""
    if not result.unknown_terms:
        return None
    return Reason(
        code=ReasonCode.UNKNOWN_WORDS,
        words=tuple(map(query.get_word, result.unknown_terms)),
        suggestions={query.get_word(term): words for term, words in result.suggestions.items()},
    )


def explain_no_hits(query: Query, result: SearchResult) -> Iterable[Reason]:
    """Yield the reason why nothing was found, unless unknown words are the reason."""
    if query.phrases and not query.excluded_terms:
        phrases = tuple(phrase.text for phrase in query.phrases)
        yield Reason(code=ReasonCode.NO_SUCH_PHRASE, words=phrases)
    elif not result.unknown_terms:
        yield Reason(code=ReasonCode.OUT_OF_BOUNDS)


def explain_too_long(result: SearchResult) -> Reason:
    """Return the reason that every sentence found is too long, with the title of the first hit."""
    return Reason(code=ReasonCode.TOO_LONG, words=(result.hits[0].analysis.article.title,))


def explain_abstention(model: ConfidenceModel, candidates: Sequence[Excerpt]) -> Iterable[Reason]:
    """Yield the reasons why no candidate answers, most important first; at least one."""
    if not model.result.extent.articles:
        yield Reason(code=ReasonCode.NO_ARTICLES)
        return
    if unknown_words := explain_unknown_words(model.query, model.result):
        yield unknown_words
    if days := model.days_outside_library:
        yield Reason(code=ReasonCode.DATES_NOT_COVERED, days=days)
    yield from _explain_shortfall(model, candidates)


def _explain_shortfall(model: ConfidenceModel, candidates: Sequence[Excerpt]) -> Iterable[Reason]:
    """Yield the reasons why the passages found do not answer."""
    if not model.result.hits:
        yield from explain_no_hits(model.query, model.result)
    elif not candidates:
        yield explain_too_long(model.result)
    else:
        yield from _explain_weak_candidates(model, candidates)


def _explain_weak_candidates(
    model: ConfidenceModel, candidates: Sequence[Excerpt]
) -> Iterable[Reason]:
    """Yield the reasons why the excerpts found do not answer."""
    query, unknown_terms = model.query, model.result.unknown_terms
    known_terms = [term for term in model.result.idfs if term not in unknown_terms]
    on_topic = [excerpt for excerpt in candidates if model.is_about(excerpt)]
    is_type_missing = query.answer_type.is_strict and not any(map(model.has_answer_type, on_topic))
    if not on_topic and not _occur_together(model, known_terms):
        yield Reason(code=ReasonCode.NOT_TOGETHER, words=tuple(map(query.get_word, known_terms)))
    elif on_topic and is_type_missing:
        yield Reason(code=ReasonCode.NO_SUCH_ANSWER_TYPE, kind=query.answer_type.kind)
    elif not unknown_terms and not model.days_outside_library:
        yield Reason(code=ReasonCode.LOW_CONFIDENCE)


def _occur_together(model: ConfidenceModel, terms: Sequence[str]) -> bool:
    """Return whether one passage contains all of the terms."""
    return any(
        frozenset(terms)
        <= frozenset().union(*(sentence.terms for sentence in hit.analysis.sentences))
        for hit in model.result.hits
    )
