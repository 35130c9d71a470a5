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


def _starts(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each of the runs of these sizes starts, and at last where all end."""
    return np.append(0, np.cumsum(sizes))


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
    def of(cls, terms: Iterable[str]) -> Self:
        """The vocabulary of `terms`, which are in order."""
        encoded = [term.encode(errors="surrogatepass") for term in terms]
        text = np.frombuffer(b"".join(encoded), dtype=np.uint8)
        return cls(text=text, starts=_starts(np.fromiter(map(len, encoded), dtype=np.int64)))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, number: int) -> str:
        encoded = self.text[self.starts[number] : self.starts[number + 1]].tobytes()
        return encoded.decode(errors="surrogatepass")

    def __iter__(self) -> Iterator[str]:
        return map(self.__getitem__, range(len(self)))

    def number_of(self, term: str) -> int | None:
        """The number of `term`; None for one that is not here."""
        place = bisect_left(self, term)
        return place if self._stands_at(place, term) else None

    def _stands_at(self, place: int, term: str) -> bool:
        return place < len(self) and self[place] == term

    def kept(self, keep: NDArray[np.bool_]) -> Self:
        """The vocabulary of the terms that `keep` marks."""
        sizes = np.diff(self.starts)
        return type(self)(text=self.text[np.repeat(keep, sizes)], starts=_starts(sizes[keep]))

    def united(self, other: Self) -> tuple[Self, NDArray[np.intp], NDArray[np.intp]]:
        """The terms of both, and the numbers there of the terms of this one and of `other`.

        Each term of `other` is looked up here, so it should be the smaller one.
        """
        places = np.fromiter((bisect_left(self, term) for term in other), dtype=np.intp)
        new = ~np.fromiter(map(self._stands_at, places, other), dtype=np.bool_)
        gaps, added = places[new], other.kept(new)
        sizes = np.diff(added.starts)
        union = type(self)(
            text=np.insert(self.text, np.repeat(self.starts[gaps], sizes), added.text),
            starts=_starts(np.insert(np.diff(self.starts), gaps, sizes)),
        )
        own = np.arange(len(self))
        own += np.searchsorted(gaps, own, side="right")
        return union, own, places + np.cumsum(new) - new


def _read(
    corpus: Iterable[Sequence[str]],
) -> tuple[Vocabulary, NDArray[np.int64], NDArray[np.int32]]:
    """The vocabulary, the numbers of all terms one passage after another, and their lengths."""
    seen = defaultdict[str, int]()
    seen.default_factory = seen.__len__
    terms, lengths = array("i"), array("i")
    for passage in corpus:
        terms.extend(map(seen.__getitem__, passage))
        lengths.append(len(passage))
    ordered = sorted(seen)
    numbers = np.argsort([seen[term] for term in ordered])
    return Vocabulary.of(ordered), numbers[np.asarray(terms)], np.asarray(lengths)


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
    def built(cls, corpus: Iterable[Sequence[str]]) -> Self:
        """The postings of passages given as their terms, which are read once."""
        vocabulary, terms, lengths = _read(corpus)
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

    def of(self, term: str) -> tuple[NDArray[np.int32], NDArray[np.unsignedinteger]]:
        """The passages that hold `term`, ascending, and how often each does."""
        number = self.vocabulary.number_of(term)
        own = slice(0) if number is None else slice(*self.starts[number : number + 2])
        return self.passages[own], self.frequencies[own]

    def kept(self, keep: NDArray[np.bool_]) -> Self:
        """The postings of the passages that `keep` marks, which are numbered anew."""
        if keep.all():
            return self
        stays = keep[self.passages]
        sizes = np.add.reduceat(stays, self.starts[:-1], dtype=np.int64)
        numbers = np.cumsum(keep, dtype=np.int32) - 1
        return type(self)(
            vocabulary=self.vocabulary.kept(sizes > 0),
            starts=_starts(sizes[sizes > 0]),
            passages=numbers[self.passages[stays]],
            frequencies=self.frequencies[stays],
            lengths=self.lengths[keep],
        )

    def followed_by(self, later: Self) -> Self:
        """The postings of these passages, then of the `later` ones."""
        vocabulary, own, others = self.vocabulary.united(later.vocabulary)
        sizes = np.zeros((2, len(vocabulary)), dtype=np.int64)
        sizes[0, own] = np.diff(self.starts)
        sizes[1, others] = np.diff(later.starts)
        places = np.repeat(np.cumsum(sizes[0]), sizes[1])
        wide = np.result_type(self.frequencies, later.frequencies)
        return type(self)(
            vocabulary=vocabulary,
            starts=_starts(sizes.sum(axis=0)),
            passages=np.insert(self.passages, places, later.passages + len(self.lengths)),
            frequencies=np.insert(self.frequencies.astype(wide), places, later.frequencies),
            lengths=np.append(self.lengths, later.lengths),
        )

    def arrays(self) -> Mapping[str, NDArray[Any]]:
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
        others = {name: arrays[name] for name in ("starts", "passages", "frequencies", "lengths")}
        vocabulary = Vocabulary(text=arrays["text"], starts=arrays["text_starts"])
        return cls(vocabulary=vocabulary, **others)
