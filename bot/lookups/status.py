"""How the library stands, and the program that reads it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import bot
from bot.retrieval.scoring.results import Extent
from bot.search.embedded import EmbeddedSearch
from bot.store.articles import ArticleStore


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
    index: EmbeddedSearch,
    articles: ArticleStore,
    *,
    until: date,
    latency: timedelta | None = None,
    uptime: timedelta | None = None,
) -> Status:
    """How things stand for who sees articles to the day `until`.

    Raises:
        StoreError: The library can't be read.
    """
    return Status(
        extent=await index.compute_extent(until=until),
        changed_at=await articles.get_last_change_time(),
        version=bot.__version__,
        latency=latency,
        uptime=uptime,
    )
