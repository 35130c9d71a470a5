"""The results of an ingest as lines, and as the object of `ingest --json`."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from bot.library.ingest import IngestOutcome, IngestStatus
from bot.model.counts import format_count
from bot.presentation.bidi import isolate_bidi

MAX_LISTED = 20
"""The number of files and of refusals that are listed; the others are counted, except the last refusal."""


def format_ingest_lines(outcomes: Sequence[IngestOutcome]) -> Iterator[str]:
    """Yield lines with the counts of the first files, then with the reasons of the first refusals."""
    if not outcomes:
        yield "No articles found."
    counts: dict[Path, Counter[IngestStatus]] = {}
    for outcome in outcomes:
        counts.setdefault(outcome.path, Counter())[outcome.status] += 1
    for path in islice(counts, MAX_LISTED):
        yield f"{isolate_bidi(str(path))}: {_format_counts(counts[path])}"
    if len(counts) > MAX_LISTED:
        total = _format_counts(Counter(outcome.status for outcome in outcomes))
        yield f"All {len(counts):,} files: {total}"
    refusals = [outcome for outcome in outcomes if outcome.status is IngestStatus.REFUSED]
    yield from map(_format_refusal, refusals[:MAX_LISTED])
    others = refusals[MAX_LISTED:-1]
    if others:
        count = format_count(len(others), "other")
        yield f"Refused: {count}. Run the command again with --json to see all of them."
    # The last one may say that the rest of a file was not read.
    yield from map(_format_refusal, refusals[MAX_LISTED:][-1:])


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


def _format_refusal(outcome: IngestOutcome) -> str:
    return f"Refused: {_format_location(outcome)}: {outcome.reason}"


def _format_location(outcome: IngestOutcome) -> str:
    path = isolate_bidi(str(outcome.path))
    return path if outcome.line is None else f"{path}, line {outcome.line}"
