import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import StoreError
from bot.store.articles import ArticleStore
from bot.store.database import Database
from bot.store.inspection import Inspection, inspect_database
from bot.store.migrations import MIGRATIONS
from tests.builders import NOON, an_article


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "dateline.sqlite3"


def read_content(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def make_folder(path: Path) -> None:
    path.mkdir()


async def fill_database(path: Path, *, lacking: int = 0) -> None:
    """Create a database with one article in its second revision, without the last migrations."""
    async with Database.open(path, migrations=MIGRATIONS[: len(MIGRATIONS) - lacking]) as database:
        store = ArticleStore(database)
        await store.put([an_article()], NOON)
        await store.put([an_article("The river fell.")], NOON)


async def test_inspecting_a_missing_file_finds_nothing_and_creates_none(path: Path) -> None:
    assert await inspect_database(path) is None
    assert read_content(path) is None


async def test_an_intact_database_is_reported_with_its_articles(path: Path) -> None:
    await fill_database(path)

    found = await inspect_database(path)

    assert found
    assert (found.faults, found.pending_migration_count, found.revisions) == ((), 0, {"flood": 2})
    assert found.library_id


async def test_an_empty_file_lacks_every_step(path: Path) -> None:
    write(path, b"")

    assert await inspect_database(path) == Inspection(pending_migration_count=len(MIGRATIONS))


async def test_a_database_of_an_earlier_version_is_read_and_left_as_it_is(path: Path) -> None:
    await fill_database(path, lacking=1)
    before = read_content(path)

    found = await inspect_database(path)

    assert found
    assert (found.pending_migration_count, found.revisions) == (1, {"flood": 2})
    assert read_content(path) == before


async def test_rows_that_belong_to_nothing_are_faults(path: Path) -> None:
    await fill_database(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM articles")
        connection.commit()

    found = await inspect_database(path)

    assert found
    assert found.faults == ("a row of revisions has no matching row in articles",) * 2


async def test_a_damaged_index_is_a_fault(path: Path) -> None:
    await fill_database(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("DELETE FROM sqlite_schema WHERE name = 'votes_person'")
        connection.commit()

    found = await inspect_database(path)

    assert found
    assert found.faults
    assert "never used" in found.faults[0]


async def test_a_folder_in_the_place_of_the_file_is_refused(path: Path) -> None:
    make_folder(path)

    with pytest.raises(StoreError, match="it is a folder"):
        await inspect_database(path)


@pytest.mark.parametrize("is_there", [True, False])
async def test_a_read_only_folder_is_refused(
    path: Path, monkeypatch: pytest.MonkeyPatch, *, is_there: bool
) -> None:
    if is_there:
        await fill_database(path)
    monkeypatch.setattr(os, "access", lambda place, _: place != path.parent)

    with pytest.raises(StoreError, match="write to its folder"):
        await inspect_database(path)


async def test_a_foreign_database_is_refused(path: Path) -> None:
    write(path, b"not a database at all, but long enough to look like a file")

    with pytest.raises(StoreError, match="not an SQLite database"):
        await inspect_database(path)
