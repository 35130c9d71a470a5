import math
from collections.abc import Callable
from functools import partial
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.evaluation.learning import (
    TrainingSet,
    fit_calibration,
    fit_ranking_weights,
    predict_probabilities,
)

Matrix = NDArray[np.float64]
Flags = NDArray[np.bool_]
Questions = list[tuple[Matrix, Flags]]

RIDGE = 0.01


def a_question(*rows: tuple[bool, float]) -> tuple[Matrix, Flags]:
    """Build candidates with one feature each, and whether they are right."""
    columns = np.array([value for _, value in rows], dtype=np.float64)
    return columns[:, None], np.array([right for right, _ in rows], dtype=np.bool_)


def make_questions(
    weights: Matrix, *, count: int, seed: int = 1, candidates: int = 8, right: int = 1
) -> Questions:
    """Draw questions with right candidates by the probabilities that the weights give."""
    chance = np.random.default_rng(seed)
    questions = []
    for _ in range(count):
        rows = chance.normal(size=(candidates, len(weights)))
        odds = np.exp(rows @ weights)
        flags = np.zeros(candidates, dtype=np.bool_)
        flags[chance.choice(candidates, size=right, replace=False, p=odds / odds.sum())] = True
        questions.append((rows, flags))
    return questions


def make_evidence(weights: Matrix, *, count: int, seed: int = 1) -> tuple[Matrix, Flags]:
    """Draw evidence and whether it is right, by weights with the intercept first."""
    chance = np.random.default_rng(seed)
    evidence = chance.normal(2, 3, size=(count, len(weights) - 1))
    chances = 1 / (1 + np.exp(-(weights[0] + evidence @ weights[1:])))
    return evidence, chance.random(count) < chances


def deviations(questions: Questions) -> Matrix:
    columns: Matrix = np.concatenate([rows for rows, _ in questions]).std(axis=0)
    return columns


def ranked_loss(questions: Questions, weights: Matrix) -> float:
    """Compute the loss of `fit_ranking_weights` question by question, from its definition."""
    losses = []
    for rows, right in questions:
        odds = np.exp(rows @ weights)
        losses.append(-math.log(odds[right].sum() / odds.sum()))
    costs = RIDGE / 2 * ((weights * deviations(questions)) ** 2).sum()
    return float(np.mean(losses) + costs)


def calibrated_loss(evidence: Matrix, right: Flags, weights: Matrix) -> float:
    """Compute the loss of `fit_calibration` excerpt by excerpt, from its definition."""
    losses = []
    for row, is_right in zip(evidence, right, strict=True):
        chance = 1 / (1 + math.exp(-(weights[0] + row @ weights[1:])))
        losses.append(-math.log(chance if is_right else 1 - chance))
    costs = RIDGE / 2 * ((weights[1:] * evidence.std(axis=0)) ** 2).sum()
    return float(np.mean(losses) + costs)


def slopes(loss: Callable[[Matrix], float], weights: Matrix) -> Matrix:
    """Return the derivative of the loss by each weight, from central differences."""
    step = 1e-5
    moves = step * np.eye(len(weights))
    return np.array([loss(weights + move) - loss(weights - move) for move in moves]) / (2 * step)


def test_ranking_weights_recover_those_that_drew_the_candidates() -> None:
    weights = np.array([1.0, -2.0, 0.5, 0.0])
    choices = TrainingSet.from_questions(make_questions(weights, count=3_000))

    learnt = fit_ranking_weights(choices, ridge=1e-6, min_first_weight=0.0)

    assert learnt == pytest.approx(weights, abs=0.12)


@pytest.mark.parametrize("right", [1, 3], ids=["one is right", "three are right"])
def test_ranking_weights_have_a_zero_gradient(right: int) -> None:
    questions = make_questions(np.array([1.0, -2.0, 0.5]), count=60, right=right)

    learnt = fit_ranking_weights(
        TrainingSet.from_questions(questions), ridge=RIDGE, min_first_weight=0.0
    )

    assert slopes(partial(ranked_loss, questions), learnt) == pytest.approx(0, abs=1e-6)


def test_a_ranking_weight_is_the_log_odds_of_its_feature() -> None:
    with_it, without_it = a_question((True, 1), (False, 0)), a_question((True, 0), (False, 1))
    choices = TrainingSet.from_questions([with_it, with_it, with_it, without_it])

    learnt = fit_ranking_weights(choices, ridge=0.0, min_first_weight=0.0)

    assert learnt == pytest.approx([math.log(3 / 1)])


def test_one_of_several_right_candidates_is_enough() -> None:
    choices = TrainingSet.from_questions([a_question((True, 2.0), (True, -1.0), (False, 0.25))])

    learnt = fit_ranking_weights(choices, ridge=RIDGE, min_first_weight=0.0)

    # If each right candidate had to be probable, their two pulls would cancel out.
    assert learnt[0] > 1


def test_a_larger_ridge_gives_smaller_weights() -> None:
    choices = TrainingSet.from_questions(make_questions(np.array([1.0, -2.0]), count=60))
    evidence, right = make_evidence(np.array([0.5, 1.0, -2.0]), count=60)

    ranking = [
        abs(fit_ranking_weights(choices, ridge=ridge, min_first_weight=0.0))
        for ridge in (0.01, 0.1, 1.0)
    ]
    calibration = [
        abs(fit_calibration(evidence, right, ridge=ridge)[1:]) for ridge in (0.01, 0.1, 1.0)
    ]

    for dear, dearer in (*pairwise(ranking), *pairwise(calibration)):
        assert (dearer < dear).all()


def test_the_first_weight_keeps_its_minimum_and_the_others_adapt() -> None:
    questions = make_questions(np.array([-0.5, 2.0, 0.7]), count=60)
    for rows, _ in questions:
        rows[:, 1] += 0.8 * rows[:, 0]

    learnt = fit_ranking_weights(
        TrainingSet.from_questions(questions), ridge=RIDGE, min_first_weight=0.3
    )

    rising = slopes(partial(ranked_loss, questions), learnt)
    assert learnt[0] == pytest.approx(0.3, rel=1e-12)
    assert rising[0] > 0.01
    assert rising[1:] == pytest.approx(0, abs=1e-6)


def test_a_minimum_below_the_optimum_changes_nothing() -> None:
    choices = TrainingSet.from_questions(make_questions(np.array([1.0, -2.0]), count=60))

    low, lower = (
        fit_ranking_weights(choices, ridge=RIDGE, min_first_weight=least) for least in (0.3, 0.0)
    )

    assert low[0] > 0.3
    assert low == pytest.approx(lower, rel=1e-6)


def test_scores_far_apart_do_not_overflow() -> None:
    misled = np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([True, False])

    learnt = fit_ranking_weights(
        TrainingSet.from_questions([misled]), ridge=RIDGE, min_first_weight=2_000.0
    )

    assert learnt[0] == 2_000
    assert learnt[1] > 1


def test_a_step_that_overshoots_is_shortened() -> None:
    low = np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([True, False])
    high = np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([False, True])
    questions = [low, low, low, high]

    learnt = fit_ranking_weights(
        TrainingSet.from_questions(questions), ridge=RIDGE / 100, min_first_weight=12.0
    )

    # At the start nearly every question is wrong, and the loss is nearly a straight line.
    assert learnt.sum() == pytest.approx(-math.log(3), abs=0.02)


def test_the_scale_of_a_column_changes_only_its_weight() -> None:
    scale = np.array([1_000.0, 1.0, 1e-6])
    questions = make_questions(np.array([1.0, -2.0, 0.5]), count=60)
    scaled = [(rows * scale, right) for rows, right in questions]
    evidence, right = make_evidence(np.array([0.5, 1.0, -2.0, 0.5]), count=60)

    ranking, calibration = (
        fit_ranking_weights(TrainingSet.from_questions(scaled), ridge=RIDGE, min_first_weight=0.0),
        fit_calibration(evidence * scale, right, ridge=RIDGE),
    )

    plain = fit_ranking_weights(
        TrainingSet.from_questions(questions), ridge=RIDGE, min_first_weight=0.0
    )
    assert ranking * scale == pytest.approx(plain, rel=1e-6)
    plain = fit_calibration(evidence, right, ridge=RIDGE)
    assert calibration * [1, *scale] == pytest.approx(plain, rel=1e-6)


@pytest.mark.parametrize("value", [0.0, 0.1, 1e6])
def test_a_constant_column_has_no_weight(value: float) -> None:
    questions = make_questions(np.array([1.0, -2.0]), count=60)
    wider = [
        (np.column_stack([rows, np.full(len(rows), value)]), flags) for rows, flags in questions
    ]
    evidence, right = make_evidence(np.array([0.5, 1.0, -2.0]), count=60)
    more = np.column_stack([evidence, np.full(len(evidence), value)])

    ranking = fit_ranking_weights(
        TrainingSet.from_questions(wider), ridge=RIDGE, min_first_weight=0.0
    )
    calibration = fit_calibration(more, right, ridge=RIDGE)

    plain = fit_ranking_weights(
        TrainingSet.from_questions(questions), ridge=RIDGE, min_first_weight=0.0
    )
    assert ranking == pytest.approx([*plain, 0], abs=1e-6)
    assert calibration == pytest.approx(
        [*fit_calibration(evidence, right, ridge=RIDGE), 0], abs=1e-6
    )


def test_a_training_set_has_questions_with_right_and_wrong_candidates() -> None:
    telling = a_question((False, 1), (True, 2)), a_question((True, 7), (False, 8), (True, 9))
    silent = a_question((True, 3), (True, 4)), a_question((False, 5)), a_question()

    choices = TrainingSet.from_questions([silent[0], telling[0], silent[1], telling[1], silent[2]])

    assert choices.columns.ravel().tolist() == [1, 2, 7, 8, 9]
    assert choices.is_correct.tolist() == [False, True, True, False, True]
    assert choices.starts.tolist() == [0, 2]
    assert choices.question_numbers.tolist() == [0, 0, 1, 1, 1]


@pytest.mark.parametrize(
    "questions",
    [[], [a_question((True, 1.0))], [a_question((False, 1.0), (False, 2.0))]],
    ids=["no question", "all right", "all wrong"],
)
def test_a_training_set_needs_a_right_and_a_wrong_candidate(
    questions: Questions,
) -> None:
    with pytest.raises(ValueError, match="no question has a right and a wrong candidate"):
        TrainingSet.from_questions(questions)


def test_calibration_recovers_the_weights_that_drew_the_evidence() -> None:
    weights = np.array([0.5, 1.0, -0.7, 0.0])
    evidence, right = make_evidence(weights, count=10_000)

    learnt = fit_calibration(evidence, right, ridge=1e-6)

    assert learnt == pytest.approx(weights, abs=0.15)


def test_calibration_has_a_zero_gradient() -> None:
    evidence, right = make_evidence(np.array([0.5, 1.0, -0.7]), count=60)

    learnt = fit_calibration(evidence, right, ridge=RIDGE)

    rising = slopes(partial(calibrated_loss, evidence, right), learnt)
    assert rising == pytest.approx(0, abs=1e-6)


def test_calibration_gives_each_of_two_groups_its_share() -> None:
    evidence = np.array([[0.0]] * 4 + [[1.0]] * 5)
    right = np.array([True, False, False, False, True, True, True, True, False])

    learnt = fit_calibration(evidence, right, ridge=0.0)

    assert learnt == pytest.approx([math.log(1 / 3), math.log(4 / 1) - math.log(1 / 3)])


def test_a_huge_ridge_leaves_the_overall_share() -> None:
    evidence, _ = make_evidence(np.array([0.5, 1.0]), count=8)
    right = np.array([True, True, False, False, True, False, False, False])

    intercept, slope = fit_calibration(evidence, right, ridge=1e9)

    assert slope == pytest.approx(0, abs=1e-6)
    assert intercept == pytest.approx(math.log(3 / 5))


def test_evidence_far_from_the_rest_does_not_overflow() -> None:
    evidence = np.array([[-1e9], [-1.0], [0.0], [1.0], [1e9]])

    learnt = fit_calibration(evidence, np.array([False, True, False, True, True]), ridge=1e-9)

    assert np.isfinite(learnt).all()


@pytest.mark.parametrize("right", [[], [True, True], [False, False]], ids=["none", "all", "no one"])
def test_calibration_needs_right_and_wrong_excerpts(
    right: list[bool],
) -> None:
    evidence = np.ones((len(right), 2))

    with pytest.raises(ValueError, match="no excerpt is right, or none is wrong"):
        fit_calibration(evidence, np.array(right, dtype=np.bool_), ridge=RIDGE)


def test_probabilities_are_those_of_the_logistic_function() -> None:
    columns = np.array([[1.0, 2.0], [1.0, -1.0]])

    chances = predict_probabilities(columns, np.array([0.5, 1.5]))

    assert chances == pytest.approx([1 / (1 + math.exp(-3.5)), 1 / (1 + math.exp(1.0))])


def test_probabilities_of_large_sums_are_zero_and_one() -> None:
    assert predict_probabilities(np.array([[-1e6], [0.0], [1e6]]), np.ones(1)).tolist() == [
        0,
        0.5,
        1,
    ]
