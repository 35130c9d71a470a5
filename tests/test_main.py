"""The outer edge of the program: every error is printed as one line."""

import errno
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import NoReturn

import pytest

from bot.__main__ import _describe, build_program
from bot.cli.program import GlobalOptions, Program
from bot.runtime.clock import read_system_clock
from bot.runtime.disk_errors import DISK_REMEDY
from bot.services.library import Notify
from tests.builders import PROJECT, SEED_QUESTION
from tests.commands import RunCommand


def build_faulty_program() -> Program:
    """Return the program with a bug that no check expects."""

    def open_services(_options: GlobalOptions, _notify: Notify) -> NoReturn:
        complaint = "nobody foresaw this"
        raise RuntimeError(complaint)

    return replace(build_program(), open_services=open_services)


def test_a_wrong_setting_in_the_environment_ends_with_2(
    run: RunCommand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_ANSWERS__MAX_EXCERPT", "2")

    result = run("ask", "river")

    assert result.code == 2
    assert "the environment variable DATELINE_ANSWERS__MAX_EXCERPT" in result.err


def test_a_database_that_can_not_be_used_ends_with_1(run: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "data" / "dateline.sqlite3").mkdir(parents=True)

    result = run("ask", "river")

    assert (result.code, result.out) == (1, "")
    assert re.fullmatch(r"error: .* the database .* [Ii]t is a folder[:.] [^\n]+\n", result.err)


def test_a_fault_prints_one_line_and_stores_its_traceback_in_a_file(
    run: RunCommand, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    result = run("ask", "river", program=build_faulty_program)

    report = re.fullmatch(
        r"error: Dateline failed because of a bug \(RuntimeError: nobody foresaw this\)\. "
        r"Please report it together with the file (\S+)\.\n",
        result.err,
    )
    assert report
    assert result.code == 1
    assert Path(report[1]).parent == tmp_path
    assert "Traceback" in Path(report[1]).read_text(encoding="utf-8")


def test_a_fault_is_printed_if_no_file_can_be_written(
    run: RunCommand, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "missing"))

    result = run("ask", "river", program=build_faulty_program)

    assert result.code == 1
    assert re.fullmatch(
        r"error: Dateline failed because of a bug .* Please report it\.\n", result.err
    )


def test_an_interrupt_while_the_program_loads_is_one_sentence(run: RunCommand) -> None:
    def interrupt() -> NoReturn:
        raise KeyboardInterrupt

    result = run("ask", "river", program=interrupt)

    assert result == (1, "", "error: stopped. Everything stored so far is kept.\n")


def test_an_answer_on_the_terminal_loads_nothing_that_only_the_bot_or_a_chart_needs(
    tmp_path: Path,
) -> None:
    code = (
        "import sys\n"
        "from bot.__main__ import main\n"
        "try:\n"
        "    main()\n"
        "except SystemExit as end:\n"
        "    assert end.code == 0, end\n"
        "assert not {'discord', 'structlog', 'matplotlib'} & sys.modules.keys()\n"
    )
    arguments = ("ask", SEED_QUESTION, "--data-dir", str(tmp_path))

    subprocess.run([sys.executable, "-c", code, *arguments], cwd=PROJECT, check=True)  # noqa: S603 - our own


async def test_the_options_and_the_environment_decide_what_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(PROJECT)
    monkeypatch.setenv("DATELINE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DATELINE_ANSWERS__MAX_EXCERPTS", "2")
    options = GlobalOptions(config=None, data_dir=None, as_of="2026-03-01")

    async with build_program().open_services(options, print) as services:
        assert services.settings.data_dir == tmp_path
        assert services.settings.answers.max_excerpts == 2
        assert services.clock.today() == date(2026, 3, 1)


async def test_without_a_given_clock_the_services_go_by_the_system_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(PROJECT)
    options = GlobalOptions(config=None, data_dir=tmp_path, as_of=None)

    async with build_program().open_services(options, print) as services:
        difference = abs(services.clock.now() - read_system_clock())

    assert difference < timedelta(seconds=5)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            OSError(errno.ENOSPC, "No space left on device"),
            "The disk is full or failing (“No space left on device”). {remedy}",
        ),
        (
            OSError(errno.EIO, "Input/output error", "beats.1", None, "beats.json"),
            "The disk is full or failing (“Input/output error” for beats.json). {remedy}",
        ),
        (
            OSError(errno.EISDIR, "Is a directory", "run.lock"),
            "run.lock is a folder, but a file is needed there. Move it away and try again.",
        ),
        (
            OSError(errno.EACCES, "Permission denied", "run.lock"),
            "The system reported “Permission denied” for run.lock. Fix this and try again.",
        ),
    ],
    ids=["full disk", "failing disk", "folder", "other"],
)
def test_an_error_of_the_system_is_one_sentence(error: OSError, sentence: str) -> None:
    assert _describe(error) == sentence.format(remedy=DISK_REMEDY)
