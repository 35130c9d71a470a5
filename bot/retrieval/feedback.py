"""What the first passages of a query tell together, before any of them is chosen.

Terms that most of them hold, and names or figures that many articles set beside the terms of the
query, speak for the passage that has them, too.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from heapq import nlargest
from operator import itemgetter

from bot.retrieval.article import ArticleId
from bot.retrieval.reading import Reading, Sentence

_PASSAGES = 15
"""The first passages, whose terms count."""

_TERMS = 30
"""The terms that are kept, the weightiest first."""

_CONSIDERED = 90
"""The most frequent terms, whose rarity is looked up."""

_ARTICLES = 2
"""What one article says alone is agreed upon by nobody."""

_DAMPING = 5
"""A passage of rank r counts 1 / (_DAMPING + r)."""

_REACH = 5
"""How many terms away from a term of the query a name counts half as much as beside it."""

_UNASSOCIATED = 0.15
"""What a name is worth that has nothing to do with the noun asked for; others are worth more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What the first passages tell together.

    Attributes:
        terms: The weights of the terms that they share, beside the query's own; together 1.
        offered: How much each term that may be the answer is agreed upon; the most is 1.
        headlines: How much each of these stands in titles; the most is 1.
    """

    terms: Mapping[str, float]
    offered: Mapping[str, float]
    headlines: Mapping[str, float]

    @classmethod
    def of(
        cls,
        readings: Sequence[Reading],
        rarities: Mapping[str, float],
        *,
        rarity: Callable[[str], float],
        association: Callable[[str], float],
    ) -> "Feedback":
        """The feedback of passages, the best first.

        Args:
            readings: The passages.
            rarities: The weight of each of the query's terms.
            rarity: The weight of any term.
            association: How much a term has to do with the noun asked for.
        """
        agreed = _agreed(readings, rarities)
        return cls(
            terms=_shared(readings[:_PASSAGES], rarities.keys(), rarity),
            offered=_associated(agreed, association),
            headlines=_associated(_in_titles(readings, agreed.keys()), association),
        )


def _associated(
    shares: Mapping[str, float], association: Callable[[str], float]
) -> Mapping[str, float]:
    """The shares with what has to do with the noun asked for raised, and the most made 1."""
    raised = {term: share * (_UNASSOCIATED + association(term)) for term, share in shares.items()}
    most = max(raised.values(), default=0.0) or 1.0
    return {term: share / most for term, share in raised.items()}


def _shared(
    readings: Iterable[Reading], known: Iterable[str], rarity: Callable[[str], float]
) -> Mapping[str, float]:
    """The weightiest terms of the passages, as a relevance model weighs them.

    By their frequency in passages of high rank (Lavrenko and Croft 2001, "Relevance-Based Language
    Models"; a passage counts by its rank instead of its likelihood), times their rarity.
    """
    frequencies: defaultdict[str, float] = defaultdict(float)
    articles: defaultdict[str, set[ArticleId]] = defaultdict(set)
    for rank, reading in enumerate(readings):
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


def _agreed(readings: Sequence[Reading], rarities: Mapping[str, float]) -> Mapping[str, float]:
    """For each term offered, how near the articles set it to the query's terms, all added up."""
    nearest: dict[str, dict[ArticleId, float]] = defaultdict(dict)
    for rank, reading in enumerate(readings):
        for sentence in reading.sentences:
            for term, near in closeness(sentence, rarities).items():
                own = nearest[term]
                share = near / (_DAMPING + rank)
                own[reading.article.id] = max(share, own.get(reading.article.id, 0.0))
    return {
        term: sum(own.values()) if len(own) >= _ARTICLES else 0.0 for term, own in nearest.items()
    }


def _in_titles(readings: Iterable[Reading], offered: AbstractSet[str]) -> Mapping[str, float]:
    """For each term offered, the titles that hold it, each by the rank of its first passage."""
    shares: defaultdict[str, float] = defaultdict(float)
    seen: set[ArticleId] = set()
    for rank, reading in enumerate(readings):
        if reading.article.id not in seen:
            seen.add(reading.article.id)
            for term in reading.title & offered:
                shares[term] += 1 / (_DAMPING + rank)
    return shares


def closeness(sentence: Sentence, rarities: Mapping[str, float]) -> Mapping[str, float]:
    """For each term that the sentence offers as an answer, how near the query's terms stand to it.

    A term of the query adds its weight, half of it from _REACH terms away.
    """
    keys = sentence.keys
    stands = [(place, keys[place]) for place in sentence.stands if keys[place] in rarities]
    near: dict[str, float] = {}
    for place in sentence.offered if stands else ():
        best: dict[str, float] = {}
        for other, key in stands:
            share = rarities[key] / (1 + abs(place - other) / _REACH)
            if share > best.get(key, 0.0):
                best[key] = share
        near[keys[place]] = max(near.get(keys[place], 0.0), sum(best.values()))
    return near
