"""The compression of a connection's frames, if its address asks for one.

All frames of a connection share one context, and each of them ends with a flush, so that a bot can
read it at once.
"""

import importlib
import zlib
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from typing import Protocol

Compress = Callable[[str], bytes]


class CompressionContext(Protocol):
    """The compressor of a stream, as zlib and zstandard both have it."""

    def compress(self, data: bytes, /) -> bytes:
        """Return what is ready of the compressed data."""

    def flush(self, mode: int, /) -> bytes:
        """Return all that was held back."""


def start_compression(name: str | None) -> Compress | None:
    """Return a function that compresses the frames of a new connection.

    None if no compression is asked for, or one that is not installed here: zstandard comes with the
    tests only. Bots take uncompressed frames as well.
    """
    if name == "zlib-stream":
        return partial(_compress, zlib.compressobj(), zlib.Z_SYNC_FLUSH)
    if name == "zstd-stream" and find_spec("zstandard") is not None:
        zstandard = importlib.import_module("zstandard")
        context = zstandard.ZstdCompressor().compressobj()
        return partial(_compress, context, zstandard.COMPRESSOBJ_FLUSH_BLOCK)
    return None


def _compress(context: CompressionContext, flush_mode: int, frame: str) -> bytes:
    return context.compress(frame.encode()) + context.flush(flush_mode)
