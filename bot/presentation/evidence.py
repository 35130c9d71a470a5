"""Passages about what a message says, as blocks."""

from collections.abc import Iterator

from bot.lookups.listing import Listing
from bot.presentation.answer import excerpt_blocks, reading_buttons
from bot.presentation.blocks import Block, Heading, Line

NONE_FOUND = Heading(text="No passage speaks of what this message says.", warns=True)
NO_JUDGEMENT = Line(
    text="These passages speak of the same things as the message. "
    "Whether they bear it out is for you to judge.",
    subtle=True,
)

_PER_PAGE = 3


def per_page(_listing: Listing) -> int:
    """How many entries a page shows at most."""
    return _PER_PAGE


def entry_blocks(listing: Listing, places: range) -> Iterator[Block]:
    """The entries at these places, from 0; with no entry at all, that there is none."""
    yield NO_JUDGEMENT if listing.entries else NONE_FOUND
    for place in places:
        yield from excerpt_blocks(listing.entries[place])
        yield from reading_buttons(place + 1)
