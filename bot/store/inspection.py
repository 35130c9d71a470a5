"""Inspecting a database without changing it: no migration runs, and no file is created."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import aiosqlite

from bot.errors import StoreError
from bot.model.article import ArticleId
from bot.store.failures import find_lost_log, find_obstacle, translate_errors
from bot.store.migrations import MIGRATIONS, find_pending_migrations

_MAX_FAULTS = 5

_BODIES = """
    SELECT article_id, CAST(body AS BLOB) FROM articles JOIN revisions USING (article_id, revision)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """The state of a database.

    Attributes:
        faults: The first few faults that SQLite finds; empty if there are none.
        pending_migration_count: How many migrations have not been applied.
        library_id: The id of its library; None if the file is still empty.
        revisions: The current revision of each article.
        withdrawn_revisions: The last revision of each article that was ever withdrawn.
        fingerprints: The SHA-256 of the current body of each article, in UTF-8.
        body_chars: The total length of these bodies.
    """

    faults: tuple[str, ...] = ()
    pending_migration_count: int = 0
    library_id: str | None = None
    revisions: Mapping[ArticleId, int] = field(default_factory=dict)
    withdrawn_revisions: Mapping[ArticleId, int] = field(default_factory=dict)
    fingerprints: Mapping[ArticleId, bytes] = field(default_factory=dict)
    body_chars: int = 0

    @property
    def has_ever_held_articles(self) -> bool:
        """Whether an article was ever stored."""
        return bool(self.revisions or self.withdrawn_revisions)


async def inspect_database(path: Path) -> Inspection | None:
    """Return the state of the database at `path`; None if there is no file.

    Raises:
        StoreError: It can't be read or written, or belongs to another program.
    """
    if path.parent.exists() and (obstacle := find_obstacle(path) or find_lost_log(path)):
        raise StoreError(path, obstacle)
    uri = _build_read_only_uri(path)
    if uri is None:
        return None
    with translate_errors(path):
        async with aiosqlite.connect(uri, uri=True) as connection:
            pending_migrations = await find_pending_migrations(connection, path)
            if len(pending_migrations) == len(MIGRATIONS):
                return Inspection(pending_migration_count=len(pending_migrations))
            return await _inspect_library(connection, len(pending_migrations))


async def _inspect_library(
    connection: aiosqlite.Connection, pending_migration_count: int
) -> Inspection:
    faults = await _find_faults(connection)
    ((library_id,),) = await connection.execute_fetchall("SELECT library_id FROM library")
    revisions = await connection.execute_fetchall("SELECT article_id, revision FROM articles")
    withdrawn_revisions = await connection.execute_fetchall(
        "SELECT article_id, max(last_revision) FROM withdrawals GROUP BY article_id"
    )
    fingerprints: dict[ArticleId, bytes] = {}
    body_chars = 0
    # As bytes, because damaged text can't always be decoded.
    async with connection.execute(_BODIES) as rows:
        async for article_id, body in rows:
            fingerprints[article_id] = sha256(body).digest()
            body_chars += len(body.decode(errors="replace"))
    return Inspection(
        faults=faults,
        pending_migration_count=pending_migration_count,
        library_id=library_id,
        revisions=dict(revisions),  # type: ignore[arg-type]  # rows of two
        withdrawn_revisions=dict(withdrawn_revisions),  # type: ignore[arg-type]
        fingerprints=fingerprints,
        body_chars=body_chars,
    )


async def _find_faults(connection: aiosqlite.Connection) -> tuple[str, ...]:
    """Return descriptions of the first few faults."""
    faults = await connection.execute_fetchall(f"PRAGMA integrity_check({_MAX_FAULTS})")
    orphans = await connection.execute_fetchall("PRAGMA foreign_key_check")
    descriptions = [str(fault) for (fault,) in faults if fault != "ok"]
    descriptions += [
        f"a row of {table} has no matching row in {parent}" for table, _, parent, _ in orphans
    ]
    return tuple(descriptions[:_MAX_FAULTS])


def _build_read_only_uri(path: Path) -> str | None:
    """Return the URI that opens the file read-only; None if there is no file."""
    return f"{path.absolute().as_uri()}?mode=ro" if path.exists() else None
