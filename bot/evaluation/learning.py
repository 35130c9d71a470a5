"""Weights learnt from judged questions, by methods that can be read: two logistic regressions.

Both minimise their loss by Newton's method, on columns scaled to unit deviation, with a ridge.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Flags = NDArray[np.bool_]

_LEVEL = 1e-14
"""A loss that rises or falls by no more than this does neither."""

_VARIES = 1e-9
"""A column varies whose deviation is more than this part of its greatest value."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Choices:
    """What may be shown for each of some questions, and which of it holds the answer.

    Attributes:
        columns: A row a candidate, a column a feature; the candidates of a question together.
        right: For each candidate whether it holds the answer.
        starts: The row at which each question begins.
    """

    columns: Matrix
    right: Flags
    starts: NDArray[np.intp]

    @classmethod
    def of(cls, questions: Sequence[tuple[Matrix, Flags]]) -> "Choices":
        """The choices of those questions that have a right and a wrong candidate.

        Raises:
            ValueError: No question has both.
        """
        telling = [(rows, right) for rows, right in questions if right.any() and not right.all()]
        if not telling:
            message = "nothing to learn from: no question has a right and a wrong candidate"
            raise ValueError(message)
        sizes = [len(right) for _, right in telling]
        return cls(
            columns=np.concatenate([rows for rows, _ in telling]),
            right=np.concatenate([right for _, right in telling]),
            starts=np.cumsum([0, *sizes[:-1]]),
        )

    @property
    def questions(self) -> NDArray[np.intp]:
        """For each row the number of its question."""
        sizes = np.diff(np.append(self.starts, len(self.right)))
        return np.repeat(np.arange(len(self.starts)), sizes)


class _Loss(NamedTuple):
    """The loss of some weights, and how it changes with them."""

    value: float
    gradient: Matrix
    curvature: Matrix


def ranked(choices: Choices, *, ridge: float, least_first: float) -> Matrix:
    """The weights that make a right candidate of each question the most probable.

    The conditional logit (McFadden 1974, "Conditional Logit Analysis of Qualitative Choice
    Behavior"), where any of the right ones will do: the loss of a question is the negative logarithm
    of their probabilities' sum. The curvature is that of the loss with the right ones as probable
    among themselves as they are now, which is never negative (Lange 1995, "A Gradient Algorithm
    Locally Equivalent to the EM Algorithm").

    Args:
        choices: The candidates.
        ridge: How much a weight costs, squared and halved, in units of the column's deviation.
        least_first: The least that the first column may weigh, 0 or more.
    """
    columns, deviations = _scaled(choices.columns)
    count = len(choices.starts)
    costs = np.full(len(deviations), ridge)

    def loss(weights: Matrix) -> _Loss:
        scores = columns @ weights
        all_sums, shown = _shares(choices, scores)
        right_sums, meant = _shares(choices, np.where(choices.right, scores, -np.inf))
        weighed = columns * shown[:, None]
        means = np.add.reduceat(weighed, choices.starts)
        return _Loss(
            value=float((all_sums - right_sums).mean() + costs @ weights**2 / 2),
            gradient=columns.T @ (shown - meant) / count + costs * weights,
            curvature=(columns.T @ weighed - means.T @ means) / count + np.diag(costs),
        )

    return _minimum(loss, len(costs), least_first * deviations[0]) / deviations


def calibrated(evidence: Matrix, right: Flags, *, ridge: float) -> Matrix:
    """The weights with which evidence gives the probability of being right, the intercept first.

    Logistic regression (Platt 1999, "Probabilistic Outputs for Support Vector Machines and
    Comparisons to Regularized Likelihood Methods", on evidence instead of one score).

    Args:
        evidence: A row an excerpt, a column a piece of evidence.
        right: For each excerpt whether it holds the answer.
        ridge: As for `ranked`; the intercept costs nothing.

    Raises:
        ValueError: All are right, or none is.
    """
    if right.all() or not right.any():
        message = "nothing to learn from: no excerpt is right, or none is wrong"
        raise ValueError(message)
    scaled, deviations = _scaled(evidence)
    columns = np.column_stack([np.ones(len(evidence)), scaled])
    costs = np.append(0.0, np.full(evidence.shape[1], ridge))

    def loss(weights: Matrix) -> _Loss:
        logits = columns @ weights
        chances = probabilities(columns, weights)
        spread = columns * (chances * (1 - chances))[:, None]
        return _Loss(
            value=float((np.logaddexp(0, logits) - right * logits).mean() + costs @ weights**2 / 2),
            gradient=columns.T @ (chances - right) / len(right) + costs * weights,
            curvature=columns.T @ spread / len(right) + np.diag(costs),
        )

    weights = _minimum(loss, columns.shape[1], -np.inf)
    slopes = weights[1:] / deviations
    return np.append(weights[0] - slopes @ evidence.mean(axis=0), slopes)


def probabilities(columns: Matrix, weights: Matrix) -> Matrix:
    """The probabilities that the weights give to rows."""
    # The logistic function, 1 / (1 + exp(-x)), in a form that does not overflow.
    return (1 + np.tanh(columns @ weights / 2)) / 2


def _scaled(columns: Matrix) -> tuple[Matrix, Matrix]:
    """The columns with mean 0 and deviation 1, and the deviations; 1 for one that does not vary."""
    deviations = columns.std(axis=0)
    varies = deviations > _VARIES * np.abs(columns).max(axis=0)
    deviations = np.where(varies, deviations, 1.0)
    return (columns - columns.mean(axis=0)) / deviations, deviations


def _shares(choices: Choices, scores: Matrix) -> tuple[Matrix, Matrix]:
    """For each question the logarithm of its odds' sum, for each candidate its share of the sum.

    The odds of a candidate are exp(score); one whose score is minus infinity has none.
    """
    questions = choices.questions
    highest = np.maximum.reduceat(scores, choices.starts)
    odds = np.exp(scores - highest[questions])
    sums = np.add.reduceat(odds, choices.starts)
    return highest + np.log(sums), odds / sums[questions]


def _minimum(loss: Callable[[Matrix], _Loss], count: int, least_first: float) -> Matrix:
    """The weights of least loss, the first no less than `least_first`.

    Newton's steps from 0, each halved until it does not raise the loss, as long as they lower it.
    """
    weights = np.zeros(count)
    weights[0] = max(least_first, 0.0)
    before, here = np.inf, loss(weights)
    while before - here.value > _LEVEL:
        step = _step(here, weights[0] - least_first)
        there = loss(weights - step)
        while there.value > here.value + _LEVEL:
            step /= 2
            there = loss(weights - step)
        weights -= step
        before, here = here.value, there
    return weights


def _step(loss: _Loss, most_first: float) -> Matrix:
    """Newton's step, which takes at most so much off the first weight."""
    _, gradient, curvature = loss
    step = np.asarray(np.linalg.solve(curvature, gradient), dtype=np.float64)
    if step[0] > most_first:
        step[0] = most_first
        rest = gradient[1:] - curvature[1:, 0] * most_first
        step[1:] = np.linalg.solve(curvature[1:, 1:], rest)
    return step
