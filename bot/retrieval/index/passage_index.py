"""An index of articles split into passages, with lookups by term."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from functools import partial
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from bot.model.article import Article, ArticleId
from bot.model.span import Span
from bot.retrieval.index.article_table import UNDATED, ArticleTable
from bot.retrieval.index.bm25 import BM25Ranking, GroupRanking
from bot.retrieval.index.extent import Extent
from bot.retrieval.index.postings import Postings
from bot.retrieval.index.word_pairs import WordPairs
from bot.retrieval.question.bounds import Bounds
from bot.retrieval.question.query import Query
from bot.retrieval.text.passages import add_sentences, split_passages
from bot.retrieval.text.terms import Analyser

K1 = 1.2
_MAX_READ_CHARS = 4_000
"""The maximum length of a passage that is read for its words; a text without stops is one passage."""

B = 0.75
"""The parameters of BM25: how much repetition and length count (see `bm25`)."""


class PassageIndex:
    """An immutable index of passages.

    Build one with `from_articles`; `with_changes` returns an updated copy.
    """

    def __init__(
        self,
        *,
        analyser: Analyser,
        articles: ArticleTable,
        passages: NDArray[np.int32],
        ranking: BM25Ranking,
        word_pairs: WordPairs,
    ) -> None:
        """Create an index from parts that belong together.

        Args:
            analyser: The analyser that made the terms of the ranking.
            articles: The articles.
            passages: A row per passage: position of the article, start and end in its body
                (half-open).
            ranking: The ranking of the passages, in the same order.
            word_pairs: The filters of the articles, in the same order.
        """
        self.analyser = analyser
        self.articles = articles
        self._passages = passages
        self._ranking = ranking
        self._word_pairs = word_pairs
        self._article_ranking = GroupRanking(ranking, passages[:, 0], len(articles))
        self._passage_counts = np.bincount(passages[:, 0], minlength=len(articles))
        self._first_passages = np.searchsorted(passages[:, 0], np.arange(len(articles)))

    @classmethod
    def from_articles(cls, articles: Iterable[Article], analyser: Analyser) -> Self:
        """Build the index of these articles."""
        empty_index = cls(
            analyser=analyser,
            articles=ArticleTable.from_articles(()),
            passages=np.empty((0, 3), np.int32),
            ranking=BM25Ranking((), k1=K1, b=B),
            word_pairs=WordPairs.from_bodies(()),
        )
        return empty_index.with_changes(removed=frozenset(), added=articles)

    def with_changes(self, *, removed: AbstractSet[ArticleId], added: Iterable[Article]) -> Self:
        """Return an index without the articles `removed`, followed by the articles `added`."""
        keep = np.array(
            [article_id not in removed for article_id in self.articles.ids], dtype=np.bool_
        )
        added_articles = [add_sentences(article) for article in added]
        spans = [split_passages(article) for article in added_articles]
        keep_passages = keep[self._passages[:, 0]]
        kept_rows = self._passages[keep_passages]
        # Articles that stay get new positions, without gaps.
        kept_rows[:, 0] = (np.cumsum(keep) - 1)[kept_rows[:, 0]]
        return type(self)(
            analyser=self.analyser,
            articles=self.articles.with_changes(keep, ArticleTable.from_articles(added_articles)),
            passages=np.append(kept_rows, _build_rows(spans, first=int(keep.sum())), axis=0),
            ranking=self._ranking.with_changes(
                keep_passages, self._iter_terms(added_articles, spans)
            ),
            word_pairs=self._word_pairs.with_changes(
                keep, WordPairs.from_bodies(article.body for article in added_articles)
            ),
        )

    def _iter_terms(
        self, articles: Sequence[Article], spans: Sequence[Sequence[Span]]
    ) -> Iterator[list[str]]:
        """Yield the terms of each passage."""
        for article, article_spans in zip(articles, spans, strict=True):
            for span in article_spans:
                yield self.analyser.extract_term_texts(span.extract(article.body))

    def idfs(self, terms: Iterable[str]) -> Mapping[str, float]:
        """Return the idf of each term; 0 if no article contains it."""
        return {
            term: self._ranking.compute_idf(term) if len(self._ranking.find_passages(term)) else 0.0
            for term in terms
        }

    def find_articles_with_texts(
        self, texts: Sequence[str], *, until: date | None
    ) -> Iterator[tuple[Callable[[], Article], tuple[int, ...]]]:
        """Yield functions that load the articles that may contain texts, and the texts' indices.

        The oldest article is first; articles of the same day keep the order of the index. An
        article that is not yielded for a text does not contain its words side by side.

        Args:
            texts: The texts as `WordPairs.find` takes them.
            until: The last visible day; None if all days are visible.
        """
        visible = np.flatnonzero(self._mask_published(None, until))
        indices_by_article = defaultdict[int, list[int]](list)
        for index, text in enumerate(texts):
            for position in self._word_pairs.find(text, visible).tolist():
                indices_by_article[position].append(index)
        days = self.articles.days
        for position in sorted(indices_by_article, key=lambda place: (days[place], place)):
            load = partial(self.articles.__getitem__, position)
            yield load, tuple(indices_by_article[position])

    def find_matching_days(
        self, query: Query, *, bounds: Bounds, until: date | None, min_coverage: float = 1.0
    ) -> tuple[date, ...]:
        """Return the publication day of each dated article that matches the query, ascending.

        An article matches if one of its passages contains the phrases, none contains an excluded
        term, and the body contains the other terms anywhere.

        Args:
            query: The query.
            bounds: The bounds on date and source.
            until: The last visible day; None if all days are visible.
            min_coverage: The minimum share of the query's total idf that an article must contain.
        """
        mask = self._mask_matching(query, bounds, until, min_coverage)
        days = self.articles.days[mask & (self.articles.days != UNDATED)]
        return tuple(map(date.fromordinal, np.sort(days).tolist()))

    def find_matching_ids(
        self, query: Query, *, bounds: Bounds, until: date | None
    ) -> tuple[ArticleId, ...]:
        """Return the articles that match the query, in the order of the index.

        They match as in `find_matching_days`, but undated articles count, too.

        Args:
            query: The query.
            bounds: The bounds on date and source.
            until: The last visible day; None if all days are visible.
        """
        positions = np.flatnonzero(self._mask_matching(query, bounds, until, min_coverage=1.0))
        return tuple(self.articles.ids[position] for position in positions.tolist())

    def _mask_matching(
        self, query: Query, bounds: Bounds, until: date | None, min_coverage: float
    ) -> NDArray[np.bool_]:
        """Return a boolean per article: whether it matches as in `find_matching_days`."""
        mask = self._mask_published(None, until) & self._mask_allowed(bounds)
        idfs = self._compute_query_idfs(query)
        matched_idf = sum(idf * self._mask_holding_term(term) for term, idf in idfs.items())
        # Sums of the same floats in another order differ in their last digits; without the
        # margin an article that contains all terms could miss a coverage of 1.
        mask &= np.greater_equal(matched_idf, min_coverage * sum(idfs.values()) - 1e-9)
        for term in query.excluded_terms:
            mask &= ~self._mask_holding_term(term)
        if query.phrases:
            mask &= self._mask_from_passages(self._find_phrases(query))
        return mask

    def _mask_holding_term(self, term: str) -> NDArray[np.bool_]:
        """Return a boolean per article: whether it contains the term."""
        return self._mask_from_passages(self._ranking.find_passages(term))

    def _mask_from_passages(self, numbers: NDArray[np.integer]) -> NDArray[np.bool_]:
        """Return a boolean per article: whether one of these passages belongs to it."""
        mask = np.zeros(len(self.articles), dtype=np.bool_)
        mask[self._passages[numbers, 0]] = True
        return mask

    def _find_phrases(self, query: Query) -> NDArray[np.integer]:
        """Return the passages that contain all phrases of the query; it has at least one."""
        first, *others = (
            self._ranking.postings.find_phrase(phrase.terms) for phrase in query.phrases
        )
        for other in others:
            first = np.intersect1d(first, other, assume_unique=True)
        return first

    def _is_known(self, term: str, visible: NDArray[np.bool_]) -> bool:
        """Return whether a visible article contains the term."""
        passages = self._ranking.find_passages(term)
        # The article of the first passage is usually visible, so the full scan is rare.
        is_first_seen = len(passages) > 0 and visible[self._passages[passages[0], 0]]
        return bool(is_first_seen or len(self._find_visible_passages(term, visible)))

    def _find_visible_passages(self, term: str, visible: NDArray[np.bool_]) -> NDArray[np.int32]:
        """Return the passages of visible articles that contain the term."""
        passages, _ = self._ranking.postings.get_postings(term)
        visible_passages: NDArray[np.int32] = passages[visible[self._passages[passages, 0]]]
        return visible_passages

    def _iter_texts(self, term: str, visible: NDArray[np.bool_]) -> Iterator[str]:
        """Yield the beginnings of passages of visible articles that contain the term, last ones first."""
        for number in reversed(self._find_visible_passages(term, visible)):
            text = self._get_span(number).extract(self.articles[self._passages[number, 0]].body)
            yield text[:_MAX_READ_CHARS]

    def _mask_published(self, first: date | None, last: date | None) -> NDArray[np.bool_]:
        """Return a boolean per article: whether its day lies from `first` to `last`, inclusive.

        An undated article passes if `first` is None.
        """
        earliest = first.toordinal() if first else UNDATED
        latest = last.toordinal() if last else date.max.toordinal()
        return (self.articles.days >= earliest) & (self.articles.days <= latest)

    def _mask_allowed(self, bounds: Bounds) -> NDArray[np.bool_]:
        allowed = self._mask_published(bounds.after, bounds.before)
        if bounds.source is not None:
            names = self.articles.find_source_names(bounds.source)
            allowed &= self.articles.mask_sources(names)
        return allowed

    def _mask_passages_by_terms(self, numbers: NDArray[np.intp], query: Query) -> NDArray[np.bool_]:
        """Return a boolean per passage: whether it has all phrase terms and no excluded term."""
        mask = np.ones(len(numbers), dtype=np.bool_)
        for term in query.excluded_terms:
            mask &= ~np.isin(numbers, self._ranking.find_passages(term))
        for term in {term for phrase in query.phrases for term in phrase.terms}:
            mask &= np.isin(numbers, self._ranking.find_passages(term))
        return mask

    def _get_span(self, number: np.intp) -> Span:
        _, start, end = self._passages[number].tolist()
        return Span(start, end)

    def _get_previous_span(self, number: np.intp) -> Span | None:
        """Return the previous passage of the same article; None for its first passage."""
        is_first = number == 0 or self._passages[number - 1, 0] != self._passages[number, 0]
        return None if is_first else self._get_span(number - 1)

    def compute_extent(self, *, until: date | None) -> Extent:
        """Return the extent of the articles up to the day `until`; None includes all days."""
        return self._compute_extent(self._mask_published(None, until))

    def _compute_extent(self, visible: NDArray[np.bool_]) -> Extent:
        dated = self.articles.days[visible & (self.articles.days != UNDATED)]
        return Extent(
            articles=int(visible.sum()),
            passages=int(self._passage_counts[visible].sum()),
            first_date=date.fromordinal(int(dated.min())) if len(dated) else None,
            last_date=date.fromordinal(int(dated.max())) if len(dated) else None,
        )

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Return the index as plain arrays that can be saved and given to `from_arrays`."""
        return {
            **self.articles.to_arrays(),
            "rows": self._passages,
            **self._ranking.postings.to_arrays(),
            **self._word_pairs.to_arrays(),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], analyser: Analyser) -> Self:
        """Build an index from the arrays of `to_arrays`, with the analyser that made them."""
        return cls(
            analyser=analyser,
            articles=ArticleTable.from_arrays(arrays),
            passages=arrays["rows"],
            ranking=BM25Ranking(Postings.from_arrays(arrays), k1=K1, b=B),
            word_pairs=WordPairs.from_arrays(arrays),
        )

    def _compute_query_idfs(self, query: Query) -> Mapping[str, float]:
        return {
            term: self._ranking.compute_idf(term)
            for term in query.terms
            if term not in query.compound_terms
        }


def _build_rows(spans: Iterable[Iterable[Span]], first: int) -> NDArray[np.int32]:
    """Return a row per passage for articles with these spans and positions from `first` on."""
    rows = [
        (position, *span)
        for position, article_spans in enumerate(spans, start=first)
        for span in article_spans
    ]
    return np.array(rows, np.int32).reshape(-1, 3)
