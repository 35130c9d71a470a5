"""An immutable set of passages with its ranking: what a search runs on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from functools import cache, partial
from itertools import compress, count, islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.retrieval.article import Article, ArticleId
from bot.retrieval.articles import UNDATED, Articles
from bot.retrieval.association import Association
from bot.retrieval.features import View, Window, windows
from bot.retrieval.feedback import shared_terms
from bot.retrieval.found import Candidate, Extent, Found, Hit
from bot.retrieval.limits import Bounds, Limits
from bot.retrieval.passage import passages
from bot.retrieval.postings import Postings
from bot.retrieval.query import Query
from bot.retrieval.ranking import GroupRanking, Ranking
from bot.retrieval.reading import Reader, Reading, support
from bot.retrieval.span import Span
from bot.retrieval.spelling import suggestions
from bot.retrieval.survey import Survey, opening, published, recent_days, trust
from bot.retrieval.terms import Analyser
from bot.retrieval.weights import Weights

MAX_HITS = 30
"""The hits that a search gives at most."""

_CANDIDATES = 60
"""The passages that are read, the best as seen from afar."""

K1 = 1.2
B = 0.75
"""The parameters of BM25: how much repetition and length count, explained in `ranking`."""


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
        self._article_ranking = GroupRanking(ranking, passages[:, 0], len(articles))
        self._sizes = np.bincount(passages[:, 0], minlength=len(articles))
        self._firsts = np.searchsorted(passages[:, 0], np.arange(len(articles)))

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

    def search(  # noqa: PLR0913 - what a search depends on
        self,
        query: Query,
        *,
        bounds: Bounds,
        until: date | None,
        limits: Limits,
        weights: Weights,
        most: int = MAX_HITS,
    ) -> Found:
        """The passages that answer `query` best; only those that hold a term of it.

        Args:
            query: What is searched for.
            bounds: Which articles are searched.
            until: The last day that is visible; None where all are.
            limits: How much is shown.
            weights: How much each feature counts.
            most: The hits at most; there are never more than passages that are read.
        """
        visible = self._published(None, until)
        survey = self._survey(query, visible & self._allowed(bounds), limits.steer_days)
        rarities = self._rarities(query)
        chosen = self._chosen(query, survey, rarities, weights)
        hits = self._hits(query, chosen, rarities, limits, weights)[:most]
        return self._found(query, hits, len(survey.numbers), rarities, visible)

    def by_day(  # noqa: PLR0913 - what a search depends on
        self,
        query: Query,
        *,
        bounds: Bounds,
        until: date | None,
        limits: Limits,
        weights: Weights,
        newest_first: bool,
    ) -> Found:
        """The best passage of each article that holds all terms of `query`, in the order of its day.

        Where no article holds them all, those that hold one stand for them. Articles of one day are
        in the order in which the corpus holds them. `total` counts articles.

        Args:
            query: What is searched for.
            bounds: Which articles are searched.
            until: The last day that is visible; None where all are.
            limits: How much is shown.
            weights: How much each feature counts.
            newest_first: Whether the last day comes first.
        """
        visible = self._published(None, until)
        survey = self._survey(query, visible & self._allowed(bounds), limits.steer_days)
        rarities = self._rarities(query)
        held = np.logical_and.reduce([self._has(term) for term in rarities])
        holds_all = held[self._passages[survey.numbers, 0]]
        if holds_all.any():
            survey = survey.at(np.flatnonzero(holds_all))
        sums = survey.sum(weights.candidates, sum(rarities.values()))
        articles = self._passages[survey.numbers, 0]
        days = self.articles.days[articles]
        order = np.lexsort((-sums, articles, -days if newest_first else days))
        firsts = self._firsts_of_articles(survey.numbers[order], query)
        chosen = survey.at(order[[*islice(firsts, MAX_HITS)]])
        ids = [self.articles.ids[self._passages[number, 0]] for number in chosen.numbers]
        hits = self._hits(query, chosen, rarities, limits, weights)
        in_order = sorted(hits, key=lambda hit: ids.index(hit.reading.article.id))
        return self._found(query, in_order, len(np.unique(articles)), rarities, visible)

    def _found(
        self,
        query: Query,
        hits: Iterable[Hit],
        total: int,
        rarities: Mapping[str, float],
        visible: NDArray[np.bool_],
    ) -> Found:
        """The hits, and what the visible articles hold of the query and beside it."""
        unknown = tuple(term for term in rarities if not self._is_held(term, visible))
        return Found(
            hits=tuple(hits),
            total=total,
            rarities=rarities,
            unknown=unknown,
            suggestions={
                term: words for term in unknown if (words := self._meant(term, query, visible))
            },
            extent=self._extent(visible),
        )

    def _firsts_of_articles(self, numbers: NDArray[np.intp], query: Query) -> Iterator[int]:
        """Where the first passage of each article that holds the phrases stands among `numbers`."""
        last = None
        for place, number in enumerate(numbers):
            article = self._passages[number, 0]
            fits = article != last and (not query.phrases or self._holds_phrases(number, query))
            if fits:
                last = article
                yield place

    def candidates(
        self, query: Query, *, until: date | None, limits: Limits, weights: Weights
    ) -> Iterator[Candidate]:
        """Every window of the passages that a search reads, with all that is known of it."""
        survey = self._survey(query, self._published(None, until), limits.steer_days)
        rarities = self._rarities(query)
        chosen = self._chosen(query, survey, rarities, weights)
        for place, (reading, found) in enumerate(self._read(query, chosen, rarities, limits)):
            afar = {name: float(column[place]) for name, column in chosen.values.items()}
            for window in found:
                yield Candidate(
                    reading=reading,
                    window=window,
                    bm25=float(chosen.bm25[place]) / (sum(rarities.values()) or 1.0),
                    values={**afar, **window.values},
                )

    def _rarities(self, query: Query) -> Mapping[str, float]:
        return {
            term: self._ranking.rarity(term) for term in query.terms if term not in query.joined
        }

    def _survey(self, query: Query, allowed: NDArray[np.bool_], steer_days: int) -> Survey:
        """The passages of these articles that hold a term of the query, none excluded."""
        numbers, shares = self._ranking.matching(query.terms)
        fits = allowed[self._passages[numbers, 0]]
        fits &= self._as_worded(numbers, query)
        numbers, shares = numbers[fits], shares[fits]
        places = self._passages[numbers, 0]
        days = self.articles.days
        by_article, most = self._article_ranking.shares(query.terms)
        new = trust(shares + by_article[places], days[places], query)
        return Survey(
            numbers=numbers,
            bm25=shares,
            values={
                "article": by_article[places] / (most or 1.0),
                "opening": opening(numbers - self._firsts[places], places),
                "published": published(days, query, steer_days, new=new)[places],
                "recent days": new * recent_days(days, query)[places],
            },
        )

    def _chosen(
        self, query: Query, survey: Survey, rarities: Mapping[str, float], weights: Weights
    ) -> Survey:
        """The passages to be read, the best first."""
        sums = survey.sum(weights.candidates, sum(rarities.values()))
        # How many of these hold the phrases side by side shows only when they are read.
        best = self._best(survey.numbers, sums, len(sums) if query.phrases else _CANDIDATES)
        chosen = survey.at(best)
        if not query.phrases:
            return chosen
        fits = (self._holds_phrases(number, query) for number in chosen.numbers)
        return chosen.at(np.array([*islice(compress(count(), fits), _CANDIDATES)], dtype=np.intp))

    def articles_by_bm25(self, query: Query, *, until: date | None) -> Iterator[ArticleId]:
        """The articles that hold a term of `query`, by the BM25 share of their best passage.

        Equal ones stand in the order in which the corpus holds them.

        Args:
            query: What is searched for.
            until: The last day that is visible; None where all are.
        """
        numbers, shares = self._ranking.matching(query.terms)
        seen = self._published(None, until)[self._passages[numbers, 0]]
        best = numbers[seen][np.argsort(-shares[seen], kind="stable")]
        places = dict.fromkeys(self._passages[best, 0].tolist())
        return map(self.articles.ids.__getitem__, places)

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

    def _meant(self, term: str, query: Query, visible: NDArray[np.bool_]) -> tuple[str, ...]:
        """Words of visible articles that may be meant by the one typed for an unknown term."""
        return suggestions(
            query.word_of(term),
            self._ranking.postings,
            partial(self._texts, visible=visible),
            self.analyser,
            is_name=any(term in name for name in query.names),
        )

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
        chosen: Survey,
        rarities: Mapping[str, float],
        limits: Limits,
        weights: Weights,
    ) -> list[Hit]:
        """The passages chosen with their scores, the best first."""
        scale = sum(rarities.values())
        counted = weights.scoring(query)
        term_shares = self._ranking.term_shares(query.terms, chosen.numbers).T
        hits = []
        for place, (reading, found) in enumerate(self._read(query, chosen, rarities, limits)):
            afar = {name: float(column[place]) for name, column in chosen.values.items()}
            best = max(
                found,
                key=partial(_worth, weights=counted, rarities=rarities),
                default=None,
            )
            values = {**afar, **best.values} if best else afar
            hits.append(
                Hit(
                    reading=reading,
                    window=best,
                    term_shares=_held(zip(query.terms, term_shares[place].tolist(), strict=True)),
                    values=values,
                    shares={
                        name: weight * scale * values.get(name, 0.0)
                        for name, weight in counted.items()
                    },
                )
            )
        return sorted(hits, key=_order)

    def _read(
        self, query: Query, chosen: Survey, rarities: Mapping[str, float], limits: Limits
    ) -> Iterator[tuple[Reading, list[Window]]]:
        """The reading of each passage chosen, and its windows."""
        reader = Reader(query, self.analyser)
        article_at = cache(self.articles.__getitem__)
        readings = [
            reader.read(
                article_at(self._passages[number, 0]), self._span(number), self._span_before(number)
            )
            for number in chosen.numbers
        ]
        view = View(
            query=query,
            rarities=rarities,
            asked={term: rarities[term] for term in rarities if term in query.asked} or rarities,
            association=Association(query.asked_for, self._ranking),
            shared=shared_terms(readings, rarities, self._ranking.rarity),
        )
        for reading in readings:
            yield reading, list(windows(reading, view, max_chars=limits.max_excerpt_chars))

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


def _held(shares: Iterable[tuple[str, float]]) -> dict[str, float]:
    """The shares of the terms that the passage holds."""
    return {term: share for term, share in shares if share}


def _worth(
    window: Window, *, weights: Mapping[str, float], rarities: Mapping[str, float]
) -> tuple[float, float]:
    """What the features of the window add to the score, then how much of the query it holds."""
    added = sum(weight * window.values.get(name, 0.0) for name, weight in weights.items())
    return added, support(window.terms, rarities)


def _order(hit: Hit) -> tuple[float, int, str, int]:
    article = hit.reading.article
    day = article.published_on
    return (-hit.score, -day.toordinal() if day else 0, article.id, hit.reading.passage.start)
