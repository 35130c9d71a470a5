import math
from itertools import product

import numpy as np
import pytest

from bot.evaluation.measures import mean
from bot.evaluation.resampling import PERMUTATIONS, bootstrap_interval, p_value


def column(*values: float) -> np.ndarray:
    return np.array([values], dtype=np.float64).T


def test_an_interval_of_a_mean_is_nearly_normal() -> None:
    values = np.random.default_rng(1).normal(5, 2, size=400)

    low, high = bootstrap_interval(values[:, None], mean)

    half_width = 1.96 * values.std() / math.sqrt(400)
    assert low == pytest.approx(values.mean() - half_width, abs=0.04)
    assert high == pytest.approx(values.mean() + half_width, abs=0.04)


def test_an_interval_is_reproducible() -> None:
    rows = column(*range(50))

    assert bootstrap_interval(rows, mean) == bootstrap_interval(rows, mean)


def test_an_interval_of_one_value_is_that_value() -> None:
    assert bootstrap_interval(column(0.25), mean) == (0.25, 0.25)


def test_an_interval_ignores_resamples_without_a_value() -> None:
    rows = column(1.0, 2.0)

    low, high = bootstrap_interval(rows, lambda drawn: math.nan if drawn[0] == 1 else mean(drawn))

    assert (low, high) == (1.5, 2.0)


def test_a_p_value_is_near_that_of_all_permutations() -> None:
    differences = np.array([0.3, 0.1, -0.2, 0.5, 0.4, 0.2, -0.1, 0.6])

    p = p_value(differences)

    sums = [abs(sum(signs * differences)) for signs in product((-1, 1), repeat=8)]
    exact = np.mean([total >= differences.sum() - 1e-9 for total in sums])
    assert p == pytest.approx(exact, abs=0.01)


def test_sums_that_differ_only_by_rounding_are_equal() -> None:
    differences = np.array([-0.3, -0.2, -0.1, 0.3, 0.3, 0.1, 0.1, 0.1])

    p = p_value(differences)

    # 190 of the 256 signs give a sum of 0.3 or more.
    assert p == pytest.approx(190 / 256, abs=0.02)


def test_a_p_value_ignores_direction_and_ties() -> None:
    differences = np.array([0.3, 0.1, -0.2, 0.5])

    assert p_value(differences) == p_value(-differences)
    assert p_value(differences) == p_value(np.append(differences, np.zeros(7)))


def test_runs_that_do_not_differ_have_a_p_value_of_one() -> None:
    assert p_value(np.zeros(5)) == 1


def test_a_p_value_is_never_zero() -> None:
    assert p_value(np.ones(60)) == 1 / (PERMUTATIONS + 1)
