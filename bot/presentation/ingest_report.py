"""The results of an ingest as lines, and as the object of `ingest --json`."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.library.ingest import IngestOutcome, IngestStatus


def format_ingest_lines(outcomes: Sequence[IngestOutcome]) -> list[str]:
    """Return a line with the counts of each file, then a line for each refusal with its reason."""
    if not outcomes:
        return ["No articles found."]
    counts: dict[Path, Counter[IngestStatus]] = {}
    for outcome in outcomes:
        counts.setdefault(outcome.path, Counter())[outcome.status] += 1
    return [
        *(f"{path}: {_format_counts(status_counts)}" for path, status_counts in counts.items()),
        *(
            f"Refused: {_format_location(outcome)}: {outcome.reason}"
            for outcome in outcomes
            if outcome.status is IngestStatus.REFUSED
        ),
    ]


def ingest_to_json(outcomes: Sequence[IngestOutcome]) -> dict[str, Any]:
    """Return the counts of an ingest and its refusals."""
    counts = Counter(outcome.status for outcome in outcomes)
    return {
        **{status.value: counts[status] for status in IngestStatus},
        "refusals": [
            {"path": str(outcome.path), "line": outcome.line, "reason": outcome.reason}
            for outcome in outcomes
            if outcome.status is IngestStatus.REFUSED
        ],
    }


def _format_counts(counts: Counter[IngestStatus]) -> str:
    return ", ".join(
        f"{counts[status]:,} {status.value}" for status in IngestStatus if counts[status]
    )


def _format_location(outcome: IngestOutcome) -> str:
    return f"{outcome.path}" if outcome.line is None else f"{outcome.path}, line {outcome.line}"
