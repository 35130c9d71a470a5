"""The lead sentence of an article, verbatim."""

from bot.model.article import Article
from bot.model.span import Span
from bot.retrieval.answering.excerpts import Citation, cite_span
from bot.retrieval.text.passages import get_sentences
from bot.retrieval.text.statements import ends_in_stop


def find_lead_sentence(article: Article, *, max_chars: int) -> Citation:
    """Return the first complete sentence of the article that is short enough to be quoted.

    Headings and lines with place and date do not end like a sentence and are skipped. If no
    sentence is complete, the first short one is returned; if none is short enough, the first one.

    Args:
        article: The article.
        max_chars: The maximum length of a quote in characters.
    """
    spans = get_sentences(article)
    first = spans[0]
    short: Span | None = None
    for span in spans:
        if span.end - span.start <= max_chars:
            short = short or span
            if ends_in_stop(span.extract(article.body)):
                return cite_span(article, span)
    return cite_span(article, short or first)
