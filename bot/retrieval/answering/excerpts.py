"""Hit -> Excerpt: the sentences that answer, verbatim, with match spans."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.model.article import Article
from bot.model.span import Span
from bot.retrieval.answering.receipts import receipt_of
from bot.retrieval.scoring.features import MAX_SENTENCES, Window
from bot.retrieval.scoring.passage_analysis import Reading, Sentence, support
from bot.retrieval.scoring.results import Hit
from bot.retrieval.text.passages import paragraph_at, paragraphs

_KIND = 0.5
_DAY = 0.25
"""What a thing of the kind wanted, and a day of the question, are worth beside the query's terms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """Whole sentences of one article, contiguous, as they stand in its body: what is shown.

    Attributes:
        article: Where they stand.
        span: Their place in the article's body.
        answering: The place of the sentence that answers.
        matches: Where the query's terms stand in the article's body, in order.
        score: The hit's score.
    """

    article: Article
    span: Span
    answering: Span
    matches: tuple[Span, ...]
    score: float

    @property
    def text(self) -> str:
        """The quote: `article.body[span.start:span.end]`."""
        return self.span.of(self.article.body)

    @property
    def paragraph(self) -> int:
        """The number, from 1, of the paragraph of the sentence that answers."""
        return paragraph_at(paragraphs(self.article.body), self.answering.start)

    @property
    def receipt(self) -> str:
        """What verifies the quote later."""
        return receipt_of(self.article.id, self.span, self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt(Citation):
    """A citation with what speaks for it as an answer.

    Attributes:
        passage: The place of the hit's passage in the article's body.
        term_shares: The share of the score of each of the query's terms that the passage holds.
        feature_shares: The share of each feature, by name.
        values: The features' values, by name.
        terms: The query's terms that it holds.
        context: The query's terms in the article's title and opening.
        holds_kind: Whether one of its sentences holds a thing of the kind that the query wants.
        names_day: Whether one of them names a day of which the query speaks.
        asks: Whether all its sentences are questions themselves.
    """

    passage: Span
    term_shares: Mapping[str, float]
    feature_shares: Mapping[str, float]
    values: Mapping[str, float]
    terms: frozenset[str]
    context: frozenset[str]
    holds_kind: bool
    names_day: bool
    asks: bool


def excerpt_of(hit: Hit, rarities: Mapping[str, float], *, max_chars: int) -> Excerpt | None:
    """The best sentences of the hit, and the one on which the first of them leans, where it fits.

    Args:
        hit: The passage and what the query finds in it.
        rarities: The weight of each of the query's terms.
        max_chars: The characters of the quote at most.

    Returns:
        None where no sentence of the hit is short enough.
    """
    if hit.window is None:
        return None
    reading = hit.reading
    shown = _with_leant_on(hit.window, reading, max_chars)
    answering = max(
        hit.window.sentences, key=lambda each: _worth(each, _together(each, shown), rarities)
    )
    terms = frozenset[str]().union(*(each.terms for each in shown))
    return Excerpt(
        article=reading.article,
        span=Span(shown[0].span.start, shown[-1].span.end),
        answering=answering.span,
        passage=reading.passage,
        term_shares=hit.term_shares,
        feature_shares=hit.shares,
        values=hit.values,
        terms=terms,
        matches=tuple(match for each in shown for match in each.matches),
        context=reading.context,
        holds_kind=any(each.holds_kind for each in shown),
        names_day=any(each.names_day for each in shown),
        asks=all(each.asks for each in hit.window.sentences),
        score=hit.score,
    )


def _together(answering: Sentence, shown: tuple[Sentence, ...]) -> frozenset[str]:
    place = shown.index(answering)
    leans = place > 0 and (answering.leans or answering.refers)
    return answering.terms | shown[place - 1].terms if leans else answering.terms


def _worth(
    sentence: Sentence, terms: frozenset[str], rarities: Mapping[str, float]
) -> tuple[bool, float]:
    value = (
        support(terms, rarities)
        + _KIND * (sentence.holds_kind and bool(sentence.terms))
        + _DAY * sentence.names_day
    )
    return not sentence.asks, value


def _with_leant_on(window: Window, reading: Reading, max_chars: int) -> tuple[Sentence, ...]:
    first, sentences = window.sentences[0], window.sentences
    place = reading.sentences.index(first)
    leant_on = reading.sentences[place - 1] if place else reading.before
    if leant_on is None or len(sentences) == MAX_SENTENCES or not _leans(window, leant_on):
        return sentences
    fits = sentences[-1].span.end - leant_on.span.start <= max_chars
    return (leant_on, *sentences) if fits else sentences


def _leans(window: Window, leant_on: Sentence) -> bool:
    """Whether the window can't stand alone, or gains by what its first sentence refers to."""
    first = window.sentences[0]
    return first.leans or (first.refers and not leant_on.terms <= window.terms)
