"""Data folders and databases that a command can't use. The message is one sentence."""

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.store.database import DATABASE_FILE
from tests.builders import SEED_QUESTION, a_home, a_json_lines_file, an_article
from tests.commands import CommandResult, RunCommand


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Return the path of the database in a new data folder; there is no file yet."""
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    return data_dir / DATABASE_FILE


def assert_one_sentence(result: CommandResult, code: int, sentence: str) -> None:
    assert (result.code, result.out) == (code, "")
    assert re.fullmatch(r"error: [^\n]+\n", result.err)
    assert sentence in result.err


def test_a_missing_folder_is_created(run: RunCommand, tmp_path: Path) -> None:
    result = run("ask", SEED_QUESTION, "--json")

    assert json.loads(result.out)["answered"] is True
    assert (tmp_path / "data" / DATABASE_FILE).exists()


def test_an_empty_database_is_a_new_one(run: RunCommand, database: Path) -> None:
    database.touch()

    assert run("ask", SEED_QUESTION).code == 0


def test_a_locked_database_is_reported_in_one_sentence(run: RunCommand, database: Path) -> None:
    run("sources")
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        result = run("ask", SEED_QUESTION)

    assert_one_sentence(result, 1, "Another process has locked it")


def test_a_foreign_database_is_reported_in_one_sentence_and_left_alone(
    run: RunCommand, database: Path
) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("CREATE TABLE recipes (name)")
    content = database.read_bytes()

    assert_one_sentence(run("ask", SEED_QUESTION), 1, "an't use the database ")
    assert database.read_bytes() == content


def test_a_file_that_is_no_database_is_reported_in_one_sentence(
    run: RunCommand, database: Path
) -> None:
    database.write_text("Dear diary, " * 1000, encoding="utf-8")

    assert_one_sentence(run("ask", SEED_QUESTION), 1, "It is not an SQLite database")


def test_a_damaged_database_is_reported_in_one_sentence(
    run: RunCommand, database: Path, tmp_path: Path
) -> None:
    articles = [an_article("The river rose. " * 80, id=f"made-{n}") for n in range(100)]
    run("ingest", str(a_json_lines_file(tmp_path / "made.jsonl", articles)))
    content = database.read_bytes()
    database.write_bytes(content[:8192] + b"\xa5" * (len(content) - 8192))

    assert_one_sentence(run("ask", SEED_QUESTION), 1, "It is damaged")


def test_a_folder_in_the_database_s_place_is_reported_in_one_sentence(
    run: RunCommand, database: Path
) -> None:
    database.mkdir()

    assert_one_sentence(run("ask", SEED_QUESTION), 1, "It is a folder")


@pytest.mark.parametrize("place", ["a file/data", "/proc/data"])
def test_a_data_folder_that_can_not_be_made_is_reported_in_one_sentence(
    run: RunCommand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    (tmp_path / "a file").touch()
    monkeypatch.setenv("DATELINE_DATA_DIR", str(tmp_path / place))

    assert_one_sentence(run("ask", SEED_QUESTION), 1, "Its folder can't be created")


def test_a_missing_folder_of_seeds_is_reported_in_one_sentence(
    run: RunCommand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = a_home(tmp_path / "home")
    monkeypatch.setenv("DATELINE_HOME", str(home))

    result = run("ask", SEED_QUESTION)

    assert_one_sentence(result, 2, f"library.seeds in {home}/seeds. The folder that fills")
