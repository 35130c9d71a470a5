"""What the first passages of a query tell together: it speaks for a passage that has it, too."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from heapq import nlargest
from operator import itemgetter

from bot.model.article import ArticleId
from bot.retrieval.scoring.passage_analysis import Reading

_PASSAGES = 15
"""The first passages, whose terms count."""

_TERMS = 30
"""The terms that are kept, the weightiest first."""

_CONSIDERED = 90
"""The most frequent terms, whose rarity is looked up."""

_ARTICLES = 2
"""What one article says alone is shared with nobody."""

_DAMPING = 5
"""A passage of rank r counts 1 / (_DAMPING + r)."""


def shared_terms(
    readings: Sequence[Reading], known: Iterable[str], rarity: Callable[[str], float]
) -> Mapping[str, float]:
    """The weightiest terms that the first passages share, as a relevance model weighs them.

    By their frequency in passages of high rank (Lavrenko and Croft 2001, "Relevance-Based Language
    Models"; a passage counts by its rank instead of its likelihood), times their rarity. Together
    they weigh 1.

    Args:
        readings: The passages, the best first.
        known: The query's own terms, which are left out.
        rarity: The weight of any term.
    """
    frequencies: defaultdict[str, float] = defaultdict(float)
    articles: defaultdict[str, set[ArticleId]] = defaultdict(set)
    for rank, reading in enumerate(readings[:_PASSAGES]):
        keys = [key for sentence in reading.sentences for key in sentence.keys]
        for key in keys:
            frequencies[key] += 1 / len(keys) / (_DAMPING + rank)
            articles[key].add(reading.article.id)
    told = {key: share for key, share in frequencies.items() if len(articles[key]) >= _ARTICLES}
    for term in known:
        told.pop(term, None)
    frequent = nlargest(_CONSIDERED, told.items(), key=itemgetter(1))
    weights = {term: share * rarity(term) for term, share in frequent}
    kept = dict(sorted(weights.items(), key=lambda each: (-each[1], each[0]))[:_TERMS])
    whole = sum(kept.values())
    return {term: weight / whole for term, weight in kept.items()}
