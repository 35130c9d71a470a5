"""What an article that a digest showed says since it was revised, beside what it said."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.digest.news import News
from bot.model.article import Article
from bot.model.span import Span
from bot.retrieval.answering.excerpts import Citation
from bot.retrieval.text.passages import paragraphs, sentences_in

_LEAST_IN_COMMON = 0.3
"""The share of all their terms that two sentences share where one stands for the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A sentence of an article as it was and as it is.

    Attributes:
        before: What it said; None where the sentence was added.
        after: What it says; None where the sentence was taken out.
    """

    before: Citation | None
    after: Citation | None


def correction_of(
    previous: Article, article: Article, news: News, max_chars: int
) -> Correction | None:
    """The first sentence that was changed, with the one that it became; else one added or gone.

    Args:
        previous: The article as it was.
        article: The article as it is.
        news: What it is of.
        max_chars: The characters of a sentence at most; longer ones are never shown.

    Returns:
        None where no sentence that is short enough differs.
    """
    gone = _only_in(previous, article, max_chars)
    new = _only_in(article, previous, max_chars)
    for before in gone:
        after = max(new, key=lambda each: _in_common(before, each, news), default=None)
        if after and _in_common(before, after, news) >= _LEAST_IN_COMMON:
            return Correction(before=before, after=after)
    if not (gone or new):
        return None
    return Correction(before=next(iter(gone), None), after=next(iter(new), None))


def _only_in(article: Article, other: Article, max_chars: int) -> Sequence[Citation]:
    """The sentences of the one article that the other does not have, in order."""
    known = {_plain(span.of(other.body)) for span in _sentences(other)}
    return [
        Citation(article=article, span=span, answering=span, matches=(), score=0.0)
        for span in _sentences(article)
        if _plain(span.of(article.body)) not in known and span.end - span.start <= max_chars
    ]


def _sentences(article: Article) -> Sequence[Span]:
    body = article.body
    return [span for each in paragraphs(body) for span in sentences_in(body, each)]


def _plain(text: str) -> str:
    return " ".join(text.split())


def _in_common(one: Citation, other: Citation, news: News) -> float:
    """The terms of both, as a share of those of either."""
    terms, others = (frozenset(news.analyser.keys(each.text)) for each in (one, other))
    return len(terms & others) / (len(terms | others) or 1)
