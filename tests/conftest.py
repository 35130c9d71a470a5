"""Fixtures for all tests.

Property tests try the same 50 examples in each run. `--hypothesis-profile=default` tries 100 new
ones.
"""

import io
import logging
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import settings

from bot.__main__ import build_program, main
from bot.cli.program import Program
from tests.builders import PROJECT
from tests.commands import CommandResult, RunCommand

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell starts background jobs with SIGINT ignored. The programs that tests interrupt would
    # inherit that and never stop.
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("same each time", derandomize=True, deadline=None, max_examples=50)
settings.load_profile("same each time")


@pytest.fixture(autouse=True)
def restore_logging() -> Iterator[None]:
    """Restore the logging configuration after each test."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    _configure_logging()


def _configure_logging() -> None:
    """Log plain tracebacks. Those of structlog's defaults took a twelfth of the time of all tests."""
    plain = structlog.dev.ConsoleRenderer(
        colors=False, exception_formatter=structlog.dev.plain_traceback
    )
    structlog.reset_defaults()
    structlog.configure(processors=[structlog.processors.add_log_level, plain])


_configure_logging()


@pytest.fixture
def without_matplotlib(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide matplotlib, as if the extra `charts` were not installed."""
    monkeypatch.setitem(sys.modules, "matplotlib", None)


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> RunCommand:
    """Return a function that runs a command of `dateline` on the data folder `tmp_path/data`."""
    monkeypatch.chdir(PROJECT)
    monkeypatch.setenv("DATELINE_DATA_DIR", str(tmp_path / "data"))

    def run_command(
        *arguments: str, stdin: bytes = b"", program: Callable[[], Program] = build_program
    ) -> CommandResult:
        monkeypatch.setattr(sys, "argv", ["dateline", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as end:
            main(program)
        return CommandResult(int(end.value.code or 0), *capsys.readouterr())

    return run_command
