"""Votes on excerpts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteCounts:
    """The numbers of people who voted up and down."""

    up: int
    down: int
