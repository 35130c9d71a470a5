"""A lock on a data folder, which only one process holds."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import AlreadyRunning

RUN_LOCK_FILE = "run.lock"


@contextmanager
def hold_run_lock(folder: Path) -> Iterator[None]:
    """Holds the data folder for this process; the kernel lets it go however the process ends.

    The file stays: were it deleted, two processes could each lock a file of this name.

    Raises:
        AlreadyRunning: Another process holds it.
        OSError: The file can't be made.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file_descriptor = os.open(folder / RUN_LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(file_descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunning(folder) from error
        yield
    finally:
        os.close(file_descriptor)


def is_locked(folder: Path) -> bool:
    """Whether a process holds the data folder just now.

    It is tried with a shared lock, so that those who look don't see each other.

    Raises:
        OSError: The file can't be read, or was never made.
    """
    with (folder / RUN_LOCK_FILE).open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
