"""Suggestions for dates and sources while a person types."""

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

# A range with one day of the library would be offered twice, as a range and as the day.
_MIN_RANGE_DAYS = 2
_CACHED_DAYS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DateSuggestion:
    """Suggested days with their number of articles."""

    days: DayRange
    article_count: int


def suggest_dates(
    text: str, articles: ArticleTable, *, today: date, limit: int
) -> tuple[DateSuggestion, ...]:
    """Suggest days of the library that match the text, the newest first.

    If the date grammar reads the text as a range of several days, that range comes first.

    Args:
        text: The text entered so far; without a word it matches all days.
        articles: The articles of the library.
        today: The current day, which is also the last visible day.
        limit: The maximum number of suggestions.
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
    """Suggest sources that contain the text: those that begin with it first, then by size.

    Args:
        text: The text entered so far.
        articles: The articles of the library.
        until: The last visible day.
        max_chars: The maximum length of a suggested name.
        limit: The maximum number of suggestions.
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
    """Suggest the whole parsed range if the library has several days in it."""
    if parsed_range is None or len(range_places) < _MIN_RANGE_DAYS:
        return []
    return [
        DateSuggestion(
            days=parsed_range,
            article_count=int(day_counts.counts[range_places.start : range_places.stop].sum()),
        )
    ]


def _find_by_words(text: str, day_counts: DayCounts) -> Iterator[int]:
    """Yield the indices of days that match every word of the text, the newest first."""
    word_needles = make_needles(text)
    days = day_counts.days.tolist()
    for place in reversed(range(len(days))):
        day_line = _make_day_line(days[place])
        if all(needle in day_line for needle in word_needles):
            yield place


@lru_cache(_CACHED_DAYS)
def _make_day_line(day: int) -> bytes:
    """Return the line of a day, which is given as `date.toordinal()`."""
    return make_line(format_day_words(date.fromordinal(day)))
