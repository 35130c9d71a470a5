import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import MigrationFailed, StoreError
from bot.store.database import Database
from bot.store.migrations import MIGRATIONS, Migration, split_statements

NOTES = Migration(
    number=len(MIGRATIONS) + 1,
    name="notes",
    sql="CREATE TABLE notes (text TEXT) STRICT; INSERT INTO notes VALUES ('kept');",
)
BROKEN = Migration(
    number=NOTES.number + 1,
    name="broken",
    sql="INSERT INTO notes VALUES ('half done'); INSERT INTO nowhere VALUES (1);",
)


def read_content(path: Path) -> bytes:
    return path.read_bytes()


async def fetch_recorded_steps(database: Database) -> list[tuple[int, str]]:
    rows = await database.fetch("SELECT number, name FROM migrations ORDER BY number")
    return [(number, name) for number, name in rows]


def test_the_steps_are_numbered_in_order_without_gaps() -> None:
    assert [step.number for step in MIGRATIONS] == list(range(1, len(MIGRATIONS) + 1))


async def test_a_new_database_has_every_step_on_record(database: Database) -> None:
    assert await fetch_recorded_steps(database) == [(step.number, step.name) for step in MIGRATIONS]


async def test_every_table_is_strict(database: Database) -> None:
    rows = await database.fetch("SELECT name FROM pragma_table_list WHERE NOT strict")

    own_of_sqlite = {"sqlite_schema", "sqlite_sequence", "sqlite_temp_schema"}
    assert {name for (name,) in rows} == own_of_sqlite


async def test_only_the_steps_that_lack_are_run(path: Path) -> None:
    async with Database.open(path):
        pass

    for _ in range(2):
        async with Database.open(path, migrations=(*MIGRATIONS, NOTES)) as database:
            notes = await database.fetch("SELECT text FROM notes")
            names = [name for _, name in await fetch_recorded_steps(database)]

    assert notes == [("kept",)]
    assert names == [*(step.name for step in MIGRATIONS), "notes"]


async def test_a_failed_step_names_itself_and_leaves_the_file_as_it_was(path: Path) -> None:
    async with Database.open(path):
        pass
    before = read_content(path)

    with pytest.raises(MigrationFailed) as caught:
        async with Database.open(path, migrations=(*MIGRATIONS, NOTES, BROKEN)):
            pass

    assert caught.value.migration == f"{BROKEN.number} (broken)"
    assert "no such table: nowhere" in caught.value.reason
    assert read_content(path) == before


async def test_a_failed_step_leaves_a_new_file_empty(path: Path) -> None:
    with pytest.raises(MigrationFailed):
        async with Database.open(path, migrations=(*MIGRATIONS, NOTES, BROKEN)):
            pass

    assert read_content(path) == b""


async def test_a_step_whose_last_statement_is_unfinished_fails(path: Path) -> None:
    sql = "CREATE TRIGGER t AFTER INSERT ON articles BEGIN DELETE FROM receipts;"
    unfinished = Migration(number=NOTES.number, name="unfinished", sql=sql)

    with pytest.raises(MigrationFailed, match="syntax error"):
        async with Database.open(path, migrations=(*MIGRATIONS, unfinished)):
            pass


async def test_a_database_of_a_newer_dateline_is_refused(path: Path) -> None:
    async with Database.open(path, migrations=(*MIGRATIONS, NOTES)):
        pass

    with pytest.raises(StoreError, match="newer version of Dateline"):
        async with Database.open(path):
            pass


async def test_a_database_in_the_making_by_another_process_is_not_taken_for_foreign(
    path: Path,
) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for statement in split_statements(MIGRATIONS[0].sql):
            other.execute(statement)
        with pytest.raises(StoreError, match="locked"):
            async with Database.open(path, busy_seconds=0):
                pass
        other.execute("INSERT INTO migrations VALUES (1, 'by the other')")
        other.execute("COMMIT")

    async with Database.open(path, migrations=MIGRATIONS[:1]) as database:
        assert await fetch_recorded_steps(database) == [(1, "by the other")]


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("", []),
        ("SELECT 1; SELECT 2;\n", ["SELECT 1;", "SELECT 2;"]),
        ("SELECT ';';", ["SELECT ';';"]),
        ("-- one; two\nSELECT 1;", ["-- one; two\nSELECT 1;"]),
        (
            "CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM b; DELETE FROM c; END;",
            ["CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM b; DELETE FROM c; END;"],
        ),
        ("SELECT 'open;", ["SELECT 'open;;"]),
    ],
    ids=["none", "two", "in a text", "in a comment", "in a trigger", "unfinished"],
)
def test_statements_end_where_sqlite_ends_them(sql: str, expected: list[str]) -> None:
    found = [statement for statement in split_statements(sql) if statement != ";"]

    assert found == expected
