"""The connection to the SQLite file: one writer, one reader, explicit transactions."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self, cast

import aiosqlite

from bot.errors import StoreError
from bot.store.failures import REASONS, prepare_file, translate_errors
from bot.store.migrations import MIGRATIONS, Migration, apply_migrations, find_pending_migrations

DATABASE_FILE = "dateline.sqlite3"
"""The name of the file in the data folder."""

Rows = list[tuple[Any, ...]]

_RETRY_SECONDS = 0.01

_TRUNCATE_TIMEOUT_SECONDS = 0.1
"""How long emptying the log waits for readers; all writers wait that long too."""


class Transaction:
    """Statements that take effect together or not at all; made by `Database.transaction`."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def fetch(self, sql: str, parameters: Sequence[object] = ()) -> Rows:
        """Return the rows of one statement, which sees the writes of this transaction."""
        return await _fetch_rows(self._connection, sql, parameters)

    async def execute(self, sql: str, parameters: Sequence[object] = ()) -> None:
        """Run one statement."""
        await self._connection.execute(sql, parameters)

    async def execute_many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Run one statement for each row of parameters."""
        await self._connection.executemany(sql, rows)


class Database:
    """One SQLite file, opened by `open`.

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
        """Open the database at `path`, creating and migrating it if needed; close it at the end.

        Args:
            path: The file. Its folder is created too; an empty file is a new database.
            busy_seconds: How long each statement waits for a lock of another process.
            migrations: The schema.

        Raises:
            StoreError: The file can't be used. Nothing is left open.
        """
        prepare_file(path)
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
        """Open the only way to write: commit at the end, roll back on any error or cancellation.

        Only one task at a time gets a transaction, and transactions can't be nested. If a task is
        cancelled while it commits, either everything is written or nothing.
        """
        # Tasks that share a connection share its transaction: without the lock, one task's commit
        # made another task's insert permanent although that task then rolled back (tried).
        async with self._write_lock:
            with translate_errors(self.path):
                try:
                    await self._writer.execute("BEGIN IMMEDIATE")
                    yield Transaction(self._writer)
                    await self._writer.commit()
                except BaseException:
                    # The last statement of a cancelled task still runs in its thread; this waits behind it.
                    await self._writer.rollback()
                    raise

    async def fetch(self, sql: str, parameters: Sequence[object] = ()) -> Rows:
        """Return the rows of one read-only statement, which sees committed data only."""
        with translate_errors(self.path):
            return await _fetch_rows(self._reader, sql, parameters)

    async def delete(self, sql: str, parameters: Sequence[object]) -> int:
        """Run a `DELETE ... RETURNING` statement and return the number of deleted rows.

        The write-ahead log is emptied afterwards, as `truncate_wal` describes.
        """
        async with self.transaction() as transaction:
            deleted = await transaction.fetch(sql, parameters)
        await self.truncate_wal()
        return len(deleted)

    async def read_clock_between_writes(self, clock: Callable[[], datetime]) -> datetime:
        """Return the time at a moment when nobody is writing.

        A writer that reads the clock inside its own transaction has either committed before this
        time, so its rows are visible, or it gets a later time. No row can appear later with an
        earlier time.
        """
        async with self.transaction():
            return clock()

    async def get_data_version(self) -> int:
        """Return a number that changes with each commit, by this process or another.

        Only numbers from the same `Database` can be compared.
        """
        ((version,),) = await self.fetch("PRAGMA data_version")
        return int(version)

    async def truncate_wal(self) -> bool:
        """Move committed data into the file and empty the log, so that it keeps no deleted data.

        With `secure_delete`, deleted data does not stay in the file either (measured over 60 files:
        no 12 characters of a deleted person's data; without it, dozens of matches).

        Returns:
            False if another process was reading; call it again later.
        """
        wal_path = self.path.with_name(f"{self.path.name}-wal")
        if not (wal_path.exists() and wal_path.stat().st_size):
            return True  # an empty log needs no checkpoint, which would change the data version
        async with self._write_lock:
            with translate_errors(self.path):
                async with _open_connection(self.path, _TRUNCATE_TIMEOUT_SECONDS) as connection:
                    rows = await _fetch_rows(connection, "PRAGMA wal_checkpoint(TRUNCATE)", ())
        ((is_busy, _, _),) = rows
        return not is_busy

    async def _require_intact_pages(self) -> None:
        """Refuse a damaged file, which the articles in a saved index could hide for long.

        Measured with 90 MB (178,000 passages): 42 ms, where loading the index takes 1 s. It found
        every damaged page of several hundred. Damage inside a text is found by `inspect_database`.
        """
        if await _fetch_rows(self._writer, "PRAGMA quick_check(1)", ()) != [("ok",)]:
            raise StoreError(self.path, REASONS[sqlite3.SQLITE_CORRUPT])

    async def _set_up(self, busy_seconds: float, migrations: Sequence[Migration]) -> None:
        await self._reader.execute("PRAGMA query_only = ON")
        await self._require_intact_pages()
        await self._writer.execute("PRAGMA foreign_keys = ON")  # off by default in SQLite
        # Deleted data is overwritten instead of staying in free pages.
        await self._writer.execute("PRAGMA secure_delete = ON")
        # Commits survive a power cut; NORMAL would save less than 1 ms a commit (measured).
        await self._writer.execute("PRAGMA synchronous = FULL")
        if await find_pending_migrations(self._writer, self.path, migrations):
            async with self.transaction():
                # Another process may have migrated the file while this one waited for the lock.
                pending_migrations = await find_pending_migrations(
                    self._writer, self.path, migrations
                )
                await apply_migrations(self._writer, self.path, pending_migrations)
        await _enable_wal(self._writer, busy_seconds)


@asynccontextmanager
async def _open_connection(path: Path, busy_seconds: float) -> AsyncIterator[aiosqlite.Connection]:
    """Open a connection, and close it even if the task is cancelled while it opens."""
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
    """Switch the file to WAL mode, in which readers and a writer do not block each other."""
    clock = asyncio.get_running_loop().time
    deadline = clock() + busy_seconds
    while True:
        try:
            await connection.execute_fetchall("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            # SQLite's busy timeout does not apply to this statement (tried with two new processes).
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or clock() >= deadline:
                raise
            await asyncio.sleep(_RETRY_SECONDS)
        else:
            return


def format_utc(at: datetime) -> str:
    """Return the instant as it is stored: ISO 8601 with the offset +00:00.

    Raises:
        ValueError: The instant is naive or in another zone.
    """
    if at.utcoffset() != timedelta(0):
        message = f"{at!r} is not in UTC"
        raise ValueError(message)
    return at.isoformat()
