"""Which files are meant by the paths that a person gives."""

import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.errors import ArticleError


def find_files(paths: Iterable[Path]) -> Iterator[Path | ArticleError]:
    """The files to read, each once, and an error for each path that can't be read.

    A folder stands for all that is in it and below, in sorted order, without what is hidden.
    What leads back to a file or folder already seen is passed over, so links may form a loop.
    """
    seen: set[Path] = set()
    pending_paths = list(paths)[::-1]
    while pending_paths:
        path = pending_paths.pop()
        try:
            mode = path.stat().st_mode
            children = _list_visible(path) if stat.S_ISDIR(mode) else []
        except OSError as error:
            yield build_unreadable_error(path, error)
            continue
        resolved_path = path.resolve()
        if resolved_path not in seen:
            seen.add(resolved_path)
            pending_paths += children[::-1]
            yield from _select_file(path, mode)


def _select_file(path: Path, mode: int) -> Iterator[Path | ArticleError]:
    """Return the path if it is a file, an error if it is neither that nor a folder."""
    if stat.S_ISREG(mode):
        yield path
    elif not stat.S_ISDIR(mode):
        yield ArticleError(path, None, "neither a file nor a folder: copy it into a file first")


def build_unreadable_error(path: Path, error: OSError) -> ArticleError:
    """What to say when the system refuses a path."""
    return ArticleError(path, None, f"it can't be read ({error.strerror or error})")


def _list_visible(folder: Path) -> list[Path]:
    return sorted(child for child in folder.iterdir() if not child.name.startswith("."))
