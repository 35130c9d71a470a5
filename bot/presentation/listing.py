"""What a lookup found, a page at a time: entries, what was understood, and buttons to go on."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from bot.dates.calendar import range_text
from bot.lookups.listing import Listing, Lookup
from bot.presentation import article, changed, digest, evidence, search, timeline
from bot.presentation import latest as newest
from bot.presentation.answer import citation_object, delete_button, undated_button
from bot.presentation.blocks import Action, Block, Button, ButtonStyle, Line
from bot.presentation.wording import count_text, dates_text, reason_text


class View(NamedTuple):
    """How the entries of one lookup are shown.

    Attributes:
        per_page: How many entries a page shows at most.
        entry_blocks: The entries at these places, from 0; with no entry at all, that there is none.
        thing: What is counted, in the singular; its plural ends in s.
        tells_days: Whether the entries stand under the days that were looked for, and their count:
            nothing is left of such a lookup without its days.
    """

    per_page: Callable[[Listing], int]
    entry_blocks: Callable[[Listing, range], Iterator[Block]]
    thing: str
    tells_days: bool = False


VIEWS: Mapping[Lookup, View] = {
    Lookup.SEARCH: View(search.per_page, search.entry_blocks, "passage"),
    Lookup.TIMELINE: View(timeline.per_page, timeline.entry_blocks, "step"),
    Lookup.CHANGED: View(changed.per_page, changed.entry_blocks, "sentence"),
    Lookup.EVIDENCE: View(evidence.per_page, evidence.entry_blocks, "passage"),
    Lookup.LATEST: View(newest.per_page, newest.latest_blocks, "article"),
    Lookup.DIGEST: View(digest.per_page, digest.entry_blocks, "excerpt"),
    Lookup.ON: View(newest.per_page, newest.on_blocks, "article", tells_days=True),
}
"""All lookups but that of an article, which is read from one paragraph to the next."""

_BY_DAY = View(search.per_page, search.entry_blocks, "article")


def _view(listing: Listing) -> View:
    return _BY_DAY if search.is_by_day(listing) else VIEWS[listing.lookup]


def per_page(listing: Listing) -> int:
    """How many entries a page shows at most."""
    if listing.lookup is Lookup.ARTICLE:
        return article.MOST_PIECES
    return _view(listing).per_page(listing)


def shown_places(listing: Listing, first: int = 1, most: int | None = None) -> range:
    """The places, from 0, of the entries on the page that begins with the entry `first`, from 1."""
    count = per_page(listing) if most is None else most
    return range(first - 1, min(first - 1 + count, len(listing.entries)))


def listing_blocks(listing: Listing, first: int = 1, most: int | None = None) -> tuple[Block, ...]:
    """One page of what a lookup found.

    Args:
        listing: What it found.
        first: The entry that the page begins with, from 1; of an article, the paragraph.
        most: How many entries to show at most; None for as many as a page has.
    """
    if listing.lookup is Lookup.ARTICLE:
        opened = listing.entries[0]
        return (*article.page_blocks(opened, first, most or per_page(listing)), delete_button())
    return tuple(_page(listing, shown_places(listing, first, most)))


def listing_object(listing: Listing, most: int) -> dict[str, Any]:
    """What a lookup found as a JSON object, with the first `most` of its entries."""
    after, before = listing.bounds.after, listing.bounds.before
    return {
        "lookup": listing.lookup.value,
        "total": listing.total,
        "after": after.isoformat() if after else None,
        "before": before.isoformat() if before else None,
        "source": listing.bounds.source,
        "dates": [range_text(days) for days in listing.dates],
        "reasons": [reason_text(reason) for reason in listing.reasons],
        **listing.facts,
        "entries": [
            citation_object(rank, each) for rank, each in enumerate(listing.entries[:most], start=1)
        ],
    }


def typed_line(text: str) -> Line:
    """What a person typed, above what was found."""
    return Line(text=f"“{text.strip()}”", subtle=True)


def _page(listing: Listing, places: range) -> Iterator[Block]:
    view = _view(listing)
    has_dates = bool(listing.days) and not view.tells_days
    if has_dates:
        yield Line(text=dates_text(listing.days), subtle=True)
    if places and not (view.tells_days and len(places) == listing.total):
        yield Line(text=_extent_text(listing, places, view.thing), subtle=True)
    if listing.gone:
        gone = count_text(listing.gone, view.thing)
        yield Line(text=f"Taken back since, and left out: {gone}.", subtle=True)
    if listing.entries or not listing.gone:
        yield from view.entry_blocks(listing, places)
    yield from _turns(listing, places)
    if has_dates:
        yield undated_button()
    yield delete_button()


def _extent_text(listing: Listing, places: range, thing: str) -> str:
    """Which entries these are, of how many."""
    kept, total = len(listing.entries), count_text(listing.total, thing)
    if len(places) == kept:
        return f"{total}." if kept == listing.total else f"{kept} of {total}."
    numbers = " to ".join(map(str, sorted({places.start + 1, places.stop})))
    if kept + listing.gone < listing.total:
        return f"{numbers} of the first {kept + listing.gone}, of {total}."
    return f"{numbers} of {total}."


def _turns(listing: Listing, places: range) -> Iterator[Block]:
    if places.start > 0:
        before = max(1, places.start + 1 - per_page(listing))
        yield Button(label="Previous", action=Action.PAGE, rank=before)
    if places.stop < len(listing.entries):
        yield Button(
            label="Next", action=Action.PAGE, rank=places.stop + 1, style=ButtonStyle.LEADING
        )
