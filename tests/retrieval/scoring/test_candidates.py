import math
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from bot.dates.grammar import DateMention
from bot.model.day_range import DayRange
from bot.model.span import Span
from bot.retrieval.index.article_table import UNDATED
from bot.retrieval.question.query import Query
from bot.retrieval.scoring.candidates import (
    CandidateSet,
    estimate_recency_intent,
    get_publication_days,
    score_opening,
    score_publication_date,
    score_recency,
)

ASKED_ON = date(2026, 3, 2)
LATE_FEBRUARY = DayRange(first=date(2026, 2, 21), last=date(2026, 2, 28))
SINCE_FEBRUARY = DayRange(first=date(2026, 2, 21), last=None)
UNTIL_FEBRUARY = DayRange(first=None, last=date(2026, 2, 28))

Days = NDArray[np.int32]


def a_query(*dates: DayRange, asked_on: date | None = ASKED_ON) -> Query:
    """Build a query with these dates, asked on a day."""
    mentions = tuple(DateMention(span=Span(0, 1), days=days) for days in dates)
    return Query(terms=("flood",), words=("flood",), dates=mentions, asked_on=asked_on)


def column(*days: date | None) -> Days:
    """Return the days of articles as a column; None stands for an undated article."""
    return np.array([day.toordinal() if day else UNDATED for day in days], np.int32)


def ago(days: int) -> date:
    return ASKED_ON - timedelta(days=days)


def a_survey() -> CandidateSet:
    return CandidateSet(
        numbers=np.array([3, 5, 8], np.intp),
        bm25=np.array([1.0, 2.0, 4.0]),
        feature_values={"fresh": np.array([0.5, 0.0, 1.0]), "first": np.array([0.0, 1.0, 1.0])},
    )


def test_selected_candidates_have_the_given_order() -> None:
    some = a_survey().select(np.array([2, 0], np.intp))

    assert some.numbers.tolist() == [8, 3]
    assert some.bm25.tolist() == [4.0, 1.0]
    assert {name: values.tolist() for name, values in some.feature_values.items()} == {
        "fresh": [1.0, 0.5],
        "first": [1.0, 0.0],
    }


def test_a_score_is_bm25_plus_the_scaled_features() -> None:
    sums = a_survey().compute_scores({"fresh": 0.5, "first": -1.0}, scale=2.0)

    assert sums.tolist() == [1.0 + 0.5, 2.0 - 2.0, 4.0 + 1.0 - 2.0]


def test_a_feature_without_a_weight_adds_nothing() -> None:
    sums = a_survey().compute_scores({"fresh": 1.0}, scale=1.0)

    assert sums.tolist() == [1.5, 2.0, 5.0]


def test_computing_scores_does_not_modify_the_bm25_shares() -> None:
    survey = a_survey()

    survey.compute_scores({"fresh": 1.0}, scale=1.0)

    assert survey.bm25.tolist() == [1.0, 2.0, 4.0]


def test_later_passages_have_lower_opening_values() -> None:
    values = score_opening(np.array([0, 1, 2, 0], np.intp), np.array([4, 4, 4, 7], np.int32))

    assert values.tolist() == pytest.approx([1 / 2, 1 / 4, 1 / 6, 1 / 2])


def test_opening_values_grow_with_the_number_of_articles() -> None:
    places = np.zeros(4, np.intp)

    values = score_opening(places, np.arange(4, dtype=np.int32))

    assert values.tolist() == [0.75] * 4


@pytest.mark.parametrize("size", [0, 1, 3], ids=["nothing", "a passage", "passages"])
def test_opening_values_are_0_for_at_most_one_article(size: int) -> None:
    values = score_opening(np.arange(size, dtype=np.intp), np.full(size, 6, np.int32))

    assert values.tolist() == [0.0] * size


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 5)), min_size=1))
def test_an_opening_value_lies_between_0_and_1(passages: list[tuple[int, int]]) -> None:
    places, articles = np.array(passages).T

    values = score_opening(places.astype(np.intp), articles.astype(np.int32))

    assert ((values >= 0) & (values < 1)).all()


@pytest.mark.parametrize("days", [0, 1, 5])
def test_articles_of_the_last_days_have_full_recency(days: int) -> None:
    assert score_recency(column(ago(days)), a_query()).tolist() == [1.0]


def test_recency_then_decays_by_e_every_twenty_days() -> None:
    values = score_recency(column(ago(6), ago(25), ago(45)), a_query())

    assert values.tolist() == pytest.approx([math.exp(-1 / 20), 1 / math.e, 1 / math.e**2])


def test_an_undated_article_has_no_recency() -> None:
    assert score_recency(column(None, date.min), a_query(asked_on=date.min)).tolist() == [0.0, 1.0]


def test_recency_is_0_without_a_clock() -> None:
    assert score_recency(column(ASKED_ON, None), a_query(asked_on=None)).tolist() == [0.0, 0.0]


@given(ages=st.lists(st.integers(-400, 40_000)).map(sorted))
def test_recency_lies_between_0_and_1_and_never_grows_with_age(ages: list[int]) -> None:
    values = score_recency(column(*map(ago, ages)), a_query())

    assert ((values >= 0) & (values <= 1)).all()
    assert (np.diff(values) <= 0).all()


@pytest.mark.parametrize(
    ("dates", "spoken_of"),
    [
        ((), ASKED_ON),
        ((LATE_FEBRUARY,), date(2026, 2, 28)),
        ((LATE_FEBRUARY, DayRange(first=ago(800), last=ago(700))), date(2026, 2, 28)),
        ((SINCE_FEBRUARY,), ASKED_ON),
        ((SINCE_FEBRUARY, LATE_FEBRUARY), date(2026, 2, 28)),
        ((DayRange(first=ago(3), last=ago(-30)),), ASKED_ON),
    ],
    ids=[
        "no date",
        "a date",
        "the latest of dates",
        "a date without end",
        "one with and one without end",
        "a date to come",
    ],
)
def test_recency_is_relative_to_the_last_named_day_unless_it_is_in_the_future(
    dates: tuple[DayRange, ...], spoken_of: date
) -> None:
    days = column(spoken_of + timedelta(days=1), spoken_of, spoken_of - timedelta(days=25))

    values = score_recency(days, a_query(*dates))

    assert values.tolist() == pytest.approx([1.0, 1.0, 1 / math.e])


def test_published_holds_from_the_first_day_to_some_days_after_the_last() -> None:
    days = column(date(2026, 2, 20), date(2026, 2, 21), date(2026, 3, 14), date(2026, 3, 15), None)

    values = score_publication_date(days, a_query(LATE_FEBRUARY), steer_days=14)

    assert values.tolist() == [0.0, 1.0, 1.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ((SINCE_FEBRUARY,), [0.0, 0.0, 1.0]),
        ((UNTIL_FEBRUARY,), [0.0, 1.0, 0.0]),
        ((SINCE_FEBRUARY, UNTIL_FEBRUARY), [0.0, 1.0, 1.0]),
        ((), [0.0, 0.0, 0.0]),
    ],
    ids=["since", "until", "either of two dates", "no date"],
)
def test_published_matches_any_date_and_no_undated_article(
    dates: tuple[DayRange, ...], expected: list[float]
) -> None:
    days = column(None, date(1900, 1, 1), date(2100, 1, 1))

    assert score_publication_date(days, a_query(*dates), steer_days=14).tolist() == expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (LATE_FEBRUARY, DayRange(first=date(2026, 2, 21), last=date(2026, 3, 14))),
        (SINCE_FEBRUARY, SINCE_FEBRUARY),
        (UNTIL_FEBRUARY, DayRange(first=None, last=date(2026, 3, 14))),
    ],
    ids=["closed", "since", "until"],
)
def test_publication_days_extend_the_days_by_the_steering_days(
    days: DayRange, expected: DayRange
) -> None:
    assert get_publication_days(days, steer_days=14) == expected


def trust_of(new: float, *old: float, query: Query | None = None) -> float:
    """Return the recency intent for the best score of the last fortnight and of earlier ones.

    The last of `old` is the score of the fortnight before the last.
    """
    days = column(*(ago(14 * fortnights) for fortnights in range(len(old), -1, -1)))
    return estimate_recency_intent(np.array([*old, new]), days, query or a_query())


@pytest.mark.parametrize("length", [20, 100, 500])
@pytest.mark.parametrize(
    ("share", "expected"),
    [(0.0, 1.0), (0.05, 1.0), (0.1, 2 / 3), (0.15, 1 / 3), (0.2, 0.0), (1.0, 0.0)],
    ids=["none", "nearly none", "a few", "some more", "many", "all"],
)
def test_recency_intent_depends_on_the_share_of_fortnights_as_good(
    share: float, expected: float, length: int
) -> None:
    as_good = round(share * length)

    trusted = trust_of(4.0, *[4.0] * as_good, *[3.9] * (length - as_good))

    assert trusted == pytest.approx(expected)


def test_only_the_best_match_of_a_fortnight_counts() -> None:
    sums = np.array([*[4.0] * 50, 1.0, 4.0])
    days = column(*[ago(20)] * 50, ago(14 * 20), ASKED_ON)

    assert estimate_recency_intent(sums, days, a_query()) == 1.0


def test_a_fortnight_without_a_match_is_not_as_good() -> None:
    assert (
        estimate_recency_intent(
            np.array([1.0, 4.0, 4.0]), column(ago(1400), ago(20), ago(3)), a_query()
        )
        == 1.0
    )


def test_the_margin_of_the_newest_match_does_not_matter() -> None:
    assert trust_of(4.0, 3.9) == trust_of(4.0, 0.1) == 1.0


def test_a_better_match_in_the_past_is_as_good() -> None:
    assert trust_of(4.0, *[3.9] * 9, 5.0) == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("days", "expected"), [(13, 1.0), (14, 0.0)], ids=["the last fortnight", "the one before"]
)
def test_the_last_fortnight_has_fourteen_days(days: int, expected: float) -> None:
    assert (
        estimate_recency_intent(np.array([1.0, 2.0]), column(ago(14), ago(days)), a_query())
        == expected
    )


def test_a_single_fortnight_of_articles_has_full_recency_intent() -> None:
    assert estimate_recency_intent(np.array([1.0, 2.0]), column(ago(13), ago(3)), a_query()) == 1.0


def test_without_a_new_match_there_is_no_recency_intent() -> None:
    assert estimate_recency_intent(np.array([0.0]), column(ago(3)), a_query()) == 0.0


@pytest.mark.parametrize(
    "days", [column(ago(14)), column(ago(1400)), column(None), column()], ids=str
)
def test_without_new_articles_there_is_no_recency_intent(days: Days) -> None:
    assert estimate_recency_intent(np.ones(len(days)), days, a_query()) == 0.0


def test_without_a_clock_there_is_no_recency_intent() -> None:
    assert trust_of(1.0, query=a_query(asked_on=None)) == 0.0


def test_undated_articles_do_not_affect_recency_intent() -> None:
    days = column(None, ago(14), ago(3))

    assert estimate_recency_intent(np.array([9.0, 1.0, 2.0]), days, a_query()) == 1.0
    assert estimate_recency_intent(np.array([9.0, 2.0, 1.0]), days, a_query()) == 0.0


def test_fortnights_count_back_from_the_day_of_the_query() -> None:
    late_february = a_query(LATE_FEBRUARY)
    days = column(date(2026, 2, 14), date(2026, 2, 15), ASKED_ON)

    assert estimate_recency_intent(np.array([1.0, 2.0, 0.5]), days, late_february) == 1.0
    assert estimate_recency_intent(np.array([2.0, 1.0, 0.5]), days, late_february) == 0.0
    assert estimate_recency_intent(np.array([2.0, 1.0, 2.5]), days, late_february) == 1.0


@given(
    st.lists(st.tuples(st.sampled_from([0.0, 0.5, 1.0, 2.0]), st.none() | st.integers(-30, 900)))
)
def test_recency_intent_lies_between_0_and_1(matches: list[tuple[float, int | None]]) -> None:
    sums = np.array([share for share, _ in matches], dtype=np.float64)
    days = column(*(None if age is None else ago(age) for _, age in matches))

    assert 0.0 <= estimate_recency_intent(sums, days, a_query()) <= 1.0


def test_current_dates_count_by_the_current_value() -> None:
    this_week = a_query(DayRange(first=ASKED_ON, last=ASKED_ON + timedelta(days=6)))

    assert score_publication_date(column(ASKED_ON), this_week, 14, current_value=0.3).tolist() == [
        0.3
    ]
    assert score_publication_date(
        column(ago(3)), a_query(LATE_FEBRUARY), 14, current_value=0.3
    ).tolist() == [1.0]
