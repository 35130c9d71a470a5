"""Comparison of the answers of two versions of the program.

Each version writes its answers with `dateline eval FOLDER --answers FILE`. Run this from the
project folder: `.venv/bin/python -m tests.benchmarks.compare_answers BEFORE AFTER`. Both are such
files, or folders of them. Excerpts, order, offsets, scores, confidence, receipts and JSON keys must
be the same to the last digit; only the time that an answer took may differ.
"""

import json
import sys
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

IGNORED_KEY = "elapsed_ms"


def main(before: Path, after: Path) -> int:
    """Print how many answers are equal, and return 1 if any differs."""
    differing = 0
    for name in list_names(before):
        pair = (before, after) if name == "" else (before / name, after / name)
        answers, differences = compare_files(*pair)
        print(f"{name or before.name}: {answers} answers, {len(differences)} differ")  # noqa: T201 - its output
        for question_id in differences[:5]:
            print(f"  {question_id}")  # noqa: T201
        differing += len(differences)
    return 1 if differing else 0


def list_names(before: Path) -> list[str]:
    """Return the files of a folder, or one empty name for a file."""
    return sorted(path.name for path in before.glob("*.jsonl")) if before.is_dir() else [""]


def compare_files(before: Path, after: Path) -> tuple[int, list[str]]:
    """Return how many answers there are, and the ids of the questions whose answers differ."""
    pairs = list(zip_longest(read_answers(before), read_answers(after)))
    differing = [
        str((left or right or {}).get("id"))
        for left, right in pairs
        if left is None or right is None or serialise(left) != serialise(right)
    ]
    return len(pairs), differing


def read_answers(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the answer on each line of a file, without the time that it took."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            answer: dict[str, Any] = json.loads(line)
            answer.pop(IGNORED_KEY, None)
            yield answer


def serialise(answer: dict[str, Any]) -> str:
    """Return an answer as JSON, with its keys in the order of the file."""
    return json.dumps(answer)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
