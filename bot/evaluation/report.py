"""What a run over judged questions came to: for the terminal, and as a JSON object."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.evaluation.comparison import Comparison, Difference, compared
from bot.evaluation.judged import Judged
from bot.evaluation.measures import (
    CALIBRATION,
    MEASURES,
    Bin,
    Mark,
    Measure,
    counted_rows,
    mark_of,
    reliability,
)
from bot.evaluation.outcome import Outcome
from bot.evaluation.resampling import Interval, interval

_NAMED = 5
"""How many of the ids that do not match are named at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What a run came to by one measure.

    Attributes:
        measure: The measure.
        value: Its figure.
        interval: Where it lies with other questions of the kind.
        count: How many questions count.
    """

    measure: Measure
    value: float
    interval: Interval
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a run came to.

    Attributes:
        articles: How many articles there are.
        questions: How many questions were asked.
        figures: The measures that the judgements allow.
        reliability: How confidences compare with what came true; empty where there are none.
        comparison: The run against another one; None where none was given.
    """

    articles: int
    questions: int
    figures: tuple[Figure, ...]
    reliability: tuple[Bin, ...]
    comparison: Comparison | None


def report_of(
    judged: Judged,
    outcomes: Mapping[str, Outcome],
    against: Mapping[str, Outcome] | None = None,
) -> Report:
    """The report on the outcomes of all questions, by their ids, and on how another run differs."""
    marks = [mark_of(outcomes[each.id], judged.judgements[each.id]) for each in judged.questions]
    figures = (_figure(measure, marks) for measure in MEASURES)
    return Report(
        articles=len(judged.articles),
        questions=len(marks),
        figures=tuple(filter(None, figures)),
        reliability=reliability(counted_rows(CALIBRATION, marks)),
        comparison=None if against is None else compared(outcomes, against, judged.judgements),
    )


def _figure(measure: Measure, marks: Sequence[Mark]) -> Figure | None:
    rows = counted_rows(measure, marks)
    if not len(rows):
        return None
    return Figure(
        measure=measure,
        value=measure.figure(rows),
        interval=interval(rows, measure.figure),
        count=len(rows),
    )


def report_lines(report: Report) -> Iterator[str]:
    """The report as aligned lines of plain text."""
    yield f"{_count(report.questions, 'question')}, {_count(report.articles, 'article')}"
    yield ""
    yield from _table(
        ("", "figure", "95 % interval", "questions"),
        [
            (
                figure.measure.name,
                _number(figure.value, figure.measure),
                _between(figure.interval, figure.measure),
                f"{figure.count:,}",
            )
            for figure in report.figures
        ],
    )
    if report.reliability:
        yield ""
        yield from _table(
            ("confidence", "share right", "questions"),
            [
                (f"{each.confidence:.3f}", f"{each.right:.3f}", f"{each.count:,}")
                for each in report.reliability
            ],
        )
    if report.comparison:
        yield ""
        yield from _comparison_lines(report.comparison)


def report_object(report: Report) -> dict[str, Any]:
    """The report as a JSON object."""
    return {
        "articles": report.articles,
        "questions": report.questions,
        "measures": {
            figure.measure.name: {
                "figure": figure.value,
                **_ends(figure.interval),
                "questions": figure.count,
            }
            for figure in report.figures
        },
        "reliability": [
            {"confidence": each.confidence, "right": each.right, "questions": each.count}
            for each in report.reliability
        ],
        "against": report.comparison and _comparison_object(report.comparison),
    }


def _comparison_lines(comparison: Comparison) -> Iterator[str]:
    yield f"Against the other run, over {_count(comparison.count, 'question')} asked of both:"
    yield from _unmatched(comparison)
    yield ""
    yield from _table(
        ("", "now", "before", "difference", "95 % interval", "p", "questions"),
        [_difference_cells(each) for each in comparison.differences],
    )
    if comparison.right_before:
        share = comparison.still_answered / comparison.right_before
        yield ""
        yield (
            f"Of the {comparison.right_before:,} questions whose first quote there is right, "
            f"{comparison.still_answered:,} ({share:.3f}) are answered here."
        )


def _unmatched(comparison: Comparison) -> Iterator[str]:
    for what, ids in (
        ("Only asked here", comparison.only_now),
        ("Only asked there", comparison.only_before),
        ("Asked there in other words", comparison.asked_otherwise),
        (
            "Not compared, since one of the runs does not hold it",
            comparison.not_compared,
        ),
    ):
        if ids:
            more = ", …" if len(ids) > _NAMED else ""
            yield f"{what}: {len(ids):,} ({', '.join(ids[:_NAMED])}{more})"


def _difference_cells(each: Difference) -> tuple[str, ...]:
    return (
        each.measure.name,
        _number(each.now, each.measure),
        _number(each.before, each.measure),
        _signed(each.now - each.before, each.measure),
        _between(each.interval, each.measure),
        "" if each.p is None else f"{each.p:.4f}",
        f"{each.count:,}",
    )


def _comparison_object(comparison: Comparison) -> dict[str, Any]:
    return {
        "questions": comparison.count,
        "only_now": comparison.only_now,
        "only_before": comparison.only_before,
        "asked_otherwise": comparison.asked_otherwise,
        "not_compared": comparison.not_compared,
        "right_before": comparison.right_before,
        "still_answered": comparison.still_answered,
        "measures": {
            each.measure.name: {
                "figure": each.now,
                "before": each.before,
                "difference": each.now - each.before,
                **_ends(each.interval),
                "p": each.p,
                "questions": each.count,
            }
            for each in comparison.differences
        },
    }


def _ends(interval: Interval) -> dict[str, float]:
    return {"low": interval.low, "high": interval.high}


def _count(count: int, thing: str) -> str:
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"


def _number(value: float, measure: Measure) -> str:
    return f"{value:,.{measure.decimals}f}"


def _signed(value: float, measure: Measure) -> str:
    return f"{value:+z,.{measure.decimals}f}"


def _between(interval: Interval, measure: Measure) -> str:
    return f"{_number(interval.low, measure)} to {_number(interval.high, measure)}"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The rows below their heads: the first column to the left where it has no head, others right."""
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    for row in (heads, *rows):
        cells = [
            cell.ljust(width) if not head else cell.rjust(width)
            for head, cell, width in zip(heads, row, widths, strict=True)
        ]
        yield "  ".join(cells).rstrip()
