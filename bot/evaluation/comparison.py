"""Two runs over the same questions: what differs, and whether chance alone could do that."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.evaluation.judged import Judgement
from bot.evaluation.measures import MEASURES, Mark, Measure, counted, mark_of, mean, rows_of
from bot.evaluation.outcome import Outcome
from bot.evaluation.resampling import Interval, Rows, interval, p_value


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
        asked_otherwise: The ids of those that the other run was asked in other words.
        differences: The measures that both runs give.
        not_compared: The names of the measures that only one of them gives.
        right_before: How many of the questions had an answer in the other run's first quote.
        still_answered: How many of these are answered in this run, rightly or not.
    """

    count: int
    only_now: tuple[str, ...]
    only_before: tuple[str, ...]
    asked_otherwise: tuple[str, ...]
    differences: tuple[Difference, ...]
    not_compared: tuple[str, ...]
    right_before: int
    still_answered: int


def compared(
    now: Mapping[str, Outcome],
    before: Mapping[str, Outcome],
    judgements: Mapping[str, Judgement],
) -> Comparison:
    """The outcomes of this run, by the questions' ids, against those of another."""
    both = [each for each in now if each in before]
    same = [each for each in both if now[each].text == before[each].text]
    marks_now, marks_before = (
        [mark_of(outcomes[each], judgements[each]) for each in same] for outcomes in (now, before)
    )
    answered = [
        mark.outcome.answered
        for mark, other in zip(marks_now, marks_before, strict=True)
        if other.is_found(1)
    ]
    given_now, given_before = _given(marks_now), _given(marks_before)
    return Comparison(
        count=len(same),
        only_now=tuple(each for each in now if each not in before),
        only_before=tuple(each for each in before if each not in now),
        asked_otherwise=tuple(each for each in both if now[each].text != before[each].text),
        differences=tuple(
            _difference(measure, given_now[measure.name], given_before[measure.name])
            for measure in MEASURES
            if measure.name in given_now.keys() & given_before.keys()
        ),
        not_compared=tuple(
            measure.name
            for measure in MEASURES
            if measure.name in given_now.keys() ^ given_before.keys()
        ),
        right_before=len(answered),
        still_answered=sum(answered),
    )


def _given(marks: Sequence[Mark]) -> dict[str, Rows]:
    """The rows of each measure for which one of the questions counts."""
    found = {measure.name: rows_of(measure, marks) for measure in MEASURES}
    return {name: rows for name, rows in found.items() if counted(rows).any()}


def _difference(measure: Measure, now: Rows, before: Rows) -> Difference:
    in_both = counted(now) & counted(before)
    in_either = counted(now) | counted(before)
    width = now.shape[1]
    rows = np.hstack((now, before))[in_either]
    is_paired = measure.figure is mean and bool((in_both == in_either).all())
    return Difference(
        measure=measure,
        now=_figure(measure, rows[:, :width]),
        before=_figure(measure, rows[:, width:]),
        interval=interval(
            rows,
            lambda drawn: _figure(measure, drawn[:, :width]) - _figure(measure, drawn[:, width:]),
        ),
        p=p_value(rows[:, 0] - rows[:, width]) if is_paired else None,
        count=len(rows),
    )


def _figure(measure: Measure, rows: Rows) -> float:
    """The figure of the rows that count; NaN where none does."""
    own = rows[counted(rows)]
    return measure.figure(own) if len(own) else math.nan
