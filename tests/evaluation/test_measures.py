import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evaluation.judged import Judgement
from bot.evaluation.measures import (
    MEASURES,
    JudgedOutcome,
    build_rows,
    compute_reliability,
    risk_coverage,
    risk_reduction,
    select_counted_rows,
)
from tests.evaluation.builders import a_judgement, a_mark, an_outcome, the_measure

RIGHT, WRONG = "The river rose.", "Nobody came."
UNANSWERABLE = a_judgement(answerable=False)
UNKNOWN = a_judgement()

GRADES = {
    "one": {"a1": 2, "a3": 1, "a12": 1, "a150": 2, "lost": 1},
    "two": {"b2": 1, "b9": 0},
    "three": {"c11": 2},
    "four": {"d1": 3},
    "five": {f"e{number}": 1 for number in range(1, 13)},
}
RANKINGS = {
    "one": [f"a{number}" for number in range(1, 121)],
    "two": ["b9", "b1", "b2"],
    "three": [f"c{number}" for number in range(1, 16)],
    "four": [],
    "five": [f"e{number}" for number in range(1, 12)],
}
OF_IR_MEASURES = {
    "nDCG@10": [0.545924373236733, 0.5, 0.0, 0.0, 1.0],
    "R@100": [0.6, 1.0, 1.0, 0.0, 0.9166666666666666],
    "MRR@10": [1.0, 0.3333333333333333, 0.0, 0.0, 1.0],
}
"""The values that ir-measures 0.4.3 computes with trec_eval from GRADES and RANKINGS."""


def rank(ranking: list[str] | None, grades: dict[str, int]) -> JudgedOutcome:
    return a_mark(an_outcome(ranking=ranking), a_judgement(grades=grades))


def value(name: str, *marks: JudgedOutcome) -> float:
    measure = the_measure(name)
    return measure.aggregate(select_counted_rows(measure, marks))


def count(name: str, *marks: JudgedOutcome) -> int:
    return len(select_counted_rows(the_measure(name), marks))


@pytest.mark.parametrize("name", OF_IR_MEASURES)
def test_rankings_are_measured_as_by_ir_measures(name: str) -> None:
    marks = [rank(RANKINGS[query_id], GRADES[query_id]) for query_id in GRADES]

    rows = build_rows(the_measure(name), marks)

    assert rows[:, 0].tolist() == pytest.approx(OF_IR_MEASURES[name], abs=1e-12)


def test_the_recorded_values_are_those_of_ir_measures() -> None:
    ir_measures = pytest.importorskip("ir_measures", reason="ir-measures is not installed")
    wanted = [ir_measures.nDCG @ 10, ir_measures.R @ 100, ir_measures.RR @ 10]
    qrels = [
        ir_measures.Qrel(question, article, grade)
        for question, grades in GRADES.items()
        for article, grade in grades.items()
    ]
    run = [
        ir_measures.ScoredDoc(question, article, -float(rank))
        for question, ranking in RANKINGS.items()
        for rank, article in enumerate(ranking)
    ]

    calculated = {
        (str(result.measure), result.query_id): result.value
        for result in ir_measures.iter_calc(wanted, qrels, run)
    }

    for name, values in OF_IR_MEASURES.items():
        theirs = [calculated[name.replace("MRR", "RR"), query_id] for query_id in GRADES]
        assert theirs == pytest.approx(values, abs=1e-12)


@pytest.mark.parametrize("name", OF_IR_MEASURES)
@pytest.mark.parametrize(
    ("ranking", "grades"),
    [
        pytest.param(["a"], {}, id="nothing judged"),
        pytest.param(["a"], {"a": 0}, id="nothing relevant"),
        pytest.param(None, {"a": 1}, id="no ranking"),
    ],
)
def test_a_question_without_relevant_articles_or_ranking_does_not_count(
    name: str, ranking: list[str] | None, grades: dict[str, int]
) -> None:
    assert count(name, rank(ranking, grades)) == 0


def test_a_negative_grade_counts_as_zero() -> None:
    mark = rank(["bad", "good"], {"bad": -2, "good": 1})

    assert value("nDCG@10", mark) == pytest.approx(1 / math.log2(3))
    assert value("R@100", mark) == 1


@pytest.mark.parametrize(
    ("quotes", "answered", "expected"),
    [
        pytest.param([RIGHT, WRONG], True, (1, 1, 1, 1), id="first"),
        pytest.param([WRONG, WRONG, RIGHT], True, (0, 1, 0, 1), id="third"),
        pytest.param([WRONG, WRONG, WRONG, RIGHT], True, (0, 0, 0, 0), id="fourth"),
        pytest.param([RIGHT], False, (0, 0, 1, 1), id="abstained, first"),
        pytest.param([WRONG, RIGHT], False, (0, 0, 0, 1), id="abstained, second"),
        pytest.param([], False, (0, 0, 0, 0), id="nothing shown"),
    ],
)
def test_an_abstention_counts_as_a_missed_answer(
    quotes: list[str], expected: tuple[int, ...], *, answered: bool
) -> None:
    mark = a_mark(an_outcome(*quotes, answered=answered))

    figures = [value(name, mark) for name in ("answer@1", "answer@3", "found@1", "found@3")]

    assert tuple(figures) == expected


@pytest.mark.parametrize("name", ["answer@1", "answer@3", "found@1", "found@3"])
@pytest.mark.parametrize("judgement", [UNANSWERABLE, UNKNOWN], ids=["unanswerable", "unknown"])
def test_only_questions_with_an_answer_count(name: str, judgement: Judgement) -> None:
    mark = a_mark(an_outcome(RIGHT), judgement)

    assert count(name, mark) == 0


def test_evidence_counts_without_an_answer() -> None:
    judgement = a_judgement(evidence=["The river rose."])

    assert value("answer@1", a_mark(an_outcome("It rained. The river rose."), judgement)) == 1
    assert value("answer@1", a_mark(an_outcome("It rained."), judgement)) == 0


def test_evidence_does_not_count_with_an_answer() -> None:
    judgement = a_judgement("two metres", evidence=["The river rose."])

    assert value("answer@1", a_mark(an_outcome("The river rose."), judgement)) == 0


def test_wrong_answers_are_counted_among_judged_answers() -> None:
    marks = [
        a_mark(an_outcome(RIGHT)),
        a_mark(an_outcome(WRONG, RIGHT)),
        a_mark(an_outcome(RIGHT), UNANSWERABLE),
        a_mark(an_outcome(RIGHT), UNKNOWN),
        a_mark(an_outcome(WRONG, answered=False)),
    ]

    assert value("wrong among answered", *marks) == pytest.approx(2 / 3)
    assert count("wrong among answered", *marks) == 3


def test_abstentions_have_precision_and_recall() -> None:
    answerable = a_judgement("river", answerable=True)
    marks = [
        a_mark(an_outcome(answered=False), UNANSWERABLE),
        a_mark(an_outcome(RIGHT), UNANSWERABLE),
        a_mark(an_outcome(RIGHT), UNANSWERABLE),
        a_mark(an_outcome(answered=False), answerable),
        a_mark(an_outcome(RIGHT), answerable),
        a_mark(an_outcome(answered=False), UNKNOWN),
    ]

    assert value("precision of no", *marks) == 1 / 2
    assert value("recall of no", *marks) == pytest.approx(1 / 3)


def test_risk_coverage_is_the_mean_error_over_all_coverages() -> None:
    rows = np.array([[0.9, 0.0], [0.1, 1.0], [0.5, 1.0], [0.7, 0.0]])

    area = risk_coverage(rows)

    # In the order of the scores: right, right, wrong, wrong.
    assert area == pytest.approx((0 / 1 + 0 / 2 + 1 / 3 + 2 / 4) / 4)


def test_equal_scores_count_in_all_orders() -> None:
    rows = np.array([[0.9, 1.0], [0.5, 1.0], [0.5, 0.0]])

    area = risk_coverage(rows)

    wrong_first = (1 / 1 + 2 / 2 + 2 / 3) / 3
    right_first = (1 / 1 + 1 / 2 + 2 / 3) / 3
    assert area == pytest.approx((wrong_first + right_first) / 2)


@given(st.lists(st.tuples(st.sampled_from([0.1, 0.2, -math.inf]), st.booleans()), min_size=1))
def test_equal_scores_have_the_risk_of_answering_everything(rows: list[tuple[float, bool]]) -> None:
    alike = np.array([(0.5, wrong) for _, wrong in rows], dtype=np.float64)
    given_rows = np.array(rows, dtype=np.float64)

    assert risk_coverage(alike) == pytest.approx(alike[:, 1].mean())
    assert 0 <= risk_coverage(given_rows) <= 1


def test_risk_is_ordered_by_confidence_or_else_by_score() -> None:
    confident = a_mark(an_outcome(RIGHT, score=1.0, confidence=0.9))
    doubtful = a_mark(an_outcome(WRONG, score=2.0, confidence=0.2))
    silent = a_mark(an_outcome(score=None, confidence=None, answered=False))

    assert value("risk-coverage", confident, doubtful, silent) == pytest.approx(
        (0 + 1 / 2 + 2 / 3) / 3
    )
    assert value("risk-coverage by score", confident, doubtful, silent) == pytest.approx(
        (1 + 1 / 2 + 2 / 3) / 3
    )
    assert count("risk-coverage", a_mark(an_outcome(RIGHT), UNKNOWN)) == 0


def test_saved_risk_is_the_risk_by_score_minus_that_by_confidence() -> None:
    rows = np.array([[0.9, 0.0, 1.0, 0.0], [0.2, 1.0, 2.0, 1.0]])

    saved = risk_reduction(rows)

    # By confidence the right one is answered first, by score the wrong one.
    assert saved == pytest.approx((1 + 1 / 2) / 2 - (0 + 1 / 2) / 2)


def test_saved_risk_covers_judged_questions_with_a_confidence() -> None:
    marks = [
        a_mark(an_outcome(RIGHT, score=1.0, confidence=0.9)),
        a_mark(an_outcome(WRONG, score=2.0, confidence=0.2)),
        a_mark(an_outcome(score=None, confidence=0.1, answered=False)),
    ]
    without = [
        a_mark(an_outcome(RIGHT, score=9.0, confidence=None)),
        a_mark(an_outcome(RIGHT, score=9.0, confidence=0.5), UNKNOWN),
    ]

    by_score, by_confidence = (1 + 1 / 2 + 2 / 3) / 3, (0 + 1 / 2 + 2 / 3) / 3
    assert value("risk saved by confidence", *marks, *without) == pytest.approx(
        by_score - by_confidence
    )
    assert count("risk saved by confidence", *marks, *without) == 3


def test_a_misleading_confidence_saves_a_negative_risk() -> None:
    misled = a_mark(an_outcome(RIGHT, score=2.0, confidence=0.2))
    misleading = a_mark(an_outcome(WRONG, score=1.0, confidence=0.9))

    assert value("risk saved by confidence", misled, misleading) == pytest.approx(-0.5)


def test_confidence_is_compared_with_accuracy_in_ten_bins() -> None:
    rows = np.array([[0.0, 0.0], [0.0999, 1.0], [0.1, 0.0], [0.95, 1.0], [1.0, 1.0]])

    bins = compute_reliability(rows)

    assert [part.confidence for part in bins] == pytest.approx([0.04995, 0.1, 0.975])
    assert [(part.accuracy, part.count) for part in bins] == [(0.5, 2), (0, 1), (1, 2)]


def test_the_calibration_error_weighs_each_bin_by_its_questions() -> None:
    marks = [
        a_mark(an_outcome(RIGHT, confidence=0.8)),
        a_mark(an_outcome(WRONG, confidence=0.8)),
        a_mark(an_outcome(WRONG, answered=False, confidence=0.1), UNANSWERABLE),
        a_mark(an_outcome(RIGHT, confidence=0.5), UNKNOWN),
        a_mark(an_outcome(RIGHT, confidence=None)),
    ]

    assert value("calibration error", *marks) == pytest.approx((2 * 0.3 + 1 * 0.1) / 3)
    assert count("calibration error", *marks) == 3


def test_without_confidences_there_are_no_bins() -> None:
    assert compute_reliability(np.empty((0, 1))) == ()


def test_the_quote_length_is_the_median() -> None:
    marks = [
        a_mark(an_outcome("x" * 10, "x" * 20, "x" * 90)),
        a_mark(an_outcome("x" * 30, answered=False)),
        a_mark(an_outcome(answered=False)),
    ]

    assert value("quote length", *marks) == 25
    assert value("first quote length", *marks) == 20
    assert count("quote length", *marks) == 2


def test_times_are_the_median_and_the_95th_percentile() -> None:
    marks = [a_mark(an_outcome(elapsed_ms=float(time))) for time in range(101)]

    assert value("p50 ms", *marks) == 50
    assert value("p95 ms", *marks) == 95


def test_a_question_that_does_not_count_has_an_empty_row() -> None:
    marks = [a_mark(an_outcome("four", "to")), a_mark(an_outcome())]

    rows = build_rows(the_measure("quote length"), marks)

    assert rows[0].tolist() == [4, 2]
    assert np.isnan(rows[1]).all()
    assert build_rows(the_measure("quote length"), []).shape == (0, 0)


def test_measure_names_are_unique() -> None:
    names = {measure.name for measure in MEASURES}

    assert len(names) == len(MEASURES)
