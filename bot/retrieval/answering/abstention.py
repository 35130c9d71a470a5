"""Why the articles do not answer a question."""

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
    """Why the articles do not answer."""

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
        code: What is missing.
        words: The words typed that it speaks of.
        suggestions: For those of them that may be misspelt, words that the articles hold.
        kind: The kind of answer that was wanted, where that is missing.
        days: The days of the question that lie outside.
    """

    code: ReasonCode
    words: tuple[str, ...] = ()
    suggestions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    kind: AnswerTypeKind = AnswerTypeKind.ANY
    days: tuple[DayRange, ...] = ()


def explain_unknown_words(query: Query, result: SearchResult) -> Reason | None:
    """The words that no article holds, with those that may be meant; None where there are none."""
    if not result.unknown_terms:
        return None
    return Reason(
        code=ReasonCode.UNKNOWN_WORDS,
        words=tuple(map(query.get_word, result.unknown_terms)),
        suggestions={query.get_word(term): words for term, words in result.suggestions.items()},
    )


def explain_no_hits(query: Query, result: SearchResult) -> Iterable[Reason]:
    """Return why nothing was found, unless unknown words are the reason."""
    if query.phrases and not query.excluded_terms:
        phrases = tuple(phrase.text for phrase in query.phrases)
        yield Reason(code=ReasonCode.NO_SUCH_PHRASE, words=phrases)
    elif not result.unknown_terms:
        yield Reason(code=ReasonCode.OUT_OF_BOUNDS)


def explain_too_long(result: SearchResult) -> Reason:
    """Return that no sentence of what was found is short enough, with the first article's title."""
    return Reason(code=ReasonCode.TOO_LONG, words=(result.hits[0].analysis.article.title,))


def explain_abstention(model: ConfidenceModel, candidates: Sequence[Excerpt]) -> Iterable[Reason]:
    """Why none of the candidates answers, the weightiest reason first; at least one."""
    if not model.result.extent.articles:
        yield Reason(code=ReasonCode.NO_ARTICLES)
        return
    if unknown_words := explain_unknown_words(model.query, model.result):
        yield unknown_words
    if days := model.days_outside_library:
        yield Reason(code=ReasonCode.DATES_NOT_COVERED, days=days)
    yield from _explain_shortfall(model, candidates)


def _explain_shortfall(model: ConfidenceModel, candidates: Sequence[Excerpt]) -> Iterable[Reason]:
    """What the passages found do not come to."""
    if not model.result.hits:
        yield from explain_no_hits(model.query, model.result)
    elif not candidates:
        yield explain_too_long(model.result)
    else:
        yield from _explain_weak_candidates(model, candidates)


def _explain_weak_candidates(
    model: ConfidenceModel, candidates: Sequence[Excerpt]
) -> Iterable[Reason]:
    """Return why excerpts that were found do not answer."""
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
    """Whether a passage holds all of the terms."""
    return any(
        frozenset(terms)
        <= frozenset().union(*(sentence.terms for sentence in hit.analysis.sentences))
        for hit in model.result.hits
    )
