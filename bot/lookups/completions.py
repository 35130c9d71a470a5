"""What is offered to a person who is still typing a date or a source."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import chain, islice

from bot.dates.grammar import parse_day_range
from bot.errors import UnknownDate
from bot.lookups.completion_matching import format_day_words, make_line, make_needles
from bot.lookups.source_counts import DayCounts, SourceSummary, count_by_day, list_sources
from bot.model.day_range import DayRange
from bot.retrieval.index.article_table import ArticleTable

_MIN_RANGE_DAYS = 2
_CACHED_DAYS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DateSuggestion:
    """Days that are offered, and how many articles are of them."""

    days: DayRange
    article_count: int


def suggest_dates(
    text: str, articles: ArticleTable, *, today: date, limit: int
) -> tuple[DateSuggestion, ...]:
    """The days that the library has and that may be meant, the newest first.

    Before them stands what the date grammar reads, where that is more than one of them.

    Args:
        text: What a person typed; all days may be meant where it holds no word.
        articles: The articles held.
        today: The day that it is, and the last that is visible.
        limit: The offers at most.
    """
    day_counts = count_by_day(articles, until=today)
    parsed_range = _parse_range(text, today)
    range_places = day_counts.find_range(parsed_range) if parsed_range else range(0)
    suggestions = _suggest_range(parsed_range, range_places, day_counts)
    worded_places = (
        place for place in _find_by_words(text, day_counts) if place not in range_places
    )
    for place in islice(chain(reversed(range_places), worded_places), limit - len(suggestions)):
        day = day_counts[place].day
        suggestions.append(
            DateSuggestion(
                days=DayRange(first=day, last=day), article_count=day_counts[place].article_count
            )
        )
    return tuple(suggestions)


def suggest_sources(
    text: str, articles: ArticleTable, *, until: date, max_chars: int, limit: int
) -> tuple[SourceSummary, ...]:
    """The sources that hold what was typed, those that begin with it first, then the larger ones.

    Args:
        text: What a person typed.
        articles: The articles held.
        until: The last day that is visible.
        max_chars: The longest name that can be offered.
        limit: The sources at most.
    """
    key = text.strip().casefold()
    matching = (
        source
        for source in list_sources(articles, until=until)
        if source.name and len(source.name) <= max_chars and key in source.name.casefold()
    )
    order = sorted(matching, key=lambda source: not (source.name or "").casefold().startswith(key))
    return tuple(islice(order, limit))


def _parse_range(text: str, today: date) -> DayRange | None:
    try:
        return parse_day_range(text, today)
    except UnknownDate:
        return None


def _suggest_range(
    parsed_range: DayRange | None, range_places: range, day_counts: DayCounts
) -> list[DateSuggestion]:
    """All that the date grammar reads, where that is more than one day held."""
    if parsed_range is None or len(range_places) < _MIN_RANGE_DAYS:
        return []
    return [
        DateSuggestion(
            days=parsed_range,
            article_count=int(day_counts.counts[range_places.start : range_places.stop].sum()),
        )
    ]


def _find_by_words(text: str, day_counts: DayCounts) -> Iterator[int]:
    """The places of the days, the newest first, in which each typed word stands as in a title."""
    word_needles = make_needles(text)
    days = day_counts.days.tolist()
    for place in reversed(range(len(days))):
        day_line = _make_day_line(days[place])
        if all(needle in day_line for needle in word_needles):
            yield place


@lru_cache(_CACHED_DAYS)
def _make_day_line(day: int) -> bytes:
    """The line of a day, as `date.toordinal()`."""
    return make_line(format_day_words(date.fromordinal(day)))
