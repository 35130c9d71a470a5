"""A timeline, as blocks: a sentence a step, and the gaps between them by name."""

from collections.abc import Iterator
from datetime import date, timedelta

from bot.dates.calendar import Period, day_text, range_text
from bot.lookups.listing import Listing
from bot.lookups.timeline import MOST_STEPS, STEP, UNQUOTED, UNTIL, Step
from bot.model.day_range import DayRange
from bot.presentation.answer import excerpt_blocks, reading_buttons
from bot.presentation.blocks import Block, Heading, Line
from bot.presentation.wording import count_text

NOTHING = "No article speaks of all this."
TOO_LONG = "All that the articles say of this is too long to be quoted."

_PER_PAGE = 5
_ONE_DAY = timedelta(days=1)


def per_page(_listing: Listing) -> int:
    """How many entries a page shows at most."""
    return _PER_PAGE


def entry_blocks(listing: Listing, places: range) -> Iterator[Block]:
    """The steps at these places, from 0, and the gaps around them; or that there is none."""
    if not listing.entries:
        yield Heading(text=TOO_LONG if listing.total else NOTHING, warns=True)
    elif places.start == 0:
        yield Line(text=_what_text(listing), subtle=True)
        if listing.total > MOST_STEPS:
            yield Line(text=_cut_text(listing))
    for place in places:
        step = _period(listing, place)
        yield from _gap(listing, _end_before(listing, place), step.first - _ONE_DAY)
        yield Heading(text=range_text(DayRange(first=step.first, last=step.last)))
        yield from excerpt_blocks(listing.entries[place])
        yield from reading_buttons(place + 1)
    if places and places.stop == len(listing.entries) and listing.total <= MOST_STEPS:
        yield from _gap(listing, _period(listing, places.stop - 1).last + _ONE_DAY, _end(listing))


def _period(listing: Listing, place: int) -> Period:
    day = listing.entries[place].article.published_on
    return Step(listing.facts[STEP]).period(day or date.min)  # those of a library all have one


def _end_before(listing: Listing, place: int) -> date | None:
    """The first day after the step before this one, or that of the whole timeline."""
    return _period(listing, place - 1).last + _ONE_DAY if place else listing.bounds.after


def _end(listing: Listing) -> date | None:
    """The last day that the timeline was bound to, so far as it has come."""
    if listing.bounds.before is None:
        return None
    return min(listing.bounds.before, date.fromisoformat(listing.facts[UNTIL]))


def _gap(listing: Listing, first: date | None, last: date | None) -> Iterator[Block]:
    """That nothing is of these days; nothing where there are none of them, or an end is open."""
    if first is None or last is None or first > last:
        return
    days = DayRange(first=first, last=last)
    unquoted = map(date.fromisoformat, listing.facts[UNQUOTED].split())
    but = ", but for some whose sentences are too long to be quoted"
    yield Line(
        text=f"no articles {range_text(days)}{but if any(map(days.contains, unquoted)) else ''}",
        subtle=True,
    )


def _what_text(listing: Listing) -> str:
    return (
        f"A sentence a {listing.facts[STEP]}, of the articles that speak of this: "
        "“no articles” means that none of these days does."
    )


def _cut_text(listing: Listing) -> str:
    """That there is more than a timeline holds, and what to do."""
    step = Step(listing.facts[STEP])
    last = _period(listing, len(listing.entries) - 1).last
    coarser = f"steps of a {step.coarser}, or " if step.coarser else ""
    return (
        f"{count_text(listing.total, 'step')} are more than the {MOST_STEPS} that a timeline holds:"
        f" this one ends on {day_text(last)}. Take {coarser}days after that, or fewer days."
    )
