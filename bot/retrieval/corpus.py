"""An immutable set of passages with its ranking: what a search runs on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.retrieval import features
from bot.retrieval.article import Article, ArticleId
from bot.retrieval.articles import UNDATED, Articles
from bot.retrieval.passage import passages
from bot.retrieval.postings import Postings
from bot.retrieval.query import Query
from bot.retrieval.ranking import Ranking
from bot.retrieval.reading import Reader, Reading
from bot.retrieval.span import Span
from bot.retrieval.terms import Analyser

MAX_HITS = 30
"""The hits that a search gives at most."""

_CANDIDATES = 100
"""The passages, best by BM25, whose features are computed."""

K1 = 1.2
B = 0.75
"""The parameters of BM25: how much repetition and length count, explained in `ranking`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What is searched; None leaves a side open.

    Attributes:
        after: The first day of publication, itself included.
        before: The last day of publication, itself included.
        source: The source, whatever its capitals.
    """

    after: date | None = None
    before: date | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How much there is: `first_date` and `last_date` are None where nothing is dated."""

    articles: int
    passages: int
    first_date: date | None
    last_date: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A passage with its score for one query.

    Attributes:
        reading: The passage, its article, and what the query finds in it.
        bm25: Its BM25 share of the score.
        shares: The features' shares, by name.
    """

    reading: Reading
    bm25: float
    shares: Mapping[str, float]

    @property
    def score(self) -> float:
        """The sum of all shares, comparable only within one query and corpus."""
        return self.bm25 + sum(self.shares.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search gives.

    Attributes:
        hits: The best first, at most MAX_HITS; equal scores newest first, then by article id.
        total: How many passages within the bounds hold a term of the query, none excluded, and all
            terms of its phrases.
        rarities: The weight of each of the query's terms; joined forms of hyphenated words have none.
        unknown: The query's terms that no visible article holds, in the order typed.
        extent: How much there is, within the bounds or not.
    """

    hits: tuple[Hit, ...]
    total: int
    rarities: Mapping[str, float]
    unknown: tuple[str, ...]
    extent: Extent


class Corpus:
    """Made by `Corpus.of(...)`; a changed library makes a new one with `changed`."""

    def __init__(
        self,
        *,
        analyser: Analyser,
        articles: Articles,
        passages: NDArray[np.int32],
        ranking: Ranking,
    ) -> None:
        """A corpus of parts that belong together.

        Args:
            analyser: Made the terms of the ranking.
            articles: The articles.
            passages: A row a passage: the article's place, start and end in its body.
            ranking: The passages' ranking, in the same order.
        """
        self.analyser = analyser
        self.articles = articles
        self._passages = passages
        self._ranking = ranking

    @classmethod
    def of(cls, articles: Iterable[Article], analyser: Analyser) -> "Corpus":
        """The corpus of these articles."""
        nothing = cls(
            analyser=analyser,
            articles=Articles.of(()),
            passages=np.empty((0, 3), np.int32),
            ranking=Ranking((), k1=K1, b=B),
        )
        return nothing.changed(removed=frozenset(), added=articles)

    def changed(self, *, removed: AbstractSet[ArticleId], added: Iterable[Article]) -> "Corpus":
        """This corpus without the articles `removed`, then with those `added`; its own stays."""
        keep = np.array([each not in removed for each in self.articles.ids], dtype=np.bool_)
        listed = list(added)
        spans = [passages(article.body) for article in listed]
        stays = keep[self._passages[:, 0]]
        kept = self._passages[stays]
        kept[:, 0] = (np.cumsum(keep) - 1)[kept[:, 0]]
        return Corpus(
            analyser=self.analyser,
            articles=self.articles.changed(keep, Articles.of(listed)),
            passages=np.append(kept, _rows(spans, first=int(keep.sum())), axis=0),
            ranking=self._ranking.changed(stays, self._terms_of(listed, spans)),
        )

    def _terms_of(
        self, articles: Sequence[Article], spans: Sequence[Sequence[Span]]
    ) -> Iterator[list[str]]:
        """The terms of each passage."""
        for article, own in zip(articles, spans, strict=True):
            for span in own:
                yield self.analyser.keys(span.of(article.body))

    def search(self, query: Query, *, bounds: Bounds, until: date | None, steer_days: int) -> Found:
        """The passages that answer `query` best; only those that hold a term of it.

        Args:
            query: What is searched for.
            bounds: Which articles are searched.
            until: The last day that is visible; None where all are.
            steer_days: For how many days after a date of the query articles are preferred.
        """
        visible = self._published(None, until)
        numbers, shares = self._ranking.matching(query.terms)
        allowed = (visible & self._allowed(bounds))[self._passages[numbers, 0]]
        allowed &= self._as_worded(numbers, query)
        numbers, shares = numbers[allowed], shares[allowed]
        rarities = {
            term: self._ranking.rarity(term) for term in query.terms if term not in query.joined
        }
        # How many of these hold the phrases side by side shows only when they are read.
        best = self._best(numbers, shares, len(numbers) if query.phrases else _CANDIDATES)
        hits = self._hits(query, numbers[best], shares[best], rarities, steer_days)
        return Found(
            hits=tuple(sorted(islice(hits, _CANDIDATES), key=_order)[:MAX_HITS]),
            total=len(numbers),
            rarities=rarities,
            unknown=tuple(term for term in rarities if not self._is_held(term, visible)),
            extent=self._extent(visible),
        )

    def _is_held(self, term: str, visible: NDArray[np.bool_]) -> bool:
        passages, _ = self._ranking.postings.of(term)
        return bool(visible[self._passages[passages, 0]].any())

    def _published(self, first: date | None, last: date | None) -> NDArray[np.bool_]:
        """For each article whether it was published on a day from `first` to `last`."""
        earliest = first.toordinal() if first else UNDATED
        latest = last.toordinal() if last else date.max.toordinal()
        return (self.articles.days >= earliest) & (self.articles.days <= latest)

    def _allowed(self, bounds: Bounds) -> NDArray[np.bool_]:
        allowed = self._published(bounds.after, bounds.before)
        if bounds.source is not None:
            wanted = bounds.source.strip().casefold()
            same = [source.casefold() == wanted for source in self.articles.sources]
            allowed &= np.array(same, dtype=np.bool_)[self.articles.source_numbers]
        return allowed

    def _as_worded(self, numbers: NDArray[np.intp], query: Query) -> NDArray[np.bool_]:
        """For each passage whether it holds no excluded term and all terms of each phrase."""
        fits = ~np.isin(numbers, self._ranking.matching(tuple(query.excluded))[0])
        for term in {term for phrase in query.phrases for term in phrase.terms}:
            fits &= np.isin(numbers, self._ranking.matching((term,))[0])
        return fits

    def _best(
        self, numbers: NDArray[np.intp], shares: NDArray[np.float64], most: int
    ) -> NDArray[np.intp]:
        """Where the best stand among `numbers`, at most so many: by share, then as `_order` does."""
        places = np.arange(len(shares))
        if len(shares) > most:
            least = np.partition(shares, -most)[-most]
            places = np.flatnonzero(shares >= least)
        articles = self._passages[numbers[places], 0]
        ids = np.array([self.articles.ids[article] for article in articles], dtype=np.str_)
        return places[np.lexsort((ids, -self.articles.days[articles], -shares[places]))][:most]

    def _hits(
        self,
        query: Query,
        numbers: NDArray[np.intp],
        shares: NDArray[np.float64],
        rarities: Mapping[str, float],
        steer_days: int,
    ) -> Iterator[Hit]:
        """The hits among these passages, each read only when it is asked for."""
        reader = Reader(query, self.analyser)
        article_at = cache(self.articles.__getitem__)
        for number, share in zip(numbers, shares, strict=True):
            article, passage = article_at(self._passages[number, 0]), self._span(number)
            if self._holds_phrases(passage.of(article.body), query):
                reading = reader.read(article, passage, self._span_before(number))
                view = features.View(
                    query=query, reading=reading, rarities=rarities, steer_days=steer_days
                )
                yield Hit(reading=reading, bm25=float(share), shares=features.shares(view))

    def _span(self, number: np.intp) -> Span:
        _, start, end = self._passages[number].tolist()
        return Span(start, end)

    def _span_before(self, number: np.intp) -> Span | None:
        """The passage before this one in the same article."""
        is_first = number == 0 or self._passages[number - 1, 0] != self._passages[number, 0]
        return None if is_first else self._span(number - 1)

    def _holds_phrases(self, text: str, query: Query) -> bool:
        keys = self.analyser.keys(text) if query.phrases else ()
        return all(phrase.stands_in(keys) for phrase in query.phrases)

    def _extent(self, visible: NDArray[np.bool_]) -> Extent:
        dated = self.articles.days[visible & (self.articles.days != UNDATED)]
        return Extent(
            articles=int(visible.sum()),
            passages=int(visible[self._passages[:, 0]].sum()),
            first_date=date.fromordinal(int(dated.min())) if len(dated) else None,
            last_date=date.fromordinal(int(dated.max())) if len(dated) else None,
        )

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The corpus as plain arrays, to be saved; `from_arrays` takes them back."""
        return {**self.articles.arrays(), "rows": self._passages, **self._ranking.postings.arrays()}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], analyser: Analyser) -> "Corpus":
        """The corpus whose `arrays` these are, made with the same analyser."""
        return cls(
            analyser=analyser,
            articles=Articles.from_arrays(arrays),
            passages=arrays["rows"],
            ranking=Ranking(Postings.from_arrays(arrays), k1=K1, b=B),
        )


def _rows(spans: Iterable[Iterable[Span]], first: int) -> NDArray[np.int32]:
    """A row a passage, of articles that have these and stand at the places from `first`."""
    rows = [(place, *span) for place, own in enumerate(spans, start=first) for span in own]
    return np.array(rows, np.int32).reshape(-1, 3)


def _order(hit: Hit) -> tuple[float, int, str, int]:
    article = hit.reading.article
    day = article.published_on
    return (-hit.score, -day.toordinal() if day else 0, article.id, hit.reading.passage.start)
