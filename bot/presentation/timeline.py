"""A timeline as blocks: one sentence per step, and the gaps between the steps."""

from collections.abc import Iterator
from datetime import date, timedelta

from bot.dates.calendar import Period, format_day, range_text
from bot.lookups.listing import Listing
from bot.lookups.timeline import MAX_STEPS, STEP_FACT, UNQUOTED_FACT, UNTIL_FACT, TimelineStep
from bot.model.day_range import DayRange
from bot.presentation.answer import build_excerpt_blocks
from bot.presentation.blocks import Block, Heading, Line
from bot.presentation.buttons import build_reading_buttons

NOTHING_FOUND = "No article covers all of this."
STEPS_TOO_LONG = "Everything that the articles say about this is too long to quote."

TIMELINE_PAGE_SIZE = 5
_ONE_DAY = timedelta(days=1)


def build_timeline_blocks(listing: Listing, positions: range) -> Iterator[Block]:
    """Yield the steps at these positions, counted from 0, with the gaps around them."""
    if not listing.entries:
        yield Heading(text=STEPS_TOO_LONG if listing.total else NOTHING_FOUND, is_warning=True)
    elif positions.start == 0:
        yield from _build_intro(listing)
    for position in positions:
        period = _get_period(listing, position)
        yield from _build_gap(listing, _find_gap_start(listing, position), period.first - _ONE_DAY)
        yield Heading(text=range_text(DayRange(first=period.first, last=period.last)))
        yield from build_excerpt_blocks(listing.entries[position])
        yield from build_reading_buttons(position + 1)
    # A timeline with more steps than it shows has no gap at its end: the next step follows there.
    if positions and positions.stop == len(listing.entries) and listing.total <= MAX_STEPS:
        yield from _build_gap(
            listing,
            _get_period(listing, positions.stop - 1).last + _ONE_DAY,
            _find_timeline_end(listing),
        )


def _get_period(listing: Listing, position: int) -> Period:
    day = listing.entries[position].article.published_on
    # Only judged questions have undated articles, and they have no timelines.
    return TimelineStep(listing.facts[STEP_FACT]).find_period(day or date.min)


def _find_gap_start(listing: Listing, position: int) -> date | None:
    """Return the day after the previous step; for the first step, the start of the timeline."""
    return _get_period(listing, position - 1).last + _ONE_DAY if position else listing.bounds.after


def _find_timeline_end(listing: Listing) -> date | None:
    """Return the last day of the timeline, but no later than the day it was made; None if open."""
    if listing.bounds.before is None:
        return None
    return min(listing.bounds.before, date.fromisoformat(listing.facts[UNTIL_FACT]))


def _build_gap(listing: Listing, first: date | None, last: date | None) -> Iterator[Block]:
    """Yield a line for days without articles; nothing if there are none, or an end is open."""
    if first is None or last is None or first > last:
        return
    days = DayRange(first=first, last=last)
    unquoted_days = map(date.fromisoformat, listing.facts[UNQUOTED_FACT].split())
    caveat = " (except some too long to quote)" if any(map(days.contains, unquoted_days)) else ""
    yield Line(text=f"No articles: {range_text(days)}{caveat}", is_subtle=True)


def _build_intro(listing: Listing) -> Iterator[Block]:
    step = listing.facts[STEP_FACT]
    yield Line(
        text=f"One sentence per {step} from the articles about this. "
        "“No articles” marks days without an article about this.",
        is_subtle=True,
    )
    if listing.total > MAX_STEPS:
        yield Line(text=_format_truncation(listing))


def _format_truncation(listing: Listing) -> str:
    """Return the notice that the timeline is cut, and how to see the rest."""
    step = TimelineStep(listing.facts[STEP_FACT])
    last = _get_period(listing, len(listing.entries) - 1).last
    coarser_hint = f"steps of a {step.coarser}, " if step.coarser else ""
    return (
        f"A timeline shows at most {MAX_STEPS} steps, and this has {listing.total:,}; "
        f"it ends on {format_day(last)}. "
        f"To see the rest, choose {coarser_hint}a later start or a shorter period."
    )
