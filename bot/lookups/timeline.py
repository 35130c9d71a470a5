"""One dated sentence a step: what was said about a topic, in order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from bot.dates.calendar import UNITS, Period
from bot.lookups.listing import Listing, Lookup
from bot.lookups.representative import LEAST_OF_TOPIC, telling
from bot.lookups.search import Searcher, Sort
from bot.retrieval.answering.excerpts import Citation
from bot.retrieval.question.query import Query
from bot.retrieval.scoring.limits import Bounds

STEP = "step"
"""The fact of a listing that says how long its steps are."""

UNQUOTED = "unquoted"
"""The fact that names the steps of which nothing is short enough to be quoted, by their first days."""

UNTIL = "until"
"""The fact that says which day it was."""

MOST_STEPS = 30
"""As many as an answer keeps."""

_ONE_DAY = timedelta(days=1)


class Step(StrEnum):
    """How long a step is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    def period(self, day: date) -> Period:
        """The step that holds the day."""
        return UNITS[self](day)

    @property
    def coarser(self) -> "Step | None":
        """The next longer one; None after the longest."""
        return {Step.DAY: Step.WEEK, Step.WEEK: Step.MONTH}.get(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The sentences of the first steps.

    Attributes:
        entries: The sentence of each step, oldest first.
        unquoted: The steps among them of which nothing is short enough to be quoted.
        total: How many steps there are in all.
    """

    entries: tuple[Citation, ...]
    unquoted: tuple[Period, ...]
    total: int


_NOTHING = Told(entries=(), unquoted=(), total=0)


async def timeline(
    searcher: Searcher, query: Query, bounds: Bounds, *, step: Step | None = None
) -> Listing:
    """The sentence of each step that says most about the topic; a step without articles has none.

    Days that the topic itself names bound the timeline where nothing else does.

    Args:
        searcher: What is searched.
        query: The topic.
        bounds: Which articles are searched.
        step: How long a step is; None for what suits the days from the first article to the last.

    Raises:
        StoreError: The library can't be read.
    """
    bounds = bounds if bounds.days else _named_in(query, bounds)
    days = await _days(searcher, query, bounds)
    step = step or usual_step(days)
    told = await _told(searcher, query, bounds, step, days)
    undated = _NOTHING
    if bounds.days:
        open_ended = replace(bounds, after=None, before=None)
        all_days = await _days(searcher, query, open_ended)
        undated = await _told(searcher, query, open_ended, step, all_days)
    unquoted = dict.fromkeys([*told.unquoted, *undated.unquoted])
    return Listing(
        lookup=Lookup.TIMELINE,
        entries=told.entries,
        total=told.total,
        bounds=bounds,
        facts={
            STEP: step.value,
            UNQUOTED: " ".join(period.first.isoformat() for period in unquoted),
            UNTIL: searcher.today.isoformat(),
        },
        undated=undated.entries,
        undated_total=undated.total,
    )


async def _days(searcher: Searcher, query: Query, bounds: Bounds) -> tuple[date, ...]:
    return await searcher.corpus.days_holding(
        query, bounds=bounds, until=searcher.today, least=LEAST_OF_TOPIC
    )


async def _told(
    searcher: Searcher, query: Query, bounds: Bounds, step: Step, days: Iterable[date]
) -> Told:
    periods = list(dict.fromkeys(map(step.period, days)))
    told: dict[Period, Citation | None] = {}
    for period in periods[:MOST_STEPS]:
        found = await searcher.found(query, _within(period, bounds), Sort.BEST)
        told[period] = telling(found, max_chars=searcher.limits.max_excerpt_chars)
    return Told(
        entries=tuple(each for each in told.values() if each),
        unquoted=tuple(period for period, each in told.items() if each is None),
        total=len(periods),
    )


def usual_step(days: Sequence[date]) -> Step:
    """The shortest step of which at most MOST_STEPS lie between the first day and the last."""
    if not days:
        return Step.DAY
    fits = (step for step in (Step.DAY, Step.WEEK) if _count(step, days) <= MOST_STEPS)
    return next(fits, Step.MONTH)


def _count(step: Step, days: Sequence[date]) -> int:
    """How many steps lie between the first day and the last, with articles or without."""
    length = step.period(days[0])
    return (days[-1] - length.first) // (length.last - length.first + _ONE_DAY) + 1


def _named_in(query: Query, bounds: Bounds) -> Bounds:
    """The bounds from the first to the last of the days that the topic names."""
    ranges = [mention.days for mention in query.dates]
    if not ranges:
        return bounds
    firsts = [days.first for days in ranges]
    lasts = [days.last for days in ranges]
    return replace(
        bounds,
        after=None if None in firsts else min(day for day in firsts if day),
        before=None if None in lasts else max(day for day in lasts if day),
    )


def _within(period: Period, bounds: Bounds) -> Bounds:
    return replace(
        bounds,
        after=max(period.first, bounds.after or period.first),
        before=min(period.last, bounds.before or period.last),
    )
