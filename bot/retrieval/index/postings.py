"""Postings: the passages that contain each term, with the positions of the term in each.

The postings of all terms lie in arrays, one term after another, so a query reads only those of its
own terms. The vocabulary is stored in two arrays as well; a dict would take as much memory as
all postings. The same passages give the same arrays, whether they were added together or one by
one.
"""

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from bot.retrieval.index.offsets import compute_starts

_TERMS_PER_TURN = 1 << 14


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
        # In parts, so that other threads get their turns while a long text is numbered.
        for start in range(0, len(passage), _TERMS_PER_TURN):
            terms.extend(map(seen.__getitem__, passage[start : start + _TERMS_PER_TURN]))
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
        positions: The position among the passage's terms of each occurrence, ascending within a
            posting, in the narrowest unsigned dtype.
        position_starts: The offset of each term's positions, then the number of positions.
        lengths: The number of terms in each passage, repeated terms included.
    """

    vocabulary: Vocabulary
    starts: NDArray[np.int64]
    passages: NDArray[np.int32]
    frequencies: NDArray[np.unsignedinteger]
    positions: NDArray[np.unsignedinteger]
    position_starts: NDArray[np.int64]
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
        order = np.argsort(terms, kind="stable")
        terms = terms[order]
        order -= np.repeat((np.cumsum(lengths) - lengths), lengths)[order]
        first_occurrences = np.flatnonzero(np.diff(terms, prepend=-1))
        keys, frequencies = terms[first_occurrences], np.diff(first_occurrences, append=len(terms))
        ends = np.arange(len(vocabulary) + 1) * size
        return cls(
            vocabulary=vocabulary,
            starts=np.searchsorted(keys, ends),
            passages=(keys % size).astype(np.int32),
            frequencies=_narrow(frequencies),
            positions=_narrow(order),
            position_starts=np.searchsorted(terms, ends),
            lengths=lengths,
        )

    def get_postings(self, term: str) -> tuple[NDArray[np.int32], NDArray[np.unsignedinteger]]:
        """Return the passages that contain `term`, ascending, and its frequency in each."""
        number = self.vocabulary.find_number(term)
        term_slice = slice(0) if number is None else slice(*self.starts[number : number + 2])
        return self.passages[term_slice], self.frequencies[term_slice]

    def find_phrase(self, terms: Sequence[str]) -> NDArray[np.integer]:
        """Return the passages that contain these terms side by side, ascending."""
        # An occurrence is numbered by the place at which the phrase would begin.
        stride = int(self.lengths.max(initial=0)) + 1
        occurrences = [
            self._number_occurrences(term, offset, stride) for offset, term in enumerate(terms)
        ]
        begins, *others = sorted(occurrences, key=len)
        for other in others:
            begins = begins[np.isin(begins, other, assume_unique=True)]
        return np.unique(begins // stride)

    def _number_occurrences(self, term: str, offset: int, stride: int) -> NDArray[np.int64]:
        """Return passage * stride + position - offset of each occurrence that has this position."""
        number = self.vocabulary.find_number(term)
        if number is None:
            return np.empty(0, dtype=np.int64)
        passages, frequencies = self.get_postings(term)
        positions = self.positions[slice(*self.position_starts[number : number + 2])]
        begins = positions.astype(np.int64) - offset
        numbers = np.repeat(passages.astype(np.int64) * stride, frequencies) + begins
        return numbers[begins >= 0]

    def select(self, mask: NDArray[np.bool_]) -> Self:
        """Return the postings of the passages that `mask` marks, renumbered from 0."""
        if mask.all():
            return self
        is_kept = mask[self.passages]
        sizes = np.add.reduceat(is_kept, self.starts[:-1], dtype=np.int64)
        is_position_kept = np.repeat(is_kept, self.frequencies)
        position_sizes = np.add.reduceat(
            is_position_kept, self.position_starts[:-1], dtype=np.int64
        )
        numbers = np.cumsum(mask, dtype=np.int32) - 1
        return type(self)(
            vocabulary=self.vocabulary.select(sizes > 0),
            starts=compute_starts(sizes[sizes > 0]),
            passages=numbers[self.passages[is_kept]],
            frequencies=self.frequencies[is_kept],
            positions=self.positions[is_position_kept],
            position_starts=compute_starts(position_sizes[sizes > 0]),
            lengths=self.lengths[mask],
        )

    def concatenate(self, later: Self) -> Self:
        """Return the postings of these passages followed by those of `later`."""
        vocabulary, own_numbers, later_numbers = self.vocabulary.merge(later.vocabulary)

        def count_both(own: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.int64]:
            """Return the number of entries of each term here, and in the later ones."""
            sizes = np.zeros((2, len(vocabulary)), dtype=np.int64)
            sizes[0, own_numbers] = np.diff(own)
            sizes[1, later_numbers] = np.diff(others)
            return sizes

        sizes = count_both(self.starts, later.starts)
        position_sizes = count_both(self.position_starts, later.position_starts)
        return type(self)(
            vocabulary=vocabulary,
            starts=compute_starts(sizes.sum(axis=0)),
            passages=_insert(self.passages, later.passages + len(self.lengths), sizes),
            frequencies=_insert(self.frequencies, later.frequencies, sizes),
            positions=_insert(self.positions, later.positions, position_sizes),
            position_starts=compute_starts(position_sizes.sum(axis=0)),
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
            "positions": self.positions,
            "position_starts": self.position_starts,
            "lengths": self.lengths,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Build postings from the arrays of `to_arrays`, which may be memory-mapped."""
        names = [field.name for field in fields(cls) if field.name != "vocabulary"]
        vocabulary = Vocabulary(text=arrays["text"], starts=arrays["text_starts"])
        return cls(vocabulary=vocabulary, **{name: arrays[name] for name in names})


def _narrow(numbers: NDArray[np.integer]) -> NDArray[np.unsignedinteger]:
    """Return the numbers in the narrowest unsigned dtype that can hold them."""
    return numbers.astype(np.min_scalar_type(numbers.max(initial=0)))


def _insert(own: NDArray[Any], others: NDArray[Any], sizes: NDArray[np.int64]) -> NDArray[Any]:
    """Insert the other entries of each term behind its own ones.

    Args:
        own: The own entries, one term after another.
        others: The other entries, one term after another.
        sizes: The number of own entries of each term, and of other entries.
    """
    places = np.repeat(np.cumsum(sizes[0]), sizes[1])
    return np.insert(own.astype(np.result_type(own, others)), places, others)
