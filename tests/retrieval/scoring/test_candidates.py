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


def test_a_survey_of_some_passages_has_them_in_the_order_asked_for() -> None:
    some = a_survey().select(np.array([2, 0], np.intp))

    assert some.numbers.tolist() == [8, 3]
    assert some.bm25.tolist() == [4.0, 1.0]
    assert {name: values.tolist() for name, values in some.feature_values.items()} == {
        "fresh": [1.0, 0.5],
        "first": [1.0, 0.0],
    }


def test_a_sum_is_bm25_and_the_features_in_units_of_the_scale() -> None:
    sums = a_survey().compute_scores({"fresh": 0.5, "first": -1.0}, scale=2.0)

    assert sums.tolist() == [1.0 + 0.5, 2.0 - 2.0, 4.0 + 1.0 - 2.0]


def test_a_feature_without_a_weight_adds_nothing() -> None:
    sums = a_survey().compute_scores({"fresh": 1.0}, scale=1.0)

    assert sums.tolist() == [1.5, 2.0, 5.0]


def test_a_sum_leaves_the_bm25_shares_as_they_were() -> None:
    survey = a_survey()

    survey.compute_scores({"fresh": 1.0}, scale=1.0)

    assert survey.bm25.tolist() == [1.0, 2.0, 4.0]


def test_an_opening_counts_less_from_passage_to_passage() -> None:
    values = score_opening(np.array([0, 1, 2, 0], np.intp), np.array([4, 4, 4, 7], np.int32))

    assert values.tolist() == pytest.approx([1 / 2, 1 / 4, 1 / 6, 1 / 2])


def test_an_opening_counts_more_the_more_articles_there_are() -> None:
    places = np.zeros(4, np.intp)

    values = score_opening(places, np.arange(4, dtype=np.int32))

    assert values.tolist() == [0.75] * 4


@pytest.mark.parametrize("size", [0, 1, 3], ids=["nothing", "a passage", "passages"])
def test_no_opening_is_preferred_where_there_is_one_article_at_most(size: int) -> None:
    values = score_opening(np.arange(size, dtype=np.intp), np.full(size, 6, np.int32))

    assert values.tolist() == [0.0] * size


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 5)), min_size=1))
def test_an_opening_lies_between_0_and_1(passages: list[tuple[int, int]]) -> None:
    places, articles = np.array(passages).T

    values = score_opening(places.astype(np.intp), articles.astype(np.int32))

    assert ((values >= 0) & (values < 1)).all()


@pytest.mark.parametrize("days", [0, 1, 5])
def test_an_article_of_the_days_up_to_the_question_is_wholly_fresh(days: int) -> None:
    assert score_recency(column(ago(days)), a_query()).tolist() == [1.0]


def test_after_these_days_freshness_falls_to_the_eth_part_in_twenty() -> None:
    values = score_recency(column(ago(6), ago(25), ago(45)), a_query())

    assert values.tolist() == pytest.approx([math.exp(-1 / 20), 1 / math.e, 1 / math.e**2])


def test_an_undated_article_is_not_fresh() -> None:
    assert score_recency(column(None, date.min), a_query(asked_on=date.min)).tolist() == [0.0, 1.0]


def test_nothing_is_fresh_where_days_mean_nothing() -> None:
    assert score_recency(column(ASKED_ON, None), a_query(asked_on=None)).tolist() == [0.0, 0.0]


@given(ages=st.lists(st.integers(-400, 40_000)).map(sorted))
def test_freshness_lies_between_0_and_1_and_never_grows_with_age(ages: list[int]) -> None:
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
def test_freshness_counts_from_the_last_day_named_but_not_from_one_to_come(
    dates: tuple[DayRange, ...], spoken_of: date
) -> None:
    days = column(spoken_of + timedelta(days=1), spoken_of, spoken_of - timedelta(days=25))

    values = score_recency(days, a_query(*dates))

    assert values.tolist() == pytest.approx([1.0, 1.0, 1 / math.e])


def test_an_article_is_published_from_the_first_day_to_some_days_after_the_last() -> None:
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
def test_published_fits_any_of_the_dates_and_no_undated_article(
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
def test_articles_speak_of_days_on_them_and_soon_after(days: DayRange, expected: DayRange) -> None:
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
def test_newness_counts_by_the_share_of_fortnights_as_good_however_long_the_past_is(
    share: float, expected: float, length: int
) -> None:
    as_good = round(share * length)

    trusted = trust_of(4.0, *[4.0] * as_good, *[3.9] * (length - as_good))

    assert trusted == pytest.approx(expected)


def test_a_fortnight_is_as_good_whose_best_match_is_as_good_however_many_there_are() -> None:
    sums = np.array([*[4.0] * 50, 1.0, 4.0])
    days = column(*[ago(20)] * 50, ago(14 * 20), ASKED_ON)

    assert estimate_recency_intent(sums, days, a_query()) == 1.0


def test_a_fortnight_without_a_match_is_none_as_good() -> None:
    assert (
        estimate_recency_intent(
            np.array([1.0, 4.0, 4.0]), column(ago(1400), ago(20), ago(3)), a_query()
        )
        == 1.0
    )


def test_how_much_better_the_new_matches_does_not_matter() -> None:
    assert trust_of(4.0, 3.9) == trust_of(4.0, 0.1) == 1.0


def test_what_the_new_matches_worse_than_the_old_is_as_good() -> None:
    assert trust_of(4.0, *[3.9] * 9, 5.0) == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("days", "expected"), [(13, 1.0), (14, 0.0)], ids=["the last fortnight", "the one before"]
)
def test_the_last_fortnight_has_fourteen_days(days: int, expected: float) -> None:
    assert (
        estimate_recency_intent(np.array([1.0, 2.0]), column(ago(14), ago(days)), a_query())
        == expected
    )


def test_of_a_single_fortnight_of_articles_all_is_new() -> None:
    assert estimate_recency_intent(np.array([1.0, 2.0]), column(ago(13), ago(3)), a_query()) == 1.0


def test_where_nothing_new_matches_newness_counts_for_nothing() -> None:
    assert estimate_recency_intent(np.array([0.0]), column(ago(3)), a_query()) == 0.0


@pytest.mark.parametrize(
    "days", [column(ago(14)), column(ago(1400)), column(None), column()], ids=str
)
def test_where_nothing_is_new_newness_counts_for_nothing(days: Days) -> None:
    assert estimate_recency_intent(np.ones(len(days)), days, a_query()) == 0.0


def test_where_days_mean_nothing_newness_counts_for_nothing() -> None:
    assert trust_of(1.0, query=a_query(asked_on=None)) == 0.0


def test_undated_articles_say_nothing_about_newness() -> None:
    days = column(None, ago(14), ago(3))

    assert estimate_recency_intent(np.array([9.0, 1.0, 2.0]), days, a_query()) == 1.0
    assert estimate_recency_intent(np.array([9.0, 2.0, 1.0]), days, a_query()) == 0.0


def test_fortnights_count_from_the_day_of_which_the_query_speaks() -> None:
    late_february = a_query(LATE_FEBRUARY)
    days = column(date(2026, 2, 14), date(2026, 2, 15), ASKED_ON)

    assert estimate_recency_intent(np.array([1.0, 2.0, 0.5]), days, late_february) == 1.0
    assert estimate_recency_intent(np.array([2.0, 1.0, 0.5]), days, late_february) == 0.0
    assert estimate_recency_intent(np.array([2.0, 1.0, 2.5]), days, late_february) == 1.0


@given(
    st.lists(st.tuples(st.sampled_from([0.0, 0.5, 1.0, 2.0]), st.none() | st.integers(-30, 900)))
)
def test_trust_lies_between_0_and_1(matches: list[tuple[float, int | None]]) -> None:
    sums = np.array([share for share, _ in matches], dtype=np.float64)
    days = column(*(None if age is None else ago(age) for _, age in matches))

    assert 0.0 <= estimate_recency_intent(sums, days, a_query()) <= 1.0


def test_an_article_of_this_week_counts_as_far_as_newness_is_trusted() -> None:
    this_week = a_query(DayRange(first=ASKED_ON, last=ASKED_ON + timedelta(days=6)))

    assert score_publication_date(column(ASKED_ON), this_week, 14, current_value=0.3).tolist() == [
        0.3
    ]
    assert score_publication_date(
        column(ago(3)), a_query(LATE_FEBRUARY), 14, current_value=0.3
    ).tolist() == [1.0]
