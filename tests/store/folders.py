"""The contents of a database's folder, byte by byte."""

from pathlib import Path


def read_folder(path: Path) -> bytes:
    """Return the contents of `path` and of the files beside it."""
    return b"".join(file.read_bytes() for file in sorted(path.parent.iterdir()))
