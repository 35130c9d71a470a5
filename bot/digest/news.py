"""The arrivals of a period, analysed once for all digests composed at that moment."""

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
"""Returns the idf of each term, like `SearchIndex.idfs`."""

_OPENING_CHARS = 1_500
"""The characters of a body that decide the topic of an article."""

_NAME_BOOST = 1.5
_TITLE_BOOST = 3.0
"""The factors for the weight of a term in a name, and of one in the title.

Chosen together with `MIN_STORY_SIMILARITY` by `tests/benchmarks/digest.py`.
"""

_MAX_TERMS = 40
"""The number of terms with the highest weights by which an article is compared."""

_MAX_BODY_RATIO = 3.0
"""The limit on the similarity of two articles, as a multiple of that of their bodies.

Articles of a long-running affair have similar titles although each reports the news of its own day.
"""

_CLAUSE_ENDS = frozenset(f'{STOP_MARKS}:"“”\n')


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ArticleBrief:
    """An article in the form in which digests compare it.

    Attributes:
        article: The article.
        title_terms: The terms of its title, in order. A derived title gives its first words.
        body_terms: The terms of its body, in order.
        terms: The set of all these terms.
        weights: The weights of its most characteristic terms; the sum of their squares is 1.
        body_weights: The same, computed from the opening of the body alone.
    """

    article: Article
    title_terms: tuple[str, ...]
    body_terms: tuple[str, ...]
    terms: frozenset[str]
    weights: Mapping[str, float]
    body_weights: Mapping[str, float]

    def topic_similarity(self, other: "ArticleBrief") -> float:
        """Return how similar the topics of two articles are, 0 to 1: the cosine of the weights."""
        return _cosine(self.weights, other.weights)

    def story_similarity(self, other: "ArticleBrief") -> float:
        """Return how likely two articles are to report the same story, 0 to 1.

        The cosine of their weights, limited by the similarity of their bodies.
        """
        bodies = _cosine(self.body_weights, other.body_weights)
        return min(self.topic_similarity(other), _MAX_BODY_RATIO * bodies)


def _cosine(weights: Mapping[str, float], others: Mapping[str, float]) -> float:
    return sum(weight * others[term] for term, weight in weights.items() if term in others)


class News:
    """The arrivals of a period; each article is analysed when it is first needed."""

    def __init__(self, arrivals: Iterable[Arrival], analyser: Analyser, idfs: IdfLookup) -> None:
        """Create the collection, to be used by one thread at a time.

        Args:
            arrivals: The arrivals.
            analyser: Extracts the terms.
            idfs: Returns the idf of each term in the library that contains the articles.
        """
        self.arrivals = tuple(arrivals)
        self.analyser = analyser
        self.idfs = idfs
        self._briefs: dict[ArticleId, ArticleBrief] = {}
        self._similarities: dict[tuple[ArticleId, ArticleId], float] = {}
        self._cache: dict[Hashable, Any] = {}

    def get_brief(self, article: Article) -> ArticleBrief:
        """Return the brief of an article, from the cache if it was built before."""
        brief = self._briefs.get(article.id)
        if brief is None:
            brief = self._briefs[article.id] = build_brief(article, self.analyser, self.idfs)
        return brief

    def story_similarity(self, one: ArticleBrief, other: ArticleBrief) -> float:
        """Return the cached `ArticleBrief.story_similarity` of two articles."""
        pair = (min(one.article.id, other.article.id), max(one.article.id, other.article.id))
        similarity = self._similarities.get(pair)
        if similarity is None:
            similarity = self._similarities[pair] = one.story_similarity(other)
        return similarity

    def get_or_build(self, key: Hashable, build: Callable[[], Value]) -> Value:
        """Return the cached value for `key`, or build and cache it for all digests."""
        if key not in self._cache:
            self._cache[key] = build()
        value: Value = self._cache[key]
        return value


def build_brief(article: Article, analyser: Analyser, idfs: IdfLookup) -> ArticleBrief:
    """Return the brief of an article."""
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
    """Return the terms that appear capitalised within a sentence more often than in lower case."""
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
    """Return the weights of the top terms by damped frequency and idf, as a unit vector."""
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
