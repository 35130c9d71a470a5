"""The explanation of an excerpt's score: as a sentence, and as numbers that add up."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from bot.presentation.bidi import isolate_bidi
from bot.presentation.blocks import Sum
from bot.presentation.wording import join_parts
from bot.retrieval.answering.excerpts import Excerpt
from bot.retrieval.question.query import Query

FEATURE_PHRASES: Mapping[str, str] = MappingProxyType(
    {
        "article": "is from an article about this",
        "asked": "mentions the question's subject",
        "asks": "only asks a question",
        "associated": "names a likely answer",
        "covered": "covers the words of the question",
        "kind": "has the right type of answer",
        "names day": "names a day from the question",
        "opening": "is near the start of its article",
        "published": "fits the dates in the question",
        "recent days": "was recent when asked",
        "shared": "agrees with other passages",
        "title": "matches the title of its article",
    }
)
"""A phrase for each feature, to follow "its passage" in a sentence."""

_MAX_WORDS = 3
_MAX_PHRASES = 2

WordShares = Iterable[tuple[str, float]]
"""Words with their shares of the score."""


def list_word_shares(excerpt: Excerpt, query: Query) -> list[tuple[str, float]]:
    """Return the entered words that the passage contains, with their shares."""
    return [(query.get_word(term), share) for term, share in excerpt.term_shares.items()]


def explain_choice(words: WordShares, features: Mapping[str, float]) -> str:
    """Return a sentence that names the largest shares.

    A stored answer may have features of another version; those are skipped.

    Args:
        words: The words with their shares; at least one.
        features: The shares of the features by name.
    """
    quoted_words = [f"“{isolate_bidi(word)}”" for word, _ in _sort_by_share(words)[:_MAX_WORDS]]
    # A negative share, such as that of a mere question, spoke against the excerpt.
    helpful_features = [name for name, share in _sort_by_share(features.items()) if share > 0]
    phrases = [FEATURE_PHRASES[name] for name in helpful_features if name in FEATURE_PHRASES][
        :_MAX_PHRASES
    ]
    clauses = [f"contains {join_parts(quoted_words, 'and')}", *phrases]
    return f"This excerpt was chosen because its passage {join_parts(clauses, 'and')}."


def build_score_sum(words: WordShares, features: Mapping[str, float]) -> Sum:
    """Return the shares of the words, then of the features, largest first and without zeros."""
    feature_rows = [
        (FEATURE_PHRASES.get(name, name), share) for name, share in features.items() if share
    ]
    return Sum(rows=(*_sort_by_share(words), *_sort_by_share(feature_rows)), label="score")


def _sort_by_share(shares: WordShares) -> list[tuple[str, float]]:
    return sorted(shares, key=lambda pair: -pair[1])
