"""What came into the library, read once for all digests of a moment."""

import math
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.model.arrival import Arrival
from bot.model.article import Article, ArticleId
from bot.retrieval.text.terms import Analyser

Made = TypeVar("Made")

Rarities = Callable[[Iterable[str]], Mapping[str, float]]
"""Gives the weight of each term, as `Corpus.rarities` does."""

_OPENING_CHARS = 1_500
"""What an article is about shows within this much of it."""

_OF_NAME = 1.5
_OF_TITLE = 3.0
"""How many times more a term of a name, and one of the title, tells of what an article is about.

Measured with the likeness from which on articles tell one story: `tests/benchmarks/digest.py`.
"""

_MOST_TERMS = 40
"""The weightiest terms, by which an article is compared."""

_OF_BODY = 3.0
"""How many times the likeness of the bodies that of the whole articles may be, at most.

The many articles of a long affair have titles that are alike, and tell of one day's news all the
same.
"""

_ENDS_SENTENCE = frozenset('.!?…:"“”\n')


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Brief:
    """An article as digests compare it.

    Attributes:
        article: The article.
        title: The terms of its title, in order; those of the first words where it has none.
        body: The terms of its body, in order.
        terms: All of these.
        weights: How much each of its weightiest terms tells of it; of their squares the sum is 1.
        body_weights: The same by the opening of its body alone.
    """

    article: Article
    title: tuple[str, ...]
    body: tuple[str, ...]
    terms: frozenset[str]
    weights: Mapping[str, float]
    body_weights: Mapping[str, float]

    def nearness(self, other: "Brief") -> float:
        """How much two articles are about the same affair, 0 to 1: the cosine of their weights."""
        return _cosine(self.weights, other.weights)

    def likeness(self, other: "Brief") -> float:
        """How much two articles tell of the same, 0 to 1: their nearness, bounded by the bodies."""
        bodies = _cosine(self.body_weights, other.body_weights)
        return min(self.nearness(other), _OF_BODY * bodies)


def _cosine(weights: Mapping[str, float], others: Mapping[str, float]) -> float:
    return sum(weight * others[term] for term, weight in weights.items() if term in others)


class News:
    """What came in; each article is read when it is first asked for, and then kept."""

    def __init__(self, arrivals: Iterable[Arrival], analyser: Analyser, rarities: Rarities) -> None:
        """What came in, to be used by one thread at a time.

        Args:
            arrivals: The articles.
            analyser: Makes the terms.
            rarities: Gives the weight of each term in the library that holds the articles.
        """
        self.arrivals = tuple(arrivals)
        self.analyser = analyser
        self.rarities = rarities
        self._briefs: dict[ArticleId, Brief] = {}
        self._likenesses: dict[tuple[ArticleId, ArticleId], float] = {}
        self._kept: dict[Hashable, Any] = {}

    def brief(self, article: Article) -> Brief:
        """The article, read."""
        known = self._briefs.get(article.id)
        if known is None:
            known = self._briefs[article.id] = brief_of(article, self.analyser, self.rarities)
        return known

    def likeness(self, one: Brief, other: Brief) -> float:
        """How much two articles tell of the same, 0 to 1."""
        pair = (min(one.article.id, other.article.id), max(one.article.id, other.article.id))
        known = self._likenesses.get(pair)
        if known is None:
            known = self._likenesses[pair] = one.likeness(other)
        return known

    def kept(self, kind: Hashable, made: Callable[[], Made]) -> Made:
        """What was made of this kind before; else what is made now, and kept for all digests."""
        if kind not in self._kept:
            self._kept[kind] = made()
        known: Made = self._kept[kind]
        return known


def brief_of(article: Article, analyser: Analyser, rarities: Rarities) -> Brief:
    """The article as digests compare it."""
    opening = article.body[:_OPENING_CHARS]
    title = tuple(analyser.keys(article.title))
    body = tuple(analyser.keys(article.body))
    counts, named = Counter(analyser.keys(opening)), names(opening, analyser)
    return Brief(
        article=article,
        title=title,
        body=body,
        terms=frozenset(title).union(body),
        weights=_weights(counts, frozenset(title), named, rarities),
        body_weights=_weights(counts, frozenset(), named, rarities),
    )


def names(text: str, analyser: Analyser) -> frozenset[str]:
    """The terms that the text writes with a capital within a sentence, more often than without."""
    capitals: Counter[str] = Counter()
    small: Counter[str] = Counter()
    for start, surface, keys in analyser.surfaces(text):
        if surface[0].islower():
            small.update(keys)
        elif surface[0].isupper() and text[:start].rstrip(" ")[-1:] not in {"", *_ENDS_SENTENCE}:
            capitals.update(keys)
    return frozenset(term for term in capitals if capitals[term] > small[term])


def _weights(
    counts: Mapping[str, int], title: frozenset[str], named: frozenset[str], rarities: Rarities
) -> Mapping[str, float]:
    """The weightiest terms: by their frequency, damped, and their rarity."""
    rarity = rarities(counts.keys() | title)
    weights = {
        term: (1 + math.log(counts.get(term, 1)))
        * weight
        * (_OF_NAME if term in named else 1)
        * (_OF_TITLE if term in title else 1)
        for term, weight in rarity.items()
    }
    kept = sorted(weights.items(), key=lambda each: (-each[1], each[0]))[:_MOST_TERMS]
    length = math.hypot(*(weight for _, weight in kept)) or 1.0
    return {term: weight / length for term, weight in kept}
