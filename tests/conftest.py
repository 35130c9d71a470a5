"""Property tests try the same examples in each run; `--hypothesis-profile=default` tries new ones."""

import io
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import settings

from bot import __main__
from tests.builders import PROJECT
from tests.commands import Ended, Run

settings.register_profile("same each time", derandomize=True, deadline=None)
settings.load_profile("same each time")


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """Whatever a test has done to where things are logged, the next one begins as the first did."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def without_matplotlib(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library that draws charts, an optional extra, seems not to be installed."""
    monkeypatch.setitem(sys.modules, "matplotlib", None)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command whose data are in `tmp_path/data`; `typed` is its standard input."""
    monkeypatch.chdir(PROJECT)
    monkeypatch.setenv("DATELINE_DATA_DIR", str(tmp_path / "data"))

    def run(*arguments: str, typed: bytes = b"") -> Ended:
        monkeypatch.setattr(sys, "argv", ["dateline", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed)))
        with pytest.raises(SystemExit) as ended:
            __main__.main()
        return Ended(int(ended.value.code or 0), *capsys.readouterr())

    return run
