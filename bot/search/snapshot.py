"""The corpus as a file beside the database, so that a start need not build it again.

It is derived and can always be made anew from the library. The file is a checksum, then numpy's zip
of arrays, which is read without running anything. The zip has checksums of its own, but they miss
some damage to its headers; ours also covers which library the corpus is of and what it was made with.
"""

import os
from functools import partial
from hashlib import file_digest, sha256
from io import BufferedRandom, BufferedReader
from pathlib import Path

import numpy as np

from bot.retrieval.search_index import SearchIndex
from bot.retrieval.text.terms import Analyser

FORMAT_VERSION = 2
"""To be raised when the analyser, the passages or the arrays change."""

_CHECKSUM_BYTES = sha256().digest_size


def save(index: SearchIndex, path: Path, library_id: str) -> None:
    """Writes the corpus of a library whole or not at all.

    Raises:
        OSError: It can't be written.
    """
    _remove_leftovers(path)
    temporary_path = path.with_suffix(
        f".{os.getpid()}"
    )  # another process may save at the same time
    try:
        with temporary_path.open("w+b") as file:
            file.write(bytes(_CHECKSUM_BYTES))
            np.savez(file, allow_pickle=False, **index.to_arrays())
            checksum = _compute_checksum(file, index.analyser, library_id)
            file.seek(0)
            file.write(checksum)
        temporary_path.replace(path)
    finally:
        temporary_path.unlink(missing_ok=True)


def load(path: Path, analyser: Analyser, library_id: str) -> SearchIndex | None:
    """The corpus of a library, saved at `path`.

    None where there is none, or it is damaged, of another library or made otherwise.
    """
    try:
        with path.open("rb") as file:
            if file.read(_CHECKSUM_BYTES) != _compute_checksum(file, analyser, library_id):
                return None
            file.seek(_CHECKSUM_BYTES)
            with np.load(file, allow_pickle=False) as arrays:
                return SearchIndex.from_arrays(dict(arrays), analyser)
    except OSError:
        return None


def _remove_leftovers(path: Path) -> None:
    """Removes what killed processes left half written, and with it the text that it holds."""
    for leftover in path.parent.glob(f"{path.stem}.[0-9]*"):
        try:
            os.kill(int(leftover.suffix[1:]), 0)
        except ProcessLookupError:
            leftover.unlink(missing_ok=True)
        except (OSError, ValueError, OverflowError):
            continue  # it runs as another user, or the name is not ours


def _compute_checksum(
    file: BufferedReader | BufferedRandom, analyser: Analyser, library_id: str
) -> bytes:
    """What tells the zip in `file` from any other, and from one made of or with other things."""
    ingredients = "\n".join([str(FORMAT_VERSION), library_id, *sorted(analyser.stop_words)])
    file.seek(_CHECKSUM_BYTES)
    return file_digest(file, partial(sha256, ingredients.encode())).digest()
