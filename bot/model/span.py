"""Where a piece of text stands."""

from typing import NamedTuple


class Span(NamedTuple):
    """Half-open character offsets into a text: `text[start:end]`."""

    start: int
    end: int

    def extract(self, text: str) -> str:
        """The piece of `text` that the span marks."""
        return text[self.start : self.end]

    def shift(self, by: int) -> "Span":
        """The same span in a text that holds this one `by` characters further on."""
        return Span(self.start + by, self.end + by)


EMPTY_SPAN = Span(0, 0)
"""The span that holds nothing."""
