"""What the first passages of a query tell together: it speaks for a passage that has it, too."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from heapq import nlargest
from operator import itemgetter

from bot.model.article import ArticleId
from bot.retrieval.scoring.passage_analysis import PassageAnalysis

_MAX_PASSAGES = 15
"""The first passages, whose terms count."""

_MAX_TERMS = 30
"""The terms that are kept, the weightiest first."""

_MAX_CONSIDERED_TERMS = 90
"""The most frequent terms, whose rarity is looked up."""

_MIN_ARTICLES = 2
"""What one article says alone is shared with nobody."""

_RANK_DAMPING = 5
"""A passage of rank r counts 1 / (_RANK_DAMPING + r)."""


def find_shared_terms(
    analyses: Sequence[PassageAnalysis], query_terms: Iterable[str], idf: Callable[[str], float]
) -> Mapping[str, float]:
    """The weightiest terms that the first passages share, as a relevance model weighs them.

    By their frequency in passages of high rank (Lavrenko and Croft 2001, "Relevance-Based Language
    Models"; a passage counts by its rank instead of its likelihood), times their rarity. Together
    they weigh 1.

    Args:
        analyses: The passages, the best first.
        query_terms: The query's own terms, which are left out.
        idf: The weight of any term.
    """
    frequencies = _compute_shared_frequencies(analyses[:_MAX_PASSAGES])
    for term in query_terms:
        frequencies.pop(term, None)
    frequent = nlargest(_MAX_CONSIDERED_TERMS, frequencies.items(), key=itemgetter(1))
    weights = {term: frequency * idf(term) for term, frequency in frequent}
    heaviest = sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:_MAX_TERMS]
    total = sum(weight for _, weight in heaviest)
    return {term: weight / total for term, weight in heaviest}


def _compute_shared_frequencies(analyses: Iterable[PassageAnalysis]) -> dict[str, float]:
    """Return the frequency of each term that several articles use, by the ranks of the passages."""
    frequencies: defaultdict[str, float] = defaultdict(float)
    articles: defaultdict[str, set[ArticleId]] = defaultdict(set)
    for rank, analysis in enumerate(analyses):
        terms = [term for sentence in analysis.sentences for term in sentence.term_texts]
        for term in terms:
            frequencies[term] += 1 / len(terms) / (_RANK_DAMPING + rank)
            articles[term].add(analysis.article.id)
    return {
        term: frequency
        for term, frequency in frequencies.items()
        if len(articles[term]) >= _MIN_ARTICLES
    }
