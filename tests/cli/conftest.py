from pathlib import Path

import pytest

from tests.builders import a_text_file
from tests.cli.flood import BODY
from tests.commands import RunCommand


@pytest.fixture
def flood(tmp_path: Path, run: RunCommand) -> Path:
    """Add the article `flood` to the library, and return its file."""
    path = a_text_file(tmp_path / "in" / "flood.txt", BODY)
    assert run("ingest", str(path)).code == 0
    return path
