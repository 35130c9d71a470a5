"""Timelines: one dated sentence per step for a topic, in order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from bot.dates.calendar import UNITS, Period
from bot.lookups.listing import Listing, Lookup
from bot.lookups.representative import MIN_TOPIC_COVERAGE, find_representative_sentence
from bot.lookups.search import Searcher
from bot.retrieval.answering.excerpts import Citation
from bot.retrieval.question.bounds import Bounds
from bot.retrieval.question.query import Query

STEP_FACT = "step"
"""The fact of a listing that stores the length of its steps."""

UNQUOTED_FACT = "unquoted"
"""The fact that stores the first days of steps without a sentence short enough to be quoted."""

UNTIL_FACT = "until"
"""The fact that stores the day on which the timeline was built."""

MAX_STEPS = 30
"""The maximum number of steps: as many as the excerpts that an answer stores."""

_ONE_DAY = timedelta(days=1)


class TimelineStep(StrEnum):
    """The length of a step."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    def find_period(self, day: date) -> Period:
        """Return the step that contains the day."""
        return UNITS[self](day)

    @property
    def coarser(self) -> "TimelineStep | None":
        """The next longer step; None after the longest."""
        return {TimelineStep.DAY: TimelineStep.WEEK, TimelineStep.WEEK: TimelineStep.MONTH}.get(
            self
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSentences:
    """The sentences of the first MAX_STEPS steps.

    Attributes:
        entries: The sentence of each step, oldest first.
        unquoted: The steps without a sentence short enough to be quoted.
        total: The number of all steps with articles.
    """

    entries: tuple[Citation, ...]
    unquoted: tuple[Period, ...]
    total: int


_NO_SENTENCES = StepSentences(entries=(), unquoted=(), total=0)


async def build_timeline(
    searcher: Searcher, query: Query, bounds: Bounds, *, step: TimelineStep | None = None
) -> Listing:
    """Build a timeline with the most representative sentence of each step that has articles.

    Dates in the topic limit the timeline if nothing else does.

    Args:
        searcher: The search.
        query: The topic.
        bounds: The bounds on date and source.
        step: The length of a step; None to choose one that suits the period of the articles.
    """
    bounds = bounds if bounds.days else _bound_by_topic_dates(query, bounds)
    days = await _find_days(searcher, query, bounds)
    step = step or choose_default_step(days)
    dated = await _quote_steps(searcher, query, bounds, step, days)
    undated = await _quote_undated_steps(searcher, query, bounds, step)
    return Listing(
        lookup=Lookup.TIMELINE,
        entries=dated.entries,
        total=dated.total,
        bounds=bounds,
        facts=_build_facts(step, (*dated.unquoted, *undated.unquoted), searcher.today),
        undated=undated.entries,
        undated_total=undated.total,
    )


def _build_facts(step: TimelineStep, unquoted: Iterable[Period], until: date) -> Mapping[str, str]:
    return {
        STEP_FACT: step.value,
        UNQUOTED_FACT: " ".join(period.first.isoformat() for period in dict.fromkeys(unquoted)),
        UNTIL_FACT: until.isoformat(),
    }


async def _quote_undated_steps(
    searcher: Searcher, query: Query, bounds: Bounds, step: TimelineStep
) -> StepSentences:
    """Return the sentences of the steps without date bounds; nothing if there are none."""
    if not bounds.days:
        return _NO_SENTENCES
    open_bounds = bounds.without_days()
    days = await _find_days(searcher, query, open_bounds)
    return await _quote_steps(searcher, query, open_bounds, step, days)


async def _find_days(searcher: Searcher, query: Query, bounds: Bounds) -> tuple[date, ...]:
    return await searcher.index.find_matching_days(
        query, bounds=bounds, until=searcher.today, min_coverage=MIN_TOPIC_COVERAGE
    )


async def _quote_steps(
    searcher: Searcher, query: Query, bounds: Bounds, step: TimelineStep, days: Iterable[date]
) -> StepSentences:
    # Thousands of articles may share a few hundred days.
    periods = list(dict.fromkeys(map(step.find_period, dict.fromkeys(days))))
    sentences: dict[Period, Citation | None] = {}
    # A plain search returns at most 30 passages, maybe all of one step.
    results = await searcher.search_by_period(query, periods[:MAX_STEPS], bounds)
    for period, result in zip(periods, results, strict=False):
        sentences[period] = find_representative_sentence(
            result, max_chars=searcher.limits.max_excerpt_chars
        )
    return StepSentences(
        entries=tuple(sentence for sentence in sentences.values() if sentence),
        unquoted=tuple(period for period, sentence in sentences.items() if sentence is None),
        total=len(periods),
    )


def choose_default_step(days: Sequence[date]) -> TimelineStep:
    """Return the shortest step that divides the period into at most MAX_STEPS steps."""
    if not days:
        return TimelineStep.DAY
    fits = (
        step
        for step in (TimelineStep.DAY, TimelineStep.WEEK)
        if _count_steps(step, days) <= MAX_STEPS
    )
    return next(fits, TimelineStep.MONTH)


def _count_steps(step: TimelineStep, days: Sequence[date]) -> int:
    """Return the number of steps from the first day to the last, with or without articles."""
    first_period = step.find_period(days[0])
    return (days[-1] - first_period.first) // (
        first_period.last - first_period.first + _ONE_DAY
    ) + 1


def _bound_by_topic_dates(query: Query, bounds: Bounds) -> Bounds:
    """Return bounds from the first to the last day that the topic names."""
    if not query.dates:
        return bounds
    firsts = [days.first for days in query.date_ranges]
    lasts = [days.last for days in query.date_ranges]
    return replace(
        bounds,
        after=None if None in firsts else min(day for day in firsts if day),
        before=None if None in lasts else max(day for day in lasts if day),
    )
