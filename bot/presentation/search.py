"""The results of a search, as blocks."""

from collections.abc import Iterator

from bot.lookups.listing import Listing
from bot.lookups.search import DETAIL_FACT, SORT_FACT, Detail, Sort
from bot.model.counts import format_count
from bot.presentation.answer import build_excerpt_blocks
from bot.presentation.blocks import Block, Heading, Line
from bot.presentation.buttons import build_reading_buttons
from bot.presentation.wording import format_reason

_PAGE_SIZES = {Detail.FULL: 5, Detail.COMPACT: 8}


def get_search_page_size(listing: Listing) -> int:
    """Return the most entries on one page."""
    return _PAGE_SIZES[_get_detail(listing)]


def is_by_day(listing: Listing) -> bool:
    """Return whether the results are sorted by day, with each article once."""
    return listing.facts.get(SORT_FACT) in {Sort.NEWEST, Sort.OLDEST}


def build_search_blocks(listing: Listing, positions: range) -> Iterator[Block]:
    """Yield the entries at these positions, counted from 0, or a notice if there are none."""
    if not listing.entries:
        yield Heading(text="No passages found.", is_warning=True)
    for reason in listing.reasons:
        yield Line(text=format_reason(reason), is_subtle=bool(listing.entries))
    if listing.undated_total and not listing.entries:
        yield Line(text=f"Without these dates: {format_count(listing.undated_total, 'passage')}.")
    for position in positions:
        yield from build_excerpt_blocks(listing.entries[position])
        if _get_detail(listing) is Detail.FULL:
            yield from build_reading_buttons(position + 1)


def _get_detail(listing: Listing) -> Detail:
    return Detail(listing.facts[DETAIL_FACT])
