"""What an article that a digest showed says since it was revised, beside what it said."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.digest.news import News
from bot.model.article import Article
from bot.retrieval.answering.excerpts import Citation, cite_span
from bot.retrieval.text.passages import iter_sentences

_MIN_JACCARD = 0.3
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


def find_correction(
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
    removed = _find_sentences_only_in(previous, article, max_chars)
    added = _find_sentences_only_in(article, previous, max_chars)
    for before in removed:
        after = max(added, key=lambda candidate: _jaccard(before, candidate, news), default=None)
        if after and _jaccard(before, after, news) >= _MIN_JACCARD:
            return Correction(before=before, after=after)
    if not (removed or added):
        return None
    return Correction(before=next(iter(removed), None), after=next(iter(added), None))


def _find_sentences_only_in(article: Article, other: Article, max_chars: int) -> Sequence[Citation]:
    """The sentences of the one article that the other does not have, in order."""
    known = {_normalise_space(span.extract(other.body)) for span in iter_sentences(other.body)}
    return [
        cite_span(article, span)
        for span in iter_sentences(article.body)
        if _normalise_space(span.extract(article.body)) not in known
        and span.end - span.start <= max_chars
    ]


def _normalise_space(text: str) -> str:
    return " ".join(text.split())


def _jaccard(one: Citation, other: Citation, news: News) -> float:
    """The terms of both, as a share of those of either."""
    terms, others = (
        frozenset(news.analyser.extract_term_texts(citation.text)) for citation in (one, other)
    )
    return len(terms & others) / (len(terms | others) or 1)
