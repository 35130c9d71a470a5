"""The contents of a database's folder, byte by byte."""

from pathlib import Path


def read_folder(path: Path) -> bytes:
    """Return what the files beside `path` hold, and that file itself."""
    return b"".join(file.read_bytes() for file in sorted(path.parent.iterdir()))
