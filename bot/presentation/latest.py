"""The newest articles, and those of a day, as blocks with one sentence each."""

from collections.abc import Iterator

from bot.dates.calendar import format_day, range_text
from bot.lookups.latest import MAX_CHARS_FACT, SOURCE_FACT, NearestDays
from bot.lookups.listing import Listing
from bot.lookups.source_counts import DayCount
from bot.model.counts import format_count
from bot.presentation.answer import build_excerpt_blocks
from bot.presentation.blocks import Block, Heading, Line, Quote
from bot.presentation.buttons import build_reading_buttons
from bot.presentation.wording import NO_ARTICLES_YET, format_name
from bot.retrieval.answering.excerpts import Citation

LATEST_PAGE_SIZE = 5


def build_latest_blocks(listing: Listing, positions: range) -> Iterator[Block]:
    """Yield the heading and the entries at these positions, counted from 0."""
    source = listing.facts.get(SOURCE_FACT, listing.bounds.source)
    if listing.entries:
        yield Heading(text=f"Newest articles{_format_source_suffix(source)}")
    else:
        text = (
            f"The library has no articles{_format_source_suffix(source)}"
            if source
            else NO_ARTICLES_YET
        )
        yield Heading(text=text, is_warning=True)
    yield from _build_entries(listing, positions)


def build_day_blocks(listing: Listing, positions: range) -> Iterator[Block]:
    """Yield the entries at these positions, counted from 0, and the closest days with articles."""
    (days,) = listing.days
    articles = format_count(listing.total, "article") if listing.total else "no articles"
    yield Heading(text=f"{range_text(days)}: {articles}", is_warning=not listing.total)
    nearest = NearestDays.from_facts(listing.facts)
    yield from _build_nearest_line("earlier", nearest.before)
    yield from _build_nearest_line("later", nearest.after)
    if nearest == NearestDays(before=None, after=None) and not listing.total:
        yield Line(text=NO_ARTICLES_YET)
    yield from _build_entries(listing, positions)


def _build_nearest_line(side: str, nearest_day: DayCount | None) -> Iterator[Block]:
    if nearest_day:
        articles = format_count(nearest_day.article_count, "article")
        yield Line(
            text=f"Closest {side} day: {format_day(nearest_day.day)}, {articles}.",
            is_subtle=True,
        )


def _build_entries(listing: Listing, positions: range) -> Iterator[Block]:
    for position in positions:
        yield from build_brief_blocks(listing.entries[position], int(listing.facts[MAX_CHARS_FACT]))
        yield from build_reading_buttons(position + 1)


def build_brief_blocks(citation: Citation, max_chars: int) -> Iterator[Block]:
    """Yield the blocks of one excerpt; a notice replaces a quote longer than `max_chars`.

    A quote is never cut, so one that is too long is not shown at all.
    """
    for block in build_excerpt_blocks(citation):
        if isinstance(block, Quote) and len(block.text) > max_chars:
            yield Heading(text="No sentence of this article is short enough to quote")
        else:
            yield block


def _format_source_suffix(source: str | None) -> str:
    return f" from {format_name(source)}" if source else ""
