"""The library's sources, and how things stand, as blocks and as JSON objects."""

from collections.abc import Iterator, Sequence
from datetime import timedelta, tzinfo
from typing import Any

from bot.dates.calendar import day_text, range_text
from bot.lookups.source_counts import HeldSource
from bot.lookups.status import Status
from bot.model.day_range import DayRange
from bot.presentation.blocks import Block, Heading, Line
from bot.presentation.latest import NOTHING_YET
from bot.presentation.wording import count_text, extent_text, joined, name_text

MOST_SOURCES = 20
"""So many sources fit into one message of Discord, whatever their names."""

_MAX_NAME_CHARS = 60
_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60))


def sources_blocks(sources: Sequence[HeldSource], *, most: int | None = None) -> tuple[Block, ...]:
    """The sources with how many articles are of each, and of which days.

    Args:
        sources: The sources.
        most: How many to tell of at most, those left out being counted; None for all.
    """
    return tuple(_sources(sources, len(sources) if most is None else most))


def _sources(sources: Sequence[HeldSource], most: int) -> Iterator[Block]:
    if not sources:
        yield Heading(text=NOTHING_YET, warns=True)
        return
    named = [source for source in sources if source.name is not None]
    unnamed = [source for source in sources if source.name is None]
    yield Heading(text=count_text(len(named), "source") if named else "No article names its source")
    for source in (*named[:most], *unnamed):
        yield Line(text=_source_text(source))
    if left_out := named[most:]:
        articles = count_text(sum(source.articles for source in left_out), "article")
        yield Line(text=f"{count_text(len(left_out), 'more source')}: {articles}.", subtle=True)


def _source_text(source: HeldSource) -> str:
    name = name_text(source.name, _MAX_NAME_CHARS) if source.name else "Source not given"
    days = range_text(DayRange(first=source.first_on, last=source.last_on))
    return f"{name}: {count_text(source.articles, 'article')}, {days}"


def sources_object(sources: Sequence[HeldSource]) -> dict[str, Any]:
    """The sources as a JSON object; the name is null where the source is not given."""
    return {
        "sources": [
            {
                "name": source.name,
                "articles": source.articles,
                "first_date": source.first_on.isoformat(),
                "last_date": source.last_on.isoformat(),
            }
            for source in sources
        ]
    }


def status_blocks(status: Status, zone: tzinfo) -> tuple[Block, ...]:
    """How things stand, instants told in the zone."""
    return tuple(_status(status, zone))


def _status(status: Status, zone: tzinfo) -> Iterator[Block]:
    yield Heading(text=f"Dateline {status.version}")
    yield Line(text=extent_text(status.extent))
    yield Line(text=f"It is searched in {count_text(status.extent.passages, 'passage')}.")
    if status.changed_at:
        at = status.changed_at.astimezone(zone)
        yield Line(text=f"It last changed on {day_text(at.date())} at {at:%H:%M} ({zone}).")
    if status.latency is not None:
        milliseconds = round(status.latency / timedelta(milliseconds=1))
        yield Line(text=f"Discord's gateway answers in {milliseconds:,} ms.")
    if status.uptime is not None:
        yield Line(text=f"This bot has run for {_duration_text(status.uptime)}.")


def _duration_text(duration: timedelta) -> str:
    """The duration in its two largest units, to the minute."""
    seconds, parts = int(duration.total_seconds()), []
    for unit, length in _UNITS:
        count, seconds = divmod(seconds, length)
        if count:
            parts.append(count_text(count, unit))
    return joined(parts[:2], "and") if parts else "less than a minute"


def status_object(status: Status) -> dict[str, Any]:
    """How things stand as a JSON object; what is not known is null."""
    extent = status.extent
    return {
        "version": status.version,
        "articles": extent.articles,
        "passages": extent.passages,
        "first_date": extent.first_date.isoformat() if extent.first_date else None,
        "last_date": extent.last_date.isoformat() if extent.last_date else None,
        "changed_at": status.changed_at.isoformat() if status.changed_at else None,
    }
