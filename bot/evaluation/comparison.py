"""Two runs over the same questions: what differs, and whether chance alone could do that."""

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
        now: Its figure in this run.
        before: Its figure in the other.
        interval: Where `now - before` lies.
        p: The p-value of the difference; None for what is no mean over the same questions.
        count: How many questions count in one of the runs.
    """

    measure: Measure
    now: float
    before: float
    interval: Interval
    p: float | None
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """This run against another.

    Attributes:
        count: How many questions both were asked in the same words.
        only_now: The ids of the questions that the other run was not asked.
        only_before: The ids of those that this run was not asked.
        reworded: The ids of those that the other run was asked in other words.
        differences: The measures that both runs give.
        not_compared: The names of the measures that only one of them gives.
        correct_before: How many of the questions had an answer in the other run's first quote.
        still_answered: How many of these are answered in this run, rightly or not.
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
    """The outcomes of this run, by the questions' ids, against those of another."""
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
    """Return for each question that was answered rightly before whether it is answered now."""
    return [
        judged.outcome.is_answered
        for judged, earlier in zip(judged_now, judged_before, strict=True)
        if earlier.has_correct_quote(1)
    ]


def _compare_measures(
    judged_now: Sequence[JudgedOutcome], judged_before: Sequence[JudgedOutcome]
) -> tuple[tuple[Difference, ...], tuple[str, ...]]:
    """Return the differences, and the names of the measures that only one of the runs gives."""
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
    """The rows of each measure for which one of the questions counts."""
    rows_by_measure = {measure.name: build_rows(measure, judged_outcomes) for measure in MEASURES}
    return {name: rows for name, rows in rows_by_measure.items() if mask_counted(rows).any()}


def _compute_difference(measure: Measure, now: Rows, before: Rows) -> Difference:
    in_both = mask_counted(now) & mask_counted(before)
    in_either = mask_counted(now) | mask_counted(before)
    width = now.shape[1]
    rows = np.hstack((now, before))[in_either]
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
    """The figure of the rows that count; NaN where none does."""
    counted_rows = rows[mask_counted(rows)]
    return measure.aggregate(counted_rows) if len(counted_rows) else math.nan
