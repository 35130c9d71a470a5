"""Writing files completely or not at all, under a temporary name first."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedRandom
from pathlib import Path

from bot.runtime.private_files import create_private_folder, open_private_file


@contextmanager
def replace_file(path: Path) -> Iterator[BufferedRandom]:
    """Open a temporary file that replaces `path` at the end of the block.

    Only the owner can use the file. If the block raises an error, the file at `path` stays as it was.

    Raises:
        OSError: The file can't be written.
    """
    _remove_leftovers(path)
    # The process id keeps two processes that write the same file at the same time apart, and lets
    # a later one recognise the leftovers of a killed process.
    temporary_path = path.with_suffix(f".{os.getpid()}")
    try:
        descriptor = open_private_file(temporary_path, os.O_RDWR | os.O_TRUNC)
        with os.fdopen(descriptor, "w+b") as file:
            yield file
        temporary_path.replace(path)
    finally:
        temporary_path.unlink(missing_ok=True)


def create_private_file(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read, unless it exists already.

    Its folder is created, too. The content is on disk before the file appears.

    Raises:
        OSError: The file can't be written; no part of it is left.
    """
    create_private_folder(path.parent)
    temporary_path = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(open_private_file(temporary_path, os.O_WRONLY), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # Unlike a rename, a link never replaces the file of a process that was faster.
        with suppress(FileExistsError):
            path.hardlink_to(temporary_path)
    finally:
        temporary_path.unlink(missing_ok=True)


def _remove_leftovers(path: Path) -> None:
    """Remove the unfinished files of processes that were killed."""
    for leftover in path.parent.glob(f"{path.stem}.[0-9]*"):
        try:
            # Signal 0 sends nothing; it only fails if the process does not exist.
            os.kill(int(leftover.suffix[1:]), 0)
        except ProcessLookupError:
            leftover.unlink(missing_ok=True)
        except (OSError, ValueError, OverflowError):
            continue  # the process belongs to another user, or the suffix is no process id
