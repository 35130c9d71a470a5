"""The newest articles of the library or of some of its days: what /latest and /on list."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from bot.lookups.leading import leading
from bot.lookups.listing import Listing, Lookup
from bot.lookups.source_counts import HeldDay, days_held
from bot.model.day_range import DayRange
from bot.model.shown_answer import MAX_EXCERPTS
from bot.retrieval.answering.excerpts import Citation
from bot.retrieval.index.article_table import Articles
from bot.retrieval.scoring.limits import Bounds
from bot.search.embedded import LiveCorpus

MOST_LATEST = 10
USUAL_LATEST = 5
"""How many of the newest articles are listed at most, and unless a person says."""

MAX_CHARS = "max_excerpt_chars"
"""The fact that tells the characters of a quote at most: a longer first sentence is not quoted."""

SOURCE = "source"
"""The fact that names the one source that is listed, as the library writes it."""

_BEFORE = "nearest_before"
_AFTER = "nearest_after"


async def latest(
    corpus: LiveCorpus, *, count: int, source: str | None, until: date, max_chars: int
) -> Listing:
    """The newest articles, each with its leading sentence; those of one day by their ids.

    Args:
        corpus: The library.
        count: The articles at most.
        source: Only articles of this source, whatever its capitals; None for all.
        until: The last day that is visible.
        max_chars: The characters of a quote at most.
    """
    articles = await corpus.articles()
    return await asyncio.to_thread(
        _latest, articles, count=count, source=source, until=until, max_chars=max_chars
    )


async def on(corpus: LiveCorpus, *, days: DayRange, until: date, max_chars: int) -> Listing:
    """What the library has for these days, the newest first, and the nearest days that it has.

    Args:
        corpus: The library.
        days: The days.
        until: The last day that is visible.
        max_chars: The characters of a quote at most.
    """
    articles = await corpus.articles()
    return await asyncio.to_thread(_on, articles, days=days, until=until, max_chars=max_chars)


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    """The last day that the library has before some days, and the first after; None for none."""

    before: HeldDay | None
    after: HeldDay | None

    @classmethod
    def to(cls, days: DayRange, articles: Articles, *, until: date) -> "Nearest":
        """The nearest days to these, of those to `until`."""
        held = days_held(articles, until=until)
        within = held.within(days)
        return cls(
            before=held[within.start - 1] if within.start else None,
            after=held[within.stop] if within.stop < len(held) else None,
        )

    @classmethod
    def of_facts(cls, facts: Mapping[str, str]) -> "Nearest":
        """The nearest days that the `facts` tell of."""
        return cls(before=_told(facts, _BEFORE), after=_told(facts, _AFTER))

    @property
    def facts(self) -> dict[str, str]:
        """The nearest days as facts of a listing."""
        return {
            fact: text
            for side, held in ((_BEFORE, self.before), (_AFTER, self.after))
            if held
            for fact, text in ((side, held.day.isoformat()), (_count_of(side), str(held.articles)))
        }


def _told(facts: Mapping[str, str], side: str) -> HeldDay | None:
    if side not in facts:
        return None
    return HeldDay(day=date.fromisoformat(facts[side]), articles=int(facts[_count_of(side)]))


def _count_of(side: str) -> str:
    """The fact that tells how many articles are of the nearest day on this side."""
    return f"{side}_articles"


def _latest(
    articles: Articles, *, count: int, source: str | None, until: date, max_chars: int
) -> Listing:
    fits = articles.days <= until.toordinal()
    facts = {MAX_CHARS: str(max_chars)}
    if source is not None:
        wanted = source.strip().casefold()
        named = [each for each in articles.sources if each.casefold() == wanted]
        of_source = np.isin(articles.source_numbers, list(map(articles.sources.index, named)))
        fits = fits & of_source
        facts |= {SOURCE: named[0]} if named else {}
    return Listing(
        lookup=Lookup.LATEST,
        entries=_newest(articles, fits, count, max_chars),
        total=int(fits.sum()),
        bounds=Bounds(source=source),
        facts=facts,
    )


def _on(articles: Articles, *, days: DayRange, until: date, max_chars: int) -> Listing:
    first, last = days.first or date.min, min(days.last or until, until)
    fits = (articles.days >= first.toordinal()) & (articles.days <= last.toordinal())
    nearest = Nearest.to(days, articles, until=until)
    return Listing(
        lookup=Lookup.ON,
        entries=_newest(articles, fits, MAX_EXCERPTS, max_chars),
        total=int(fits.sum()),
        bounds=Bounds(after=days.first, before=days.last),
        facts={MAX_CHARS: str(max_chars), **nearest.facts},
    )


def _newest(
    articles: Articles, fits: NDArray[np.bool_], most: int, max_chars: int
) -> tuple[Citation, ...]:
    places = np.flatnonzero(fits)
    days = articles.days[places]
    if len(places) > most:
        places = places[days >= np.partition(days, -most)[-most]]
    order = sorted(places.tolist(), key=lambda at: (-articles.days[at], articles.ids[at]))
    return tuple(leading(articles[place], max_chars=max_chars) for place in order[:most])
