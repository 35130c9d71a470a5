"""Spans of text."""

from typing import NamedTuple


class Span(NamedTuple):
    """Half-open character offsets into a text: `text[start:end]`."""

    start: int
    end: int

    def extract(self, text: str) -> str:
        """Return the part of `text` that the span covers."""
        return text[self.start : self.end]

    def shift(self, by: int) -> "Span":
        """Return the span moved by `by` characters, which can be negative."""
        return Span(self.start + by, self.end + by)


EMPTY_SPAN = Span(0, 0)
"""A span of no characters."""
