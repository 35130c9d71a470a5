"""Why a database can't be used, as sentences that say what to do."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import StoreError

REASONS = {
    sqlite3.SQLITE_BUSY: "another process keeps it locked: let that one finish, then try again.",
    sqlite3.SQLITE_CANTOPEN: (
        "it can't be opened: allow this user to read and write the file and its folder."
    ),
    sqlite3.SQLITE_CORRUPT: "it is damaged: restore it from a copy, or move it away and ingest again.",
    sqlite3.SQLITE_FULL: "the disk is full: free some space, then try again.",
    sqlite3.SQLITE_NOTADB: "it is not an SQLite database: name another file, or move this one away.",
    sqlite3.SQLITE_READONLY: (
        "it is read-only: allow this user to write to the file and its folder."
    ),
}
"""What a person reads for each primary result code of SQLite that has a remedy."""

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
    """Makes the folder of the file `path`, readable by its owner alone where it is new.

    Raises:
        StoreError: No database can be kept at `path`.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        obstacle = find_obstacle(path)
    except OSError as error:
        reason = f"its folder can't be created ({error.strerror}): choose another data folder."
        raise StoreError(path, reason) from error
    if obstacle is not None:
        raise StoreError(path, obstacle)


def find_obstacle(path: Path) -> str | None:
    """What keeps this user from writing to `path`; SQLite would notice at the first write only."""
    if not os.access(path.parent, os.W_OK | os.X_OK):
        return f"this user may not write to its folder {path.parent}: allow it, or choose another."
    if path.is_dir():
        return "it is a folder: name a file inside it."
    if path.exists() and not os.access(path, os.R_OK | os.W_OK):
        return REASONS[sqlite3.SQLITE_READONLY]
    return None
