"""Association of terms with the noun of a question, by pointwise mutual information.

"Which national park …" asks for a name that often occurs with "national" and "park". The passages
of the library show which names do, without a list of parks.
"""

import math
from collections.abc import Collection
from functools import cache

import numpy as np
from numpy.typing import NDArray

from bot.retrieval.index.bm25 import BM25Ranking

_MIN_NOUN_PASSAGES = 5
_MIN_TERM_PASSAGES = 3
"""Nouns and terms in fewer passages are ignored, since rare co-occurrence proves nothing."""

_SAMPLE_SIZE = 4_000
"""The approximate number of passages to read for a frequent term, evenly spread."""

_SMOOTHING = 10
"""Passages added to those of a term, so that a few passages do not prove much."""

_MAX_LOG_RATIO = 6.0
"""The log ratio at which an association reaches 1."""


class Association:
    """The association of the terms of a noun with other terms."""

    def __init__(self, noun_terms: Collection[str], ranking: BM25Ranking) -> None:
        """Prepare the associations of a noun.

        Args:
            noun_terms: The terms of the noun; empty if the query asks for none.
            ranking: The ranking with the postings of all terms.
        """
        self._ranking = ranking
        # Sorted, because a sum in another order would differ in its last digits.
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
        """Return the mean association of the term with the terms of the noun, 0 to 1.

        The association is log(P(noun | term) / P(noun)) (Church and Hanks 1990, "Word Association
        Norms, Mutual Information, and Lexicography"), divided by _MAX_LOG_RATIO; 0 if they occur
        together no more often than by chance.
        """
        passages = self._ranking.find_passages(term)
        if not self._noun_masks or len(passages) < _MIN_TERM_PASSAGES:
            return 0.0
        if len(passages) > _SAMPLE_SIZE:
            passages = passages[:: len(passages) // _SAMPLE_SIZE]
        # The 0.5 keeps the logarithm finite for a term that never occurs with the noun.
        ratios = [
            (np.count_nonzero(mask[passages]) + 0.5) / (len(passages) + _SMOOTHING) / share
            for mask, share in self._noun_masks
        ]
        return (
            sum(min(max(math.log(ratio), 0.0), _MAX_LOG_RATIO) for ratio in ratios)
            / _MAX_LOG_RATIO
            / self._noun_term_count
        )
