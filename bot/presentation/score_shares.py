"""What an excerpt's score is the sum of, as one sentence and as numbers that add up."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from bot.presentation.bidi import kept_apart
from bot.presentation.blocks import Sum
from bot.presentation.wording import joined
from bot.retrieval.answering.excerpts import Excerpt
from bot.retrieval.question.query import Query

PHRASES: Mapping[str, str] = MappingProxyType(
    {
        "article": "its article speaks of it",
        "asked": "it speaks of what is asked",
        "asks": "it only asks, and tells nothing",
        "associated": "what it names suits the question",
        "covered": "it covers the question",
        "kind": "it has a thing of the kind wanted",
        "names day": "it names a day asked about",
        "opening": "it stands early in its article",
        "published": "it is of those days or soon after",
        "recent days": "it was news at the time",
        "shared": "it tells what others tell too",
        "title": "it takes up its article's title",
    }
)
"""What each feature says of an excerpt."""

_MAX_WORDS = 3
_MAX_PHRASES = 2

Words = Iterable[tuple[str, float]]
"""Words with the share of each."""


def words_of(excerpt: Excerpt, query: Query) -> list[tuple[str, float]]:
    """The words typed that the excerpt's passage holds, with the share of each."""
    return [(query.word_of(term), share) for term, share in excerpt.term_shares.items()]


def why_text(words: Words, features: Mapping[str, float]) -> str:
    """The sentence that tells the largest shares; a feature of another version is not told.

    Args:
        words: At least one.
        features: The share of each feature, by name.
    """
    told = [f"“{kept_apart(word)}”" for word, _ in _largest_first(words)[:_MAX_WORDS]]
    helping = [name for name, share in _largest_first(features.items()) if share > 0]
    phrases = [PHRASES[name] for name in helping if name in PHRASES][:_MAX_PHRASES]
    clauses = [f"its passage holds {joined(told, 'and')}", *phrases]
    return f"It was chosen because {joined(clauses, 'and')}."


def score_sum(words: Words, features: Mapping[str, float]) -> Sum:
    """The words, then the features in their phrases, the largest first, no share of 0."""
    told = [(PHRASES.get(name, name), share) for name, share in features.items() if share]
    return Sum(rows=(*_largest_first(words), *_largest_first(told)), label="score")


def _largest_first(shares: Words) -> list[tuple[str, float]]:
    return sorted(shares, key=lambda each: -each[1])
