"""Corrections: a sentence of an article before and after it was revised."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.digest.news import News
from bot.model.article import Article
from bot.retrieval.answering.excerpts import Citation, cite_span
from bot.retrieval.text.passages import get_sentences

_MIN_JACCARD = 0.3
"""The lowest Jaccard index of two sentences at which one counts as the other's replacement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A sentence that was changed, added or removed in a revision.

    Attributes:
        before: The old sentence; None if it was added.
        after: The new sentence; None if it was removed.
    """

    before: Citation | None
    after: Citation | None


def find_correction(
    previous: Article, article: Article, news: News, max_chars: int
) -> Correction | None:
    """Return the first changed sentence with its replacement, or else one added or removed.

    Args:
        previous: The article before the revision.
        article: The article now.
        news: Provides the analyser that compares sentences.
        max_chars: The maximum length of a sentence, in characters; longer ones are ignored.

    Returns:
        None if no sentence within the limit differs.
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
    """Return the sentences of an article that the other does not have, in order."""
    # A sentence that only moved, or whose line breaks changed, is not a correction.
    known = {_normalise_space(span.extract(other.body)) for span in get_sentences(other)}
    return [
        cite_span(article, span)
        for span in get_sentences(article)
        if _normalise_space(span.extract(article.body)) not in known
        and span.end - span.start <= max_chars
    ]


def _normalise_space(text: str) -> str:
    return " ".join(text.split())


def _jaccard(one: Citation, other: Citation, news: News) -> float:
    """Return the Jaccard index of the terms of two citations."""
    terms, others = (
        frozenset(news.analyser.extract_term_texts(citation.text)) for citation in (one, other)
    )
    return len(terms & others) / (len(terms | others) or 1)
