"""Passages about what a message says, as blocks."""

from collections.abc import Iterator

from bot.lookups.listing import Listing
from bot.presentation.answer import build_excerpt_blocks
from bot.presentation.blocks import Block, Heading, Line
from bot.presentation.buttons import build_reading_buttons

NONE_FOUND = Heading(text="No passage speaks of what this message says.", is_warning=True)
NO_JUDGEMENT = Line(
    text="These passages speak of the same things as the message. "
    "Whether they bear it out is for you to judge.",
    is_subtle=True,
)

EVIDENCE_PAGE_SIZE = 3


def build_evidence_blocks(listing: Listing, positions: range) -> Iterator[Block]:
    """The entries at these places, from 0; with no entry at all, that there is none."""
    yield NO_JUDGEMENT if listing.entries else NONE_FOUND
    for position in positions:
        yield from build_excerpt_blocks(listing.entries[position])
        yield from build_reading_buttons(position + 1)
