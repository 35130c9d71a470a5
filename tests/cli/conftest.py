from pathlib import Path

import pytest

from tests.builders import a_text_file
from tests.cli.flood import BODY
from tests.commands import RunCommand


@pytest.fixture
def flood(tmp_path: Path, run: RunCommand) -> Path:
    """Return a file whose article, `flood`, is in the library."""
    path = a_text_file(tmp_path / "in" / "flood.txt", BODY)
    assert run("ingest", str(path)).code == 0
    return path
