"""Reasons why the database can't be used, with what to do about them."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import StoreError

REASONS = {
    sqlite3.SQLITE_BUSY: "another process has locked it. Wait until that process finishes, then try again.",
    sqlite3.SQLITE_CANTOPEN: (
        "it can't be opened. Allow this user to read and write the file and its folder."
    ),
    sqlite3.SQLITE_CORRUPT: "it is damaged. Restore it from a backup, or move it away and ingest again.",
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

_PRIMARY_CODE_MASK = 0xFF
"""Extended result codes carry the primary one in their lowest byte."""


def find_reason(error: sqlite3.Error) -> str:
    """Return why the database can't be used; in SQLite's own words if no remedy is known."""
    code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY_CODE_MASK
    return REASONS.get(code, f"SQLite reports “{error}”.")


@contextmanager
def translate_errors(path: Path) -> Iterator[None]:
    """Turn every error of SQLite into a StoreError."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(path, find_reason(error)) from error


def prepare_folder(path: Path) -> None:
    """Create the folder of the file `path`; a new folder is readable by its owner only.

    Raises:
        StoreError: No database can be stored at `path`.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        obstacle = find_obstacle(path)
    except OSError as error:
        reason = f"its folder can't be created ({error.strerror}). Choose another data folder."
        raise StoreError(path, reason) from error
    if obstacle is not None:
        raise StoreError(path, obstacle)


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
    return None
