"""Bounds of a search: days of publication and a source."""

from dataclasses import dataclass, replace
from datetime import date

from bot.model.day_range import DayRange


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """The part of the library that is searched. None means no bound.

    Attributes:
        after: The first day of publication, inclusive.
        before: The last day of publication, inclusive.
        source: The name of the source. Capitals make no difference.
    """

    after: date | None = None
    before: date | None = None
    source: str | None = None

    @property
    def days(self) -> tuple[DayRange, ...]:
        """The days as one range, or an empty tuple if neither day is set."""
        if self.after is None and self.before is None:
            return ()
        return (DayRange(first=self.after, last=self.before),)

    def without_days(self) -> "Bounds":
        """Return bounds with the same source and without days."""
        return replace(self, after=None, before=None)
