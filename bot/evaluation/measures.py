"""Measures of answers: the row of one question, and the value over all questions."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from bot.evaluation.judged import Judgement
from bot.evaluation.matching import contains_answer
from bot.evaluation.outcome import QuestionOutcome
from bot.evaluation.resampling import Rows

Row: TypeAlias = tuple[float, ...] | None
"""The numbers that a measure takes from a question; None if the question does not count."""

BINS = 10
"""The number of equal parts of 0 to 1 in which confidence is compared with accuracy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedOutcome:
    """An outcome compared with the judgement of its question.

    Attributes:
        outcome: The outcome.
        judgement: The known answer.
        is_correct: For each quote shown, whether it contains the answer.
    """

    outcome: QuestionOutcome
    judgement: Judgement
    is_correct: tuple[bool, ...]

    @property
    def is_judged(self) -> bool:
        """Whether the right response, one of the answers or an abstention, is known."""
        return self.judgement.has_answer or self.judgement.is_answerable is False

    def has_correct_quote(self, max_quotes: int) -> bool:
        """Return whether one of the first `max_quotes` quotes contains an expected answer."""
        return self.judgement.has_answer and any(self.is_correct[:max_quotes])


def judge_outcome(outcome: QuestionOutcome, judgement: Judgement) -> JudgedOutcome:
    """Compare the quotes of an outcome with the answers or, without any, with the evidence."""
    accepted = judgement.answers or judgement.evidence
    is_correct = tuple(contains_answer(quote, accepted) for quote in outcome.quotes)
    return JudgedOutcome(outcome=outcome, judgement=judgement, is_correct=is_correct)


def mean(rows: Rows) -> float:
    """Return the mean of the first column."""
    return float(rows[:, 0].mean())


def percentile(rows: Rows, percent: float) -> float:
    """Return the percentile of all values; shorter rows are padded with NaN, which is ignored.

    Between two values it is interpolated linearly, as in `numpy.percentile`, which takes four times
    as long for the few values of a run.
    """
    values = np.sort(rows[~np.isnan(rows)])
    rank = (len(values) - 1) * percent / 100
    return float(np.interp(rank, np.arange(len(values)), values))


def risk_coverage(rows: Rows) -> float:
    """Return the area under the risk-coverage curve.

    Rows consist of a score and whether the quote is wrong, 1 or 0. The area is the mean share of
    wrong quotes among the k best-scored questions, over all k (El-Yaniv and Wiener 2010, "On the
    Foundations of Noise-free Selective Classification"). Equal scores count as the expectation over
    all their orders.
    """
    scores, wrong = rows.T
    _, groups, sizes = np.unique(-scores, return_inverse=True, return_counts=True)
    ends = np.append(0, np.cumsum(sizes))
    errors = np.append(0, np.cumsum(np.bincount(groups, weights=wrong)))
    answered_counts = np.arange(1, len(rows) + 1)
    return float((np.interp(answered_counts, ends, errors) / answered_counts).mean())


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliabilityBin:
    """The questions with confidences in one part of 0 to 1.

    Attributes:
        confidence: The mean confidence.
        accuracy: The share of questions with a correct first quote.
        count: The number of questions, at least one.
    """

    confidence: float
    accuracy: float
    count: int


def compute_reliability(rows: Rows) -> tuple[ReliabilityBin, ...]:
    """Compare confidence with accuracy.

    Rows consist of a confidence and whether the quote is right, 1 or 0. The BINS bins have equal
    width and are half-open; the last includes 1. Empty bins are omitted.
    """
    if not len(rows):
        return ()
    bin_numbers = _get_bin_numbers(rows)
    parts = (rows[bin_numbers == bin_number] for bin_number in range(BINS))
    return tuple(
        ReliabilityBin(
            confidence=float(part[:, 0].mean()), accuracy=float(part[:, 1].mean()), count=len(part)
        )
        for part in parts
        if len(part)
    )


def calibration_error(rows: Rows) -> float:
    """Return the expected calibration error: the mean distance of confidence from accuracy.

    It is the mean over the bins of `compute_reliability`, weighted by their counts. See Naeini et
    al. 2015 (ECE).
    """
    confidences, right = rows.T
    distances = abs(np.bincount(_get_bin_numbers(rows), weights=confidences - right))
    return float(distances.sum()) / len(rows)


def _get_bin_numbers(rows: Rows) -> NDArray[np.intp]:
    """Return the number of the bin of each confidence, from 0."""
    bin_numbers: NDArray[np.intp] = np.minimum((rows[:, 0] * BINS).astype(np.intp), BINS - 1)
    return bin_numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A measure.

    Attributes:
        name: The name in reports and JSON.
        compute_row: Returns the numbers of a question; None if the question does not count.
        aggregate: Returns the value over all rows, at least one.
        decimals: The number of decimals shown.
    """

    name: str
    compute_row: Callable[[JudgedOutcome], Row]
    aggregate: Callable[[Rows], float] = mean
    decimals: int = 3


def build_rows(measure: Measure, judged_outcomes: Iterable[JudgedOutcome]) -> Rows:
    """Return a row per outcome, padded with NaN; all NaN if the question does not count."""
    rows = [measure.compute_row(judged) or () for judged in judged_outcomes]
    width = max(map(len, rows), default=0)
    filled = [row + (math.nan,) * (width - len(row)) for row in rows]
    return np.array(filled, dtype=np.float64).reshape(len(rows), width)


def mask_counted(rows: Rows) -> NDArray[np.bool_]:
    """Return a boolean per row: whether its question counts."""
    return np.logical_not(np.isnan(rows).all(axis=1))


def select_counted_rows(measure: Measure, judged_outcomes: Iterable[JudgedOutcome]) -> Rows:
    """Return the rows of the outcomes that count."""
    rows = build_rows(measure, judged_outcomes)
    return rows[mask_counted(rows)]


def _measure_ranking(
    judged: JudgedOutcome, measure: Callable[[Sequence[int], Sequence[int]], float]
) -> Row:
    """Apply a measure to the grades in ranked order and to the relevant grades, sorted."""
    grades = judged.judgement.grades
    relevant = sorted((grade for grade in grades.values() if grade > 0), reverse=True)
    if judged.outcome.ranking is None or not relevant:
        return None
    ranked = [max(0, grades.get(article, 0)) for article in judged.outcome.ranking]
    return (measure(ranked, relevant),)


def _ndcg(ranked: Sequence[int], relevant: Sequence[int], depth: int) -> float:
    """Return nDCG as trec_eval computes it: the gain is the grade itself."""
    return _dcg(ranked[:depth]) / _dcg(relevant[:depth])


def _dcg(grades: Sequence[int]) -> float:
    return sum(grade / math.log2(rank + 1) for rank, grade in enumerate(grades, start=1))


def _recall(ranked: Sequence[int], relevant: Sequence[int], depth: int) -> float:
    return sum(grade > 0 for grade in ranked[:depth]) / len(relevant)


def _reciprocal_rank(ranked: Sequence[int], _: Sequence[int], depth: int) -> float:
    ranks = (rank for rank, grade in enumerate(ranked[:depth], start=1) if grade > 0)
    return 1 / next(ranks, math.inf)


def _measure_answer(judged: JudgedOutcome, max_quotes: int) -> Row:
    if not judged.judgement.has_answer:
        return None
    return (float(judged.outcome.is_answered and judged.has_correct_quote(max_quotes)),)


def _measure_found(judged: JudgedOutcome, max_quotes: int) -> Row:
    return (float(judged.has_correct_quote(max_quotes)),) if judged.judgement.has_answer else None


def _measure_quote_lengths(judged: JudgedOutcome, max_quotes: int | None) -> Row:
    return tuple(float(len(quote)) for quote in judged.outcome.quotes[:max_quotes]) or None


def _measure_wrong_answer(judged: JudgedOutcome) -> Row:
    is_counted = judged.outcome.is_answered and judged.is_judged
    return (float(not judged.has_correct_quote(1)),) if is_counted else None


def _measure_correct_abstention(judged: JudgedOutcome) -> Row:
    is_counted = not judged.outcome.is_answered and judged.judgement.is_answerable is not None
    return (float(not judged.judgement.is_answerable),) if is_counted else None


def _measure_abstention(judged: JudgedOutcome) -> Row:
    return (
        (float(not judged.outcome.is_answered),)
        if judged.judgement.is_answerable is False
        else None
    )


def _measure_risk(judged: JudgedOutcome, *, by_score: bool) -> Row:
    outcome = judged.outcome
    score = outcome.score if by_score or outcome.confidence is None else outcome.confidence
    wrong = float(not judged.has_correct_quote(1))
    # Questions without any quote count as answered last.
    return (-math.inf if score is None else score, wrong) if judged.is_judged else None


def _measure_both_risks(judged: JudgedOutcome) -> Row:
    """Return the row of `_measure_risk` by confidence, followed by the one by score."""
    by_confidence, by_score = (
        _measure_risk(judged, by_score=False),
        _measure_risk(judged, by_score=True),
    )
    if judged.outcome.confidence is None or by_confidence is None or by_score is None:
        return None
    return (*by_confidence, *by_score)


def risk_reduction(rows: Rows) -> float:
    """Return the risk-coverage area of the last two columns minus that of the first two."""
    return risk_coverage(rows[:, 2:]) - risk_coverage(rows[:, :2])


def _measure_confidence(judged: JudgedOutcome) -> Row:
    confidence = judged.outcome.confidence
    if confidence is None or not judged.is_judged:
        return None
    return (confidence, float(judged.has_correct_quote(1)))


def _measure_time(judged: JudgedOutcome) -> Row:
    return (judged.outcome.elapsed_ms,)


CALIBRATION = Measure(
    name="calibration error", compute_row=_measure_confidence, aggregate=calibration_error
)

MEASURES = (
    Measure(
        name="nDCG@10", compute_row=partial(_measure_ranking, measure=partial(_ndcg, depth=10))
    ),
    Measure(
        name="R@100", compute_row=partial(_measure_ranking, measure=partial(_recall, depth=100))
    ),
    Measure(
        name="MRR@10",
        compute_row=partial(_measure_ranking, measure=partial(_reciprocal_rank, depth=10)),
    ),
    Measure(name="answer@1", compute_row=partial(_measure_answer, max_quotes=1)),
    Measure(name="answer@3", compute_row=partial(_measure_answer, max_quotes=3)),
    Measure(name="found@1", compute_row=partial(_measure_found, max_quotes=1)),
    Measure(name="found@3", compute_row=partial(_measure_found, max_quotes=3)),
    Measure(name="wrong among answered", compute_row=_measure_wrong_answer),
    Measure(name="precision of no", compute_row=_measure_correct_abstention),
    Measure(name="recall of no", compute_row=_measure_abstention),
    Measure(
        name="risk-coverage",
        compute_row=partial(_measure_risk, by_score=False),
        aggregate=risk_coverage,
    ),
    Measure(
        name="risk-coverage by score",
        compute_row=partial(_measure_risk, by_score=True),
        aggregate=risk_coverage,
    ),
    Measure(
        name="risk saved by confidence", compute_row=_measure_both_risks, aggregate=risk_reduction
    ),
    CALIBRATION,
    Measure(
        name="quote length",
        compute_row=partial(_measure_quote_lengths, max_quotes=None),
        aggregate=partial(percentile, percent=50),
        decimals=0,
    ),
    Measure(
        name="first quote length",
        compute_row=partial(_measure_quote_lengths, max_quotes=1),
        aggregate=partial(percentile, percent=50),
        decimals=0,
    ),
    Measure(
        name="p50 ms",
        compute_row=_measure_time,
        aggregate=partial(percentile, percent=50),
        decimals=1,
    ),
    Measure(
        name="p95 ms",
        compute_row=_measure_time,
        aggregate=partial(percentile, percent=95),
        decimals=1,
    ),
)
"""All measures, in the order of the report."""
