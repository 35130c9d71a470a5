"""What an ingest did, as lines for people and as the object that `ingest --json` prints."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.library.ingest import Outcome, Result


def ingested_lines(outcomes: Sequence[Outcome]) -> list[str]:
    """A line a file with the counts, then a line for each that was refused, and why."""
    if not outcomes:
        return ["No article was found."]
    counts: dict[Path, Counter[Result]] = {}
    for outcome in outcomes:
        counts.setdefault(outcome.path, Counter())[outcome.result] += 1
    return [
        *(f"{path}: {_counted(results)}" for path, results in counts.items()),
        *(
            f"Refused: {_place(outcome)}: {outcome.reason}"
            for outcome in outcomes
            if outcome.result is Result.REFUSED
        ),
    ]


def ingested_object(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """The counts of an ingest, and what it refused."""
    counts = Counter(outcome.result for outcome in outcomes)
    return {
        **{result.value: counts[result] for result in Result},
        "refusals": [
            {"path": str(outcome.path), "line": outcome.line, "reason": outcome.reason}
            for outcome in outcomes
            if outcome.result is Result.REFUSED
        ],
    }


def _counted(results: Counter[Result]) -> str:
    return ", ".join(f"{results[result]:,} {result.value}" for result in Result if results[result])


def _place(outcome: Outcome) -> str:
    return f"{outcome.path}" if outcome.line is None else f"{outcome.path}, line {outcome.line}"
