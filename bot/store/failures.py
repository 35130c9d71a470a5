"""Reasons why the database can't be used, with what to do about them."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import StoreError
from bot.runtime.disk_errors import describe_reason
from bot.runtime.private_files import create_empty_file, create_private_folder

RESTORE_REMEDY = (
    "Restore it from a backup, "
    "or move all files of the data folder away and ingest the articles again."
)
"""The remedy if the database has lost data; starting over needs a folder without a saved index."""

REASONS = {
    sqlite3.SQLITE_BUSY: "another process has locked it. Wait until that process finishes, then try again.",
    sqlite3.SQLITE_CANTOPEN: (
        "it can't be opened. Allow this user to read and write the file and its folder."
    ),
    sqlite3.SQLITE_CORRUPT: f"it is damaged. {RESTORE_REMEDY}",
    sqlite3.SQLITE_FULL: "the disk is full. Free some space, then try again.",
    sqlite3.SQLITE_IOERR: (
        "the disk is full or failing. Free some space or check the disk, then try again."
    ),
    sqlite3.SQLITE_NOTADB: "it is not an SQLite database. Choose another file, or move this one away.",
    sqlite3.SQLITE_READONLY: (
        "it is read-only. Allow this user to write to the file and its folder."
    ),
}
"""The sentence for each primary result code of SQLite that has a remedy."""

_UNDECODABLE = "Could not decode to UTF-8"
"""How the message of Python's own error begins, which has no result code; we store only UTF-8."""

_PRIMARY_CODE_MASK = 0xFF
"""Extended result codes carry the primary one in their lowest byte."""


def find_reason(error: sqlite3.Error) -> str:
    """Return why the database can't be used; in SQLite's own words if no remedy is known."""
    if str(error).startswith(_UNDECODABLE):
        return f"it is damaged ({_UNDECODABLE}). {RESTORE_REMEDY}"
    code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY_CODE_MASK
    return REASONS.get(code, f"SQLite reports “{error}”.")


@contextmanager
def translate_errors(path: Path) -> Iterator[None]:
    """Turn every error of SQLite into a StoreError."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(path, find_reason(error)) from error


def prepare_file(path: Path) -> None:
    """Create the file `path` and its folder, unless they exist; only their owner can use them.

    SQLite gives the mode of this file to the other files of the database.

    Raises:
        StoreError: No database can be stored at `path`.
    """
    try:
        create_private_folder(path.parent)
        obstacle = find_obstacle(path) or find_lost_log(path)
    except OSError as error:
        reason = (
            f"its folder can't be created ({describe_reason(error)}). Choose another data folder."
        )
        raise StoreError(path, reason) from error
    if obstacle is not None:
        raise StoreError(path, obstacle)
    try:
        create_empty_file(path)
    except OSError as error:
        reason = f"it can't be created ({describe_reason(error)}). Choose another data folder."
        raise StoreError(path, reason) from error


def find_obstacle(path: Path) -> str | None:
    """Return why this user can't write to `path`; None if nothing is in the way.

    SQLite itself would notice only at the first write.
    """
    if not os.access(path.parent, os.W_OK | os.X_OK):
        return f"this user can't write to its folder {path.parent}. Allow it, or choose another folder."
    if path.is_dir():
        return "it is a folder. Choose a file inside it."
    if path.exists() and not os.access(path, os.R_OK | os.W_OK):
        return REASONS[sqlite3.SQLITE_READONLY]
    for name in (f"{path.name}-wal", f"{path.name}-shm", f"{path.name}-journal"):
        if path.with_name(name).is_dir():
            return f"there is a folder in the place of its file {name}. Move the folder away."
    return None


def find_lost_log(path: Path) -> str | None:
    """Return a sentence if the write-ahead log or its database was deleted; None otherwise.

    SQLite notices neither. It ignores a log without a database and begins a new one.
    """
    wal_path, shm_path = (path.with_name(f"{path.name}-{end}") for end in ("wal", "shm"))
    if not _is_filled(path) and _is_filled(wal_path):
        return f"it is missing or empty, but its log {wal_path.name} is not. {RESTORE_REMEDY}"
    # SQLite creates the log before the shared memory, and deletes it last. The log is looked for
    # twice, since another process may open the database in between.
    if not wal_path.exists() and shm_path.exists() and not wal_path.exists():
        return (
            f"its log {wal_path.name} is missing, perhaps with the latest changes. Restore the "
            f"newest backup of the data folder, or delete {shm_path.name} to continue without them."
        )
    return None


def _is_filled(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0
