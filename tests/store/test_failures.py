import errno
import os
import resource
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import StoreError
from bot.store.database import Database
from bot.store.failures import REASONS, prepare_file, translate_errors

NOBODY = 65534
PAGE = 4096


@pytest.fixture
def unprivileged_folder() -> Iterator[Path]:
    """Create a folder owned by the unprivileged user of the test."""
    folder = Path(tempfile.mkdtemp())
    was_root = os.geteuid() == 0
    if was_root:
        os.chown(folder, NOBODY, -1)
        os.setresuid(NOBODY, NOBODY, 0)
    yield folder
    if was_root:
        os.setresuid(0, 0, 0)
    folder.chmod(0o700)
    shutil.rmtree(folder)


def change_mode(path: Path, mode: int) -> None:
    path.chmod(mode)


def write_garbage(path: Path) -> None:
    """Overwrite all pages except those of a database without articles."""
    with closing(sqlite3.connect(path)) as connection:
        tables = connection.execute("SELECT rootpage FROM sqlite_schema")
        intact = path.read_bytes()[: PAGE * max(page for (page,) in tables)]
    path.write_bytes(intact.ljust(path.stat().st_size, b"\xa5"))


async def get_refusal(path: Path) -> str:
    with pytest.raises(StoreError) as caught:
        async with Database.open(path, busy_seconds=0.01):
            pass
    assert caught.value.path == path
    return caught.value.reason


async def fill(path: Path) -> None:
    async with Database.open(path) as database, database.transaction() as transaction:
        ids = [(f"article {number}",) for number in range(2000)]
        await transaction.execute_many("INSERT INTO articles VALUES (?, 1)", ids)


async def test_a_folder_that_can_not_be_created_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    reason = await get_refusal(tmp_path / "file" / "data" / "library.sqlite3")

    assert reason == ("its folder can't be created (Not a directory). Choose another data folder.")


async def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    reason = await get_refusal(tmp_path / "file" / "library.sqlite3")

    assert reason == "its folder can't be created (File exists). Choose another data folder."


async def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    assert await get_refusal(tmp_path) == "it is a folder. Choose a file inside it."


@pytest.mark.parametrize("end", ["wal", "shm", "journal"])
async def test_a_folder_in_the_place_of_another_file_of_the_database_is_named(
    path: Path, end: str
) -> None:
    await fill(path)
    path.with_name(f"{path.name}-{end}").mkdir()

    assert (await get_refusal(path)).startswith(
        f"there is a folder in the place of its file {path.name}-{end}"
    )


async def test_a_folder_without_write_permission_is_named(unprivileged_folder: Path) -> None:
    change_mode(unprivileged_folder, 0o500)

    reason = await get_refusal(unprivileged_folder / "library.sqlite3")

    assert reason == (
        f"this user can't write to its folder {unprivileged_folder}. Allow it, or choose another folder."
    )


@pytest.mark.parametrize("mode", [0o400, 0o200, 0], ids=["read", "write", "none"])
async def test_a_file_without_full_permission_is_refused(
    unprivileged_folder: Path, mode: int
) -> None:
    path = unprivileged_folder / "library.sqlite3"
    await fill(path)
    change_mode(path, mode)

    assert await get_refusal(path) == REASONS[sqlite3.SQLITE_READONLY]


async def test_a_file_that_is_no_database_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(b"Dear diary, " * 1000)

    assert await get_refusal(path) == REASONS[sqlite3.SQLITE_NOTADB]
    assert path.read_bytes() == b"Dear diary, " * 1000


@pytest.mark.parametrize(
    "statement",
    ["CREATE TABLE songs (name)", "PRAGMA application_id = 7"],
    ids=["with tables", "marked as its own"],
)
async def test_another_programs_database_is_refused_and_kept(
    tmp_path: Path, statement: str
) -> None:
    path = tmp_path / "music.sqlite3"
    with closing(sqlite3.connect(path)) as other:
        other.execute(statement)
    before = path.read_bytes()

    reason = await get_refusal(path)

    assert reason == "another program created it. Choose another file, or move this one away."
    assert path.read_bytes() == before


async def test_a_truncated_database_is_refused(path: Path) -> None:
    await fill(path)
    os.truncate(path, 2 * PAGE)

    assert await get_refusal(path) == REASONS[sqlite3.SQLITE_CORRUPT]


async def test_garbage_pages_are_noticed_before_they_are_read(path: Path) -> None:
    await fill(path)
    write_garbage(path)

    assert await get_refusal(path) == REASONS[sqlite3.SQLITE_CORRUPT]


async def test_a_new_database_locked_by_another_process_is_refused(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")

        assert await get_refusal(path) == REASONS[sqlite3.SQLITE_BUSY]


async def test_a_write_fails_when_another_process_keeps_the_lock(database: Database) -> None:
    with closing(sqlite3.connect(database.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(StoreError) as caught:
            async with database.transaction():
                pass

    assert caught.value.reason == REASONS[sqlite3.SQLITE_BUSY]


async def test_a_full_disk_is_reported_and_keeps_committed_rows(database: Database) -> None:
    async with database.transaction() as transaction:
        await transaction.execute("INSERT INTO articles VALUES ('before', 1)")
        await transaction.fetch("PRAGMA max_page_count = 12")

    with pytest.raises(StoreError) as caught:
        async with database.transaction() as transaction:
            await transaction.execute("INSERT INTO articles VALUES (?, 1)", ("x" * 9 * PAGE,))

    assert caught.value.reason == REASONS[sqlite3.SQLITE_FULL]
    assert await database.fetch("SELECT article_id FROM articles") == [("before",)]


def be_locked_out(path: Path) -> None:
    with (
        closing(sqlite3.connect(path)) as first,
        closing(sqlite3.connect(path, timeout=0)) as second,
    ):
        first.execute("BEGIN EXCLUSIVE")
        second.execute("BEGIN IMMEDIATE")


def open_a_folder(path: Path) -> None:
    path.mkdir()
    sqlite3.connect(path)


def read_a_damaged_file(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE t (x)")
    os.truncate(path, PAGE)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("SELECT * FROM t")


def fill_the_disk(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA max_page_count = 1")
        connection.execute("CREATE TABLE t (x)")


def read_foreign_bytes(path: Path) -> None:
    path.write_bytes(b"foreign bytes" * 100)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("SELECT * FROM sqlite_schema")


def write_where_only_reading_is_allowed(path: Path) -> None:
    path.touch()
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        connection.execute("CREATE TABLE t (x)")


def fail_to_write(path: Path) -> None:
    """Write past the largest size that the system allows for a file, as a failing disk would stop it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE t (x)")
        soft_limit, hard_limit = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size, hard_limit))
        try:
            connection.execute("INSERT INTO t VALUES (zeroblob(100000))")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft_limit, hard_limit))


PROVOKED: dict[int, Callable[[Path], None]] = {
    sqlite3.SQLITE_BUSY: be_locked_out,
    sqlite3.SQLITE_CANTOPEN: open_a_folder,
    sqlite3.SQLITE_CORRUPT: read_a_damaged_file,
    sqlite3.SQLITE_FULL: fill_the_disk,
    sqlite3.SQLITE_IOERR: fail_to_write,
    sqlite3.SQLITE_NOTADB: read_foreign_bytes,
    sqlite3.SQLITE_READONLY: write_where_only_reading_is_allowed,
}


@pytest.mark.parametrize("code", REASONS)
def test_each_error_with_a_remedy_is_read_as_its_sentence(tmp_path: Path, code: int) -> None:
    path = tmp_path / "library.sqlite3"

    with pytest.raises(StoreError) as caught, translate_errors(path):
        PROVOKED[code](path)

    assert (caught.value.path, caught.value.reason) == (path, REASONS[code])
    assert isinstance(caught.value.__cause__, sqlite3.Error)


def test_an_extended_code_is_read_as_its_primary_one(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path, isolation_level=None)) as first:
        first.execute("PRAGMA journal_mode = WAL")
        first.execute("CREATE TABLE t (x)")
        with closing(sqlite3.connect(path, isolation_level=None)) as second:
            second.execute("BEGIN")
            second.execute("SELECT * FROM t").fetchall()
            first.execute("INSERT INTO t VALUES (1)")

            with pytest.raises(StoreError) as caught, translate_errors(path):
                second.execute("INSERT INTO t VALUES (2)")

    assert caught.value.reason == REASONS[sqlite3.SQLITE_BUSY]


@pytest.mark.parametrize(
    ("sql", "parameters", "words"),
    [
        ("SELECT * FROM nowhere", (), "no such table: nowhere"),
        ("SELECT ?", (), "Incorrect number of bindings supplied"),
        ("SELECT CAST(x'ff' AS TEXT)", (), "Could not decode to UTF-8"),
    ],
    ids=["of SQLite", "of the binding", "of decoding"],
)
async def test_any_other_error_is_given_in_sqlites_words(
    database: Database, sql: str, parameters: tuple[object, ...], words: str
) -> None:
    with pytest.raises(StoreError, match=words):
        await database.fetch(sql, parameters)


def test_other_errors_pass_through() -> None:
    with pytest.raises(KeyError), translate_errors(Path("library.sqlite3")):
        raise KeyError


async def copy_used(path: Path, folder: Path) -> Path:
    """Copy a database that is in use, as a killed process leaves it behind."""
    async with Database.open(path) as database:
        async with database.transaction() as transaction:
            await transaction.execute("INSERT INTO articles VALUES ('flood', 1)")
        await database.fetch("SELECT * FROM articles")
        shutil.copytree(path.parent, folder)
    return folder / path.name


async def test_a_deleted_log_is_noticed(path: Path, tmp_path: Path) -> None:
    killed = await copy_used(path, tmp_path / "killed")
    wal_path, shm_path = (killed.with_name(f"{killed.name}-{end}") for end in ("wal", "shm"))
    wal_path.unlink()

    reason = await get_refusal(killed)
    shm_path.unlink()

    assert reason.startswith(f"its log {wal_path.name} is missing, perhaps with the latest changes")
    assert f"delete {shm_path.name} to continue" in reason
    async with Database.open(killed):
        pass


@pytest.mark.parametrize("is_deleted", [True, False], ids=["missing", "empty"])
async def test_a_log_without_its_database_is_noticed_and_kept(
    path: Path, tmp_path: Path, *, is_deleted: bool
) -> None:
    killed = await copy_used(path, tmp_path / "killed")
    wal_path = killed.with_name(f"{killed.name}-wal")
    log = wal_path.read_bytes()
    if is_deleted:
        killed.unlink()
    else:
        os.truncate(killed, 0)

    reason = await get_refusal(killed)

    assert reason.startswith(f"it is missing or empty, but its log {wal_path.name} is not.")
    assert wal_path.read_bytes() == log


async def test_text_that_can_not_be_decoded_is_damaged(database: Database) -> None:
    async with database.transaction() as transaction:
        await transaction.execute("INSERT INTO library VALUES (CAST(x'ff' AS TEXT))")

    with pytest.raises(StoreError) as caught:
        await database.fetch("SELECT library_id FROM library")

    assert caught.value.reason.startswith("it is damaged (Could not decode to UTF-8). Restore it")


async def test_a_file_that_can_not_be_created_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "open", fail)
    with pytest.raises(StoreError) as caught:
        prepare_file(tmp_path / "library.sqlite3")

    assert caught.value.reason == (
        "it can't be created (the disk is full or failing: No space left on device). "
        "Choose another data folder."
    )
