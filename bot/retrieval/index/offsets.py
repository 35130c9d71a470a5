"""Where runs of different sizes start in one array."""

import numpy as np
from numpy.typing import NDArray


def compute_starts(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where the run of each size starts, and at last where all end."""
    return np.append(0, np.cumsum(sizes))
