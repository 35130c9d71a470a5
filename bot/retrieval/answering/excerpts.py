"""Excerpts: the verbatim sentences of a hit that answer, with match spans."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.model.article import Article
from bot.model.span import Span
from bot.retrieval.answering.receipts import make_receipt
from bot.retrieval.scoring.features import MAX_SENTENCES, SentenceWindow
from bot.retrieval.scoring.passage_analysis import PassageAnalysis, Sentence, idf_coverage
from bot.retrieval.scoring.results import Hit
from bot.retrieval.text.passages import find_paragraph_number, split_paragraphs

_ANSWER_TYPE_WEIGHT = 0.5
_DAY_WEIGHT = 0.25
"""The values of an expected answer and of a query day, relative to all query terms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """Whole, contiguous sentences of one article, verbatim.

    Attributes:
        article: The article.
        span: The position of the sentences in the article's body.
        answer_span: The position of the sentence that answers.
        matches: The spans of the query terms in the article's body, in order.
        score: The score of the hit.
    """

    article: Article
    span: Span
    answer_span: Span
    matches: tuple[Span, ...]
    score: float

    @property
    def text(self) -> str:
        """The quote, which is `article.body[span.start:span.end]`."""
        return self.span.extract(self.article.body)

    @property
    def paragraph(self) -> int:
        """The number, from 1, of the paragraph with the sentence that answers."""
        return find_paragraph_number(split_paragraphs(self.article.body), self.answer_span.start)

    @property
    def receipt(self) -> str:
        """The receipt by which the quote can be verified later."""
        return make_receipt(self.article.id, self.span, self.text)


def cite_span(article: Article, span: Span) -> Citation:
    """Return a citation of sentences that no query found, without matches and score."""
    return Citation(article=article, span=span, answer_span=span, matches=(), score=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt(Citation):
    """A citation with the reasons why it may answer.

    Attributes:
        passage: The span of the hit's passage in the article's body.
        term_shares: The share of the score of each query term that the passage contains.
        feature_shares: The share of the score of each feature, by name.
        feature_values: The value of each feature, by name.
        terms: The query terms that the excerpt contains.
        context_terms: The query terms in the article's title and opening.
        has_answer_type: Whether one of its sentences contains the expected answer type.
        names_day: Whether one of its sentences names a day of the query.
        is_question: Whether all sentences of its window are questions.
    """

    passage: Span
    term_shares: Mapping[str, float]
    feature_shares: Mapping[str, float]
    feature_values: Mapping[str, float]
    terms: frozenset[str]
    context_terms: frozenset[str]
    has_answer_type: bool
    names_day: bool
    is_question: bool


def extract_excerpt(hit: Hit, idfs: Mapping[str, float], *, max_chars: int) -> Excerpt | None:
    """Return the best sentences of the hit, after the sentence that they refer to if it fits.

    Args:
        hit: The hit.
        idfs: The idf of each query term.
        max_chars: The maximum length of the quote in characters.

    Returns:
        None if every sentence of the hit is too long.
    """
    if hit.window is None:
        return None
    sentences = _add_antecedent(hit.window, hit.analysis, max_chars)
    answer_sentence = max(
        hit.window.sentences,
        key=lambda sentence: _build_sentence_sort_key(
            sentence, _combine_terms(sentence, sentences), idfs
        ),
    )
    return _build_excerpt(
        hit,
        sentences,
        answer_span=answer_sentence.span,
        is_question=all(sentence.is_question for sentence in hit.window.sentences),
    )


def _build_excerpt(
    hit: Hit, sentences: Sequence[Sentence], *, answer_span: Span, is_question: bool
) -> Excerpt:
    return Excerpt(
        article=hit.analysis.article,
        span=Span(sentences[0].span.start, sentences[-1].span.end),
        answer_span=answer_span,
        matches=tuple(match for sentence in sentences for match in sentence.matches),
        score=hit.score,
        passage=hit.analysis.passage,
        term_shares=hit.term_shares,
        feature_shares=hit.feature_shares,
        feature_values=hit.feature_values,
        terms=frozenset[str]().union(*(sentence.terms for sentence in sentences)),
        context_terms=hit.analysis.context_terms,
        has_answer_type=any(sentence.has_answer_type for sentence in sentences),
        names_day=any(sentence.names_day for sentence in sentences),
        is_question=is_question,
    )


def _combine_terms(answer_sentence: Sentence, sentences: tuple[Sentence, ...]) -> frozenset[str]:
    position = sentences.index(answer_sentence)
    uses_previous = position > 0 and (
        answer_sentence.opens_with_back_reference or answer_sentence.has_back_reference
    )
    return (
        answer_sentence.terms | sentences[position - 1].terms
        if uses_previous
        else answer_sentence.terms
    )


def _build_sentence_sort_key(
    sentence: Sentence, terms: frozenset[str], idfs: Mapping[str, float]
) -> tuple[bool, float]:
    value = (
        idf_coverage(terms, idfs)
        # A name or number beside no query term answers something else.
        + _ANSWER_TYPE_WEIGHT * (sentence.has_answer_type and bool(sentence.terms))
        + _DAY_WEIGHT * sentence.names_day
    )
    return not sentence.is_question, value


def _add_antecedent(
    window: SentenceWindow, analysis: PassageAnalysis, max_chars: int
) -> tuple[Sentence, ...]:
    first, sentences = window.sentences[0], window.sentences
    position = analysis.sentences.index(first)
    antecedent = analysis.sentences[position - 1] if position else analysis.previous_sentence
    if (
        antecedent is None
        or len(sentences) == MAX_SENTENCES
        or not _needs_antecedent(window, antecedent)
    ):
        return sentences
    fits = sentences[-1].span.end - antecedent.span.start <= max_chars
    return (antecedent, *sentences) if fits else sentences


def _needs_antecedent(window: SentenceWindow, antecedent: Sentence) -> bool:
    """Return whether the window can't stand alone, or gains terms from the sentence before it."""
    first = window.sentences[0]
    return first.opens_with_back_reference or (
        first.has_back_reference and not antecedent.terms <= window.terms
    )
