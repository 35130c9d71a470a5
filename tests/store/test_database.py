import asyncio
import fcntl
import os
import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from bot.errors import StoreError
from bot.store.database import Database, Transaction, format_utc
from bot.store.failures import prepare_file
from bot.store.migrations import MIGRATIONS

OPEN_AND_FAIL = """
import asyncio, sys
from pathlib import Path
from bot.store.database import Database

async def main():
    async with Database.open(Path(sys.argv[1])):
        raise KeyError("while open")

asyncio.run(main())
"""
OPEN_ON_A_SIGNAL = """
import asyncio, sys
from pathlib import Path
from bot.store.database import Database

async def main():
    async with Database.open(Path(sys.argv[1])) as database:
        print(await database.fetch("SELECT number FROM migrations"))

print("ready", flush=True)
sys.stdin.readline()
asyncio.run(main())
"""
PATIENCE_SECONDS = 30


def get_mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def make_empty(path: Path) -> None:
    path.parent.mkdir()
    path.touch()


async def add(transaction: Transaction, article_id: str) -> None:
    await transaction.execute("INSERT INTO articles VALUES (?, 1)", (article_id,))


async def add_article(database: Database, article_id: str) -> None:
    async with database.transaction() as transaction:
        await add(transaction, article_id)


async def fail_half_way(database: Database) -> None:
    async with database.transaction() as transaction:
        await add(transaction, "a")
        raise KeyError


async def fetch_ids(database: Database) -> list[str]:
    return [article_id for (article_id,) in await database.fetch("SELECT article_id FROM articles")]


async def test_a_new_database_is_made_with_a_folder_that_only_its_owner_can_read(
    path: Path,
) -> None:
    async with Database.open(path):
        mode = get_mode(path.parent)

    assert mode == 0o700


async def test_an_empty_file_is_a_new_database(path: Path) -> None:
    make_empty(path)

    async with Database.open(path) as database:
        await add_article(database, "a")
        found = await fetch_ids(database)

    assert found == ["a"]


async def test_committed_rows_are_there_after_reopening(path: Path) -> None:
    async with Database.open(path) as database:
        await add_article(database, "a")

    async with Database.open(path) as database:
        found = await fetch_ids(database)

    assert found == ["a"]


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("foreign_keys", 1), ("synchronous", 2)],
)
async def test_writing_is_safe_against_readers_orphans_and_power_cuts(
    database: Database, pragma: str, value: object
) -> None:
    async with database.transaction() as transaction:
        rows = await transaction.fetch(f"PRAGMA {pragma}")

    assert rows == [(value,)]


async def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    with pytest.raises(KeyError):
        await fail_half_way(database)

    assert await fetch_ids(database) == []


async def test_a_transaction_sees_what_it_has_written(database: Database) -> None:
    async with database.transaction() as transaction:
        await transaction.execute_many("INSERT INTO articles VALUES (?, 1)", [("a",), ("b",)])
        rows = await transaction.fetch("SELECT article_id FROM articles")

    assert rows == [("a",), ("b",)]


async def test_a_read_does_not_see_half_of_another_tasks_transaction(database: Database) -> None:
    async with database.transaction() as transaction:
        await add(transaction, "a")
        during = await fetch_ids(database)

    assert during == []
    assert await fetch_ids(database) == ["a"]


async def test_a_tasks_commit_does_not_keep_what_another_task_rolls_back(
    database: Database,
) -> None:
    written = asyncio.Event()

    async def roll_back() -> None:
        async with database.transaction() as transaction:
            await add(transaction, "rolled back")
            written.set()
            await asyncio.sleep(0)
            raise KeyError

    async def commit() -> None:
        await written.wait()
        await add_article(database, "committed")

    await asyncio.gather(roll_back(), commit(), return_exceptions=True)

    assert await fetch_ids(database) == ["committed"]


async def test_a_task_cancelled_inside_a_transaction_leaves_it_rolled_back_and_free(
    database: Database,
) -> None:
    written = asyncio.Event()

    async def wait_for_ever() -> None:
        async with database.transaction() as transaction:
            await add(transaction, "cancelled")
            written.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(wait_for_ever())
    await written.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await add_article(database, "next")

    assert await fetch_ids(database) == ["next"]


@pytest.mark.parametrize("cancellations", [1, 2, 3])
async def test_a_task_cancelled_at_any_step_writes_all_or_nothing_and_frees_the_lock(
    database: Database, cancellations: int
) -> None:
    async def write_two(number: int) -> None:
        async with database.transaction() as transaction:
            await add(transaction, f"{number} a")
            await add(transaction, f"{number} b")

    for steps in range(40):
        task = asyncio.create_task(write_two(steps))
        for _ in range(steps):
            await asyncio.sleep(0)
        for _ in range(cancellations):
            task.cancel()
            await asyncio.sleep(0)
        await asyncio.gather(task, return_exceptions=True)
        await add_article(database, f"{steps} next")

    found = await fetch_ids(database)
    halves = {name[:-2] for name in found if name.endswith("a")}
    assert halves == {name[:-2] for name in found if name.endswith("b")}
    assert sum(name.endswith("next") for name in found) == 40


async def test_a_task_cancelled_while_it_waits_for_another_process_holds_nothing(
    path: Path,
) -> None:
    async with Database.open(path) as database:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            task = asyncio.create_task(add_article(database, "cancelled"))
            await asyncio.sleep(0)
            task.cancel()
            await asyncio.sleep(0)
            other.execute("ROLLBACK")
            await asyncio.gather(task, return_exceptions=True)

        await add_article(database, "next")

        assert await fetch_ids(database) == ["next"]


async def test_another_process_reads_and_writes_while_this_one_has_it_open(
    database: Database,
) -> None:
    await add_article(database, "ours")

    with closing(sqlite3.connect(database.path, isolation_level=None)) as other:
        seen = other.execute("SELECT article_id FROM articles").fetchall()
        other.execute("INSERT INTO articles VALUES ('theirs', 1)")

    assert seen == [("ours",)]
    assert await fetch_ids(database) == ["ours", "theirs"]


async def test_reading_goes_on_while_another_process_writes(database: Database) -> None:
    await add_article(database, "ours")

    with closing(sqlite3.connect(database.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        async with Database.open(database.path, busy_seconds=0) as second:
            found = await fetch_ids(second)

    assert found == ["ours"]


async def test_reading_can_not_write(database: Database) -> None:
    with pytest.raises(StoreError, match="read-only"):
        await database.fetch("INSERT INTO articles VALUES ('a', 1)")


async def test_the_data_version_changes_with_our_commits(database: Database) -> None:
    before = await database.get_data_version()

    await add_article(database, "a")

    assert await database.get_data_version() != before


async def test_the_data_version_changes_with_other_processes_commits(database: Database) -> None:
    before = await database.get_data_version()

    with closing(sqlite3.connect(database.path, isolation_level=None)) as other:
        other.execute("INSERT INTO articles VALUES ('a', 1)")

    assert await database.get_data_version() != before


async def test_the_data_version_stays_while_nothing_is_committed(database: Database) -> None:
    before = await database.get_data_version()

    with pytest.raises(KeyError):
        await fail_half_way(database)

    assert await database.get_data_version() == before


async def test_many_can_open_a_new_database_at_once(path: Path) -> None:
    async def open_and_add(number: int) -> str:
        async with Database.open(path) as database:
            await add_article(database, f"{number}")
            ((mode,),) = await database.fetch("PRAGMA journal_mode")
            return str(mode)

    modes = await asyncio.gather(*(open_and_add(number) for number in range(6)))

    async with Database.open(path) as database:
        assert await fetch_ids(database) == ["0", "1", "2", "3", "4", "5"]
    assert set(modes) == {"wal"}


def test_processes_can_open_a_new_database_at_once(path: Path) -> None:
    processes = [
        subprocess.Popen(  # noqa: S603 - our own script
            [sys.executable, "-c", OPEN_ON_A_SIGNAL, path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"

    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    outcomes = [process.communicate(timeout=PATIENCE_SECONDS) for process in processes]

    numbers = [(step.number,) for step in MIGRATIONS]
    assert outcomes == [(f"{numbers}\n", "")] * 2


async def test_switching_to_wal_waits_for_another_process(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Database.open(path):
        pass
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA journal_mode = DELETE")
    other.execute("BEGIN IMMEDIATE")

    async def finish_other(_seconds: float) -> None:
        other.close()

    monkeypatch.setattr(asyncio, "sleep", finish_other)
    async with Database.open(path) as database:
        mode = await database.fetch("PRAGMA journal_mode")

    assert mode == [("wal",)]


async def test_switching_to_wal_does_not_wait_for_ever(path: Path) -> None:
    async with Database.open(path):
        pass

    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = DELETE")
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="locked"):
            async with Database.open(path, busy_seconds=0):
                pass


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", "KeyError"),
        (b"no database at all, but long enough to be read as one" * 99, "StoreErr"),
    ],
    ids=["fails while open", "fails to open"],
)
def test_a_process_that_fails_ends(tmp_path: Path, content: bytes, error: str) -> None:
    path = tmp_path / "library.sqlite3"
    path.write_bytes(content)

    ended = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-c", OPEN_AND_FAIL, path],
        capture_output=True,
        check=False,
        text=True,
        timeout=PATIENCE_SECONDS,
    )

    assert ended.returncode == 1
    assert error in ended.stderr


def test_an_instant_is_stored_as_iso_text_in_utc() -> None:
    assert format_utc(datetime(2026, 3, 2, 12, 30, tzinfo=UTC)) == "2026-03-02T12:30:00+00:00"


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 3, 2, 12, 30),  # noqa: DTZ001 - must be refused
        datetime(2026, 3, 2, 12, 30, tzinfo=timezone(timedelta(hours=2))),
    ],
    ids=["naive", "another zone"],
)
def test_an_instant_outside_utc_is_refused(at: datetime) -> None:
    with pytest.raises(ValueError, match="not in UTC"):
        format_utc(at)


@pytest.mark.parametrize("turns", range(6))
async def test_opening_that_is_cancelled_leaves_no_thread_behind(
    tmp_path: Path, turns: int
) -> None:
    before = set(threading.enumerate())
    opening = Database.open(tmp_path / "dateline.sqlite3")
    task = asyncio.ensure_future(opening.__aenter__())
    for _ in range(turns):
        await asyncio.sleep(0)

    task.cancel()
    await asyncio.wait([task])

    opened = set(threading.enumerate()) - before
    for thread in opened:
        thread.join(PATIENCE_SECONDS)
    assert task.cancelled()
    assert not any(thread.is_alive() for thread in opened)


async def test_removed_text_is_overwritten_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "dateline.sqlite3"
    async with Database.open(path) as database:
        async with database.transaction() as transaction:
            await transaction.execute("CREATE TABLE notes (note TEXT) STRICT")
            await transaction.execute("INSERT INTO notes VALUES ('zyxomma')")
        async with database.transaction() as transaction:
            await transaction.execute("DELETE FROM notes")

    assert b"zyxomma" not in path.read_bytes()


async def test_all_files_of_a_new_database_are_private_whatever_the_umask_is(path: Path) -> None:
    umask = os.umask(0)
    try:
        async with Database.open(path) as database:
            await add_article(database, "a")
            modes = {file.name: get_mode(file) for file in path.parent.iterdir()}
    finally:
        os.umask(umask)

    assert modes == dict.fromkeys((path.name, f"{path.name}-shm", f"{path.name}-wal"), 0o600)


TRY_TO_LOCK = """
import fcntl, sys
with open(sys.argv[1], "r+b") as file:
    fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
"""


def test_preparing_a_file_keeps_the_locks_that_this_process_has_on_it(path: Path) -> None:
    prepare_file(path)
    with path.open("r+b") as file:
        fcntl.lockf(file, fcntl.LOCK_EX)
        prepare_file(path)
        command = [sys.executable, "-c", TRY_TO_LOCK, str(path)]
        result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own program

    assert "BlockingIOError" in result.stderr
