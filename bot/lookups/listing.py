"""What a lookup found, in the one shape that all of them share."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.model.day_range import DayRange
from bot.retrieval.answering.abstention import Reason
from bot.retrieval.answering.excerpts import Citation
from bot.retrieval.question.bounds import Bounds


class Lookup(StrEnum):
    """The ways to look things up."""

    SEARCH = "search"
    ARTICLE = "article"
    TIMELINE = "timeline"
    CHANGED = "changed"
    LATEST = "latest"
    ON = "on"
    EVIDENCE = "evidence"
    DIGEST = "digest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a lookup found, to be shown page by page.

    Attributes:
        lookup: Which one found it.
        entries: What was found, in the order shown; at most as many as an answer keeps.
        total: How many there are in all: passages, articles or steps, as the lookup counts.
        bounds: What was searched.
        facts: What else is needed to show it, by name; never anything that a person typed.
        dates: The dates understood in what was typed, beside the bounds.
        undated: What was found without all these dates; empty where there are none.
        undated_total: How many there are in all without them.
        gone_count: How many entries are left out, since their articles were taken back.
        reasons: What it lacks. They repeat words that were typed, so they are shown but not kept.
    """

    lookup: Lookup
    entries: tuple[Citation, ...]
    total: int
    bounds: Bounds
    facts: Mapping[str, str] = field(default_factory=dict)
    dates: tuple[DayRange, ...] = ()
    undated: tuple[Citation, ...] = ()
    undated_total: int = 0
    gone_count: int = 0
    reasons: tuple[Reason, ...] = ()

    @property
    def days(self) -> tuple[DayRange, ...]:
        """All days that bound or steer it; empty where it may be of any day."""
        return (*self.bounds.days, *self.dates)
