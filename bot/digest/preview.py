"""What a digest of some day would show, or would have shown, by publication date alone."""

import asyncio
from collections.abc import Iterator
from datetime import date

import numpy as np

from bot.dates.calendar import day_text
from bot.digest.compose import Digest, DigestLimits, compose
from bot.digest.news import News
from bot.digest.window import Window, day_window, published_at
from bot.errors import DayToCome
from bot.model.arrival import Arrival
from bot.model.subscription import Subscription
from bot.retrieval.index.article_table import Articles
from bot.search.embedded import LiveCorpus


async def preview(
    corpus: LiveCorpus, subscription: Subscription, day: date, *, until: date, limits: DigestLimits
) -> Digest:
    """The digest of a day: from the subscription's time on the day before up to that time.

    When an article came in does not matter: it stands at the first moment of the day on which it was
    published.

    Args:
        corpus: The library.
        subscription: What is asked for.
        day: The day, in the subscription's zone.
        until: The last day that is visible.
        limits: How much the digest takes in.

    Raises:
        DayToCome: The day is later than `until`.
        EmptyQuery: A topic has nothing to search for.
        StoreError: The library can't be read.
    """
    if day > until:
        raise DayToCome(day_text(day))
    window = day_window(subscription.at, subscription.zone, day)
    articles = await corpus.articles()
    rarities = await corpus.weigher()

    def composed() -> Digest:
        arrivals = _published(articles, subscription, window)
        news = News(arrivals, corpus.analyser, rarities)
        return compose(subscription, window, news, told_before=frozenset(), limits=limits)

    return await asyncio.to_thread(composed)


def _published(articles: Articles, subscription: Subscription, window: Window) -> Iterator[Arrival]:
    """The articles of the window's days, as if each had come in when it was published."""
    zone = subscription.zone
    first, last = (at.astimezone(zone).date() for at in (window.first, window.last))
    days = articles.days
    fits = (days >= first.toordinal()) & (days <= last.toordinal())
    for place in np.flatnonzero(fits).tolist():
        at = published_at(date.fromordinal(int(days[place])), zone)
        yield Arrival(article=articles[place], came_in_at=at, revised_at=at)
