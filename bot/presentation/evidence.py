"""Passages on the topics of a Discord message, as blocks."""

from collections.abc import Iterator

from bot.lookups.listing import Listing
from bot.presentation.answer import build_excerpt_blocks
from bot.presentation.blocks import Block, Heading, Line
from bot.presentation.buttons import build_reading_buttons

NONE_FOUND = Heading(text="No passage covers the content of this message.", is_warning=True)
NO_JUDGEMENT = Line(
    text="These passages cover the same topics as the message. "
    "Judge for yourself whether they support it.",
    is_subtle=True,
)

EVIDENCE_PAGE_SIZE = 3


def build_evidence_blocks(listing: Listing, positions: range) -> Iterator[Block]:
    """Yield the entries at these positions, counted from 0, or a notice if there are none."""
    yield NO_JUDGEMENT if listing.entries else NONE_FOUND
    for position in positions:
        yield from build_excerpt_blocks(listing.entries[position])
        yield from build_reading_buttons(position + 1)
