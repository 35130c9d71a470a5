"""The index as a file beside the database, so that a start need not build it again.

It is derived and can always be made anew from the library. The file is a checksum, then numpy's zip
of arrays, which is read without running anything. The zip has checksums of its own, but they miss
some damage to its headers; ours also covers which library the index is of and what it was made with.
"""

from functools import partial
from hashlib import file_digest, sha256
from io import BufferedRandom, BufferedReader
from pathlib import Path

import numpy as np

from bot.retrieval.search_index import SearchIndex
from bot.retrieval.text.terms import Analyser
from bot.runtime.atomic_files import replace_file

FORMAT_VERSION = 2
"""To be raised when the analyser, the passages or the arrays change."""

_CHECKSUM_BYTES = sha256().digest_size


def save_index(index: SearchIndex, path: Path, library_id: str) -> None:
    """Write the index of a library whole or not at all.

    Raises:
        OSError: It can't be written.
    """
    with replace_file(path) as file:
        file.write(bytes(_CHECKSUM_BYTES))
        np.savez(file, allow_pickle=False, **index.to_arrays())
        checksum = _compute_checksum(file, index.analyser, library_id)
        file.seek(0)
        file.write(checksum)


def load_index(path: Path, analyser: Analyser, library_id: str) -> SearchIndex | None:
    """Return the index of a library, saved at `path`.

    None if there is none, or it is damaged, of another library or made otherwise.
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
    """What tells the zip in `file` from any other, and from one made of or with other things."""
    ingredients = "\n".join([str(FORMAT_VERSION), library_id, *sorted(analyser.stop_words)])
    file.seek(_CHECKSUM_BYTES)
    return file_digest(file, partial(sha256, ingredients.encode())).digest()
