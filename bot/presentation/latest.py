"""The newest articles as blocks: each with its leading sentence, and where it is from."""

from collections.abc import Iterator

from bot.dates.calendar import format_day, range_text
from bot.lookups.latest import MAX_CHARS_FACT, SOURCE_FACT, NearestDays
from bot.lookups.listing import Listing
from bot.lookups.source_counts import DayCount
from bot.presentation.answer import build_excerpt_blocks
from bot.presentation.blocks import Block, Heading, Line, Quote
from bot.presentation.buttons import build_reading_buttons
from bot.presentation.wording import format_count, format_name
from bot.retrieval.answering.excerpts import Citation

LATEST_PAGE_SIZE = 5

NO_ARTICLES_YET = "The library holds no article published up to now."


def build_latest_blocks(listing: Listing, positions: range) -> Iterator[Block]:
    """The entries at these places, from 0; with no entry at all, that there is none."""
    source = listing.facts.get(SOURCE_FACT, listing.bounds.source)
    if listing.entries:
        yield Heading(text=f"The newest articles{_format_source_suffix(source)}")
    else:
        text = (
            f"The library holds no article{_format_source_suffix(source)}"
            if source
            else NO_ARTICLES_YET
        )
        yield Heading(text=text, is_warning=True)
    yield from _build_entries(listing, positions)


def build_day_blocks(listing: Listing, positions: range) -> Iterator[Block]:
    """The entries at these places, from 0, and the nearest days that the library has."""
    (days,) = listing.days
    articles = format_count(listing.total, "article") if listing.total else "no article"
    yield Heading(text=f"{range_text(days)}: {articles}", is_warning=not listing.total)
    nearest = NearestDays.from_facts(listing.facts)
    yield from _build_nearest_line("before", nearest.before)
    yield from _build_nearest_line("after", nearest.after)
    if nearest == NearestDays(before=None, after=None) and not listing.total:
        yield Line(text=NO_ARTICLES_YET)
    yield from _build_entries(listing, positions)


def _build_nearest_line(side: str, nearest_day: DayCount | None) -> Iterator[Block]:
    if nearest_day:
        articles = format_count(nearest_day.article_count, "article")
        yield Line(
            text=f"The nearest day {side}: {format_day(nearest_day.day)}, {articles}.",
            is_subtle=True,
        )


def _build_entries(listing: Listing, positions: range) -> Iterator[Block]:
    for position in positions:
        yield from build_brief_blocks(listing.entries[position], int(listing.facts[MAX_CHARS_FACT]))
        yield from build_reading_buttons(position + 1)


def build_brief_blocks(citation: Citation, max_chars: int) -> Iterator[Block]:
    """An article by one quote of it, or where that is longer than `max_chars`, without."""
    for block in build_excerpt_blocks(citation):
        if isinstance(block, Quote) and len(block.text) > max_chars:
            yield Heading(text="An article without a sentence short enough to be quoted")
        else:
            yield block


def _format_source_suffix(source: str | None) -> str:
    return f" of {format_name(source)}" if source else ""
