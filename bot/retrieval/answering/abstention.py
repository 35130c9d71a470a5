"""Why the articles do not answer a question."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bot.model.day_range import DayRange
from bot.retrieval.answering.confidence import ConfidenceModel
from bot.retrieval.answering.excerpts import Excerpt
from bot.retrieval.question.answer_kinds import AnswerTypeKind


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


def explain_unknown_words(model: ConfidenceModel) -> Reason | None:
    """The words that no article holds, with those that may be meant; None where there are none."""
    get_word = model.query.get_word
    if not model.result.unknown_terms:
        return None
    return Reason(
        code=ReasonCode.UNKNOWN_WORDS,
        words=tuple(map(get_word, model.result.unknown_terms)),
        suggestions={get_word(term): words for term, words in model.result.suggestions.items()},
    )


def explain_abstention(model: ConfidenceModel, candidates: Sequence[Excerpt]) -> Iterable[Reason]:
    """Why none of the candidates answers, the weightiest reason first; at least one."""
    unknown_reason = explain_unknown_words(model)
    days = model.days_outside_library
    if not model.result.extent.articles:
        yield Reason(code=ReasonCode.NO_ARTICLES)
        return
    if unknown_reason:
        yield unknown_reason
    if days:
        yield Reason(code=ReasonCode.DATES_NOT_COVERED, days=days)
    yield from _explain_shortfall(model, candidates)


def _explain_shortfall(model: ConfidenceModel, candidates: Sequence[Excerpt]) -> Iterable[Reason]:
    """What the passages found do not come to."""
    on_topic = [excerpt for excerpt in candidates if model.is_about(excerpt)]
    known_terms = [term for term in model.result.idfs if term not in model.result.unknown_terms]
    if not model.result.hits:
        yield from _explain_no_hits(model)
    elif not candidates:
        titles = (model.result.hits[0].analysis.article.title,)
        yield Reason(code=ReasonCode.TOO_LONG, words=titles)
    elif not on_topic and not _occur_together(model, known_terms):
        yield Reason(
            code=ReasonCode.NOT_TOGETHER, words=tuple(map(model.query.get_word, known_terms))
        )
    elif (
        on_topic
        and model.query.answer_type.is_strict
        and not any(map(model.has_answer_type, on_topic))
    ):
        yield Reason(code=ReasonCode.NO_SUCH_ANSWER_TYPE, kind=model.query.answer_type.kind)
    elif not model.result.unknown_terms and not model.days_outside_library:
        yield Reason(code=ReasonCode.LOW_CONFIDENCE)


def _explain_no_hits(model: ConfidenceModel) -> Iterable[Reason]:
    if model.query.phrases and not model.query.excluded_terms:
        phrases = tuple(phrase.text for phrase in model.query.phrases)
        yield Reason(code=ReasonCode.NO_SUCH_PHRASE, words=phrases)
    elif not model.result.unknown_terms:
        yield Reason(code=ReasonCode.OUT_OF_BOUNDS)


def _occur_together(model: ConfidenceModel, terms: Sequence[str]) -> bool:
    """Whether a passage holds all of the terms."""
    return any(
        frozenset(terms)
        <= frozenset().union(*(sentence.terms for sentence in hit.analysis.sentences))
        for hit in model.result.hits
    )
