"""Listings: the common form of all lookup results."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.model.day_range import DayRange
from bot.retrieval.answering.abstention import Reason
from bot.retrieval.answering.excerpts import Citation
from bot.retrieval.question.bounds import Bounds


class Lookup(StrEnum):
    """The kinds of lookups."""

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
    """The result of a lookup, shown page by page.

    Attributes:
        lookup: The kind of lookup.
        entries: The excerpts in display order, at most MAX_EXCERPTS of `shown_answer`.
        total: The number of all results: passages, articles or steps, depending on the lookup.
        bounds: The bounds of the search.
        facts: Other values needed to show the listing, by name; never text that a person entered.
        dates: The dates recognised in the entered text, in addition to the bounds.
        undated: The results without all these dates; empty if there are no dates.
        undated_total: The number of all results without the dates.
        gone_count: The number of entries skipped because their articles were withdrawn.
        reasons: The reasons why results are missing. They repeat words that were entered, so they
            are shown but not stored.
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
        """All days that limit or steer the search; empty if any day counts."""
        return (*self.bounds.days, *self.dates)
