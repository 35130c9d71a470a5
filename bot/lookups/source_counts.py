"""Which days and which sources the library has, and how many articles of each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from bot.model.day_range import DayRange
from bot.retrieval.index.article_table import Articles


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldDay:
    """A day of publication, and how many articles are of it."""

    day: date
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldSource:
    """A source, how many articles are of it, and the days of the first and the last of them.

    Its name is None for the articles whose source is not given.
    """

    name: str | None
    articles: int
    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HeldDays:
    """The days of publication, the oldest first.

    Attributes:
        days: The days, as `date.toordinal()`.
        counts: How many articles are of each.
    """

    days: NDArray[np.intp]
    counts: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.days)

    def __getitem__(self, place: int) -> HeldDay:
        return HeldDay(
            day=date.fromordinal(int(self.days[place])), articles=int(self.counts[place])
        )

    def __iter__(self) -> Iterator[HeldDay]:
        return map(self.__getitem__, range(len(self)))

    def within(self, days: DayRange) -> range:
        """The places of those that are of these days."""
        first, last = days.first or date.min, days.last or date.max
        return range(
            int(np.searchsorted(self.days, first.toordinal())),
            int(np.searchsorted(self.days, last.toordinal(), side="right")),
        )


def days_held(articles: Articles, *, until: date) -> HeldDays:
    """The days to `until` on which articles were published."""
    # Counted, not sorted: it is done for each letter that a person types.
    counts = np.bincount(articles.days[articles.days <= until.toordinal()])
    days = np.flatnonzero(counts)
    return HeldDays(days=days, counts=counts[days])


def sources_held(articles: Articles, *, until: date) -> tuple[HeldSource, ...]:
    """The sources of the articles published to `until`, most articles first, then by name.

    Those whose source is not given come last.
    """
    visible = articles.days <= until.toordinal()
    days, numbers = articles.days[visible], articles.source_numbers[visible]
    counts = np.bincount(numbers, minlength=len(articles.sources))
    # Of the same type as the days: `at` is forty times slower between types.
    firsts = np.full(len(counts), date.max.toordinal(), days.dtype)
    lasts = np.zeros_like(firsts)
    np.minimum.at(firsts, numbers, days)
    np.maximum.at(lasts, numbers, days)
    held = (
        HeldSource(
            name=articles.sources[number] or None,
            articles=int(counts[number]),
            first_on=date.fromordinal(int(firsts[number])),
            last_on=date.fromordinal(int(lasts[number])),
        )
        for number in np.flatnonzero(counts).tolist()
    )
    return tuple(
        sorted(held, key=lambda each: (each.name is None, -each.articles, each.name or ""))
    )
