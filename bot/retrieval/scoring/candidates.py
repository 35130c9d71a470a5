"""First-stage candidates: all passages that contain a query term, not yet analysed.

Each feature is a column of numbers, so that hundreds of thousands of passages take a few
milliseconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from bot.model.day_range import DayRange
from bot.retrieval.index.article_table import UNDATED
from bot.retrieval.question.query import Query

# Measured on left-out folds: judging recency by fortnights, with this decay, raised the share of
# questions with a right first excerpt from 0.625 to 0.644.
_FRESH_DAYS = 5
_DECAY_DAYS = 20.0
"""Articles of the last _FRESH_DAYS days, a working week, are equally fresh; every _DECAY_DAYS more
divide the value by e.
"""

_FORTNIGHT_DAYS = 14
_MIN_BEATEN_SHARE = 0.8
_FULL_BEATEN_SHARE = 0.95
"""The shares of beaten fortnights between which recency intent rises from 0 to 1.

Measured: on the day that they were asked nine in ten questions reach a share of 0.86; months later
three in four reach 0.67.
"""

Column = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CandidateSet:
    """Passages with their BM25 shares and first-stage features.

    Attributes:
        numbers: The passage numbers, ascending unless `select` reordered them.
        bm25: The BM25 share of each passage.
        feature_values: The values of each first-stage feature, by name.
    """

    numbers: NDArray[np.intp]
    bm25: Column
    feature_values: Mapping[str, Column]

    def select(self, positions: NDArray[np.intp]) -> "CandidateSet":
        """Return the candidates at these positions, in this order."""
        return CandidateSet(
            numbers=self.numbers[positions],
            bm25=self.bm25[positions],
            feature_values={
                name: column[positions] for name, column in self.feature_values.items()
            },
        )

    def get_feature_values(self, position: int) -> dict[str, float]:
        """Return the features of the candidate at this position, by name."""
        return {name: float(column[position]) for name, column in self.feature_values.items()}

    def compute_scores(self, weights: Mapping[str, float], scale: float) -> Column:
        """Return the sum of BM25 and the weighted features, ignoring those without a weight."""
        scores: Column = self.bm25.copy()
        for name, weight in weights.items():
            scores += weight * scale * self.feature_values[name]
        return scores


def score_opening(positions: NDArray[np.intp], articles: NDArray[np.int32]) -> Column:
    """Score passages by their position in the article: 1, 1/2, 1/3 … for positions 0, 1, 2 ….

    An opening says what an article is about. That tells less the fewer articles there are to choose
    from, so the values are scaled down; they are 0 for a single article.

    Args:
        positions: The position of each passage in its article, from 0.
        articles: The article of each passage; passages of one article stand together.
    """
    choice = 1.0 - 1.0 / (1 + np.count_nonzero(np.diff(articles)))
    return choice / (1.0 + positions.astype(np.float64))


def score_recency(days: NDArray[np.int32], query: Query) -> Column:
    """Score the freshness of articles: 1 for the days up to the query's day, then falling with age.

    The query's day is the day on which it is asked, or the last date that it names if that is
    earlier. Articles later than the query's day count as published on it. Undated articles get 0.
    """
    reference_day = _get_reference_day(query)
    if reference_day is None:
        return np.zeros(len(days))
    excess_days = np.maximum(0.0, _compute_ages(days, reference_day) - _FRESH_DAYS)
    return np.where(days == UNDATED, 0.0, np.exp(-excess_days / _DECAY_DAYS))


def score_publication_date(
    days: NDArray[np.int32], query: Query, steer_days: int, *, current_value: float = 1.0
) -> Column:
    """Score 1 for articles published on the dates in the query or soon after, otherwise 0.

    Args:
        days: The publication days.
        query: The query.
        steer_days: The number of days after a date that still count.
        current_value: The value, instead of 1, for dates that include the day on which the query is
            asked ("this week").
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
    """Return `days` extended by `steer_days`: the days on which articles write about `days`."""
    last = None if days.last is None else days.last + timedelta(days=steer_days)
    return DayRange(first=days.first, last=last)


def estimate_recency_intent(scores: Column, days: NDArray[np.int32], query: Query) -> float:
    """Estimate how much a query is about recent news, from 0 to 1.

    The value is high if the best match of the last fortnight beats the best match of nearly every
    earlier fortnight. If it is no better than theirs, the query is about the past, and a passage
    gains nothing by being new. A ratio to the best match of all time would fall as a library grows,
    since a longer past contains better matches by chance: within a year it fell from 0.90 to 0.61.

    Args:
        scores: How well each passage matches.
        days: The publication day of each passage.
        query: The query.
    """
    reference_day = _get_reference_day(query)
    # Undated articles say nothing about when a subject was in the news.
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
    """Return the age in days on the reference day; 0 for articles published later."""
    return np.maximum(0, reference_day.toordinal() - days)


def _get_reference_day(query: Query) -> date | None:
    named_days = [mention.days.last for mention in query.dates if mention.days.last]
    if query.asked_on is None or not named_days:
        return query.asked_on
    return min(max(named_days), query.asked_on)
