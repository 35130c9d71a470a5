"""What a search found, as blocks."""

from collections.abc import Iterator

from bot.lookups.listing import Listing
from bot.lookups.search import DETAIL, SORT, Detail, Sort
from bot.presentation.answer import excerpt_blocks, reading_buttons
from bot.presentation.blocks import Block, Heading, Line
from bot.presentation.wording import count_text, reason_text

_PER_PAGE = {Detail.FULL: 5, Detail.COMPACT: 8}


def per_page(listing: Listing) -> int:
    """How many entries a page shows at most."""
    return _PER_PAGE[_detail(listing)]


def is_by_day(listing: Listing) -> bool:
    """Whether it is of a search that gives each article once, by its day."""
    return listing.facts.get(SORT) in {Sort.NEWEST, Sort.OLDEST}


def entry_blocks(listing: Listing, places: range) -> Iterator[Block]:
    """The entries at these places, from 0; with no entry at all, that there is none."""
    if not listing.entries:
        yield Heading(text="No passage was found.", warns=True)
    for reason in listing.reasons:
        yield Line(text=reason_text(reason), subtle=bool(listing.entries))
    if listing.undated_total and not listing.entries:
        yield Line(text=f"Without these dates: {count_text(listing.undated_total, 'passage')}.")
    for place in places:
        yield from excerpt_blocks(listing.entries[place])
        if _detail(listing) is Detail.FULL:
            yield from reading_buttons(place + 1)


def _detail(listing: Listing) -> Detail:
    return Detail(listing.facts[DETAIL])
