"""Articles cut into passages, and which of them hold what."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from bot.model.article import Article, ArticleId
from bot.model.span import Span
from bot.retrieval.index.article_table import UNDATED, Articles
from bot.retrieval.index.bm25 import GroupRanking, Ranking
from bot.retrieval.index.postings import Postings
from bot.retrieval.question.query import Query
from bot.retrieval.scoring.limits import Bounds
from bot.retrieval.scoring.results import Extent
from bot.retrieval.text.passages import passages
from bot.retrieval.text.terms import Analyser

K1 = 1.2
B = 0.75
"""The parameters of BM25: how much repetition and length count, explained in `ranking`."""


class Holdings:
    """Made by `of(...)`; a changed library makes new ones with `changed`."""

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
        self._article_ranking = GroupRanking(ranking, passages[:, 0], len(articles))
        self._sizes = np.bincount(passages[:, 0], minlength=len(articles))
        self._firsts = np.searchsorted(passages[:, 0], np.arange(len(articles)))

    @classmethod
    def of(cls, articles: Iterable[Article], analyser: Analyser) -> Self:
        """The corpus of these articles."""
        nothing = cls(
            analyser=analyser,
            articles=Articles.of(()),
            passages=np.empty((0, 3), np.int32),
            ranking=Ranking((), k1=K1, b=B),
        )
        return nothing.changed(removed=frozenset(), added=articles)

    def changed(self, *, removed: AbstractSet[ArticleId], added: Iterable[Article]) -> Self:
        """This corpus without the articles `removed`, then with those `added`; its own stays."""
        keep = np.array([each not in removed for each in self.articles.ids], dtype=np.bool_)
        listed = list(added)
        spans = [passages(article.body) for article in listed]
        stays = keep[self._passages[:, 0]]
        kept = self._passages[stays]
        kept[:, 0] = (np.cumsum(keep) - 1)[kept[:, 0]]
        return type(self)(
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

    def rarities(self, terms: Iterable[str]) -> Mapping[str, float]:
        """The weight of each term; 0 of one that no article holds."""
        return {
            term: self._ranking.rarity(term) if len(self._ranking.holding(term)) else 0.0
            for term in terms
        }

    def holding(self, terms: Iterable[str], *, until: date | None) -> Iterator[Article]:
        """The articles that hold all of these terms, however far apart, the oldest first.

        Those of one day stand in the order in which the corpus holds them. Each is decoded when it
        is asked for.

        Args:
            terms: At least one.
            until: The last day that is visible; None where all are.
        """
        fits = self._published(None, until)
        for term in terms:
            fits &= self._has(term)
        places = np.flatnonzero(fits)
        oldest_first = places[np.argsort(self.articles.days[places], kind="stable")]
        return map(self.articles.__getitem__, oldest_first.tolist())

    def days_holding(
        self, query: Query, *, bounds: Bounds, until: date | None, least: float = 1.0
    ) -> tuple[date, ...]:
        """The days of the dated articles that hold the terms of `query`, one an article, in order.

        A passage of theirs holds the phrases, and none a term that is excluded; the other terms may
        stand anywhere in the body, far apart or not.

        Args:
            query: What is looked for.
            bounds: Which articles are looked at.
            until: The last day that is visible; None where all are.
            least: The share of the weight of the query's terms that an article holds at least.
        """
        fits = self._fitting(query, bounds, until, least)
        days = self.articles.days[fits & (self.articles.days != UNDATED)]
        return tuple(map(date.fromordinal, np.sort(days).tolist()))

    def ids_holding(
        self, query: Query, *, bounds: Bounds, until: date | None
    ) -> tuple[ArticleId, ...]:
        """The articles that hold the terms of `query`, as `days_holding` counts them.

        They stand in the order in which the corpus holds them.

        Args:
            query: What is looked for.
            bounds: Which articles are looked at.
            until: The last day that is visible; None where all are.
        """
        places = np.flatnonzero(self._fitting(query, bounds, until, least=1.0))
        return tuple(self.articles.ids[place] for place in places.tolist())

    def _fitting(
        self, query: Query, bounds: Bounds, until: date | None, least: float
    ) -> NDArray[np.bool_]:
        """For each article whether it holds so much of the query, as `days_holding` says."""
        fits = self._published(None, until) & self._allowed(bounds)
        rarities = self._rarities(query)
        held = sum(rarity * self._has(term) for term, rarity in rarities.items())
        # Sums of the same numbers in another order differ in their last digits.
        fits &= np.greater_equal(held, least * sum(rarities.values()) - 1e-9)
        for term in query.excluded:
            fits &= ~self._has(term)
        if query.phrases:
            fits &= self._phrased(query, fits)
        return fits

    def _has(self, term: str) -> NDArray[np.bool_]:
        """For each article whether it holds the term."""
        return self._marked(self._ranking.holding(term))

    def _marked(self, numbers: NDArray[np.integer]) -> NDArray[np.bool_]:
        """For each article whether one of its passages has one of these numbers."""
        marked = np.zeros(len(self.articles), dtype=np.bool_)
        marked[self._passages[numbers, 0]] = True
        return marked

    def _phrased(self, query: Query, fits: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """For each article that `fits` marks whether a passage of it holds the phrases."""
        numbers = np.flatnonzero(fits[self._passages[:, 0]])
        worded = numbers[self._as_worded(numbers, query)]
        return self._marked(
            np.array([each for each in worded if self._holds_phrases(each, query)], dtype=np.intp)
        )

    def _is_held(self, term: str, visible: NDArray[np.bool_]) -> bool:
        """Whether a visible article holds the term; that of its first passage mostly is."""
        passages = self._ranking.holding(term)
        is_first_seen = len(passages) > 0 and visible[self._passages[passages[0], 0]]
        return bool(is_first_seen or len(self._holding(term, visible)))

    def _holding(self, term: str, visible: NDArray[np.bool_]) -> NDArray[np.int32]:
        """The passages of visible articles that hold the term."""
        passages, _ = self._ranking.postings.of(term)
        seen: NDArray[np.int32] = passages[visible[self._passages[passages, 0]]]
        return seen

    def _texts(self, term: str, visible: NDArray[np.bool_]) -> Iterator[str]:
        """The passages of visible articles that hold the term, the last ones first."""
        for number in reversed(self._holding(term, visible)):
            yield self._span(number).of(self.articles[self._passages[number, 0]].body)

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
        fits = np.ones(len(numbers), dtype=np.bool_)
        for term in query.excluded:
            fits &= ~np.isin(numbers, self._ranking.holding(term))
        for term in {term for phrase in query.phrases for term in phrase.terms}:
            fits &= np.isin(numbers, self._ranking.holding(term))
        return fits

    def _span(self, number: np.intp) -> Span:
        _, start, end = self._passages[number].tolist()
        return Span(start, end)

    def _span_before(self, number: np.intp) -> Span | None:
        """The passage before this one in the same article."""
        is_first = number == 0 or self._passages[number - 1, 0] != self._passages[number, 0]
        return None if is_first else self._span(number - 1)

    def _holds_phrases(self, number: np.intp, query: Query) -> bool:
        article = self.articles[self._passages[number, 0]]
        keys = self.analyser.keys(self._span(number).of(article.body))
        return all(phrase.stands_in(keys) for phrase in query.phrases)

    def extent(self, *, until: date | None) -> Extent:
        """How much there is to the day `until`; None where all days are visible."""
        return self._extent(self._published(None, until))

    def _extent(self, visible: NDArray[np.bool_]) -> Extent:
        dated = self.articles.days[visible & (self.articles.days != UNDATED)]
        return Extent(
            articles=int(visible.sum()),
            passages=int(self._sizes[visible].sum()),
            first_date=date.fromordinal(int(dated.min())) if len(dated) else None,
            last_date=date.fromordinal(int(dated.max())) if len(dated) else None,
        )

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The corpus as plain arrays, to be saved; `from_arrays` takes them back."""
        return {**self.articles.arrays(), "rows": self._passages, **self._ranking.postings.arrays()}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], analyser: Analyser) -> Self:
        """The corpus whose `arrays` these are, made with the same analyser."""
        return cls(
            analyser=analyser,
            articles=Articles.from_arrays(arrays),
            passages=arrays["rows"],
            ranking=Ranking(Postings.from_arrays(arrays), k1=K1, b=B),
        )

    def _rarities(self, query: Query) -> Mapping[str, float]:
        return {
            term: self._ranking.rarity(term) for term in query.terms if term not in query.joined
        }


def _rows(spans: Iterable[Iterable[Span]], first: int) -> NDArray[np.int32]:
    """A row a passage, of articles that have these and stand at the places from `first`."""
    rows = [(place, *span) for place, own in enumerate(spans, start=first) for span in own]
    return np.array(rows, np.int32).reshape(-1, 3)
