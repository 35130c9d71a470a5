"""Ranges of days."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRange:
    """The days from `first` to `last`, both included.

    Attributes:
        first: The first day; None if the range has no start.
        last: The last day; None if the range has no end.
    """

    first: date | None
    last: date | None

    def __post_init__(self) -> None:
        if self.first is None and self.last is None:
            message = "a range of days has a first or a last day"
            raise ValueError(message)
        if self.first and self.last and self.first > self.last:
            message = f"a range of days can't begin on {self.first} and end on {self.last}"
            raise ValueError(message)

    def contains(self, day: date) -> bool:
        """Return whether the range contains the day."""
        return (self.first or day) <= day <= (self.last or day)

    def overlaps(self, other: "DayRange") -> bool:
        """Return whether the ranges have a day in common."""
        return (self.first or date.min) <= (other.last or date.max) and (
            other.first or date.min
        ) <= (self.last or date.max)
