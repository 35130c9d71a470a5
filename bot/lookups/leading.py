"""An article in brief: the sentence that it leads with, word for word."""

from collections.abc import Iterator
from itertools import chain

from bot.model.article import Article
from bot.model.span import Span
from bot.retrieval.answering.excerpts import Citation
from bot.retrieval.text.passages import paragraphs, sentences_in

_STOPS = (".", "!", "?", "…")
_CLOSING = "\"'”’)]} "


def leading(article: Article, *, max_chars: int) -> Citation:
    """The first sentence of the article that is short enough to be quoted.

    What only stands before it, a heading or a line with the day and the place, ends in no stop and
    is passed over. Where no sentence is short enough, the first one stands for the article.

    Args:
        article: The article.
        max_chars: The characters of a quote at most.
    """
    spans = _sentences(article.body)
    first = next(spans)
    short: Span | None = None
    for span in chain([first], spans):
        if span.end - span.start <= max_chars:
            short = short or span
            if span.of(article.body).rstrip(_CLOSING).endswith(_STOPS):
                return _cited(article, span)
    return _cited(article, short or first)


def _sentences(body: str) -> Iterator[Span]:
    for paragraph in paragraphs(body):
        yield from sentences_in(body, paragraph)


def _cited(article: Article, span: Span) -> Citation:
    return Citation(article=article, span=span, answering=span, matches=(), score=0.0)
