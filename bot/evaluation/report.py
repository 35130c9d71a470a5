"""Reports on a run over judged questions, as text and as JSON."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.evaluation.comparison import Comparison, Difference, compare_runs
from bot.evaluation.judged import JudgedCollection
from bot.evaluation.measures import (
    CALIBRATION,
    MEASURES,
    JudgedOutcome,
    Measure,
    ReliabilityBin,
    compute_reliability,
    judge_outcome,
    select_counted_rows,
)
from bot.evaluation.outcome import QuestionOutcome
from bot.evaluation.resampling import Interval, bootstrap_interval
from bot.model.counts import format_count

_MAX_NAMED_IDS = 5
"""The maximum number of unmatched ids that are listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureResult:
    """The result of a run by one measure.

    Attributes:
        measure: The measure.
        value: Its value.
        interval: The 95 % confidence interval of the value.
        count: The number of questions that count.
    """

    measure: Measure
    value: float
    interval: Interval
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The results of a run.

    Attributes:
        articles: The number of articles.
        questions: The number of questions.
        results: The results of the measures that the judgements allow.
        reliability: Confidence compared with accuracy; empty if no answer has a confidence.
        comparison: The comparison with another run; None if there is none.
    """

    articles: int
    questions: int
    results: tuple[MeasureResult, ...]
    reliability: tuple[ReliabilityBin, ...]
    comparison: Comparison | None


def build_report(
    collection: JudgedCollection,
    outcomes: Mapping[str, QuestionOutcome],
    against: Mapping[str, QuestionOutcome] | None = None,
) -> Report:
    """Build the report on the outcomes by question id, compared with another run if given."""
    judged_outcomes = [
        judge_outcome(outcomes[question.id], collection.judgements[question.id])
        for question in collection.questions
    ]
    results = (_compute_result(measure, judged_outcomes) for measure in MEASURES)
    return Report(
        articles=len(collection.articles),
        questions=len(judged_outcomes),
        results=tuple(filter(None, results)),
        reliability=compute_reliability(select_counted_rows(CALIBRATION, judged_outcomes)),
        comparison=None
        if against is None
        else compare_runs(outcomes, against, collection.judgements),
    )


def _compute_result(
    measure: Measure, judged_outcomes: Sequence[JudgedOutcome]
) -> MeasureResult | None:
    rows = select_counted_rows(measure, judged_outcomes)
    if not len(rows):
        return None
    return MeasureResult(
        measure=measure,
        value=measure.aggregate(rows),
        interval=bootstrap_interval(rows, measure.aggregate),
        count=len(rows),
    )


def format_report(report: Report) -> Iterator[str]:
    """Yield the report as aligned lines of plain text."""
    yield f"{format_count(report.questions, 'question')}, {format_count(report.articles, 'article')}"
    yield ""
    yield from _format_results(report.results)
    if report.reliability:
        yield ""
        yield from _format_reliability(report.reliability)
    if report.comparison:
        yield ""
        yield from _format_comparison(report.comparison)


def _format_results(results: Iterable[MeasureResult]) -> Iterator[str]:
    return _format_table(
        ("", "value", "95 % interval", "questions"),
        [
            (
                result.measure.name,
                _format_number(result.value, result.measure),
                _format_interval(result.interval, result.measure),
                f"{result.count:,}",
            )
            for result in results
        ],
    )


def _format_reliability(bins: Iterable[ReliabilityBin]) -> Iterator[str]:
    return _format_table(
        ("confidence", "accuracy", "questions"),
        [(f"{part.confidence:.3f}", f"{part.accuracy:.3f}", f"{part.count:,}") for part in bins],
    )


def report_to_json(report: Report) -> dict[str, Any]:
    """Return the report as a JSON object."""
    return {
        "articles": report.articles,
        "questions": report.questions,
        "measures": {result.measure.name: _result_to_json(result) for result in report.results},
        "reliability": [
            {
                "confidence": reliability_bin.confidence,
                "right": reliability_bin.accuracy,
                "questions": reliability_bin.count,
            }
            for reliability_bin in report.reliability
        ],
        "against": report.comparison and _comparison_to_json(report.comparison),
    }


def _result_to_json(result: MeasureResult) -> dict[str, Any]:
    return {
        "figure": result.value,
        **_interval_to_json(result.interval),
        "questions": result.count,
    }


def _format_comparison(comparison: Comparison) -> Iterator[str]:
    yield (
        "Compared with the earlier run, "
        f"over {format_count(comparison.count, 'question')} in both runs:"
    )
    yield from _format_unmatched(comparison)
    yield ""
    yield from _format_table(
        ("", "now", "before", "difference", "95 % interval", "p", "questions"),
        [_format_difference(difference) for difference in comparison.differences],
    )
    if comparison.correct_before:
        share = comparison.still_answered / comparison.correct_before
        yield ""
        yield (
            f"The earlier run gave a correct first quote for "
            f"{format_count(comparison.correct_before, 'question')}. "
            f"This run answers {comparison.still_answered:,} of them ({share:.3f})."
        )


def _format_unmatched(comparison: Comparison) -> Iterator[str]:
    for label, ids in (
        ("Questions only in this run", comparison.only_now),
        ("Questions only in the earlier run", comparison.only_before),
        ("Questions with a different text in the earlier run", comparison.reworded),
        ("Measures that only one of the runs has", comparison.not_compared),
    ):
        if ids:
            more = ", …" if len(ids) > _MAX_NAMED_IDS else ""
            yield f"{label}: {len(ids):,} ({', '.join(ids[:_MAX_NAMED_IDS])}{more})"


def _format_difference(difference: Difference) -> tuple[str, ...]:
    return (
        difference.measure.name,
        _format_number(difference.now, difference.measure),
        _format_number(difference.before, difference.measure),
        _format_signed(difference.now - difference.before, difference.measure),
        _format_interval(difference.interval, difference.measure),
        "" if difference.p is None else f"{difference.p:.4f}",
        f"{difference.count:,}",
    )


def _comparison_to_json(comparison: Comparison) -> dict[str, Any]:
    return {
        "questions": comparison.count,
        "only_now": comparison.only_now,
        "only_before": comparison.only_before,
        "asked_otherwise": comparison.reworded,
        "not_compared": comparison.not_compared,
        "right_before": comparison.correct_before,
        "still_answered": comparison.still_answered,
        "measures": {
            difference.measure.name: _difference_to_json(difference)
            for difference in comparison.differences
        },
    }


def _difference_to_json(difference: Difference) -> dict[str, Any]:
    return {
        "figure": difference.now,
        "before": difference.before,
        "difference": difference.now - difference.before,
        **_interval_to_json(difference.interval),
        "p": difference.p,
        "questions": difference.count,
    }


def _interval_to_json(interval: Interval) -> dict[str, float]:
    return {"low": interval.low, "high": interval.high}


def _format_number(value: float, measure: Measure) -> str:
    return f"{value:,.{measure.decimals}f}"


def _format_signed(value: float, measure: Measure) -> str:
    # "z" turns -0.000 into +0.000.
    return f"{value:+z,.{measure.decimals}f}"


def _format_interval(interval: Interval, measure: Measure) -> str:
    return f"{_format_number(interval.low, measure)} to {_format_number(interval.high, measure)}"


def _format_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield aligned rows below their headings; columns with a heading are right-aligned."""
    widths = [max(map(len, column)) for column in zip(headings, *rows, strict=True)]
    for row in (headings, *rows):
        cells = [
            cell.ljust(width) if not head else cell.rjust(width)
            for head, cell, width in zip(headings, row, widths, strict=True)
        ]
        yield "  ".join(cells).rstrip()
