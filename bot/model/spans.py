"""Many spans of one text, stored compactly."""

from collections.abc import Iterator, Sequence
from typing import Self, overload

import numpy as np
from numpy.typing import NDArray

from bot.model.span import Span

_SPANS_AT_ONCE = 100


class Spans(Sequence[Span]):
    """Spans in order that do not overlap, as two arrays.

    Attributes:
        starts: The first character of each span.
        ends: The character behind each span.
    """

    # A text of a million characters can have a third of a million sentences. As tuples they take
    # forty times the memory, and finding those of a passage would mean going through all of them.
    __slots__ = ("ends", "starts")

    def __init__(self, starts: NDArray[np.int32], ends: NDArray[np.int32]) -> None:
        self.starts = starts
        self.ends = ends

    @classmethod
    def from_bounds(cls, starts: Sequence[int], ends: Sequence[int]) -> Self:
        """Store the spans with these starts and ends."""
        return cls(np.array(starts, dtype=np.int32), np.array(ends, dtype=np.int32))

    def __len__(self) -> int:
        return len(self.starts)

    @overload
    def __getitem__(self, index: int) -> Span: ...

    @overload
    def __getitem__(self, index: slice) -> "Spans": ...

    def __getitem__(self, index: int | slice) -> "Span | Spans":
        if isinstance(index, slice):
            return Spans(self.starts[index], self.ends[index])
        return Span(int(self.starts[index]), int(self.ends[index]))

    def __iter__(self) -> Iterator[Span]:
        for first in range(0, len(self), _SPANS_AT_ONCE):
            yield from self._take(first, first + _SPANS_AT_ONCE)

    def find_inside(self, span: Span) -> tuple[Span, ...]:
        """Return the spans that lie completely inside `span`."""
        return self._take(
            int(np.searchsorted(self.starts, span.start)),
            int(np.searchsorted(self.ends, span.end, side="right")),
        )

    def find_overlapping(self, span: Span) -> tuple[Span, ...]:
        """Return the spans that have at least one character in common with `span`."""
        return self._take(
            int(np.searchsorted(self.ends, span.start, side="right")),
            int(np.searchsorted(self.starts, span.end)),
        )

    def _take(self, first: int, stop: int) -> tuple[Span, ...]:
        starts, ends = self.starts[first:stop].tolist(), self.ends[first:stop].tolist()
        return tuple(map(Span, starts, ends))
