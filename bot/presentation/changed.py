"""Statements since a day, each beside an earlier one about the same thing, as blocks."""

from collections.abc import Iterator
from datetime import date

from bot.dates.calendar import format_day
from bot.lookups.changed import SINCE_FACT
from bot.lookups.listing import Listing
from bot.presentation.answer import build_excerpt_blocks
from bot.presentation.blocks import Block, Heading
from bot.presentation.buttons import build_reading_buttons

CHANGED_PAGE_SIZE = 4
"""Two pairs of statements."""


def build_changed_blocks(listing: Listing, positions: range) -> Iterator[Block]:
    """Yield the entries at these positions, counted from 0, each marked as earlier or later."""
    since = date.fromisoformat(listing.facts[SINCE_FACT])
    if not listing.entries:
        yield Heading(
            text=f"No report since {format_day(since)} updates an earlier one.",
            is_warning=True,
        )
    for position in positions:
        entry = listing.entries[position]
        is_new = (entry.article.published_on or since) >= since
        side = "Reported since" if is_new else "Last reported before"
        yield Heading(text=f"{side} {format_day(since)}")
        yield from build_excerpt_blocks(entry)
        yield from build_reading_buttons(position + 1)
