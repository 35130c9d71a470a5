"""How much more often than by chance a term stands in one passage with the noun asked for.

"Which national park …" wants a name that keeps company with "national" and "park". What a library
holds says which names do, without any list of parks.
"""

import math
from collections.abc import Collection
from functools import cache

import numpy as np
from numpy.typing import NDArray

from bot.retrieval.index.bm25 import Ranking

_LEAST_NOUN = 5
_LEAST_TERM = 3
"""A noun or a term that fewer passages hold says nothing."""

_SAMPLE = 4_000
"""Of the passages of a frequent term about so many are looked at, evenly spread."""

_DOUBT = 10
"""Passages added to a term's own, so that a few do not prove much."""

_MOST = 6.0
"""The logarithm from which an association counts 1."""


class Association:
    """Of the terms of a noun with any other term."""

    def __init__(self, noun: Collection[str], ranking: Ranking) -> None:
        """The associations of a noun.

        Args:
            noun: Its terms; none where no noun is asked for.
            ranking: Which passages hold them, and which any other term.
        """
        self._ranking = ranking
        # In one order always, or a sum would differ in its last digits from run to run.
        held = [ranking.holding(term) for term in sorted(noun)]
        marked = [self._marked(passages) for passages in held if len(passages) >= _LEAST_NOUN]
        self._held = [(each, each.mean()) for each in marked]
        self._terms = len(noun)
        self.of = cache(self._of)

    def _marked(self, passages: NDArray[np.int32]) -> NDArray[np.bool_]:
        marked = np.zeros(self._ranking.corpus_size, dtype=np.bool_)
        marked[passages] = True
        return marked

    def _of(self, term: str) -> float:
        """The mean association ratio of the term with those of the noun, 0 to 1.

        A ratio is the logarithm of P(noun | term) / P(noun) (Church and Hanks 1990, "Word
        Association Norms, Mutual Information, and Lexicography"), over _MOST; 0 where they meet by
        chance or less.
        """
        passages = self._ranking.holding(term)
        if not self._held or len(passages) < _LEAST_TERM:
            return 0.0
        if len(passages) > _SAMPLE:
            passages = passages[:: len(passages) // _SAMPLE]
        ratios = [
            (np.count_nonzero(held[passages]) + 0.5) / (len(passages) + _DOUBT) / share
            for held, share in self._held
        ]
        return sum(min(max(math.log(each), 0.0), _MOST) for each in ratios) / _MOST / self._terms
