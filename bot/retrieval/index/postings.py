"""Postings: the passages that contain each term, with the frequency of the term in each.

The postings of all terms lie in two arrays, one term after another, so a query reads only those of
its own terms. The vocabulary is stored in two arrays as well; a dict would take as much memory as
all postings. The same passages give the same arrays, whether they were added together or one by
one.
"""

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from bot.retrieval.index.offsets import compute_starts


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Vocabulary:
    """The distinct terms of an index, sorted by code points and numbered from 0.

    Attributes:
        text: The terms in UTF-8, joined without separators.
        starts: The offset of each term in `text`, then the length of `text`.
    """

    text: NDArray[np.uint8]
    starts: NDArray[np.int64]

    @classmethod
    def from_terms(cls, terms: Iterable[str]) -> Self:
        """Build a vocabulary from terms that are sorted and distinct."""
        # A term may contain half a surrogate pair, which strict UTF-8 refuses.
        encoded = [term.encode(errors="surrogatepass") for term in terms]
        text = np.frombuffer(b"".join(encoded), dtype=np.uint8)
        return cls(text=text, starts=compute_starts(np.fromiter(map(len, encoded), dtype=np.int64)))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, number: int) -> str:
        encoded = self.text[self.starts[number] : self.starts[number + 1]].tobytes()
        return encoded.decode(errors="surrogatepass")

    def __iter__(self) -> Iterator[str]:
        return map(self.__getitem__, range(len(self)))

    def find_number(self, term: str) -> int | None:
        """Return the number of `term`; None if the vocabulary does not contain it."""
        position = bisect_left(self, term)
        return position if self._is_at(position, term) else None

    def _is_at(self, position: int, term: str) -> bool:
        return position < len(self) and self[position] == term

    def select(self, mask: NDArray[np.bool_]) -> Self:
        """Return the vocabulary of the terms that `mask` marks."""
        sizes = np.diff(self.starts)
        return type(self)(
            text=self.text[np.repeat(mask, sizes)], starts=compute_starts(sizes[mask])
        )

    def merge(self, other: Self) -> tuple[Self, NDArray[np.intp], NDArray[np.intp]]:
        """Return the union, and the numbers in it of the terms of this one and of `other`.

        The method searches this vocabulary for each term of `other`, so `other` should be the
        smaller one.
        """
        positions = np.fromiter((bisect_left(self, term) for term in other), dtype=np.intp)
        is_new = ~np.fromiter(map(self._is_at, positions, other), dtype=np.bool_)
        gaps, added = positions[is_new], other.select(is_new)
        sizes = np.diff(added.starts)
        union = type(self)(
            text=np.insert(self.text, np.repeat(self.starts[gaps], sizes), added.text),
            starts=compute_starts(np.insert(np.diff(self.starts), gaps, sizes)),
        )
        own_numbers = np.arange(len(self))
        own_numbers += np.searchsorted(gaps, own_numbers, side="right")
        return union, own_numbers, positions + np.cumsum(is_new) - is_new


def _number_terms(
    passage_terms: Iterable[Sequence[str]],
) -> tuple[Vocabulary, NDArray[np.int64], NDArray[np.int32]]:
    """Return the vocabulary, the term numbers passage by passage, and the passage lengths."""
    seen = defaultdict[str, int]()
    seen.default_factory = seen.__len__
    terms, lengths = array("i"), array("i")
    for passage in passage_terms:
        terms.extend(map(seen.__getitem__, passage))
        lengths.append(len(passage))
    ordered = sorted(seen)
    numbers = np.argsort([seen[term] for term in ordered])
    return Vocabulary.from_terms(ordered), numbers[np.asarray(terms)], np.asarray(lengths)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Postings:
    """The immutable postings of passages, which are numbered from 0.

    Attributes:
        vocabulary: The terms that occur in the passages.
        starts: The offset of each term's postings, then the number of postings.
        passages: The passage of each posting, ascending within a term.
        frequencies: The frequency of the term in that passage, in the narrowest unsigned dtype.
        lengths: The number of terms in each passage, repeated terms included.
    """

    vocabulary: Vocabulary
    starts: NDArray[np.int64]
    passages: NDArray[np.int32]
    frequencies: NDArray[np.unsignedinteger]
    lengths: NDArray[np.int32]

    @classmethod
    def build(cls, passage_terms: Iterable[Sequence[str]]) -> Self:
        """Build the postings of passages given as their terms, which are read once."""
        vocabulary, terms, lengths = _number_terms(passage_terms)
        # Term and passage become one number. Computed in place, since these arrays are by far
        # the largest.
        size = max(len(lengths), 1)
        terms *= size
        terms += np.repeat(np.arange(len(lengths)), lengths)
        keys, frequencies = np.unique(terms, return_counts=True)
        return cls(
            vocabulary=vocabulary,
            starts=np.searchsorted(keys, np.arange(len(vocabulary) + 1) * size),
            passages=(keys % size).astype(np.int32),
            frequencies=frequencies.astype(np.min_scalar_type(frequencies.max(initial=0))),
            lengths=lengths,
        )

    def get_postings(self, term: str) -> tuple[NDArray[np.int32], NDArray[np.unsignedinteger]]:
        """Return the passages that contain `term`, ascending, and its frequency in each."""
        number = self.vocabulary.find_number(term)
        term_slice = slice(0) if number is None else slice(*self.starts[number : number + 2])
        return self.passages[term_slice], self.frequencies[term_slice]

    def select(self, mask: NDArray[np.bool_]) -> Self:
        """Return the postings of the passages that `mask` marks, renumbered from 0."""
        if mask.all():
            return self
        is_kept = mask[self.passages]
        sizes = np.add.reduceat(is_kept, self.starts[:-1], dtype=np.int64)
        numbers = np.cumsum(mask, dtype=np.int32) - 1
        return type(self)(
            vocabulary=self.vocabulary.select(sizes > 0),
            starts=compute_starts(sizes[sizes > 0]),
            passages=numbers[self.passages[is_kept]],
            frequencies=self.frequencies[is_kept],
            lengths=self.lengths[mask],
        )

    def concatenate(self, later: Self) -> Self:
        """Return the postings of these passages followed by those of `later`."""
        vocabulary, own_numbers, later_numbers = self.vocabulary.merge(later.vocabulary)
        sizes = np.zeros((2, len(vocabulary)), dtype=np.int64)
        sizes[0, own_numbers] = np.diff(self.starts)
        sizes[1, later_numbers] = np.diff(later.starts)
        positions = np.repeat(np.cumsum(sizes[0]), sizes[1])
        common_type = np.result_type(self.frequencies, later.frequencies)
        return type(self)(
            vocabulary=vocabulary,
            starts=compute_starts(sizes.sum(axis=0)),
            passages=np.insert(self.passages, positions, later.passages + len(self.lengths)),
            frequencies=np.insert(
                self.frequencies.astype(common_type), positions, later.frequencies
            ),
            lengths=np.append(self.lengths, later.lengths),
        )

    def to_arrays(self) -> Mapping[str, NDArray[Any]]:
        """Return the postings as plain arrays that can be saved and given to `from_arrays`."""
        return {
            "text": self.vocabulary.text,
            "text_starts": self.vocabulary.starts,
            "starts": self.starts,
            "passages": self.passages,
            "frequencies": self.frequencies,
            "lengths": self.lengths,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Build postings from the arrays of `to_arrays`, which may be memory-mapped."""
        columns = {name: arrays[name] for name in ("starts", "passages", "frequencies", "lengths")}
        vocabulary = Vocabulary(text=arrays["text"], starts=arrays["text_starts"])
        return cls(vocabulary=vocabulary, **columns)
