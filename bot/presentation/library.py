"""The sources of the library and its status, as blocks and as JSON objects."""

from collections.abc import Iterator, Sequence
from datetime import timedelta, tzinfo
from typing import Any

from bot.dates.calendar import format_day, range_text
from bot.lookups.source_counts import SourceSummary
from bot.lookups.status import Status
from bot.model.counts import format_count
from bot.model.day_range import DayRange
from bot.presentation.blocks import Block, Heading, Line
from bot.presentation.wording import (
    NO_ARTICLES_YET,
    format_extent,
    format_name,
    join_parts,
)

MAX_SOURCES = 20
"""The sources that fit into one Discord message even if all names are long."""

_MAX_NAME_CHARS = 60
_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60))


def build_sources_blocks(
    sources: Sequence[SourceSummary], *, max_sources: int | None = None
) -> tuple[Block, ...]:
    """Return the sources, each with its number of articles and their days of publication.

    Args:
        sources: The sources.
        max_sources: The most sources to list; the others are counted in one line. None for all.
    """
    return tuple(_build_sources(sources, len(sources) if max_sources is None else max_sources))


def _build_sources(sources: Sequence[SourceSummary], max_sources: int) -> Iterator[Block]:
    if not sources:
        yield Heading(text=NO_ARTICLES_YET, is_warning=True)
        return
    named = [source for source in sources if source.name is not None]
    unnamed = [source for source in sources if source.name is None]
    yield Heading(text=format_count(len(named), "source") if named else "No article names a source")
    for source in (*named[:max_sources], *unnamed):
        yield Line(text=_format_source(source))
    if omitted := named[max_sources:]:
        articles = format_count(sum(source.article_count for source in omitted), "article")
        yield Line(text=f"{format_count(len(omitted), 'more source')}: {articles}.", is_subtle=True)


def _format_source(source: SourceSummary) -> str:
    name = format_name(source.name, _MAX_NAME_CHARS) if source.name else "No source"
    days = range_text(DayRange(first=source.first_on, last=source.last_on))
    return f"{name}: {format_count(source.article_count, 'article')}, {days}"


def sources_to_json(sources: Sequence[SourceSummary]) -> dict[str, Any]:
    """Return the sources as a JSON object; `name` is null for articles without a source."""
    return {
        "sources": [
            {
                "name": source.name,
                "articles": source.article_count,
                "first_date": source.first_on.isoformat(),
                "last_date": source.last_on.isoformat(),
            }
            for source in sources
        ]
    }


def build_status_blocks(status: Status, zone: tzinfo) -> tuple[Block, ...]:
    """Return the status of the library and the bot, with times in `zone`."""
    return tuple(_build_status(status, zone))


def _build_status(status: Status, zone: tzinfo) -> Iterator[Block]:
    yield Heading(text=f"Dateline {status.version}")
    yield Line(text=format_extent(status.extent))
    yield Line(text=f"The search index has {format_count(status.extent.passages, 'passage')}.")
    if status.changed_at:
        changed_at = status.changed_at.astimezone(zone)
        yield Line(
            text=f"The library last changed on {format_day(changed_at.date())}"
            f" at {changed_at:%H:%M} ({zone})."
        )
    if status.latency is not None:
        milliseconds = round(status.latency / timedelta(milliseconds=1))
        yield Line(text=f"Discord answers in {milliseconds:,} ms.")
    if status.uptime is not None:
        yield Line(text=f"The bot has been running for {_format_duration(status.uptime)}.")


def _format_duration(duration: timedelta) -> str:
    """Return the duration in its two largest units, to the minute."""
    seconds, parts = int(duration.total_seconds()), []
    for unit, length in _UNITS:
        count, seconds = divmod(seconds, length)
        if count:
            parts.append(format_count(count, unit))
    return join_parts(parts[:2], "and") if parts else "less than a minute"


def status_to_json(status: Status) -> dict[str, Any]:
    """Return the status as a JSON object; unknown values are null."""
    extent = status.extent
    return {
        "version": status.version,
        "articles": extent.articles,
        "passages": extent.passages,
        "first_date": extent.first_date.isoformat() if extent.first_date else None,
        "last_date": extent.last_date.isoformat() if extent.last_date else None,
        "changed_at": status.changed_at.isoformat() if status.changed_at else None,
    }
