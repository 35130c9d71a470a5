"""The newest articles as blocks: each with its leading sentence, and where it is from."""

from collections.abc import Iterator

from bot.dates.calendar import day_text, range_text
from bot.lookups.latest import MAX_CHARS, SOURCE, Nearest
from bot.lookups.listing import Listing
from bot.lookups.source_counts import HeldDay
from bot.presentation.answer import excerpt_blocks, reading_buttons
from bot.presentation.blocks import Block, Heading, Line, Quote
from bot.presentation.wording import count_text, name_text
from bot.retrieval.answering.excerpts import Citation

_PER_PAGE = 5

NOTHING_YET = "The library holds no article published up to now."


def per_page(_listing: Listing) -> int:
    """How many entries a page shows at most."""
    return _PER_PAGE


def latest_blocks(listing: Listing, places: range) -> Iterator[Block]:
    """The entries at these places, from 0; with no entry at all, that there is none."""
    source = listing.facts.get(SOURCE, listing.bounds.source)
    if listing.entries:
        yield Heading(text=f"The newest articles{_of(source)}")
    else:
        text = f"The library holds no article{_of(source)}" if source else NOTHING_YET
        yield Heading(text=text, warns=True)
    yield from _entries(listing, places)


def on_blocks(listing: Listing, places: range) -> Iterator[Block]:
    """The entries at these places, from 0, and the nearest days that the library has."""
    (days,) = listing.days
    held = count_text(listing.total, "article") if listing.total else "no article"
    yield Heading(text=f"{range_text(days)}: {held}", warns=not listing.total)
    nearest = Nearest.of_facts(listing.facts)
    yield from _nearest("before", nearest.before)
    yield from _nearest("after", nearest.after)
    if nearest == Nearest(before=None, after=None) and not listing.total:
        yield Line(text=NOTHING_YET)
    yield from _entries(listing, places)


def _nearest(side: str, held: HeldDay | None) -> Iterator[Block]:
    if held:
        articles = count_text(held.articles, "article")
        yield Line(text=f"The nearest day {side}: {day_text(held.day)}, {articles}.", subtle=True)


def _entries(listing: Listing, places: range) -> Iterator[Block]:
    for place in places:
        yield from brief_blocks(listing.entries[place], int(listing.facts[MAX_CHARS]))
        yield from reading_buttons(place + 1)


def brief_blocks(citation: Citation, max_chars: int) -> Iterator[Block]:
    """An article by one quote of it, or where that is longer than `max_chars`, without."""
    for block in excerpt_blocks(citation):
        if isinstance(block, Quote) and len(block.text) > max_chars:
            yield Heading(text="An article without a sentence short enough to be quoted")
        else:
            yield block


def _of(source: str | None) -> str:
    return f" of {name_text(source)}" if source else ""
