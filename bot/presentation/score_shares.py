"""What an excerpt's score is the sum of, as one sentence and as numbers that add up."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from bot.presentation.bidi import isolate_bidi
from bot.presentation.blocks import Sum
from bot.presentation.wording import join_parts
from bot.retrieval.answering.excerpts import Excerpt
from bot.retrieval.question.query import Query

FEATURE_PHRASES: Mapping[str, str] = MappingProxyType(
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

WordShares = Iterable[tuple[str, float]]
"""Words with the share of each."""


def list_word_shares(excerpt: Excerpt, query: Query) -> list[tuple[str, float]]:
    """The words typed that the excerpt's passage holds, with the share of each."""
    return [(query.get_word(term), share) for term, share in excerpt.term_shares.items()]


def explain_choice(words: WordShares, features: Mapping[str, float]) -> str:
    """The sentence that tells the largest shares; a feature of another version is not told.

    Args:
        words: At least one.
        features: The share of each feature, by name.
    """
    quoted_words = [f"“{isolate_bidi(word)}”" for word, _ in _sort_by_share(words)[:_MAX_WORDS]]
    helpful_features = [name for name, share in _sort_by_share(features.items()) if share > 0]
    phrases = [FEATURE_PHRASES[name] for name in helpful_features if name in FEATURE_PHRASES][
        :_MAX_PHRASES
    ]
    clauses = [f"its passage holds {join_parts(quoted_words, 'and')}", *phrases]
    return f"It was chosen because {join_parts(clauses, 'and')}."


def build_score_sum(words: WordShares, features: Mapping[str, float]) -> Sum:
    """The words, then the features in their phrases, the largest first, no share of 0."""
    feature_rows = [
        (FEATURE_PHRASES.get(name, name), share) for name, share in features.items() if share
    ]
    return Sum(rows=(*_sort_by_share(words), *_sort_by_share(feature_rows)), label="score")


def _sort_by_share(shares: WordShares) -> list[tuple[str, float]]:
    return sorted(shares, key=lambda pair: -pair[1])
