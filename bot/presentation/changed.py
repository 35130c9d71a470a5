"""What was said from a day on beside what was said before it, as blocks."""

from collections.abc import Iterator
from datetime import date

from bot.dates.calendar import day_text
from bot.lookups.changed import SINCE
from bot.lookups.listing import Listing
from bot.presentation.answer import excerpt_blocks, reading_buttons
from bot.presentation.blocks import Block, Heading

_PER_PAGE = 4
"""Two pairs."""


def per_page(_listing: Listing) -> int:
    """How many entries a page shows at most."""
    return _PER_PAGE


def entry_blocks(listing: Listing, places: range) -> Iterator[Block]:
    """The entries at these places, from 0, each with on which side of the day it was said."""
    since = date.fromisoformat(listing.facts[SINCE])
    if not listing.entries:
        yield Heading(
            text=f"Nothing said since {day_text(since)} goes with something said before.",
            warns=True,
        )
    for place in places:
        entry = listing.entries[place]
        is_new = (entry.article.published_on or since) >= since
        side = "Said since" if is_new else "Last said before"
        yield Heading(text=f"{side} {day_text(since)}")
        yield from excerpt_blocks(entry)
        yield from reading_buttons(place + 1)
