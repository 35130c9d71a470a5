"""The measures: what each counts of one question, and the figure that all questions give together."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from bot.evaluation.judged import Judgement
from bot.evaluation.matching import holds
from bot.evaluation.outcome import Outcome
from bot.evaluation.resampling import Rows

Row: TypeAlias = tuple[float, ...] | None
"""What a measure counts of a question; None where it does not count."""

BINS = 10
"""The equal parts of 0 to 1 in which confidences are compared with what came true."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """An outcome held against the judgement of its question.

    Attributes:
        outcome: What came of the question.
        judgement: What is known of its answer.
        right: For each quote shown whether it holds the answer.
    """

    outcome: Outcome
    judgement: Judgement
    right: tuple[bool, ...]

    @property
    def is_decided(self) -> bool:
        """Whether it is known what is right: one of the answers, or a refusal."""
        return self.judgement.has_answer or self.judgement.answerable is False

    def is_found(self, most: int) -> bool:
        """Whether one of the first quotes, so many at most, holds an answer that counts."""
        return self.judgement.has_answer and any(self.right[:most])


def mark_of(outcome: Outcome, judgement: Judgement) -> Mark:
    """The outcome with its quotes held against the answers, or where none is given the evidence."""
    wanted = judgement.answers or judgement.evidence
    right = tuple(holds(quote, wanted) for quote in outcome.quotes)
    return Mark(outcome=outcome, judgement=judgement, right=right)


def mean(rows: Rows) -> float:
    """The mean of the first column."""
    return float(rows[:, 0].mean())


def percentile(rows: Rows, percent: float) -> float:
    """The percentile of all that the rows hold; NaN fills the shorter ones."""
    return float(np.percentile(rows[~np.isnan(rows)], percent))


def risk_coverage(rows: Rows) -> float:
    """The area under risk against coverage, of rows of a score and whether its quote is wrong.

    The mean, over every number of questions answered in the order of their scores, of the share that
    is wrong among them (El-Yaniv and Wiener 2010, "On the Foundations of Noise-free Selective
    Classification"). Of equal scores the expectation over all their orders is taken.
    """
    scores, wrong = rows.T
    _, groups, sizes = np.unique(-scores, return_inverse=True, return_counts=True)
    ends = np.append(0, np.cumsum(sizes))
    errors = np.append(0, np.cumsum(np.bincount(groups, weights=wrong)))
    covered = np.arange(1, len(rows) + 1)
    return float((np.interp(covered, ends, errors) / covered).mean())


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """The questions whose confidences lie in one part of 0 to 1.

    Attributes:
        confidence: Their mean confidence.
        right: The share of them whose first quote is right.
        count: How many there are, at least one.
    """

    confidence: float
    right: float
    count: int


def reliability(rows: Rows) -> tuple[Bin, ...]:
    """How confidences compare with what came true, of rows of a confidence and whether it is right.

    In BINS parts of equal width, a border in the upper one, without the empty ones.
    """
    if not len(rows):
        return ()
    places = np.minimum((rows[:, 0] * BINS).astype(int), BINS - 1)
    parts = (rows[places == place] for place in range(BINS))
    return tuple(
        Bin(confidence=float(part[:, 0].mean()), right=float(part[:, 1].mean()), count=len(part))
        for part in parts
        if len(part)
    )


def calibration_error(rows: Rows) -> float:
    """The mean distance of confidence from the share right (Naeini et al. 2015, ECE)."""
    distances = (each.count * abs(each.confidence - each.right) for each in reliability(rows))
    return sum(distances) / len(rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One measure.

    Attributes:
        name: What it is called, everywhere.
        row: What it counts of a question; None for one that does not count.
        figure: The figure that the rows give, at least one.
        decimals: How many decimals are shown.
    """

    name: str
    row: Callable[[Mark], Row]
    figure: Callable[[Rows], float] = mean
    decimals: int = 3


def rows_of(measure: Measure, marks: Iterable[Mark]) -> Rows:
    """The row of each mark, filled with NaN; nothing but NaN for one that does not count."""
    found = [measure.row(mark) or () for mark in marks]
    width = max(map(len, found), default=0)
    filled = [row + (math.nan,) * (width - len(row)) for row in found]
    return np.array(filled, dtype=np.float64).reshape(len(found), width)


def counted(rows: Rows) -> NDArray[np.bool_]:
    """For each row whether its question counts."""
    return np.logical_not(np.isnan(rows).all(axis=1))


def counted_rows(measure: Measure, marks: Iterable[Mark]) -> Rows:
    """The rows of the marks that count."""
    rows = rows_of(measure, marks)
    return rows[counted(rows)]


def _of_ranking(mark: Mark, measured: Callable[[Sequence[int], Sequence[int]], float]) -> Row:
    """What is measured of the grades in the order found, and of all that are relevant."""
    grades = mark.judgement.grades
    relevant = sorted((grade for grade in grades.values() if grade > 0), reverse=True)
    if mark.outcome.ranking is None or not relevant:
        return None
    found = [max(0, grades.get(article, 0)) for article in mark.outcome.ranking]
    return (measured(found, relevant),)


def _ndcg(found: Sequence[int], relevant: Sequence[int], depth: int) -> float:
    """The normalised discounted gain as trec_eval has it: the gain is the grade itself."""
    return _gain(found[:depth]) / _gain(relevant[:depth])


def _gain(grades: Sequence[int]) -> float:
    return sum(grade / math.log2(rank + 1) for rank, grade in enumerate(grades, start=1))


def _recall(found: Sequence[int], relevant: Sequence[int], depth: int) -> float:
    return sum(grade > 0 for grade in found[:depth]) / len(relevant)


def _reciprocal_rank(found: Sequence[int], _: Sequence[int], depth: int) -> float:
    ranks = (rank for rank, grade in enumerate(found[:depth], start=1) if grade > 0)
    return 1 / next(ranks, math.inf)


def _answer_at(mark: Mark, most: int) -> Row:
    if not mark.judgement.has_answer:
        return None
    return (float(mark.outcome.answered and mark.is_found(most)),)


def _found_at(mark: Mark, most: int) -> Row:
    return (float(mark.is_found(most)),) if mark.judgement.has_answer else None


def _lengths(mark: Mark, most: int | None) -> Row:
    return tuple(float(len(quote)) for quote in mark.outcome.quotes[:most]) or None


def _wrong_answer(mark: Mark) -> Row:
    is_counted = mark.outcome.answered and mark.is_decided
    return (float(not mark.is_found(1)),) if is_counted else None


def _right_refusal(mark: Mark) -> Row:
    is_counted = not mark.outcome.answered and mark.judgement.answerable is not None
    return (float(not mark.judgement.answerable),) if is_counted else None


def _refused(mark: Mark) -> Row:
    return (float(not mark.outcome.answered),) if mark.judgement.answerable is False else None


def _risk(mark: Mark, *, by_score: bool) -> Row:
    outcome = mark.outcome
    score = outcome.score if by_score or outcome.confidence is None else outcome.confidence
    wrong = float(not mark.is_found(1))
    return (-math.inf if score is None else score, wrong) if mark.is_decided else None


def _both_risks(mark: Mark) -> Row:
    """The row of `_risk` by confidence, then that by score."""
    by_confidence, by_score = _risk(mark, by_score=False), _risk(mark, by_score=True)
    if mark.outcome.confidence is None or by_confidence is None or by_score is None:
        return None
    return (*by_confidence, *by_score)


def risk_saved(rows: Rows) -> float:
    """By how much the first two columns' area under risk against coverage is below the last two's."""
    return risk_coverage(rows[:, 2:]) - risk_coverage(rows[:, :2])


def _confidence(mark: Mark) -> Row:
    confidence = mark.outcome.confidence
    if confidence is None or not mark.is_decided:
        return None
    return (confidence, float(mark.is_found(1)))


def _time(mark: Mark) -> Row:
    return (mark.outcome.elapsed_ms,)


CALIBRATION = Measure(name="calibration error", row=_confidence, figure=calibration_error)

MEASURES = (
    Measure(name="nDCG@10", row=partial(_of_ranking, measured=partial(_ndcg, depth=10))),
    Measure(name="R@100", row=partial(_of_ranking, measured=partial(_recall, depth=100))),
    Measure(name="MRR@10", row=partial(_of_ranking, measured=partial(_reciprocal_rank, depth=10))),
    Measure(name="answer@1", row=partial(_answer_at, most=1)),
    Measure(name="answer@3", row=partial(_answer_at, most=3)),
    Measure(name="found@1", row=partial(_found_at, most=1)),
    Measure(name="found@3", row=partial(_found_at, most=3)),
    Measure(name="wrong among answered", row=_wrong_answer),
    Measure(name="precision of no", row=_right_refusal),
    Measure(name="recall of no", row=_refused),
    Measure(name="risk-coverage", row=partial(_risk, by_score=False), figure=risk_coverage),
    Measure(name="risk-coverage by score", row=partial(_risk, by_score=True), figure=risk_coverage),
    Measure(name="risk saved by confidence", row=_both_risks, figure=risk_saved),
    CALIBRATION,
    Measure(
        name="quote length",
        row=partial(_lengths, most=None),
        figure=partial(percentile, percent=50),
        decimals=0,
    ),
    Measure(
        name="first quote length",
        row=partial(_lengths, most=1),
        figure=partial(percentile, percent=50),
        decimals=0,
    ),
    Measure(name="p50 ms", row=_time, figure=partial(percentile, percent=50), decimals=1),
    Measure(name="p95 ms", row=_time, figure=partial(percentile, percent=95), decimals=1),
)
"""All measures, in the order of the report."""
