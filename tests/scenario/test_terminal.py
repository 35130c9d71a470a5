"""The program as a process, started from a terminal or a shell script."""

import contextlib
import json
import os
import pty
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.store.database import DATABASE_FILE
from tests.builders import (
    PROJECT,
    SEED_QUESTION,
    a_json_lines_file,
    a_text_file,
    an_article,
)

Result = subprocess.CompletedProcess[str]

PROGRAM = (sys.executable, "-m", "bot")
DEADLINE_SECONDS = 120.0
PARAGRAPH = "The river rose again, and the council met in the old town hall to speak of it. "


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture(scope="module")
def used_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("used") / "data"
    run_dateline(folder, "ask", SEED_QUESTION)
    return folder


@pytest.fixture
def used(data_dir: Path, used_folder: Path) -> Path:
    """Return the data folder of somebody who has asked before."""
    return shutil.copytree(used_folder, data_dir)


def make_environment(data_dir: Path, **more: str) -> dict[str, str]:
    """Return the environment of the tests with no settings of Dateline but these."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("DATELINE_")}
    return bare | {"DATELINE_DATA_DIR": str(data_dir)} | more


def run_dateline(
    data_dir: Path, *arguments: str, launcher: Sequence[str] = (), **options: Any
) -> Result:
    """Run `dateline ARGUMENTS`; the launcher is a program that starts it."""
    return subprocess.run(  # noqa: S603 - the program itself, with made arguments
        [*launcher, *PROGRAM, *arguments],
        cwd=PROJECT,
        env=make_environment(data_dir, **options.pop("settings", {})),
        **({"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options),
        text=True,
        check=False,
        timeout=DEADLINE_SECONDS,
    )


def start_dateline(
    data_dir: Path, *arguments: str, launcher: Sequence[str] = ()
) -> subprocess.Popen[str]:
    """Start `dateline ARGUMENTS` beside the test; the launcher is a program that starts it."""
    return subprocess.Popen(  # noqa: S603 - the program itself, with made arguments
        [*launcher, *PROGRAM, *arguments],
        cwd=PROJECT,
        env=make_environment(data_dir),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run_on_terminal(data_dir: Path, *arguments: str, **options: Any) -> tuple[Result, str]:
    """Run a command, and return its result and its output on a terminal of 60 columns.

    Both its outputs are the terminal, unless the options say otherwise.
    """
    terminal, end = pty.openpty()
    streams = {"stdout": end, "stderr": end} | options
    settings = {"COLUMNS": "60", "TERM": "xterm"}
    try:
        result = run_dateline(data_dir, *arguments, settings=settings, **streams)
    finally:
        os.close(end)
    sent = bytearray()
    with contextlib.suppress(OSError):  # how Linux tells that the other end is closed
        while part := os.read(terminal, 65_536):
            sent += part
    os.close(terminal)
    return result, sent.decode()


def find_database(data_dir: Path) -> Path:
    return data_dir / DATABASE_FILE


def write_articles(path: Path, count: int) -> Path:
    """Write a file of many articles."""
    articles = [
        an_article(f"Number {number}. {PARAGRAPH * 20}".strip(), id=f"made-{number}")
        for number in range(count)
    ]
    return a_json_lines_file(path, articles)


def get_cpu_seconds() -> float:
    """Return the CPU time of the ended processes. It does not depend on the load."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def count_articles(path: Path) -> int:
    """Count the articles that a reader sees; none before there is a table of them."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            ((count,),) = connection.execute("SELECT count(*) FROM articles")
    except sqlite3.OperationalError:
        return 0
    return int(count)


def assert_one_sentence(result: Result, code: int, sentence: str) -> None:
    assert (result.returncode, result.stdout) == (code, "")
    assert re.fullmatch(r"error: [^\n]+\n", result.stderr)
    assert sentence in result.stderr


def test_the_program_answers_from_the_seed_and_again(data_dir: Path) -> None:
    first = run_dateline(data_dir, "ask", SEED_QUESTION)
    started = get_cpu_seconds()
    second = run_dateline(data_dir, "ask", SEED_QUESTION)
    took = get_cpu_seconds() - started

    print(f"a whole ask on the seed: {took:.2f} s of computing")  # noqa: T201 - the figure of the run
    assert (first.returncode, second.returncode) == (0, 0)
    assert first.stdout == second.stdout
    assert first.stdout.startswith("▌ ")
    assert second.stderr == ""
    assert took < 2


def test_a_terminal_gets_a_bar_on_each_line_of_a_quote_and_bold_matches(used: Path) -> None:
    result, sent = run_on_terminal(used, "ask", SEED_QUESTION)

    plain = re.sub(r"\x1b\[[0-9;]*m", "", sent).splitlines()
    quoted = [line for line in plain if line.startswith("▌ ")]
    assert result.returncode == 0
    assert len(quoted) > 1
    assert all(len(line) <= 60 for line in quoted)
    assert "\x1b[1mAnthropic\x1b[0m" in sent


def test_a_pipe_gets_each_quote_on_one_line_without_colours(data_dir: Path) -> None:
    result = run_dateline(data_dir, "ask", SEED_QUESTION, settings={"COLUMNS": "60"})

    assert "\x1b" not in result.stdout
    assert max(map(len, result.stdout.splitlines())) > 60


def test_escape_sequences_of_an_article_never_reach_a_terminal(
    data_dir: Path, tmp_path: Path
) -> None:
    body = "The river \x1b]0;owned\x07rose \x1b[2J by two metres."
    run_dateline(data_dir, "ingest", str(a_text_file(tmp_path / "in" / "flood.txt", body)))

    _, sent = run_on_terminal(data_dir, "ask", "river rose metres")

    assert "\x1b]" not in sent
    assert "\x1b[2J" not in sent
    assert "␛]0;owned␇" in sent


def test_a_progress_bar_is_drawn_on_a_terminal_beside_pure_json(
    data_dir: Path, tmp_path: Path
) -> None:
    path = write_articles(tmp_path / "made.jsonl", 120)

    result, sent = run_on_terminal(data_dir, "ingest", str(path), "--json", stdout=subprocess.PIPE)

    assert json.loads(result.stdout)["added"] == 120
    assert "Reading" in sent
    assert "120/120" in sent


def test_no_progress_bar_is_drawn_elsewhere(data_dir: Path, tmp_path: Path) -> None:
    result = run_dateline(
        data_dir, "ingest", str(write_articles(tmp_path / "made.jsonl", 120)), "--json"
    )

    assert result.stderr == ""
    assert result.stdout.count("\n") == 1


def test_a_closed_pipe_prints_no_error(used: Path) -> None:
    process = start_dateline(used, "ask", SEED_QUESTION)
    assert process.stdout
    process.stdout.close()

    _, errors = process.communicate(timeout=DEADLINE_SECONDS)

    assert (process.returncode, errors) == (1, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_output_is_reported_in_one_sentence(used: Path) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        result = run_dateline(used, "ask", SEED_QUESTION, stdout=full)

    assert result.returncode == 1
    assert result.stderr == (
        "error: the disk is full or failing (“No space left on device”). "
        "Free some space or check the disk, then try again.\n"
    )


def interrupt_ingest(data_dir: Path, path: Path) -> subprocess.CompletedProcess[str]:
    """Start an ingest, interrupt it once the first articles are stored, and return how it ended."""
    process = start_dateline(data_dir, "ingest", str(path), launcher=["nice", "-n", "5"])
    deadline = time.monotonic() + DEADLINE_SECONDS
    while process.poll() is None and not count_articles(find_database(data_dir)):
        assert time.monotonic() < deadline
        time.sleep(0.001)
    process.send_signal(signal.SIGINT)
    out, errors = process.communicate(timeout=DEADLINE_SECONDS)
    return subprocess.CompletedProcess(process.args, process.returncode, out, errors)


def test_an_ingest_that_is_interrupted_says_so_and_can_be_run_again(tmp_path: Path) -> None:
    # On a busy machine a short ingest may have stored all before the interrupt reaches it.
    for count in (2_000, 8_000, 32_000, 128_000):
        data_dir = tmp_path / f"data {count}"
        path = write_articles(tmp_path / f"{count}.jsonl", count)
        result = interrupt_ingest(data_dir, path)
        if count_articles(find_database(data_dir)) < count:
            break

    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == "error: stopped. Everything stored so far is kept.\n"
    with closing(sqlite3.connect(find_database(data_dir))) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert 0 < count_articles(find_database(data_dir)) < count
    assert run_dateline(data_dir, "ingest", str(path)).returncode == 0
    assert count_articles(find_database(data_dir)) == count


@pytest.fixture
def unprivileged() -> list[str]:
    """Return a launcher for a program that has to obey permissions, even if it runs as root."""
    if os.geteuid() != 0:
        return []
    launcher = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    try:
        subprocess.run([*launcher, "true"], check=True, capture_output=True)  # noqa: S603 - fixed arguments
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("root may write everywhere, and can't give that up here")
    return launcher


@pytest.mark.parametrize(
    ("read_only", "mode", "sentence"),
    [
        (DATABASE_FILE, 0o400, "It is read-only"),
        (".", 0o500, "This user can't write to its folder"),
    ],
    ids=["file", "folder"],
)
def test_a_read_only_place_is_reported_in_one_sentence(
    unprivileged: list[str], used: Path, read_only: str, mode: int, sentence: str
) -> None:
    (used / read_only).chmod(mode)

    result = run_dateline(used, "ask", SEED_QUESTION, launcher=unprivileged)

    assert_one_sentence(result, 1, sentence)


def test_a_forbidden_data_folder_is_reported_in_one_sentence(
    unprivileged: list[str], tmp_path: Path
) -> None:
    parent = tmp_path / "closed"
    parent.mkdir(mode=0o500)

    result = run_dateline(parent / "data", "ask", SEED_QUESTION, launcher=unprivileged)

    assert_one_sentence(result, 1, "Its folder can't be created (Permission denied)")


@pytest.fixture
def small_disk(tmp_path: Path) -> tuple[Path, list[str]]:
    """Return a folder, and a launcher for a program that sees a file system of 400 kB there."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = f'mount -t tmpfs -o size=400k none "{folder}" && exec "$@"'
    launcher = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mount, "sh"]
    try:
        subprocess.run([*launcher, "true"], check=True, capture_output=True)  # noqa: S603 - fixed arguments
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no file system can be mounted here, so no disk can be full")
    return folder, launcher


def test_a_full_disk_is_reported_in_one_sentence(
    small_disk: tuple[Path, list[str]], tmp_path: Path
) -> None:
    folder, launcher = small_disk

    result = run_dateline(
        folder, "ingest", str(write_articles(tmp_path / "made.jsonl", 300)), launcher=launcher
    )

    assert_one_sentence(result, 1, "The disk is full")
