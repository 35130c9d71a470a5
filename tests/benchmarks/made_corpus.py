"""A made corpus of any size, the same in every run."""

from collections.abc import Iterator
from itertools import islice

import numpy as np

TERMS = 300_000
FREQUENT = frozenset(f"term{rank}" for rank in range(1, 10))
"""The terms that occur in over a third of the passages."""
_SEED = 1935
_BLOCK = 10_000


def make_passages(count: int) -> Iterator[list[str]]:
    """Yield the terms of `count` passages, 20 to 100 each, 60 on average.

    They follow Zipf's and Mandelbrot's law: the probability of a term is proportional to 1 / (rank
    + 2.7).
    """
    chance = np.random.default_rng(_SEED)
    weights = np.cumsum(1 / (np.arange(1, TERMS + 1) + 2.7))
    for start in range(0, count, _BLOCK):
        lengths = chance.integers(20, 101, size=min(_BLOCK, count - start))
        ranks = 1 + np.searchsorted(weights, weights[-1] * chance.random(lengths.sum()))
        for passage in np.split(ranks, np.cumsum(lengths)[:-1]):
            yield [f"term{rank}" for rank in passage.tolist()]


def make_queries(count: int) -> list[list[str]]:
    """Make queries of 3 to 8 terms that a passage contains, one of them frequent."""
    chance = np.random.default_rng(_SEED)
    sources = (passage for passage in make_passages(2 * count) if FREQUENT & set(passage))
    queries = []
    for passage in islice(sources, count):
        frequent = chance.choice(sorted(FREQUENT & set(passage)))
        others = chance.choice(
            sorted(set(passage) - {frequent}), size=chance.integers(2, 8), replace=False
        )
        queries.append([str(frequent), *others.tolist()])
    return queries
