"""Trends: the number of articles per week that contain given terms."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.dates.calendar import get_calendar_week
from bot.errors import EmptyQuery, TooManyTerms
from bot.lookups.source_counts import count_by_day
from bot.retrieval.library_search import LibrarySearch
from bot.retrieval.question.bounds import Bounds
from bot.retrieval.question.query import Query, parse_query
from bot.retrieval.question.validation import validate_question
from bot.retrieval.text.terms import Analyser

MAX_TERMS = 4
"""The maximum number of terms; more lines can't be told apart in one chart."""

MIN_WEEKS, DEFAULT_WEEKS, MAX_WEEKS = 4, 12, 52

_ONE_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """The number of articles per week for some terms.

    Attributes:
        mondays: The first day of each week, oldest first; the last week is the current one.
        counts: For each term as entered, the number of articles per week that contain all its
            words.
        article_counts: The number of all articles per week.
        until: The last day that is counted.
    """

    mondays: tuple[date, ...]
    counts: Mapping[str, tuple[int, ...]]
    article_counts: tuple[int, ...]
    until: date

    @property
    def is_empty(self) -> bool:
        """Whether no article contains any of the terms."""
        return not any(map(any, self.counts.values()))

    @property
    def is_last_week_partial(self) -> bool:
        """Whether the last week extends beyond the last day that is counted."""
        return get_calendar_week(self.until).last > self.until


def parse_terms(text: str, analyser: Analyser) -> Mapping[str, Query]:
    """Parse comma-separated terms into queries, without repetitions.

    Dates in the terms are plain words, since the weeks are given separately.

    Raises:
        QueryError: There are no terms or too many, or a term has nothing to search for.
    """
    terms: dict[str, str] = {}
    for part in validate_question(text).split(","):
        if term := " ".join(part.split()):
            terms.setdefault(term.casefold(), term)
    if not terms:
        raise EmptyQuery
    if len(terms) > MAX_TERMS:
        raise TooManyTerms(len(terms), MAX_TERMS)
    return {term: parse_query(term, today=None, analyser=analyser) for term in terms.values()}


async def build_trend(
    index: LibrarySearch, queries: Mapping[str, Query], *, weeks: int, today: date
) -> Trend:
    """Count the articles of the last weeks that contain each term.

    Args:
        index: The search over the library.
        queries: The queries by term as entered.
        weeks: The number of weeks, including the current one.
        today: The clock's day; articles dated later are hidden.
    """
    mondays = list_mondays(today, weeks)
    bounds = Bounds(after=mondays[0])
    days_by_term = {
        term: await index.find_matching_days(query, bounds=bounds, until=today)
        for term, query in queries.items()
    }
    day_counts = count_by_day(await index.get_articles(), until=today)
    return Trend(
        mondays=mondays,
        counts={term: _sum_by_week(Counter(days), mondays) for term, days in days_by_term.items()},
        article_counts=_sum_by_week(
            {day_count.day: day_count.article_count for day_count in day_counts}, mondays
        ),
        until=today,
    )


def list_mondays(day: date, count: int) -> tuple[date, ...]:
    """Return the Mondays of the last `count` weeks up to the week of `day`, oldest first."""
    last = get_calendar_week(day).first
    return tuple(last - ago * _ONE_WEEK for ago in reversed(range(count)))


def _sum_by_week(by_day: Mapping[date, int], mondays: Sequence[date]) -> tuple[int, ...]:
    counts = dict.fromkeys(mondays, 0)
    for day, count in by_day.items():
        if day >= mondays[0]:
            counts[get_calendar_week(day).first] += count
    return tuple(counts.values())
