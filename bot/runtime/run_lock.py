"""A lock on a data folder, so that only one bot runs on it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import AlreadyRunning
from bot.runtime.private_files import create_private_folder, open_private_file

RUN_LOCK_FILE = "run.lock"


@contextmanager
def hold_run_lock(folder: Path) -> Iterator[None]:
    """Hold the lock during the block; the kernel releases it however the process ends.

    The file is never deleted: otherwise two processes could each lock a file of this name.

    Raises:
        AlreadyRunning: Another process holds the lock.
        OSError: The file can't be created.
    """
    create_private_folder(folder)
    file_descriptor = open_private_file(folder / RUN_LOCK_FILE, os.O_RDWR)
    try:
        try:
            fcntl.flock(file_descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunning(folder) from error
        yield
    finally:
        os.close(file_descriptor)


def is_locked(folder: Path) -> bool:
    """Return whether a process holds the lock.

    It is tested with a shared lock, so that two tests at the same time do not see each other.

    Raises:
        OSError: The file does not exist, or can't be read.
    """
    with (folder / RUN_LOCK_FILE).open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
