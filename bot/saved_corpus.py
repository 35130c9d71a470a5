"""The corpus as a file beside the database, so that a start need not build it again.

It is derived and can always be made anew from the library. numpy's zip of arrays is the format: it
carries a checksum of each array and is read without running anything.
"""

import zipfile
import zlib
from hashlib import sha256
from pathlib import Path

import numpy as np

from bot.retrieval.corpus import Corpus
from bot.retrieval.terms import Analyser

FORMAT = 1
"""To be raised when the analyser, the passages or the arrays change."""

_SIGNATURE = "signature"


def save(corpus: Corpus, path: Path) -> None:
    """Writes the corpus whole or not at all.

    Raises:
        OSError: It can't be written.
    """
    new = path.with_suffix(".new")
    with new.open("wb") as file:
        np.savez(file, **{_SIGNATURE: _signature(corpus.analyser)}, **corpus.arrays())
    new.replace(path)


def load(path: Path, analyser: Analyser) -> Corpus | None:
    """The corpus saved at `path`; None where there is none, it is damaged or made otherwise."""
    try:
        with np.load(path, allow_pickle=False) as saved:
            if bytes(saved[_SIGNATURE]) != bytes(_signature(analyser)):
                return None
            return Corpus.from_arrays(dict(saved), analyser)
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile, zlib.error):
        return None


def _signature(analyser: Analyser) -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    """What the saved corpus depends on beside the articles."""
    made_by = "\n".join([str(FORMAT), *sorted(analyser.stop_words)])
    return np.frombuffer(sha256(made_by.encode()).digest(), dtype=np.uint8)
