"""What bounds a search, and how much of what it finds is shown."""

from dataclasses import dataclass
from datetime import date

from bot.model.day_range import DayRange
from bot.retrieval.scoring.weights import Caution


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


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLimits:
    """How much an answer shows, and how sure it has to be.

    Attributes:
        max_excerpts: Excerpts at most.
        max_excerpt_chars: Characters of an excerpt at most.
        steer_days: For how many days after a date of the question an article speaks of it.
        caution: How sure it has to be.
    """

    max_excerpts: int = 3
    max_excerpt_chars: int = 600
    steer_days: int = 14
    caution: Caution = Caution.BALANCED
