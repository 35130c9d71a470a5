"""Learning weights from judged questions, by two logistic regressions.

Both minimise their loss by Newton's method, on columns scaled to unit deviation, with a ridge
penalty.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Flags = NDArray[np.bool_]

_LOSS_TOLERANCE = 1e-14
"""Losses that differ by no more than this count as equal."""

_MIN_RELATIVE_DEVIATION = 1e-9
"""A column counts as varying if its deviation exceeds this share of its largest absolute value."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrainingSet:
    """The candidates of some questions, with their features and whether they contain the answer.

    Attributes:
        columns: A row per candidate, a column per feature; candidates of a question stand together.
        is_correct: For each candidate, whether it contains the answer.
        starts: The first row of each question.
    """

    columns: Matrix
    is_correct: Flags
    starts: NDArray[np.intp]

    @classmethod
    def from_questions(cls, questions: Sequence[tuple[Matrix, Flags]]) -> "TrainingSet":
        """Build a training set from the questions that have a correct and a wrong candidate.

        Raises:
            ValueError: No question has both.
        """
        informative = [
            (rows, is_correct)
            for rows, is_correct in questions
            if is_correct.any() and not is_correct.all()
        ]
        if not informative:
            message = "nothing to learn from: no question has a right and a wrong candidate"
            raise ValueError(message)
        sizes = [len(is_correct) for _, is_correct in informative]
        return cls(
            columns=np.concatenate([rows for rows, _ in informative]),
            is_correct=np.concatenate([is_correct for _, is_correct in informative]),
            starts=np.cumsum([0, *sizes[:-1]]),
        )

    @property
    def question_numbers(self) -> NDArray[np.intp]:
        """The number of the question of each row."""
        sizes = np.diff(np.append(self.starts, len(self.is_correct)))
        return np.repeat(np.arange(len(self.starts)), sizes)


class _Loss(NamedTuple):
    """The loss for some weights, with its gradient and curvature."""

    value: float
    gradient: Matrix
    curvature: Matrix


def fit_ranking_weights(
    training_set: TrainingSet, *, ridge: float, min_first_weight: float
) -> Matrix:
    """Fit weights under which a correct candidate of each question is the most probable one.

    This is the conditional logit (McFadden 1974, "Conditional Logit Analysis of Qualitative Choice
    Behavior") with several correct candidates: the loss of a question is the negative logarithm of
    the sum of their probabilities. The curvature treats the probabilities of the correct candidates
    relative to each other as constant, so it is never negative (Lange 1995, "A Gradient Algorithm
    Locally Equivalent to the EM Algorithm").

    Args:
        training_set: The candidates.
        ridge: The penalty on half the square of a weight, in units of the column's deviation.
        min_first_weight: The minimum weight of the first column, 0 or more.
    """
    columns, deviations = _standardise(training_set.columns)
    count = len(training_set.starts)
    costs = np.full(len(deviations), ridge)

    def loss(weights: Matrix) -> _Loss:
        scores = columns @ weights
        log_sums, chances = _compute_shares(training_set, scores)
        correct_log_sums, correct_chances = _compute_shares(
            training_set, np.where(training_set.is_correct, scores, -np.inf)
        )
        weighted_columns = columns * chances[:, None]
        means = np.add.reduceat(weighted_columns, training_set.starts)
        return _Loss(
            value=float((log_sums - correct_log_sums).mean() + costs @ weights**2 / 2),
            gradient=columns.T @ (chances - correct_chances) / count + costs * weights,
            curvature=(columns.T @ weighted_columns - means.T @ means) / count + np.diag(costs),
        )

    return _minimise(loss, len(costs), min_first_weight * deviations[0]) / deviations


def fit_calibration(evidence: Matrix, is_correct: Flags, *, ridge: float) -> Matrix:
    """Fit the weights that turn evidence into the probability of being correct, intercept first.

    This is logistic regression (Platt 1999, "Probabilistic Outputs for Support Vector Machines and
    Comparisons to Regularized Likelihood Methods") on several pieces of evidence instead of one
    score.

    Args:
        evidence: A row per excerpt, a column per piece of evidence.
        is_correct: For each excerpt, whether it contains the answer.
        ridge: As in `fit_ranking_weights`; the intercept has no penalty.

    Raises:
        ValueError: All excerpts are correct, or none is.
    """
    if is_correct.all() or not is_correct.any():
        message = "nothing to learn from: no excerpt is right, or none is wrong"
        raise ValueError(message)
    scaled, deviations = _standardise(evidence)
    columns = np.column_stack([np.ones(len(evidence)), scaled])
    costs = np.append(0.0, np.full(evidence.shape[1], ridge))

    def loss(weights: Matrix) -> _Loss:
        logits = columns @ weights
        chances = predict_probabilities(columns, weights)
        spread = columns * (chances * (1 - chances))[:, None]
        return _Loss(
            value=float(
                (np.logaddexp(0, logits) - is_correct * logits).mean() + costs @ weights**2 / 2
            ),
            gradient=columns.T @ (chances - is_correct) / len(is_correct) + costs * weights,
            curvature=columns.T @ spread / len(is_correct) + np.diag(costs),
        )

    weights = _minimise(loss, columns.shape[1], -np.inf)
    slopes = weights[1:] / deviations
    return np.append(weights[0] - slopes @ evidence.mean(axis=0), slopes)


def predict_probabilities(columns: Matrix, weights: Matrix) -> Matrix:
    """Return the probabilities that the weights give to the rows."""
    # The logistic function, 1 / (1 + exp(-x)), in a form that does not overflow.
    return (1 + np.tanh(columns @ weights / 2)) / 2


def _standardise(columns: Matrix) -> tuple[Matrix, Matrix]:
    """Return the columns with mean 0 and deviation 1, and the deviations, 1 if constant."""
    deviations = columns.std(axis=0)
    # Rounding leaves a tiny deviation in a constant column.
    varies = deviations > _MIN_RELATIVE_DEVIATION * np.abs(columns).max(axis=0)
    deviations = np.where(varies, deviations, 1.0)
    return (columns - columns.mean(axis=0)) / deviations, deviations


def _compute_shares(training_set: TrainingSet, scores: Matrix) -> tuple[Matrix, Matrix]:
    """Return for each question the log of the sum of odds, and for each candidate its share of it.

    The odds of a candidate are exp(score), so they are 0 for a score of minus infinity.
    """
    question_numbers = training_set.question_numbers
    # Subtracting the highest score keeps exp from overflowing.
    highest = np.maximum.reduceat(scores, training_set.starts)
    odds = np.exp(scores - highest[question_numbers])
    sums = np.add.reduceat(odds, training_set.starts)
    return highest + np.log(sums), odds / sums[question_numbers]


def _minimise(loss: Callable[[Matrix], _Loss], count: int, min_first_weight: float) -> Matrix:
    """Return the weights with the lowest loss and a first weight of at least `min_first_weight`.

    Newton's method starts at 0 and halves each step until it does not raise the loss. It stops when
    a step no longer lowers the loss.
    """
    weights = np.zeros(count)
    weights[0] = max(min_first_weight, 0.0)
    previous_value, current = np.inf, loss(weights)
    while previous_value - current.value > _LOSS_TOLERANCE:
        step = _compute_newton_step(current, weights[0] - min_first_weight)
        proposed = loss(weights - step)
        while proposed.value > current.value + _LOSS_TOLERANCE:
            step /= 2
            proposed = loss(weights - step)
        weights -= step
        previous_value, current = current.value, proposed
    return weights


def _compute_newton_step(loss: _Loss, max_first_step: float) -> Matrix:
    """Return Newton's step, limited so that the first weight falls by at most `max_first_step`."""
    _, gradient, curvature = loss
    step = np.asarray(np.linalg.solve(curvature, gradient), dtype=np.float64)
    if step[0] > max_first_step:
        step[0] = max_first_step
        rest = gradient[1:] - curvature[1:, 0] * max_first_step
        step[1:] = np.linalg.solve(curvature[1:, 1:], rest)
    return step
