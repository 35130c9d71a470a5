"""How much more often than by chance a term stands in one passage with the noun asked for.

"Which national park …" wants a name that keeps company with "national" and "park". What a library
holds says which names do, without any list of parks.
"""

import math
from collections.abc import Collection
from functools import cache

import numpy as np
from numpy.typing import NDArray

from bot.retrieval.index.bm25 import BM25Ranking

_MIN_NOUN_PASSAGES = 5
_MIN_TERM_PASSAGES = 3
"""A noun or a term that fewer passages hold says nothing."""

_SAMPLE_SIZE = 4_000
"""Of the passages of a frequent term about so many are looked at, evenly spread."""

_SMOOTHING = 10
"""Passages added to a term's own, so that a few do not prove much."""

_MAX_LOG_RATIO = 6.0
"""The logarithm from which an association counts 1."""


class Association:
    """Of the terms of a noun with any other term."""

    def __init__(self, noun_terms: Collection[str], ranking: BM25Ranking) -> None:
        """The associations of a noun.

        Args:
            noun_terms: Its terms; none where no noun is asked for.
            ranking: Which passages hold them, and which any other term.
        """
        self._ranking = ranking
        # In one order always, or a sum would differ in its last digits from run to run.
        postings = [ranking.find_passages(term) for term in sorted(noun_terms)]
        masks = [
            self._mask_passages(passages)
            for passages in postings
            if len(passages) >= _MIN_NOUN_PASSAGES
        ]
        self._noun_masks = [(mask, mask.mean()) for mask in masks]
        self._noun_term_count = len(noun_terms)
        self.measure = cache(self._measure)

    def _mask_passages(self, passages: NDArray[np.int32]) -> NDArray[np.bool_]:
        mask = np.zeros(self._ranking.corpus_size, dtype=np.bool_)
        mask[passages] = True
        return mask

    def _measure(self, term: str) -> float:
        """The mean association ratio of the term with those of the noun, 0 to 1.

        A ratio is the logarithm of P(noun | term) / P(noun) (Church and Hanks 1990, "Word
        Association Norms, Mutual Information, and Lexicography"), over _MAX_LOG_RATIO; 0 where they meet by
        chance or less.
        """
        passages = self._ranking.find_passages(term)
        if not self._noun_masks or len(passages) < _MIN_TERM_PASSAGES:
            return 0.0
        if len(passages) > _SAMPLE_SIZE:
            passages = passages[:: len(passages) // _SAMPLE_SIZE]
        ratios = [
            (np.count_nonzero(mask[passages]) + 0.5) / (len(passages) + _SMOOTHING) / share
            for mask, share in self._noun_masks
        ]
        return (
            sum(min(max(math.log(ratio), 0.0), _MAX_LOG_RATIO) for ratio in ratios)
            / _MAX_LOG_RATIO
            / self._noun_term_count
        )
