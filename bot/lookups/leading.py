"""An article in brief: the sentence that it leads with, word for word."""

from itertools import chain

from bot.model.article import Article
from bot.model.span import Span
from bot.retrieval.answering.excerpts import Citation, cite_span
from bot.retrieval.text.passages import iter_sentences
from bot.retrieval.text.statements import ends_in_stop


def find_lead_sentence(article: Article, *, max_chars: int) -> Citation:
    """The first sentence of the article that is short enough to be quoted.

    What only stands before it, a heading or a line with the day and the place, ends in no stop and
    is passed over. Where no sentence is short enough, the first one stands for the article.

    Args:
        article: The article.
        max_chars: The characters of a quote at most.
    """
    spans = iter_sentences(article.body)
    first = next(spans)
    short: Span | None = None
    for span in chain([first], spans):
        if span.end - span.start <= max_chars:
            short = short or span
            if ends_in_stop(span.extract(article.body)):
                return cite_span(article, span)
    return cite_span(article, short or first)
