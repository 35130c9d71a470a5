"""How far a long piece of work has come."""

from collections.abc import Callable

ProgressCallback = Callable[[int, int], None]
"""Takes how many things are done and how many there are in all."""
