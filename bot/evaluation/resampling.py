"""Statistical tests: bootstrap intervals and a paired randomisation test.

Sakai 2006, "Evaluating Evaluation Metrics based on the Bootstrap"; Smucker, Allan and Carterette
2007, "A Comparison of Statistical Significance Tests for Information Retrieval Evaluation". Both
use a fixed seed, so that a report can be reproduced.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float64]
"""An array with a row per question."""

RESAMPLES = 1_000
PERMUTATIONS = 10_000

_SEED = 20_070_101
_BATCH_SIZE = 500
"""The number of permutations computed in one step, which limits the memory used."""


class Interval(NamedTuple):
    """A 95 % confidence interval."""

    low: float
    high: float


def bootstrap_interval(rows: Rows, statistic: Callable[[Rows], float]) -> Interval:
    """Return the percentile interval of a statistic over rows resampled with replacement.

    There must be at least one row.
    """
    generator = np.random.default_rng(_SEED)
    count = len(rows)
    values = [statistic(rows[generator.integers(count, size=count)]) for _ in range(RESAMPLES)]
    # A resample may contain no question that counts, which gives NaN.
    low, high = np.nanpercentile(values, [2.5, 97.5]).tolist()
    return Interval(low, high)


def p_value(differences: Rows) -> float:
    """Return the probability of a sum at least as far from 0 if the signs were random.

    The signs of the paired differences are flipped at random in PERMUTATIONS permutations. The
    observed permutation counts as one more, so the value is never 0.
    """
    nonzero = differences[differences != 0]
    generator = np.random.default_rng(_SEED)
    # Equal sums of floats may differ in their last digits.
    observed = abs(nonzero.sum()) - 1e-9
    extreme = 0
    for _ in range(0, PERMUTATIONS, _BATCH_SIZE):
        signs = generator.choice((-1.0, 1.0), size=(_BATCH_SIZE, len(nonzero)))
        extreme += int((abs(signs @ nonzero) >= observed).sum())
    return (extreme + 1) / (PERMUTATIONS + 1)
