"""Filters of neighbouring words: which articles may contain a quotation.

A quotation of common words stands in few articles, but its single words stand in most of them. So
each article has a Bloom filter (Bloom 1970, "Space/Time Trade-offs in Hash Coding with Allowable
Errors") of its pairs of neighbouring words. A filter is never wrong if it says that the article
lacks a pair, and in one of eight to sixteen cases if it says that the article has it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any, Self
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from bot.retrieval.index.offsets import compute_starts
from bot.retrieval.text.long_texts import find_all

MAX_PAIRS = 40
"""The maximum number of pairs that are looked up; that many are decisive."""

_WORD = re.compile(r"[^\W_]+")
_BITS_PER_PAIR = 8
_HASH_BITS = 32
_WORDS_PER_TURN = 1 << 14
# Odd numbers with evenly mixed bits: Knuth's multiplicative hashing.
_FACTORS = np.array([0x9E3779B1, 0x85EBCA6B], dtype=np.uint32)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WordPairs:
    """The filters of articles, numbered from 0.

    Attributes:
        filters: The bits of all filters, one after another. The number of bits of each is a power
            of two.
        filter_starts: The offset of each filter in `filters`, then the length of `filters`.
    """

    filters: NDArray[np.uint8]
    filter_starts: NDArray[np.int64]

    @classmethod
    def from_bodies(cls, bodies: Iterable[str]) -> Self:
        """Build the filters of these bodies."""
        filters = [_build_filter(body) for body in bodies]
        return cls(
            filters=np.concatenate([np.empty(0, np.uint8), *filters]),
            filter_starts=compute_starts(np.array([len(bits) for bits in filters], np.int64)),
        )

    def find(self, text: str, articles: NDArray[np.intp]) -> NDArray[np.intp]:
        """Return those of the articles that may contain the words of a text side by side.

        In lower case, the text is also found in articles that write it with capitals.
        """
        starts = self.filter_starts[articles]
        sizes = 8 * (self.filter_starts[articles + 1] - starts)
        shifts = _HASH_BITS - np.log2(sizes).astype(np.int64)
        left = np.arange(len(articles))
        for pair_hash in dict.fromkeys(_hash_pairs(_WORD.findall(text))[:MAX_PAIRS].tolist()):
            bits = pair_hash >> shifts[left]
            octets = self.filters[starts[left] + (bits >> 3)]
            left = left[(octets << (bits & 7)) & 128 != 0]
        return articles[left]

    def with_changes(self, keep: NDArray[np.bool_], added: Self) -> Self:
        """Return the filters of the articles that `keep` marks, followed by those of `added`."""
        sizes = np.diff(self.filter_starts)
        kept = self.filters if keep.all() else self.filters[np.repeat(keep, sizes)]
        return type(self)(
            filters=np.append(kept, added.filters),
            filter_starts=compute_starts(np.append(sizes[keep], np.diff(added.filter_starts))),
        )

    def to_arrays(self) -> Mapping[str, NDArray[Any]]:
        """Return the filters as plain arrays that can be saved and given to `from_arrays`."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Build filters from the arrays of `to_arrays`."""
        return cls(**{field.name: arrays[field.name] for field in fields(cls)})


def lower_in_place(text: str) -> str:
    """Return the text in lower case with the same length.

    "İ" is the only character with a lower case of two characters.
    """
    return text.replace("İ", "I").lower()


def _build_filter(body: str) -> NDArray[np.uint8]:
    """Return the filter of the pairs as they are written, and in lower case."""
    words = find_all(_WORD, body)
    lower_words = lower_in_place(" ".join(words)).split()
    # Sorted instead of np.unique, which holds the GIL.
    hashes = np.sort(np.append(_hash_pairs(words), _hash_pairs(lower_words)))
    count = int(np.count_nonzero(np.diff(hashes))) + 1
    size_bits = max(3, (_BITS_PER_PAIR * count).bit_length())
    bits = np.zeros(1 << size_bits, dtype=np.bool_)
    bits[hashes >> (_HASH_BITS - size_bits)] = True
    return np.packbits(bits)


def _hash_pairs(words: Sequence[str]) -> NDArray[np.int64]:
    """Return a hash of _HASH_BITS bits for each word and its successor."""
    hashes = np.empty(len(words), dtype=np.uint32)
    # In parts, so that other threads get their turns while a long text is read.
    for start in range(0, len(words), _WORDS_PER_TURN):
        part = words[start : start + _WORDS_PER_TURN]
        hashes[start : start + len(part)] = np.fromiter(map(_hash_word, part), dtype=np.uint32)
    pairs: NDArray[np.uint32] = hashes[:-1] * _FACTORS[0] + hashes[1:] * _FACTORS[1]
    return pairs.astype(np.int64)


@lru_cache(1 << 16)
def _hash_word(word: str) -> int:
    # Not hash(), which differs in each process: the filters are saved. A body can hold half a
    # surrogate pair, which strict UTF-8 refuses.
    return crc32(word.encode(errors="surrogatepass"))
