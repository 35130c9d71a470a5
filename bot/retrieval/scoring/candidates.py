"""All passages that hold a term of a query, seen from afar: what is known without reading them.

Each value is a column, so that hundreds of thousands of passages take some milliseconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from bot.model.day_range import DayRange
from bot.retrieval.index.article_table import UNDATED
from bot.retrieval.question.query import Query

_A_WEEK = 5
_DAYS = 20.0
"""News is equally fresh for the days of a working week; after each _DAYS more it counts e times less."""

_FORTNIGHT = 14
_OF_MANY = 0.8
_OF_NEARLY_ALL = 0.95
"""Measured: on their own day nine in ten questions reach 0.86, months later three in four 0.67."""

Column = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Survey:
    """Passages from afar.

    Attributes:
        numbers: The passages, ascending.
        bm25: Their BM25 shares.
        values: Each feature seen from afar, by its name.
    """

    numbers: NDArray[np.intp]
    bm25: Column
    values: Mapping[str, Column]

    def at(self, places: NDArray[np.intp]) -> "Survey":
        """The passages at these places, in this order."""
        return Survey(
            numbers=self.numbers[places],
            bm25=self.bm25[places],
            values={name: column[places] for name, column in self.values.items()},
        )

    def sum(self, weights: Mapping[str, float], scale: float) -> Column:
        """BM25 and the features' shares together; one without a weight has none."""
        sums: Column = self.bm25.copy()
        for name, weight in weights.items():
            sums += weight * scale * self.values[name]
        return sums


def opening(places: NDArray[np.intp], articles: NDArray[np.int32]) -> Column:
    """How near to their articles' openings passages stand: at place 0, 1, 2 … 1, 1/2, 1/3 ….

    An opening says what an article is about, which counts for the less the fewer articles there are
    to choose from: for the only one it is 0.

    Args:
        places: The place of each passage in its article, from 0.
        articles: The article of each, those of one article together.
    """
    choice = 1.0 - 1.0 / (1 + np.count_nonzero(np.diff(articles)))
    return choice / (1.0 + places.astype(np.float64))


def recent_days(days: NDArray[np.int32], query: Query) -> Column:
    """How fresh articles of these days are: 1 in the week before the day of which the query speaks.

    That is the day it is asked, or if it names dates the last of these; an article that is later than
    that day counts as of that day.
    """
    spoken = _spoken_of(query)
    if spoken is None:
        return np.zeros(len(days))
    past = np.maximum(0.0, _ages(days, spoken) - _A_WEEK)
    return np.where(days == UNDATED, 0.0, np.exp(-past / _DAYS))


def published(
    days: NDArray[np.int32], query: Query, steer_days: int, *, new: float = 1.0
) -> Column:
    """1 where articles are of the days of which the query speaks, or of soon after.

    Args:
        days: The articles' days.
        query: The query.
        steer_days: How soon.
        new: The value instead of 1 where these days hold that on which it is asked ("this week").
    """
    fits = np.zeros(len(days))
    for mention in query.dates:
        spoken = spoken_on(mention.days, steer_days)
        first = spoken.first.toordinal() if spoken.first else UNDATED + 1
        last = spoken.last.toordinal() if spoken.last else date.max.toordinal()
        is_now = query.asked_on is not None and mention.days.contains(query.asked_on)
        fits[(first <= days) & (days <= last)] = new if is_now else 1.0
    return fits


def spoken_on(days: DayRange, steer_days: int) -> DayRange:
    """The days on which articles speak of `days`: these, and up to `steer_days` after the last."""
    last = None if days.last is None else days.last + timedelta(days=steer_days)
    return DayRange(first=days.first, last=last)


def trust(sums: Column, days: NDArray[np.int32], query: Query) -> float:
    """How far a question is about what is new, 0 to 1, by what the articles hold.

    It is where the best match of the last fortnight is better than that of nearly all fortnights
    before; where it is like that of any of them, the question is about the past, and a passage is no
    better for being new. How long the past is that a library holds does not matter.

    Args:
        sums: How well each passage matches.
        days: The day of the article of each.
        query: The query.
    """
    spoken = _spoken_of(query)
    is_dated = days != UNDATED
    if spoken is None or not is_dated.any():
        return 0.0
    fortnights = _ages(days[is_dated], spoken) // _FORTNIGHT
    sums = sums[is_dated]
    best = sums[fortnights == 0].max(initial=0.0)
    past = int(fortnights.max())
    if not (best and past):
        return float(best > 0)
    as_good = np.unique(fortnights[(sums >= best) & (fortnights > 0)])
    share = 1 - len(as_good) / past
    return min(max((share - _OF_MANY) / (_OF_NEARLY_ALL - _OF_MANY), 0.0), 1.0)


def _ages(days: NDArray[np.int32], spoken: date) -> NDArray[np.int32]:
    """How many days before the one of which the query speaks; 0 for those after it."""
    return np.maximum(0, spoken.toordinal() - days)


def _spoken_of(query: Query) -> date | None:
    named = [each.days.last for each in query.dates if each.days.last]
    if query.asked_on is None or not named:
        return query.asked_on
    return min(max(named), query.asked_on)
