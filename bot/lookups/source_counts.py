"""Counts of articles by day and by source."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from bot.model.day_range import DayRange
from bot.retrieval.index.article_table import ArticleTable


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCount:
    """A publication day with its number of articles."""

    day: date
    article_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSummary:
    """A source with its number of articles and its first and last publication days.

    The name is None for articles without a source.
    """

    name: str | None
    article_count: int
    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DayCounts:
    """The publication days and their numbers of articles, the oldest first.

    Attributes:
        days: The days, as `date.toordinal()`.
        counts: The number of articles on each day.
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
        """Return the indices of the days that lie within these days."""
        first, last = days.first or date.min, days.last or date.max
        return range(
            int(np.searchsorted(self.days, first.toordinal())),
            int(np.searchsorted(self.days, last.toordinal(), side="right")),
        )


def count_by_day(articles: ArticleTable, *, until: date) -> DayCounts:
    """Count the articles of each publication day up to `until`."""
    # Counting is faster than sorting, and this runs on every key that a person types.
    counts = np.bincount(articles.days[articles.days <= until.toordinal()])
    days = np.flatnonzero(counts)
    return DayCounts(days=days, counts=counts[days])


def list_sources(articles: ArticleTable, *, until: date) -> tuple[SourceSummary, ...]:
    """List the sources of articles published up to `until`, by most articles, then by name.

    Articles without a source come last.
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
    # With the dtype of the days: `ufunc.at` is forty times slower if the dtypes differ.
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
