"""Which days and which sources the library has, and how many articles of each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from bot.model.day_range import DayRange
from bot.retrieval.index.article_table import ArticleTable


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCount:
    """A day of publication, and how many articles are of it."""

    day: date
    article_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSummary:
    """A source, how many articles are of it, and the days of the first and the last of them.

    Its name is None for the articles whose source is not given.
    """

    name: str | None
    article_count: int
    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DayCounts:
    """The days of publication, the oldest first.

    Attributes:
        days: The days, as `date.toordinal()`.
        counts: How many articles are of each.
    """

    days: NDArray[np.intp]
    counts: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.days)

    def __getitem__(self, place: int) -> DayCount:
        return DayCount(
            day=date.fromordinal(int(self.days[place])), article_count=int(self.counts[place])
        )

    def __iter__(self) -> Iterator[DayCount]:
        return map(self.__getitem__, range(len(self)))

    def find_range(self, days: DayRange) -> range:
        """The places of those that are of these days."""
        first, last = days.first or date.min, days.last or date.max
        return range(
            int(np.searchsorted(self.days, first.toordinal())),
            int(np.searchsorted(self.days, last.toordinal(), side="right")),
        )


def count_by_day(articles: ArticleTable, *, until: date) -> DayCounts:
    """The days to `until` on which articles were published."""
    # Counted, not sorted: it is done for each letter that a person types.
    counts = np.bincount(articles.days[articles.days <= until.toordinal()])
    days = np.flatnonzero(counts)
    return DayCounts(days=days, counts=counts[days])


def list_sources(articles: ArticleTable, *, until: date) -> tuple[SourceSummary, ...]:
    """The sources of the articles published to `until`, most articles first, then by name.

    Those whose source is not given come last.
    """
    return tuple(
        sorted(
            _summarise_sources(articles, until),
            key=lambda source: (source.name is None, -source.article_count, source.name or ""),
        )
    )


def _summarise_sources(articles: ArticleTable, until: date) -> Iterator[SourceSummary]:
    visible = articles.days <= until.toordinal()
    days, numbers = articles.days[visible], articles.source_numbers[visible]
    counts = np.bincount(numbers, minlength=len(articles.sources))
    # Of the same type as the days: `at` is forty times slower between types.
    firsts = np.full(len(counts), date.max.toordinal(), days.dtype)
    lasts = np.zeros_like(firsts)
    np.minimum.at(firsts, numbers, days)
    np.maximum.at(lasts, numbers, days)
    for number in np.flatnonzero(counts).tolist():
        yield SourceSummary(
            name=articles.sources[number] or None,
            article_count=int(counts[number]),
            first_on=date.fromordinal(int(firsts[number])),
            last_on=date.fromordinal(int(lasts[number])),
        )
