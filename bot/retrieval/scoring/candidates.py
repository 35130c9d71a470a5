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

_FRESH_DAYS = 5
_DECAY_DAYS = 20.0
"""News is equally fresh for the days of a working week; after each _DECAY_DAYS more it counts e times less."""

_FORTNIGHT_DAYS = 14
_MIN_BEATEN_SHARE = 0.8
_FULL_BEATEN_SHARE = 0.95
"""Measured: on their own day nine in ten questions reach 0.86, months later three in four 0.67."""

Column = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CandidateSet:
    """Passages from afar.

    Attributes:
        numbers: The passages, ascending.
        bm25: Their BM25 shares.
        feature_values: Each feature seen from afar, by its name.
    """

    numbers: NDArray[np.intp]
    bm25: Column
    feature_values: Mapping[str, Column]

    def select(self, positions: NDArray[np.intp]) -> "CandidateSet":
        """The passages at these places, in this order."""
        return CandidateSet(
            numbers=self.numbers[positions],
            bm25=self.bm25[positions],
            feature_values={
                name: column[positions] for name, column in self.feature_values.items()
            },
        )

    def get_feature_values(self, position: int) -> dict[str, float]:
        """Return the features of the passage at this place, by name."""
        return {name: float(column[position]) for name, column in self.feature_values.items()}

    def compute_scores(self, weights: Mapping[str, float], scale: float) -> Column:
        """BM25 and the features' shares together; one without a weight has none."""
        scores: Column = self.bm25.copy()
        for name, weight in weights.items():
            scores += weight * scale * self.feature_values[name]
        return scores


def score_opening(positions: NDArray[np.intp], articles: NDArray[np.int32]) -> Column:
    """How near to their articles' openings passages stand: at place 0, 1, 2 … 1, 1/2, 1/3 ….

    An opening says what an article is about, which counts for the less the fewer articles there are
    to choose from: for the only one it is 0.

    Args:
        positions: The place of each passage in its article, from 0.
        articles: The article of each, those of one article together.
    """
    choice = 1.0 - 1.0 / (1 + np.count_nonzero(np.diff(articles)))
    return choice / (1.0 + positions.astype(np.float64))


def score_recency(days: NDArray[np.int32], query: Query) -> Column:
    """How fresh articles of these days are: 1 in the week before the day of which the query speaks.

    That is the day it is asked, or if it names dates the last of these; an article that is later than
    that day counts as of that day.
    """
    reference_day = _get_reference_day(query)
    if reference_day is None:
        return np.zeros(len(days))
    excess_days = np.maximum(0.0, _compute_ages(days, reference_day) - _FRESH_DAYS)
    return np.where(days == UNDATED, 0.0, np.exp(-excess_days / _DECAY_DAYS))


def score_publication_date(
    days: NDArray[np.int32], query: Query, steer_days: int, *, current_value: float = 1.0
) -> Column:
    """1 where articles are of the days of which the query speaks, or of soon after.

    Args:
        days: The articles' days.
        query: The query.
        steer_days: How soon.
        current_value: The value instead of 1 where these days hold that on which it is asked ("this week").
    """
    values = np.zeros(len(days))
    for mention in query.dates:
        publication_days = get_publication_days(mention.days, steer_days)
        first = publication_days.first.toordinal() if publication_days.first else UNDATED + 1
        last = publication_days.last.toordinal() if publication_days.last else date.max.toordinal()
        is_current = query.asked_on is not None and mention.days.contains(query.asked_on)
        values[(first <= days) & (days <= last)] = current_value if is_current else 1.0
    return values


def get_publication_days(days: DayRange, steer_days: int) -> DayRange:
    """The days on which articles speak of `days`: these, and up to `steer_days` after the last."""
    last = None if days.last is None else days.last + timedelta(days=steer_days)
    return DayRange(first=days.first, last=last)


def estimate_recency_intent(scores: Column, days: NDArray[np.int32], query: Query) -> float:
    """How far a question is about what is new, 0 to 1, by what the articles hold.

    It is where the best match of the last fortnight is better than that of nearly all fortnights
    before; where it is like that of any of them, the question is about the past, and a passage is no
    better for being new. How long the past is that a library holds does not matter.

    Args:
        scores: How well each passage matches.
        days: The day of the article of each.
        query: The query.
    """
    reference_day = _get_reference_day(query)
    is_dated = days != UNDATED
    if reference_day is None or not is_dated.any():
        return 0.0
    fortnights = _compute_ages(days[is_dated], reference_day) // _FORTNIGHT_DAYS
    scores = scores[is_dated]
    best = scores[fortnights == 0].max(initial=0.0)
    past = int(fortnights.max())
    if not (best and past):
        return float(best > 0)
    as_good = np.unique(fortnights[(scores >= best) & (fortnights > 0)])
    share = 1 - len(as_good) / past
    return min(
        max((share - _MIN_BEATEN_SHARE) / (_FULL_BEATEN_SHARE - _MIN_BEATEN_SHARE), 0.0), 1.0
    )


def _compute_ages(days: NDArray[np.int32], reference_day: date) -> NDArray[np.int32]:
    """How many days before the one of which the query speaks; 0 for those after it."""
    return np.maximum(0, reference_day.toordinal() - days)


def _get_reference_day(query: Query) -> date | None:
    named_days = [mention.days.last for mention in query.dates if mention.days.last]
    if query.asked_on is None or not named_days:
        return query.asked_on
    return min(max(named_days), query.asked_on)
