"""Comparison of two runs over the same questions, with significance tests."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.evaluation.judged import Judgement
from bot.evaluation.measures import (
    MEASURES,
    JudgedOutcome,
    Measure,
    build_rows,
    judge_outcome,
    mask_counted,
    mean,
)
from bot.evaluation.outcome import QuestionOutcome
from bot.evaluation.resampling import Interval, Rows, bootstrap_interval, p_value


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One measure in both runs.

    Attributes:
        measure: The measure.
        now: The value in this run.
        before: The value in the earlier run.
        interval: The 95 % confidence interval of `now - before`.
        p: The p-value of the difference; None if the measure is no mean over the same questions.
        count: The number of questions that count in at least one run.
    """

    measure: Measure
    now: float
    before: float
    interval: Interval
    p: float | None
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The comparison of this run with an earlier one.

    Attributes:
        count: The number of questions with the same text in both runs.
        only_now: The ids of questions that only this run has.
        only_before: The ids of questions that only the earlier run has.
        reworded: The ids of questions that have another text in the earlier run.
        differences: The measures that both runs have.
        not_compared: The names of measures that only one run has.
        correct_before: The number of questions with a correct first quote in the earlier run.
        still_answered: The number of these that this run answers, correctly or not.
    """

    count: int
    only_now: tuple[str, ...]
    only_before: tuple[str, ...]
    reworded: tuple[str, ...]
    differences: tuple[Difference, ...]
    not_compared: tuple[str, ...]
    correct_before: int
    still_answered: int


def compare_runs(
    now: Mapping[str, QuestionOutcome],
    before: Mapping[str, QuestionOutcome],
    judgements: Mapping[str, Judgement],
) -> Comparison:
    """Compare the outcomes of this run, by question id, with those of an earlier one."""
    shared_ids = [question_id for question_id in now if question_id in before]
    reworded = [
        question_id
        for question_id in shared_ids
        if now[question_id].text != before[question_id].text
    ]
    judged_now, judged_before = (
        [
            judge_outcome(outcomes[question_id], judgements[question_id])
            for question_id in shared_ids
            if question_id not in reworded
        ]
        for outcomes in (now, before)
    )
    still_answered = _list_still_answered(judged_now, judged_before)
    differences, not_compared = _compare_measures(judged_now, judged_before)
    return Comparison(
        count=len(judged_now),
        only_now=tuple(question_id for question_id in now if question_id not in before),
        only_before=tuple(question_id for question_id in before if question_id not in now),
        reworded=tuple(reworded),
        differences=differences,
        not_compared=not_compared,
        correct_before=len(still_answered),
        still_answered=sum(still_answered),
    )


def _list_still_answered(
    judged_now: Iterable[JudgedOutcome], judged_before: Iterable[JudgedOutcome]
) -> list[bool]:
    """Return for each question answered correctly before whether it is answered now."""
    return [
        judged.outcome.is_answered
        for judged, earlier in zip(judged_now, judged_before, strict=True)
        if earlier.has_correct_quote(1)
    ]


def _compare_measures(
    judged_now: Sequence[JudgedOutcome], judged_before: Sequence[JudgedOutcome]
) -> tuple[tuple[Difference, ...], tuple[str, ...]]:
    """Return the differences, and the names of the measures that only one run has."""
    now, before = _collect_rows(judged_now), _collect_rows(judged_before)
    differences = (
        _compute_difference(measure, now[measure.name], before[measure.name])
        for measure in MEASURES
        if measure.name in now and measure.name in before
    )
    not_compared = (
        measure.name for measure in MEASURES if (measure.name in now) != (measure.name in before)
    )
    return tuple(differences), tuple(not_compared)


def _collect_rows(judged_outcomes: Sequence[JudgedOutcome]) -> dict[str, Rows]:
    """Return the rows of each measure that counts at least one question."""
    rows_by_measure = {measure.name: build_rows(measure, judged_outcomes) for measure in MEASURES}
    return {name: rows for name, rows in rows_by_measure.items() if mask_counted(rows).any()}


def _compute_difference(measure: Measure, now: Rows, before: Rows) -> Difference:
    in_both = mask_counted(now) & mask_counted(before)
    in_either = mask_counted(now) | mask_counted(before)
    width = now.shape[1]
    rows = np.hstack((now, before))[in_either]
    # The randomisation test needs a mean of differences over the same questions.
    is_paired = measure.aggregate is mean and bool((in_both == in_either).all())

    def subtract(sample: Rows) -> float:
        return _compute_value(measure, sample[:, :width]) - _compute_value(
            measure, sample[:, width:]
        )

    return Difference(
        measure=measure,
        now=_compute_value(measure, rows[:, :width]),
        before=_compute_value(measure, rows[:, width:]),
        interval=bootstrap_interval(rows, subtract),
        p=p_value(rows[:, 0] - rows[:, width]) if is_paired else None,
        count=len(rows),
    )


def _compute_value(measure: Measure, rows: Rows) -> float:
    """Return the value over the rows that count; NaN if there are none."""
    counted_rows = rows[mask_counted(rows)]
    return measure.aggregate(counted_rows) if len(counted_rows) else math.nan
