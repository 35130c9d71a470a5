"""What came into the library, read once for all digests of a moment."""

import math
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.model.arrival import Arrival
from bot.model.article import Article, ArticleId
from bot.retrieval.text.punctuation import STOP_MARKS
from bot.retrieval.text.terms import Analyser

Value = TypeVar("Value")

IdfLookup = Callable[[Iterable[str]], Mapping[str, float]]
"""Gives the weight of each term, as `SearchIndex.idfs` does."""

_OPENING_CHARS = 1_500
"""What an article is about shows within this much of it."""

_NAME_BOOST = 1.5
_TITLE_BOOST = 3.0
"""How many times more a term of a name, and one of the title, tells of what an article is about.

Measured with the likeness from which on articles tell one story: `tests/benchmarks/digest.py`.
"""

_MAX_TERMS = 40
"""The weightiest terms, by which an article is compared."""

_MAX_BODY_RATIO = 3.0
"""How many times the likeness of the bodies that of the whole articles may be, at most.

The many articles of a long affair have titles that are alike, and tell of one day's news all the
same.
"""

_CLAUSE_ENDS = frozenset(f'{STOP_MARKS}:"“”\n')


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ArticleBrief:
    """An article as digests compare it.

    Attributes:
        article: The article.
        title_terms: The terms of its title, in order; those of the first words where it has none.
        body_terms: The terms of its body, in order.
        terms: All of these.
        weights: How much each of its weightiest terms tells of it; of their squares the sum is 1.
        body_weights: The same by the opening of its body alone.
    """

    article: Article
    title_terms: tuple[str, ...]
    body_terms: tuple[str, ...]
    terms: frozenset[str]
    weights: Mapping[str, float]
    body_weights: Mapping[str, float]

    def topic_similarity(self, other: "ArticleBrief") -> float:
        """How much two articles are about the same affair, 0 to 1: the cosine of their weights."""
        return _cosine(self.weights, other.weights)

    def story_similarity(self, other: "ArticleBrief") -> float:
        """How much two articles tell of the same, 0 to 1: their nearness, bounded by the bodies."""
        bodies = _cosine(self.body_weights, other.body_weights)
        return min(self.topic_similarity(other), _MAX_BODY_RATIO * bodies)


def _cosine(weights: Mapping[str, float], others: Mapping[str, float]) -> float:
    return sum(weight * others[term] for term, weight in weights.items() if term in others)


class News:
    """What came in; each article is read when it is first asked for, and then kept."""

    def __init__(self, arrivals: Iterable[Arrival], analyser: Analyser, idfs: IdfLookup) -> None:
        """What came in, to be used by one thread at a time.

        Args:
            arrivals: The articles.
            analyser: Makes the terms.
            idfs: Gives the weight of each term in the library that holds the articles.
        """
        self.arrivals = tuple(arrivals)
        self.analyser = analyser
        self.idfs = idfs
        self._briefs: dict[ArticleId, ArticleBrief] = {}
        self._similarities: dict[tuple[ArticleId, ArticleId], float] = {}
        self._cache: dict[Hashable, Any] = {}

    def get_brief(self, article: Article) -> ArticleBrief:
        """The article, read."""
        brief = self._briefs.get(article.id)
        if brief is None:
            brief = self._briefs[article.id] = build_brief(article, self.analyser, self.idfs)
        return brief

    def story_similarity(self, one: ArticleBrief, other: ArticleBrief) -> float:
        """How much two articles tell of the same, 0 to 1."""
        pair = (min(one.article.id, other.article.id), max(one.article.id, other.article.id))
        similarity = self._similarities.get(pair)
        if similarity is None:
            similarity = self._similarities[pair] = one.story_similarity(other)
        return similarity

    def get_or_build(self, key: Hashable, build: Callable[[], Value]) -> Value:
        """What was made of this kind before; else what is made now, and kept for all digests."""
        if key not in self._cache:
            self._cache[key] = build()
        value: Value = self._cache[key]
        return value


def build_brief(article: Article, analyser: Analyser, idfs: IdfLookup) -> ArticleBrief:
    """The article as digests compare it."""
    opening = article.body[:_OPENING_CHARS]
    title_terms = tuple(analyser.extract_term_texts(article.title))
    body_terms = tuple(analyser.extract_term_texts(article.body))
    counts, name_terms = (
        Counter(analyser.extract_term_texts(opening)),
        find_name_terms(opening, analyser),
    )
    return ArticleBrief(
        article=article,
        title_terms=title_terms,
        body_terms=body_terms,
        terms=frozenset(title_terms).union(body_terms),
        weights=_weigh_terms(counts, frozenset(title_terms), name_terms, idfs),
        body_weights=_weigh_terms(counts, frozenset(), name_terms, idfs),
    )


def find_name_terms(text: str, analyser: Analyser) -> frozenset[str]:
    """The terms that the text writes with a capital within a sentence, more often than without."""
    capitals: Counter[str] = Counter()
    lowercase: Counter[str] = Counter()
    for start, surface, keys in analyser.iter_surfaces(text):
        if surface[0].islower():
            lowercase.update(keys)
        elif surface[0].isupper() and text[:start].rstrip(" ")[-1:] not in {"", *_CLAUSE_ENDS}:
            capitals.update(keys)
    return frozenset(term for term in capitals if capitals[term] > lowercase[term])


def _weigh_terms(
    counts: Mapping[str, int],
    title_terms: frozenset[str],
    name_terms: frozenset[str],
    idfs: IdfLookup,
) -> Mapping[str, float]:
    """The weightiest terms: by their frequency, damped, and their rarity."""
    idf_by_term = idfs(counts.keys() | title_terms)
    weights = {
        term: (1 + math.log(counts.get(term, 1)))
        * idf
        * (_NAME_BOOST if term in name_terms else 1)
        * (_TITLE_BOOST if term in title_terms else 1)
        for term, idf in idf_by_term.items()
    }
    heaviest = sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:_MAX_TERMS]
    norm = math.hypot(*(weight for _, weight in heaviest)) or 1.0
    return {term: weight / norm for term, weight in heaviest}
