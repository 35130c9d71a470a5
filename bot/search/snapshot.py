"""The index saved as a file beside the database, so that a start need not build it.

The file can always be rebuilt from the library. It consists of a checksum and numpy's zip of
arrays, which is loaded without executing any code. The zip has checksums of its own, but they miss
some damage to its headers. Our checksum also covers the library's id and the inputs of the index.
"""

from functools import partial
from hashlib import file_digest, sha256
from io import BufferedRandom, BufferedReader
from pathlib import Path

import numpy as np

from bot.english.word_lists import ENGLISH
from bot.retrieval.search_index import SearchIndex
from bot.retrieval.text.terms import Analyser
from bot.runtime.atomic_files import replace_file

FORMAT_VERSION = 3
"""Increase this if the analyser, the passages or the arrays change."""

_CHECKSUM_BYTES = sha256().digest_size


def save_index(index: SearchIndex, path: Path, library_id: str) -> None:
    """Write the index of a library completely or not at all.

    Raises:
        OSError: The file can't be written.
    """
    with replace_file(path) as file:
        # The checksum is known only after the arrays, so its place is reserved first.
        file.write(bytes(_CHECKSUM_BYTES))
        np.savez(file, allow_pickle=False, **index.to_arrays())
        checksum = _compute_checksum(file, index.analyser, library_id)
        file.seek(0)
        file.write(checksum)


def load_index(path: Path, analyser: Analyser, library_id: str) -> SearchIndex | None:
    """Return the saved index of a library.

    None means that there is no file, that it is damaged, or that it belongs to another library,
    format version, list of stop words or other word lists.
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


def _compute_checksum(
    file: BufferedReader | BufferedRandom, analyser: Analyser, library_id: str
) -> bytes:
    """Return the checksum over the zip in `file` and the inputs of the index."""
    words = (ENGLISH.fingerprint, *sorted(analyser.stop_words))
    ingredients = "\n".join((str(FORMAT_VERSION), library_id, *words))
    file.seek(_CHECKSUM_BYTES)
    return file_digest(file, partial(sha256, ingredients.encode())).digest()
