"""What bounds a search."""

from dataclasses import dataclass, replace
from datetime import date

from bot.model.day_range import DayRange


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What is searched; None leaves a side open.

    Attributes:
        after: The first day of publication, itself included.
        before: The last day of publication, itself included.
        source: The source, whatever its capitals.
    """

    after: date | None = None
    before: date | None = None
    source: str | None = None

    @property
    def days(self) -> tuple[DayRange, ...]:
        """The days between the first and the last as one range; empty where both are open."""
        if self.after is None and self.before is None:
            return ()
        return (DayRange(first=self.after, last=self.before),)

    def without_days(self) -> "Bounds":
        """Return bounds that leave both sides open, with the same source."""
        return replace(self, after=None, before=None)
