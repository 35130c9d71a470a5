"""Which files are meant by the paths that a person gives."""

import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.errors import ArticleError


def files_of(paths: Iterable[Path]) -> Iterator[Path | ArticleError]:
    """The files to read, each once, and an error for each path that can't be read.

    A folder stands for all that is in it and below, in sorted order, without what is hidden.
    What leads back to a file or folder already seen is passed over, so links may form a loop.
    """
    seen: set[Path] = set()
    waiting = list(paths)[::-1]
    while waiting:
        path = waiting.pop()
        try:
            mode = path.stat().st_mode
            is_folder = stat.S_ISDIR(mode)
            children = _visible(path) if is_folder else []
        except OSError as error:
            yield unreadable(path, error)
            continue
        real = path.resolve()
        if real in seen:
            continue
        seen.add(real)
        waiting += children[::-1]
        if stat.S_ISREG(mode):
            yield path
        elif not is_folder:
            yield ArticleError(path, None, "neither a file nor a folder: copy it into a file first")


def unreadable(path: Path, error: OSError) -> ArticleError:
    """What to say when the system refuses a path."""
    return ArticleError(path, None, f"it can't be read ({error.strerror or error})")


def _visible(folder: Path) -> list[Path]:
    return sorted(child for child in folder.iterdir() if not child.name.startswith("."))
