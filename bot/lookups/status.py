"""The status of the library and of the running program."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import bot
from bot.retrieval.index.extent import Extent
from bot.retrieval.library_search import LibrarySearch


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The status.

    Attributes:
        extent: The extent of the visible library.
        changed_at: The time when an article was last added or withdrawn; None if the library never
            contained one.
        version: The version of Dateline.
        latency: The response time of Discord's gateway; None if unknown.
        uptime: The time since the bot started; None on the command line.
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
    """Return the status for a reader who sees articles up to the day `until`.

    Args:
        index: The search over the library.
        until: The last visible day.
        changed_at: The time when an article was last added or withdrawn; None if there never was
            one.
        latency: The response time of Discord's gateway, if known.
        uptime: The time since the bot started, if there is a bot.
    """
    return Status(
        extent=await index.compute_extent(until=until),
        changed_at=changed_at,
        version=bot.__version__,
        latency=latency,
        uptime=uptime,
    )
