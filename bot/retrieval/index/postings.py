"""Which passages hold a term, and how often: what ranking reads.

The postings of all terms stand in two arrays, one term's after another's, so that a query reads
those of its own terms and nothing else. The vocabulary is two arrays as well: as a dict it would
take as much memory as all postings. The same passages give the same arrays, whether they came at
once or one after another.
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
    """Terms in the order of their code points; a term's number is its place there, from 0.

    Attributes:
        text: The UTF-8 of the terms, with nothing between them.
        starts: Where in `text` each term starts, and at last its length.
    """

    text: NDArray[np.uint8]
    starts: NDArray[np.int64]

    @classmethod
    def from_terms(cls, terms: Iterable[str]) -> Self:
        """The vocabulary of `terms`, which are in order."""
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
        """The number of `term`; None for one that is not here."""
        position = bisect_left(self, term)
        return position if self._is_at(position, term) else None

    def _is_at(self, position: int, term: str) -> bool:
        return position < len(self) and self[position] == term

    def select(self, mask: NDArray[np.bool_]) -> Self:
        """The vocabulary of the terms that `mask` marks."""
        sizes = np.diff(self.starts)
        return type(self)(
            text=self.text[np.repeat(mask, sizes)], starts=compute_starts(sizes[mask])
        )

    def merge(self, other: Self) -> tuple[Self, NDArray[np.intp], NDArray[np.intp]]:
        """The terms of both, and the numbers there of the terms of this one and of `other`.

        Each term of `other` is looked up here, so it should be the smaller one.
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
    """The vocabulary, the numbers of all terms one passage after another, and their lengths."""
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
    """The postings of passages, which are numbered from 0; never changed once made.

    Attributes:
        vocabulary: The terms that a passage holds.
        starts: Where the postings of each term start, and at last how many there are.
        passages: The passage of each posting, ascending within a term.
        frequencies: How often that passage holds the term, in an unsigned type wide enough.
        lengths: How many terms each passage holds, repeated ones counted.
    """

    vocabulary: Vocabulary
    starts: NDArray[np.int64]
    passages: NDArray[np.int32]
    frequencies: NDArray[np.unsignedinteger]
    lengths: NDArray[np.int32]

    @classmethod
    def build(cls, passage_terms: Iterable[Sequence[str]]) -> Self:
        """The postings of passages given as their terms, which are read once."""
        vocabulary, terms, lengths = _number_terms(passage_terms)
        # Term and passage as one number, in place: these arrays are by far the largest.
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
        """The passages that hold `term`, ascending, and how often each does."""
        number = self.vocabulary.find_number(term)
        term_slice = slice(0) if number is None else slice(*self.starts[number : number + 2])
        return self.passages[term_slice], self.frequencies[term_slice]

    def select(self, mask: NDArray[np.bool_]) -> Self:
        """The postings of the passages that `mask` marks, which are numbered anew."""
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
        """The postings of these passages, then of the `later` ones."""
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
        """All of it as plain arrays, to be stored."""
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
        """The postings that gave these `arrays`, which may stand in memory-mapped files."""
        columns = {name: arrays[name] for name in ("starts", "passages", "frequencies", "lengths")}
        vocabulary = Vocabulary(text=arrays["text"], starts=arrays["text_starts"])
        return cls(vocabulary=vocabulary, **columns)
