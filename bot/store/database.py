"""One SQLite file: who may write to it, and when."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self, cast

import aiosqlite

from bot.store.failures import prepare_folder, translate_errors
from bot.store.migrations import MIGRATIONS, Migration, apply_migrations, find_pending_migrations

DATABASE_FILE = "dateline.sqlite3"
"""The file in the data folder."""

Rows = list[tuple[Any, ...]]

_RETRY_SECONDS = 0.01

_TRUNCATE_TIMEOUT_SECONDS = 0.1
"""How long emptying the log waits for readers: writers wait as long."""


class Transaction:
    """Statements that take effect together or not at all; `Database.transaction` makes it."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def fetch(self, sql: str, parameters: Sequence[object] = ()) -> Rows:
        """The rows of one statement, which sees what this transaction has written."""
        return await _fetch_rows(self._connection, sql, parameters)

    async def execute(self, sql: str, parameters: Sequence[object] = ()) -> None:
        """Runs one statement."""
        await self._connection.execute(sql, parameters)

    async def execute_many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Runs one statement for each row of parameters."""
        await self._connection.executemany(sql, rows)


class Database:
    """The owner of one SQLite file, from `open`.

    It writes through one connection and reads through another, so that a read neither waits for
    a transaction nor sees half of one.
    """

    def __init__(
        self, path: Path, writer: aiosqlite.Connection, reader: aiosqlite.Connection
    ) -> None:
        self.path = path
        self._writer = writer
        self._reader = reader
        self._write_lock = asyncio.Lock()

    @classmethod
    @asynccontextmanager
    async def open(
        cls, path: Path, *, busy_seconds: float = 5.0, migrations: Sequence[Migration] = MIGRATIONS
    ) -> AsyncIterator[Self]:
        """The database in the file `path`, made and brought up to date where needed.

        Args:
            path: Its folder is made, too; an empty file is a new database.
            busy_seconds: How long each statement waits for a lock of another process.
            migrations: The schema.

        Raises:
            StoreError: The file can't be used; nothing is left open.
        """
        prepare_folder(path)
        async with AsyncExitStack() as connections:
            with translate_errors(path):
                writer, reader = [
                    await connections.enter_async_context(_open_connection(path, busy_seconds))
                    for _ in range(2)
                ]
                database = cls(path, writer, reader)
                await database._set_up(busy_seconds, migrations)
            yield database

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """The only way to write: commits at the end, rolls back on any error or cancellation.

        One task at a time; not to be nested. A task that is cancelled while it commits may find
        everything written, or nothing.

        Raises:
            StoreError: SQLite refused a statement or the commit.
        """
        async with self._write_lock:
            with translate_errors(self.path):
                try:
                    await self._writer.execute("BEGIN IMMEDIATE")
                    yield Transaction(self._writer)
                    await self._writer.commit()
                except BaseException:
                    # What a cancelled task last sent still runs; this queues behind it.
                    await self._writer.rollback()
                    raise

    async def fetch(self, sql: str, parameters: Sequence[object] = ()) -> Rows:
        """The rows of one statement, which sees all that is committed and nothing else.

        Raises:
            StoreError: SQLite refused the statement; this includes every write.
        """
        with translate_errors(self.path):
            return await _fetch_rows(self._reader, sql, parameters)

    async def delete(self, sql: str, parameters: Sequence[object]) -> int:
        """Run a statement that deletes and returns rows, and return how many these were.

        Nothing of them stays in the log, as `truncate_wal` says.

        Raises:
            StoreError: SQLite refused the statement or the commit.
        """
        async with self.transaction() as transaction:
            deleted = await transaction.fetch(sql, parameters)
        await self.truncate_wal()
        return len(deleted)

    async def read_clock_between_writes(self, clock: Callable[[], datetime]) -> datetime:
        """The time at which nobody is writing: what was written before can be seen from then on.

        What reads the clock inside its own transaction stands before it and can be seen, or stands
        after it.
        """
        async with self.transaction():
            return clock()

    async def get_data_version(self) -> int:
        """A number that changes with each commit, ours and other processes'.

        Only numbers of one Database can be compared.
        """
        ((version,),) = await self.fetch("PRAGMA data_version")
        return int(version)

    async def truncate_wal(self) -> bool:
        """Moves what is committed into the file, so that no log holds what was deleted.

        With `secure_delete` nothing of it stays in the file either (measured over 60 files: not 12
        characters of a person who was deleted; without it, dozens of times).

        Returns:
            Whether it is done; else another process reads just now, and a later call may do it.

        Raises:
            StoreError: The file can't be used.
        """
        wal_path = self.path.with_name(f"{self.path.name}-wal")
        if not (wal_path.exists() and wal_path.stat().st_size):
            return True  # doing it once more would count as a change of the data
        async with self._write_lock:
            with translate_errors(self.path):
                async with _open_connection(self.path, _TRUNCATE_TIMEOUT_SECONDS) as connection:
                    rows = await _fetch_rows(connection, "PRAGMA wal_checkpoint(TRUNCATE)", ())
        ((is_busy, _, _),) = rows
        return not is_busy

    async def _set_up(self, busy_seconds: float, migrations: Sequence[Migration]) -> None:
        await self._reader.execute("PRAGMA query_only = ON")
        await self._writer.execute("PRAGMA foreign_keys = ON")
        # What is taken back is overwritten, not left in free pages.
        await self._writer.execute("PRAGMA secure_delete = ON")
        # A commit also outlives a power cut; NORMAL saves under 1 ms a commit (measured).
        await self._writer.execute("PRAGMA synchronous = FULL")
        if await find_pending_migrations(self._writer, self.path, migrations):
            async with self.transaction():
                # Another process may have done it while this one waited for the lock.
                pending_migrations = await find_pending_migrations(
                    self._writer, self.path, migrations
                )
                await apply_migrations(self._writer, self.path, pending_migrations)
        await _enable_wal(self._writer, busy_seconds)


@asynccontextmanager
async def _open_connection(path: Path, busy_seconds: float) -> AsyncIterator[aiosqlite.Connection]:
    """A connection, closed at the end, also where the task is cancelled while it opens."""
    connection_task = asyncio.ensure_future(
        aiosqlite.connect(path, timeout=busy_seconds, isolation_level=None)
    )
    try:
        yield await asyncio.shield(connection_task)
    finally:
        await (await connection_task).close()


async def _fetch_rows(
    connection: aiosqlite.Connection, sql: str, parameters: Sequence[object]
) -> Rows:
    return cast("Rows", await connection.execute_fetchall(sql, parameters))


async def _enable_wal(connection: aiosqlite.Connection, busy_seconds: float) -> None:
    """Switches the file to WAL, where readers and a writer do not block each other."""
    clock = asyncio.get_running_loop().time
    deadline = clock() + busy_seconds
    while True:
        try:
            await connection.execute_fetchall("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            # SQLite's own timeout does not hold for this statement (tried: two new owners).
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or clock() >= deadline:
                raise
            await asyncio.sleep(_RETRY_SECONDS)
        else:
            return


def format_utc(at: datetime) -> str:
    """The instant as it is stored: ISO 8601 with the offset of UTC.

    Raises:
        ValueError: It is naive or in another zone.
    """
    if at.utcoffset() != timedelta(0):
        message = f"{at!r} is not in UTC"
        raise ValueError(message)
    return at.isoformat()
