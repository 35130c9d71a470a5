"""What people think of an excerpt."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteCounts:
    """How many people voted up, and how many down."""

    up: int
    down: int
