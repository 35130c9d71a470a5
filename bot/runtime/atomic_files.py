"""Writing files whole or not at all: what is half written stands under another name."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedRandom
from pathlib import Path


@contextmanager
def replace_file(path: Path) -> Iterator[BufferedRandom]:
    """Open a file that takes the place of the one at `path` at the end, unless an error is raised.

    Raises:
        OSError: It can't be written.
    """
    _remove_leftovers(path)
    # Another process may write the same file at the same time.
    temporary_path = path.with_suffix(f".{os.getpid()}")
    try:
        with temporary_path.open("w+b") as file:
            yield file
        temporary_path.replace(path)
    finally:
        temporary_path.unlink(missing_ok=True)


def create_private_file(path: Path, content: bytes) -> None:
    """Write a file for its owner alone, or leave the one that another process was quicker to write.

    It outlives a power cut. Its folder is made, too.

    Raises:
        OSError: It can't be written; nothing of it is left.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary_path = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        # Private from the start: nobody may read it between two steps.
        descriptor = os.open(temporary_path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            path.hardlink_to(temporary_path)
    finally:
        temporary_path.unlink(missing_ok=True)


def _remove_leftovers(path: Path) -> None:
    """Remove what killed processes left half written, and with it the text that it holds."""
    for leftover in path.parent.glob(f"{path.stem}.[0-9]*"):
        try:
            os.kill(int(leftover.suffix[1:]), 0)
        except ProcessLookupError:
            leftover.unlink(missing_ok=True)
        except (OSError, ValueError, OverflowError):
            continue  # it runs as another user, or the name is not ours
