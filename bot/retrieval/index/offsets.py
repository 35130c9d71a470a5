"""Start offsets of runs that lie one after another in one array."""

import numpy as np
from numpy.typing import NDArray


def compute_starts(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the start of the run of each size, then the end of the last run."""
    return np.append(0, np.cumsum(sizes))
