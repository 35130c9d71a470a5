"""Previewing the digest of a day, based on publication dates alone."""

import asyncio
from collections.abc import Iterator
from datetime import date

import numpy as np

from bot.digest.compose import Digest, DigestLimits, compose_digest
from bot.digest.news import News
from bot.digest.window import DigestWindow, build_day_window, get_start_of_day
from bot.errors import FutureDay
from bot.model.arrival import Arrival
from bot.model.subscription import Subscription
from bot.retrieval.index.article_table import ArticleTable
from bot.retrieval.library_search import LibrarySearch


async def compose_preview(
    index: LibrarySearch,
    subscription: Subscription,
    day: date,
    *,
    until: date,
    limits: DigestLimits,
) -> Digest:
    """Compose the digest of a day: from its time on the day before up to that time (half-open).

    Arrival times are ignored: an article counts from the start of its day of publication.

    Args:
        index: The library.
        subscription: The settings of the digest.
        day: The day, in the subscription's zone.
        until: The last day that is visible.
        limits: The limits on the digest's contents.

    Raises:
        FutureDay: The day is later than `until`.
        EmptyQuery: A topic has nothing to search for.
    """
    if day > until:
        raise FutureDay(day)
    window = build_day_window(subscription.time_of_day, subscription.zone, day)
    articles = await index.get_articles()
    idfs = await index.get_idf_function()

    def build() -> Digest:
        arrivals = _list_arrivals(articles, subscription, window)
        news = News(arrivals, index.analyser, idfs)
        return compose_digest(
            subscription, window, news, already_reported=frozenset(), limits=limits
        )

    return await asyncio.to_thread(build)


def _list_arrivals(
    articles: ArticleTable, subscription: Subscription, window: DigestWindow
) -> Iterator[Arrival]:
    """Yield the articles of the window's days, as if each had arrived on its day of publication."""
    zone = subscription.zone
    first, last = (at.astimezone(zone).date() for at in (window.starts_at, window.ends_at))
    days = articles.days
    fits = (days >= first.toordinal()) & (days <= last.toordinal())
    for place in np.flatnonzero(fits).tolist():
        at = get_start_of_day(date.fromordinal(int(days[place])), zone)
        yield Arrival(article=articles[place], arrived_at=at, revised_at=at)
