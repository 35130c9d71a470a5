"""What was said from a day on beside what was said before it, as blocks."""

from collections.abc import Iterator
from datetime import date

from bot.dates.calendar import format_day
from bot.lookups.changed import SINCE_FACT
from bot.lookups.listing import Listing
from bot.presentation.answer import build_excerpt_blocks
from bot.presentation.blocks import Block, Heading
from bot.presentation.buttons import build_reading_buttons

CHANGED_PAGE_SIZE = 4
"""Two pairs."""


def build_changed_blocks(listing: Listing, positions: range) -> Iterator[Block]:
    """The entries at these places, from 0, each with on which side of the day it was said."""
    since = date.fromisoformat(listing.facts[SINCE_FACT])
    if not listing.entries:
        yield Heading(
            text=f"Nothing said since {format_day(since)} goes with something said before.",
            is_warning=True,
        )
    for position in positions:
        entry = listing.entries[position]
        is_new = (entry.article.published_on or since) >= since
        side = "Said since" if is_new else "Last said before"
        yield Heading(text=f"{side} {format_day(since)}")
        yield from build_excerpt_blocks(entry)
        yield from build_reading_buttons(position + 1)
