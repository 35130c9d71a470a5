"""BM25: how well a passage's terms answer a query's.

`rank_bm25.BM25Plus` says what a score is; here the same numbers come from postings, so that a
query reads only the passages that hold its terms. For each term of the query a passage gets

    idf * (delta + f * (k1 + 1) / (k1 * (1 - b + b * length / avgdl) + f))

with idf = log((N + 1) / df) (Lv and Zhai 2011, "Lower-Bounding Term Frequency Normalization";
without delta it is the BM25 of Robertson and Zaragoza 2009, "The Probabilistic Relevance
Framework", with that idf). The symbols:

    N       how many passages there are       df      how many of them hold the term
    f       how often the passage holds it    idf     the weight of the term: the rarer, the more
    length  how many terms the passage has    avgdl   the mean length
    k1      how much repetition counts        b       how much length counts, from 0 to 1

The parent adds idf * delta to every passage, also where f is 0: delta raises all scores alike and
changes no order. What a passage has without it is its BM25 share, 0 where no term occurs.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Plus

from bot.retrieval.index.postings import Postings

_CACHED_TERMS = 1 << 16

_TermMatches: TypeAlias = tuple[float, NDArray[np.intp], NDArray[np.unsignedinteger]]


class BM25Ranking(BM25Plus):
    """The scores of passages for any query; never changed once made.

    Made like its parent, from `corpus, tokenizer=None, k1=1.5, b=0.75, delta=1`; `corpus` is the
    terms of each passage, read once, or their postings. Where the parent fails, with no passages
    or none that holds a term, scores are 0 and nothing matches.

    Attributes:
        corpus_size: How many passages there are.
        postings: Which of them hold a term.
    """

    k1: float
    b: float
    delta: float
    corpus_size: int
    postings: Postings

    def _initialize(self, corpus: Iterable[Sequence[str]] | Postings) -> None:
        self.postings = corpus if isinstance(corpus, Postings) else Postings.build(corpus)
        self.doc_len = self.postings.lengths
        self.corpus_size = len(self.doc_len)
        self.avgdl = int(self.doc_len.sum()) / max(self.corpus_size, 1)
        self._norms = self.k1 * (1 - self.b + self.b * self.doc_len / (self.avgdl or 1))
        # A look-up reads a dozen terms of the vocabulary; the news speaks of the same ones for days.
        self.find_passages = lru_cache(_CACHED_TERMS)(self._find_passages)
        del self.doc_freqs, self.idf  # the parent's dicts, which the postings replace

    def _calc_idf(self, nd: None) -> None:
        """Nothing to prepare: the postings know each df."""

    def _idf(self, df: int) -> float:
        return math.log((self.corpus_size + 1) / df)

    def _find_passages(self, term: str) -> NDArray[np.int32]:
        """The passages that hold `term`, ascending."""
        passages, _ = self.postings.get_postings(term)
        return passages

    def compute_idf(self, term: str) -> float:
        """The idf of `term`; one that no passage holds counts as held by one."""
        return self._idf(max(len(self.find_passages(term)), 1))

    def get_scores(self, query: Sequence[str]) -> NDArray[np.float64]:
        """The score of every passage; a repeated term counts again, an unknown one does not."""
        matches = list(self._iter_term_matches(query))
        return self._sum_shares(matches) + self.delta * sum(idf for idf, _, _ in matches)

    def get_batch_scores(self, query: Sequence[str], doc_ids: Sequence[int]) -> list[float]:
        """The scores of the passages with these numbers, in the same order."""
        scores: list[float] = self.get_scores(query)[np.asarray(doc_ids, dtype=np.intp)].tolist()
        return scores

    def score_matches(self, query: Sequence[str]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """The passages that hold a term of the query, ascending, and the BM25 share of each."""
        shares = self._sum_shares(self._iter_term_matches(query))
        passages = np.flatnonzero(shares > 0)
        return passages, shares[passages]

    def compute_term_shares(
        self, terms: Sequence[str], numbers: NDArray[np.intp]
    ) -> NDArray[np.float64]:
        """The BM25 share that each term has in each of the passages with these numbers.

        A row a term, both in the order given; 0 where the passage does not hold the term. A
        passage's column adds up to its share in `matching`.
        """
        shares = np.zeros((len(terms), len(numbers)))
        for row, term in zip(shares, terms, strict=True):
            passages, frequencies = self.postings.get_postings(term)
            # Of the same type as the postings, which numpy would convert as a whole.
            targets = numbers.astype(passages.dtype)
            first = np.searchsorted(passages, targets)
            is_present = first < np.searchsorted(passages, targets, side="right")
            idf = self._idf(max(len(passages), 1))
            row[is_present] = self._compute_share(
                idf, numbers[is_present], frequencies[first[is_present]]
            )
        return shares

    def with_changes(
        self, keep: NDArray[np.bool_], added: Iterable[Sequence[str]]
    ) -> "BM25Ranking":
        """The ranking of the passages that `keep` marks, in their order, then of those `added`."""
        postings = self.postings.select(keep).concatenate(Postings.build(added))
        return type(self)(postings, k1=self.k1, b=self.b, delta=self.delta)

    def _iter_term_matches(self, query: Sequence[str]) -> Iterator[_TermMatches]:
        """The idf, passages and frequencies of each term of the query that a passage holds."""
        for term, times in Counter(query).items():
            passages, frequencies = self.postings.get_postings(term)
            if len(passages):
                # As intp, or numpy would convert the passages again at each use as an index.
                yield times * self._idf(len(passages)), passages.astype(np.intp), frequencies

    def _sum_shares(self, matches: Iterable[_TermMatches]) -> NDArray[np.float64]:
        """The BM25 share of every passage."""
        shares = np.zeros(self.corpus_size)
        for idf, passages, frequencies in matches:
            shares[passages] += self._compute_share(idf, passages, frequencies)
        return shares

    def _compute_share(
        self, idf: float, passages: NDArray[np.intp], frequencies: NDArray[np.unsignedinteger]
    ) -> NDArray[np.float64]:
        """The BM25 share of one term in the passages that hold it."""
        weight = idf * (self.k1 + 1)
        shares: NDArray[np.float64] = weight * frequencies / (self._norms[passages] + frequencies)
        return shares


class GroupRanking:
    """The BM25 of groups of passages, each as if it were one: from the passages' own postings."""

    def __init__(self, ranking: BM25Ranking, groups: NDArray[np.int32], count: int) -> None:
        """The ranking of groups.

        Args:
            ranking: The passages' ranking, whose parameters are taken over.
            groups: The group of each passage, from 0.
            count: How many groups there are.
        """
        lengths = np.bincount(groups, weights=ranking.doc_len, minlength=count)
        self._ranking = ranking
        self._groups = groups.astype(np.intp)
        self._count = count
        k1, b = ranking.k1, ranking.b
        self._norms = k1 * (1 - b + b * lengths / ((lengths.mean() if count else 0.0) or 1))

    def compute_shares(self, terms: Iterable[str]) -> tuple[NDArray[np.float64], float]:
        """The BM25 share of every group, and what none can reach: all terms without end."""
        shares, max_share = np.zeros(self._count), 0.0
        for term in terms:
            passages, frequencies = self._ranking.postings.get_postings(term)
            group_frequencies = np.bincount(
                self._groups[passages], weights=frequencies, minlength=self._count
            )
            groups = np.flatnonzero(group_frequencies)
            if len(groups):
                weight = math.log((self._count + 1) / len(groups)) * (self._ranking.k1 + 1)
                shares[groups] += (
                    weight
                    * group_frequencies[groups]
                    / (self._norms[groups] + group_frequencies[groups])
                )
                max_share += weight
        return shares, max_share
