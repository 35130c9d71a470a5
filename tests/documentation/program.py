"""Running `dateline` as a process, on the articles that ship and in a folder of its own."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.builders import PROJECT

AS_OF = "2026-03-03"
"""The clock of the examples: the day after the article that ships."""


def run_program(*arguments: str, data_dir: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command; without `data_dir` its library is new and gone afterwards."""
    if data_dir is None:
        with tempfile.TemporaryDirectory() as folder:
            return run_program(*arguments, data_dir=Path(folder))
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DATELINE_", "DISCORD_TOKEN"))
    }
    return subprocess.run(  # noqa: S603 - the program under documentation
        [sys.executable, "-m", "bot", "--as-of", AS_OF, *arguments],
        cwd=PROJECT,
        env=kept | {"DATELINE_DATA_DIR": str(data_dir)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
