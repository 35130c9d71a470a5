"""The progress of long-running work."""

from collections.abc import Callable

ProgressCallback = Callable[[int, int], None]
"""A function that receives the number of finished items and the total."""
