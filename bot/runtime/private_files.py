"""Creating folders and files that only their owner can use, whatever the umask is."""

import os
from contextlib import suppress
from pathlib import Path

OTHERS_PERMISSION_BITS = 0o077
"""The bits of a mode that give the group and all others access."""

_FOLDER_MODE, _FILE_MODE = 0o700, 0o600


def create_private_folder(folder: Path) -> None:
    """Create a folder and the missing ones above it; an existing one keeps its mode.

    Raises:
        OSError: The folder can't be created.
    """
    if folder.is_dir():
        return
    if not folder.parent.exists():
        create_private_folder(folder.parent)
    folder.mkdir(mode=_FOLDER_MODE, exist_ok=True)
    folder.chmod(_FOLDER_MODE)  # a umask could have removed permissions of the owner


def create_empty_file(path: Path) -> None:
    """Create an empty file; an existing one is not even opened.

    Closing a file ends all locks that the process has on it, SQLite's too.

    Raises:
        OSError: The file can't be created.
    """
    with suppress(FileExistsError):
        os.close(_create_file(path, os.O_WRONLY))


def open_private_file(path: Path, flags: int) -> int:
    """Open a file, creating it if it is missing, and return its descriptor.

    An existing file keeps its mode. A chmod after opening a new one would leave a moment in which
    others could read it.

    Raises:
        OSError: The file can't be opened.
    """
    try:
        return _create_file(path, flags)
    except FileExistsError:
        return os.open(path, flags)


def is_open_to_others(path: Path) -> bool:
    """Return whether other users have any permission for a file or folder that exists."""
    return bool(path.stat().st_mode & OTHERS_PERMISSION_BITS)


def _create_file(path: Path, flags: int) -> int:
    """Create a file and return its descriptor.

    Raises:
        FileExistsError: The file exists.
    """
    descriptor = os.open(path, flags | os.O_CREAT | os.O_EXCL, _FILE_MODE)
    os.fchmod(descriptor, _FILE_MODE)  # a umask could have removed permissions of the owner
    return descriptor
