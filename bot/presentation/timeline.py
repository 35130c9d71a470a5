"""A timeline, as blocks: a sentence a step, and the gaps between them by name."""

from collections.abc import Iterator
from datetime import date, timedelta

from bot.dates.calendar import Period, format_day, range_text
from bot.lookups.listing import Listing
from bot.lookups.timeline import MAX_STEPS, STEP_FACT, UNQUOTED_FACT, UNTIL_FACT, TimelineStep
from bot.model.day_range import DayRange
from bot.presentation.answer import build_excerpt_blocks
from bot.presentation.blocks import Block, Heading, Line
from bot.presentation.buttons import build_reading_buttons
from bot.presentation.wording import format_count

NOTHING_FOUND = "No article speaks of all this."
STEPS_TOO_LONG = "All that the articles say of this is too long to be quoted."

TIMELINE_PAGE_SIZE = 5
_ONE_DAY = timedelta(days=1)


def build_timeline_blocks(listing: Listing, positions: range) -> Iterator[Block]:
    """The steps at these places, from 0, and the gaps around them; or that there is none."""
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
    if positions and positions.stop == len(listing.entries) and listing.total <= MAX_STEPS:
        yield from _build_gap(
            listing,
            _get_period(listing, positions.stop - 1).last + _ONE_DAY,
            _find_timeline_end(listing),
        )


def _get_period(listing: Listing, position: int) -> Period:
    day = listing.entries[position].article.published_on
    return TimelineStep(listing.facts[STEP_FACT]).find_period(
        day or date.min
    )  # those of a library all have one


def _find_gap_start(listing: Listing, position: int) -> date | None:
    """The first day after the step before this one, or that of the whole timeline."""
    return _get_period(listing, position - 1).last + _ONE_DAY if position else listing.bounds.after


def _find_timeline_end(listing: Listing) -> date | None:
    """The last day that the timeline was bound to, so far as it has come."""
    if listing.bounds.before is None:
        return None
    return min(listing.bounds.before, date.fromisoformat(listing.facts[UNTIL_FACT]))


def _build_gap(listing: Listing, first: date | None, last: date | None) -> Iterator[Block]:
    """That nothing is of these days; nothing where there are none of them, or an end is open."""
    if first is None or last is None or first > last:
        return
    days = DayRange(first=first, last=last)
    unquoted_days = map(date.fromisoformat, listing.facts[UNQUOTED_FACT].split())
    caveat = ", but for some whose sentences are too long to be quoted"
    yield Line(
        text=f"no articles {range_text(days)}{caveat if any(map(days.contains, unquoted_days)) else ''}",
        is_subtle=True,
    )


def _build_intro(listing: Listing) -> Iterator[Block]:
    step = listing.facts[STEP_FACT]
    yield Line(
        text=f"A sentence a {step}, of the articles that speak of this: "
        "“no articles” means that none of these days does.",
        is_subtle=True,
    )
    if listing.total > MAX_STEPS:
        yield Line(text=_format_truncation(listing))


def _format_truncation(listing: Listing) -> str:
    """That there is more than a timeline holds, and what to do."""
    step = TimelineStep(listing.facts[STEP_FACT])
    last = _get_period(listing, len(listing.entries) - 1).last
    coarser_hint = f"steps of a {step.coarser}, or " if step.coarser else ""
    return (
        f"{format_count(listing.total, 'step')} are more than the {MAX_STEPS} that a timeline holds:"
        f" this one ends on {format_day(last)}. Take {coarser_hint}days after that, or fewer days."
    )
