"""Relevance feedback: terms that the top passages of a query have in common."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from heapq import nlargest
from operator import itemgetter

from bot.model.article import ArticleId
from bot.retrieval.scoring.passage_analysis import PassageAnalysis

_MAX_PASSAGES = 15
"""The number of top passages that contribute terms."""

_MAX_TERMS = 30
"""The number of terms kept, heaviest first."""

_MAX_CONSIDERED_TERMS = 90
"""The number of most frequent terms whose idf is computed."""

_MIN_ARTICLES = 2
"""The minimum number of articles that use a term; one article alone shares nothing."""

_RANK_DAMPING = 5
"""The passage at rank r, from 0, counts 1 / (_RANK_DAMPING + r)."""


def find_shared_terms(
    analyses: Sequence[PassageAnalysis], query_terms: Iterable[str], idf: Callable[[str], float]
) -> Mapping[str, float]:
    """Return the heaviest terms that the top passages share, as in a relevance model.

    A term's weight is its frequency in the top passages (Lavrenko and Croft 2001, "Relevance-Based
    Language Models"; a passage counts by its rank instead of its likelihood), times its idf. The
    weights add up to 1.

    Args:
        analyses: The passages, best first.
        query_terms: The terms of the query, which are excluded.
        idf: Returns the idf of a term.
    """
    frequencies = _compute_shared_frequencies(analyses[:_MAX_PASSAGES])
    for term in query_terms:
        frequencies.pop(term, None)
    frequent = nlargest(_MAX_CONSIDERED_TERMS, frequencies.items(), key=itemgetter(1))
    weights = {term: frequency * idf(term) for term, frequency in frequent}
    # Equal weights are ordered by term, so that every run keeps the same terms.
    heaviest = sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:_MAX_TERMS]
    total = sum(weight for _, weight in heaviest)
    return {term: weight / total for term, weight in heaviest}


def _compute_shared_frequencies(analyses: Iterable[PassageAnalysis]) -> dict[str, float]:
    """Return the rank-weighted frequency of each term that several articles use."""
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
