"""The corpus as a file beside the database, so that a start need not build it again.

It is derived and can always be made anew from the library. The file is a digest, then numpy's zip
of arrays, which is read without running anything. The zip has checksums of its own, but they miss
some damage to its headers; the digest also covers what the corpus was made with.
"""

import os
from functools import partial
from hashlib import file_digest, sha256
from io import BufferedRandom, BufferedReader
from pathlib import Path

import numpy as np

from bot.retrieval.corpus import Corpus
from bot.retrieval.terms import Analyser

FORMAT = 1
"""To be raised when the analyser, the passages or the arrays change."""

_DIGEST_BYTES = sha256().digest_size


def save(corpus: Corpus, path: Path) -> None:
    """Writes the corpus whole or not at all.

    Raises:
        OSError: It can't be written.
    """
    new = path.with_suffix(f".{os.getpid()}")  # another process may save at the same time
    try:
        with new.open("w+b") as file:
            file.write(bytes(_DIGEST_BYTES))
            np.savez(file, allow_pickle=False, **corpus.arrays())
            digest = _digest(file, corpus.analyser)
            file.seek(0)
            file.write(digest)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def load(path: Path, analyser: Analyser) -> Corpus | None:
    """The corpus saved at `path`; None where there is none, it is damaged or made otherwise."""
    try:
        with path.open("rb") as file:
            if file.read(_DIGEST_BYTES) != _digest(file, analyser):
                return None
            file.seek(_DIGEST_BYTES)
            with np.load(file, allow_pickle=False) as arrays:
                return Corpus.from_arrays(dict(arrays), analyser)
    except OSError:
        return None


def _digest(file: BufferedReader | BufferedRandom, analyser: Analyser) -> bytes:
    """What tells the zip in `file` from any other, and from one made with other settings."""
    made_by = "\n".join([str(FORMAT), *sorted(analyser.stop_words)])
    file.seek(_DIGEST_BYTES)
    return file_digest(file, partial(sha256, made_by.encode())).digest()
