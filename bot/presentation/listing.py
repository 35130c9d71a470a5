"""The result of a lookup, one page at a time: dates, entries and buttons."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from bot.dates.calendar import range_text
from bot.lookups.listing import Listing, Lookup
from bot.model.counts import format_count
from bot.presentation.answer import citation_to_json
from bot.presentation.article import MAX_PIECES, build_article_page_blocks
from bot.presentation.blocks import Block, Line
from bot.presentation.buttons import build_delete_button, build_page_buttons, build_undated_button
from bot.presentation.changed import CHANGED_PAGE_SIZE, build_changed_blocks
from bot.presentation.digest import DIGEST_PAGE_SIZE, build_digest_entry_blocks
from bot.presentation.evidence import EVIDENCE_PAGE_SIZE, build_evidence_blocks
from bot.presentation.latest import LATEST_PAGE_SIZE, build_day_blocks, build_latest_blocks
from bot.presentation.search import build_search_blocks, get_search_page_size, is_by_day
from bot.presentation.timeline import TIMELINE_PAGE_SIZE, build_timeline_blocks
from bot.presentation.wording import format_dates, format_reason

_PHRASE = re.compile(r'"([^"]+)"')


class ListingView(NamedTuple):
    """The presentation of one kind of lookup.

    Attributes:
        page_size: The most entries on one page.
        build_entry_blocks: Builds the entries at given positions, counted from 0, or a notice if the
            lookup found none.
        noun: The noun for an entry, in the singular; its plural is formed with an s.
        shows_days: Whether the entries already stand below their days and their count. Such a lookup
            has no "Without these dates" button, since its days are all that it searches for.
    """

    page_size: int
    build_entry_blocks: Callable[[Listing, range], Iterator[Block]]
    noun: str
    shows_days: bool = False


VIEWS: Mapping[Lookup, ListingView] = {
    Lookup.TIMELINE: ListingView(TIMELINE_PAGE_SIZE, build_timeline_blocks, "step"),
    Lookup.CHANGED: ListingView(CHANGED_PAGE_SIZE, build_changed_blocks, "sentence"),
    Lookup.EVIDENCE: ListingView(EVIDENCE_PAGE_SIZE, build_evidence_blocks, "passage"),
    Lookup.LATEST: ListingView(LATEST_PAGE_SIZE, build_latest_blocks, "article"),
    Lookup.DIGEST: ListingView(DIGEST_PAGE_SIZE, build_digest_entry_blocks, "excerpt"),
    Lookup.ON: ListingView(LATEST_PAGE_SIZE, build_day_blocks, "article", shows_days=True),
}
"""The views of all lookups except searches, whose view depends on their options, and articles."""


def _get_view(listing: Listing) -> ListingView:
    if listing.lookup is Lookup.SEARCH:
        noun = "article" if is_by_day(listing) else "passage"
        return ListingView(get_search_page_size(listing), build_search_blocks, noun)
    return VIEWS[listing.lookup]


def get_page_size(listing: Listing) -> int:
    """Return the most entries on one page."""
    return MAX_PIECES if listing.lookup is Lookup.ARTICLE else _get_view(listing).page_size


def get_page_positions(
    listing: Listing, first_entry: int = 1, max_entries: int | None = None
) -> range:
    """Return the positions, from 0, of the page that starts at `first_entry`, counted from 1."""
    count = get_page_size(listing) if max_entries is None else max_entries
    return range(first_entry - 1, min(first_entry - 1 + count, len(listing.entries)))


def build_listing_blocks(
    listing: Listing, first_entry: int = 1, max_entries: int | None = None
) -> tuple[Block, ...]:
    """Return one page of the result of a lookup.

    Args:
        listing: The result.
        first_entry: The first entry of the page, from 1; for an article, its first paragraph.
        max_entries: The most entries to show; None for a full page.
    """
    if listing.lookup is Lookup.ARTICLE:
        citation = listing.entries[0]
        return (
            *build_article_page_blocks(
                citation, first_entry, max_entries or get_page_size(listing)
            ),
            build_delete_button(),
        )
    return tuple(_build_page(listing, get_page_positions(listing, first_entry, max_entries)))


def listing_to_json(listing: Listing, max_entries: int) -> dict[str, Any]:
    """Return the result as a JSON object with its first `max_entries` entries."""
    after, before = listing.bounds.after, listing.bounds.before
    return {
        "lookup": listing.lookup.value,
        "total": listing.total,
        "after": after.isoformat() if after else None,
        "before": before.isoformat() if before else None,
        "source": listing.bounds.source,
        "dates": [range_text(days) for days in listing.dates],
        "reasons": [format_reason(reason) for reason in listing.reasons],
        **listing.facts,
        "entries": [
            citation_to_json(rank, entry)
            for rank, entry in enumerate(listing.entries[:max_entries], start=1)
        ],
    }


def build_query_line(text: str) -> Line:
    """Return the line above a result that repeats the search text.

    Phrases in it get single quotation marks, unless the whole text is one phrase.
    """
    shown_text = _PHRASE.sub(r"‘\1’", text.strip())
    if phrase := _PHRASE.fullmatch(text.strip()):
        shown_text = phrase[1]
    return Line(text=f"“{shown_text}”", is_subtle=True)


def _build_page(listing: Listing, positions: range) -> Iterator[Block]:
    view = _get_view(listing)
    has_dates = bool(listing.days) and not view.shows_days
    if has_dates:
        yield Line(text=format_dates(listing.days), is_subtle=True)
    if positions and not (view.shows_days and len(positions) == listing.total):
        yield Line(text=_format_extent(listing, positions, view.noun), is_subtle=True)
    if listing.gone_count:
        gone_text = format_count(listing.gone_count, view.noun)
        yield Line(text=f"Withdrawn and not shown: {gone_text}.", is_subtle=True)
    # If all entries were withdrawn, the notice that nothing was found would be wrong.
    if listing.entries or not listing.gone_count:
        yield from view.build_entry_blocks(listing, positions)
    yield from _build_page_buttons(listing, positions)
    if has_dates:
        yield build_undated_button()
    yield build_delete_button()


def _format_extent(listing: Listing, positions: range, noun: str) -> str:
    """Return which entries are shown, and the total: `1 to 4 of 6 steps`."""
    entry_count, total = len(listing.entries), format_count(listing.total, noun)
    if len(positions) == entry_count:
        return f"{total}." if entry_count == listing.total else f"{entry_count} of {total}."
    numbers = " to ".join(map(str, sorted({positions.start + 1, positions.stop})))
    # Only the first entries are stored, as in "6 to 10 of the first 30, of 48 articles".
    if entry_count + listing.gone_count < listing.total:
        return f"{numbers} of the first {entry_count + listing.gone_count}, of {total}."
    return f"{numbers} of {total}."


def _build_page_buttons(listing: Listing, positions: range) -> Iterator[Block]:
    previous_rank = max(1, positions.start + 1 - get_page_size(listing))
    has_next = positions.stop < len(listing.entries)
    yield from build_page_buttons(
        previous_rank=previous_rank if positions.start > 0 else None,
        next_rank=positions.stop + 1 if has_next else None,
    )
