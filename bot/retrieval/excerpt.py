"""Hit -> Excerpt: the sentences that answer, verbatim, with match spans."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.retrieval.article import Article
from bot.retrieval.corpus import Hit
from bot.retrieval.passage import paragraph_at, paragraphs
from bot.retrieval.reading import Reading, Sentence, support
from bot.retrieval.receipt import receipt_of
from bot.retrieval.span import Span

MAX_SENTENCES = 3
"""The sentences of an excerpt at most, the one that it leans on included."""

_PRICE = 0.1
"""The share of the query's weight that a further sentence must add to be worth reading."""

_KIND = 0.5
_DAY = 0.25


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
        terms: The query's terms that it holds.
        context: The query's terms in the article's title and first sentence.
        support: The share of the query's weight that it holds, 0 to 1.
        holds_kind: Whether one of its sentences holds a thing of the kind that the query wants.
        names_day: Whether one of them names a day of which the query speaks.
        asks: Whether the sentence that answers is itself a question.
    """

    terms: frozenset[str]
    context: frozenset[str]
    support: float
    holds_kind: bool
    names_day: bool
    asks: bool


def excerpt_of(hit: Hit, rarities: Mapping[str, float], *, max_chars: int) -> Excerpt | None:
    """The sentences of the hit that answer best, at most MAX_SENTENCES.

    Sentences that tell are taken before those that ask, then those that hold most of the query and
    a thing of the kind wanted; of equals the shorter, then the earlier. The sentence on which the
    first one leans comes along where it fits.

    Args:
        hit: The passage and what the query finds in it.
        rarities: The weight of each of the query's terms.
        max_chars: The characters of the quote at most.

    Returns:
        None where no sentence of the hit is short enough.
    """
    reading = hit.reading
    windows = [window for window in _windows(reading.sentences) if _fits(window, max_chars)]
    if not windows:
        return None
    best = max(windows, key=lambda window: _worth(window, reading, rarities))
    answering = max(best, key=lambda each: _worth((each,), reading, rarities))
    return _excerpt(_with_leant_on(best, reading, max_chars), answering, hit, rarities)


def _excerpt(
    window: tuple[Sentence, ...],
    answering: Sentence,
    hit: Hit,
    rarities: Mapping[str, float],
) -> Excerpt:
    reading = hit.reading
    terms = _terms(window)
    return Excerpt(
        article=reading.article,
        span=_span(window),
        answering=answering.span,
        terms=terms,
        matches=tuple(match for each in window for match in each.matches),
        context=reading.context,
        support=support(terms, reading.context, rarities),
        holds_kind=any(each.holds_kind for each in window),
        names_day=any(each.names_day for each in window),
        asks=answering.asks,
        score=hit.score,
    )


def _windows(sentences: tuple[Sentence, ...]) -> Iterator[tuple[Sentence, ...]]:
    for count in range(1, MAX_SENTENCES + 1):
        for start in range(len(sentences) - count + 1):
            yield sentences[start : start + count]


def _worth(
    window: tuple[Sentence, ...], reading: Reading, rarities: Mapping[str, float]
) -> tuple[bool, float]:
    value = (
        support(_terms(window), reading.context, rarities)
        + _KIND * any(each.holds_kind and each.terms for each in window)
        + _DAY * any(each.names_day for each in window)
        - _PRICE * (len(window) - 1)
    )
    return not all(each.asks for each in window), value


def _with_leant_on(
    window: tuple[Sentence, ...], reading: Reading, max_chars: int
) -> tuple[Sentence, ...]:
    place = reading.sentences.index(window[0])
    leant_on = reading.sentences[place - 1] if place else reading.before
    if leant_on is None or len(window) == MAX_SENTENCES or not _leans(window, leant_on):
        return window
    longer = (leant_on, *window)
    return longer if _fits(longer, max_chars) else window


def _leans(window: tuple[Sentence, ...], leant_on: Sentence) -> bool:
    """Whether the window can't stand alone, or gains by what its first sentence refers to."""
    return window[0].leans or (window[0].refers and not leant_on.terms <= _terms(window))


def _terms(window: tuple[Sentence, ...]) -> frozenset[str]:
    return frozenset[str]().union(*(each.terms for each in window))


def _span(window: tuple[Sentence, ...]) -> Span:
    return Span(window[0].span.start, window[-1].span.end)


def _fits(window: tuple[Sentence, ...], max_chars: int) -> bool:
    start, end = _span(window)
    return end - start <= max_chars
