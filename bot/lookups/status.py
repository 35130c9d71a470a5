"""How the library stands, and the program that reads it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import bot
from bot.retrieval.index.extent import Extent
from bot.retrieval.library_search import LibrarySearch


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How things stand.

    Attributes:
        extent: How much of the library is visible.
        changed_at: When an article last came in or was taken back; None where none ever came in.
        version: The version of Dateline.
        latency: How long Discord's gateway takes to answer; None where it is not known.
        uptime: For how long the bot has run; None where none is asked.
    """

    extent: Extent
    changed_at: datetime | None
    version: str
    latency: timedelta | None = None
    uptime: timedelta | None = None


async def get_status(
    index: LibrarySearch,
    *,
    until: date,
    changed_at: datetime | None,
    latency: timedelta | None = None,
    uptime: timedelta | None = None,
) -> Status:
    """Return how things stand for somebody who sees articles up to the day `until`.

    Args:
        index: The library.
        until: The last day that is visible.
        changed_at: When an article last came in or was withdrawn; None if none ever came in.
        latency: How long Discord's gateway takes to answer, if known.
        uptime: For how long the bot has run, if it is a bot.

    Raises:
        StoreError: The library can't be read.
    """
    return Status(
        extent=await index.compute_extent(until=until),
        changed_at=changed_at,
        version=bot.__version__,
        latency=latency,
        uptime=uptime,
    )
