"""An immutable set of passages with its ranking: what a search runs on."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache, partial
from itertools import compress, count, islice

import numpy as np
from numpy.typing import NDArray

from bot.model.article import ArticleId
from bot.retrieval.index.passage_index import Holdings
from bot.retrieval.index.spelling import suggestions
from bot.retrieval.question.query import Query
from bot.retrieval.scoring.candidates import Survey, opening, published, recent_days, trust
from bot.retrieval.scoring.features import View, Window, windows
from bot.retrieval.scoring.limits import Bounds, Limits
from bot.retrieval.scoring.passage_analysis import Reader, Reading, support
from bot.retrieval.scoring.pmi import Association
from bot.retrieval.scoring.relevance_feedback import shared_terms
from bot.retrieval.scoring.results import Candidate, Found, Hit
from bot.retrieval.scoring.weights import Weights

MAX_HITS = 30
"""The hits that a search gives at most."""

_CANDIDATES = 60
"""The passages that are read, the best as seen from afar."""


class Corpus(Holdings):
    """What searches run on; a changed library makes a new one with `changed`."""

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

    def _meant(self, term: str, query: Query, visible: NDArray[np.bool_]) -> tuple[str, ...]:
        """Words of visible articles that may be meant by the one typed for an unknown term."""
        return suggestions(
            query.word_of(term),
            self._ranking.postings,
            partial(self._texts, visible=visible),
            self.analyser,
            is_name=any(term in name for name in query.names),
        )

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
