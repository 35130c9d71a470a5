"""The newest articles of the library, or of given days, for /latest and /on."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from bot.lookups.leading import find_lead_sentence
from bot.lookups.listing import Listing, Lookup
from bot.lookups.source_counts import DayCount, count_by_day
from bot.model.day_range import DayRange
from bot.model.shown_answer import MAX_EXCERPTS
from bot.retrieval.answering.excerpts import Citation
from bot.retrieval.index.article_table import ArticleTable
from bot.retrieval.library_search import LibrarySearch
from bot.retrieval.question.bounds import Bounds

MAX_LATEST = 10
DEFAULT_LATEST = 5
"""The maximum and the default number of the newest articles."""

MAX_CHARS_FACT = "max_excerpt_chars"
"""The fact that stores the maximum length of a quote; a longer first sentence is not quoted."""

SOURCE_FACT = "source"
"""The fact that stores the name of the listed source as the library writes it."""

_BEFORE_FACT = "nearest_before"
_AFTER_FACT = "nearest_after"


async def list_latest(
    index: LibrarySearch, *, count: int, source: str | None, until: date, max_chars: int
) -> Listing:
    """List the newest articles with their lead sentences; articles of one day are sorted by id.

    Args:
        index: The search over the library.
        count: The maximum number of articles.
        source: The only source to list, ignoring case; None for all sources.
        until: The last visible day.
        max_chars: The maximum length of a quote in characters.
    """
    articles = await index.get_articles()
    return await asyncio.to_thread(
        _list_latest, articles, count=count, source=source, until=until, max_chars=max_chars
    )


async def list_published_on(
    index: LibrarySearch, *, days: DayRange, until: date, max_chars: int
) -> Listing:
    """List the articles of these days, the newest first, and the nearest days with articles.

    Args:
        index: The search over the library.
        days: The days.
        until: The last visible day.
        max_chars: The maximum length of a quote in characters.
    """
    articles = await index.get_articles()
    return await asyncio.to_thread(
        _list_published_on, articles, days=days, until=until, max_chars=max_chars
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class NearestDays:
    """The nearest days with articles before and after some days; None if there are none."""

    before: DayCount | None
    after: DayCount | None

    @classmethod
    def find(cls, days: DayRange, articles: ArticleTable, *, until: date) -> "NearestDays":
        """Find the days with articles nearest to these days, up to `until`."""
        day_counts = count_by_day(articles, until=until)
        indices = day_counts.find_range(days)
        return cls(
            before=day_counts[indices.start - 1] if indices.start else None,
            after=day_counts[indices.stop] if indices.stop < len(day_counts) else None,
        )

    @classmethod
    def from_facts(cls, facts: Mapping[str, str]) -> "NearestDays":
        """Restore the nearest days from the facts of a listing."""
        return cls(
            before=_parse_day_count(facts, _BEFORE_FACT), after=_parse_day_count(facts, _AFTER_FACT)
        )

    @property
    def facts(self) -> dict[str, str]:
        """The nearest days as facts of a listing."""
        return {
            fact: text
            for side, day_count in ((_BEFORE_FACT, self.before), (_AFTER_FACT, self.after))
            if day_count
            for fact, text in (
                (side, day_count.day.isoformat()),
                (_get_count_fact(side), str(day_count.article_count)),
            )
        }


def _parse_day_count(facts: Mapping[str, str], side: str) -> DayCount | None:
    if side not in facts:
        return None
    return DayCount(
        day=date.fromisoformat(facts[side]), article_count=int(facts[_get_count_fact(side)])
    )


def _get_count_fact(side: str) -> str:
    """Return the name of the fact with the number of articles on the nearest day."""
    return f"{side}_articles"


def _list_latest(
    articles: ArticleTable, *, count: int, source: str | None, until: date, max_chars: int
) -> Listing:
    fits = articles.days <= until.toordinal()
    facts = {MAX_CHARS_FACT: str(max_chars)}
    if source is not None:
        names = articles.find_source_names(source)
        fits = fits & articles.mask_sources(names)
        facts |= {SOURCE_FACT: names[0]} if names else {}
    return Listing(
        lookup=Lookup.LATEST,
        entries=_quote_newest(articles, fits, count, max_chars),
        total=int(fits.sum()),
        bounds=Bounds(source=source),
        facts=facts,
    )


def _list_published_on(
    articles: ArticleTable, *, days: DayRange, until: date, max_chars: int
) -> Listing:
    first, last = days.first or date.min, min(days.last or until, until)
    fits = (articles.days >= first.toordinal()) & (articles.days <= last.toordinal())
    nearest = NearestDays.find(days, articles, until=until)
    return Listing(
        lookup=Lookup.ON,
        entries=_quote_newest(articles, fits, MAX_EXCERPTS, max_chars),
        total=int(fits.sum()),
        bounds=Bounds(after=days.first, before=days.last),
        facts={MAX_CHARS_FACT: str(max_chars), **nearest.facts},
    )


def _quote_newest(
    articles: ArticleTable, fits: NDArray[np.bool_], limit: int, max_chars: int
) -> tuple[Citation, ...]:
    places = np.flatnonzero(fits)
    days = articles.days[places]
    # All articles of the last day that fits stay in until they are sorted by id.
    if len(places) > limit:
        places = places[days >= np.partition(days, -limit)[-limit]]
    order = sorted(places.tolist(), key=lambda place: (-articles.days[place], articles.ids[place]))
    return tuple(
        find_lead_sentence(articles[place], max_chars=max_chars) for place in order[:limit]
    )
