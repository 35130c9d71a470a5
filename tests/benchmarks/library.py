"""Time of commands with a large library, measured with the real program.

Usage: `python -m tests.benchmarks.library ARTICLES QUESTION`. ARTICLES is a file for `dateline
ingest`; QUESTION is a question that it answers.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.search.embedded import INDEX_FILE

ONE_MORE = {
    "id": "one-more",
    "date": "2020-01-01",
    "text": "The zyxomma of Quellstadt was found asleep in the town hall on Monday.",
}
ASKED = "Where was the zyxomma of Quellstadt found?"


def measure_seconds(data_dir: Path, *arguments: str) -> float:
    """Return the time that one command takes from start to end.

    Raises:
        CalledProcessError: The exit code is not 0.
    """
    began = time.perf_counter()
    subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "bot", *arguments],
        env={**os.environ, "DATELINE_DATA_DIR": str(data_dir)},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return time.perf_counter() - began


def main(articles: str, question: str) -> None:
    """Run ingest and ask several times as processes, and print the times."""
    table = Table("command", "seconds")
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder, "data")
        more = Path(folder, "more.jsonl")
        more.write_text(json.dumps(ONE_MORE), encoding="utf-8")
        for name, arguments in (
            ("ingest", ("ingest", articles)),
            ("the same again", ("ingest", articles)),
            ("ask", ("ask", question)),
            ("ask again", ("ask", question)),
            ("ingest one more", ("ingest", str(more))),
            ("ask for it", ("ask", ASKED)),
        ):
            table.add_row(name, f"{measure_seconds(data_dir, *arguments):.2f}")
        (data_dir / INDEX_FILE).unlink(missing_ok=True)  # a small library has none
        table.add_row(
            "ask without a saved index", f"{measure_seconds(data_dir, 'ask', question):.2f}"
        )
    Console(width=100).print(table)


if __name__ == "__main__":
    main(*sys.argv[1:])
