"""What is offered to a person who is still typing a date or a source."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import chain, islice

from bot.dates.grammar import day_range
from bot.errors import UnknownDate
from bot.lookups.completion_matching import day_words, line, needles
from bot.lookups.source_counts import HeldDays, HeldSource, days_held, sources_held
from bot.model.day_range import DayRange
from bot.retrieval.index.article_table import Articles

_SEVERAL = 2
_MANY_DAYS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedDays:
    """Days that are offered, and how many articles are of them."""

    days: DayRange
    articles: int


def days_offered(
    typed: str, articles: Articles, *, today: date, most: int
) -> tuple[OfferedDays, ...]:
    """The days that the library has and that may be meant, the newest first.

    Before them stands what the date grammar reads, where that is more than one of them.

    Args:
        typed: What a person typed; all days may be meant where it holds no word.
        articles: The articles held.
        today: The day that it is, and the last that is visible.
        most: The offers at most.
    """
    held = days_held(articles, until=today)
    understood = _read(typed, today)
    meant = held.within(understood) if understood else range(0)
    offered = _whole(understood, meant, held)
    worded = (place for place in _worded(typed, held) if place not in meant)
    for place in islice(chain(reversed(meant), worded), most - len(offered)):
        day = held[place].day
        offered.append(
            OfferedDays(days=DayRange(first=day, last=day), articles=held[place].articles)
        )
    return tuple(offered)


def sources_offered(
    typed: str, articles: Articles, *, until: date, max_chars: int, most: int
) -> tuple[HeldSource, ...]:
    """The sources that hold what was typed, those that begin with it first, then the larger ones.

    Args:
        typed: What a person typed.
        articles: The articles held.
        until: The last day that is visible.
        max_chars: The longest name that can be offered.
        most: The sources at most.
    """
    wanted = typed.strip().casefold()
    holding = (
        source
        for source in sources_held(articles, until=until)
        if source.name and len(source.name) <= max_chars and wanted in source.name.casefold()
    )
    order = sorted(holding, key=lambda each: not (each.name or "").casefold().startswith(wanted))
    return tuple(islice(order, most))


def _read(typed: str, today: date) -> DayRange | None:
    try:
        return day_range(typed, today)
    except UnknownDate:
        return None


def _whole(understood: DayRange | None, meant: range, held: HeldDays) -> list[OfferedDays]:
    """All that the date grammar reads, where that is more than one day held."""
    if understood is None or len(meant) < _SEVERAL:
        return []
    return [OfferedDays(days=understood, articles=int(held.counts[meant.start : meant.stop].sum()))]


def _worded(typed: str, held: HeldDays) -> Iterator[int]:
    """The places of the days, the newest first, in which each typed word stands as in a title."""
    sought = needles(typed)
    days = held.days.tolist()
    for place in reversed(range(len(days))):
        words = _line_of(days[place])
        if all(needle in words for needle in sought):
            yield place


@lru_cache(_MANY_DAYS)
def _line_of(day: int) -> bytes:
    """The line of a day, as `date.toordinal()`."""
    return line(day_words(date.fromordinal(day)))
