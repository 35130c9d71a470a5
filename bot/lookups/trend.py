"""How many articles a week hold some terms: what a trend is drawn from."""

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
"""More lines than these can't be told apart in one picture."""

MIN_WEEKS, DEFAULT_WEEKS, MAX_WEEKS = 4, 12, 52

_ONE_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """Articles a week.

    Attributes:
        mondays: The first day of each week, oldest first; the last week is that of the clock.
        counts: For each of the terms as typed, how many articles of each week hold all its words.
        article_counts: How many articles the library has of each week.
        until: The last day that is counted.
    """

    mondays: tuple[date, ...]
    counts: Mapping[str, tuple[int, ...]]
    article_counts: tuple[int, ...]
    until: date

    @property
    def is_empty(self) -> bool:
        """Whether no article holds any of the terms."""
        return not any(map(any, self.counts.values()))

    @property
    def is_last_week_partial(self) -> bool:
        """Whether the last week goes on after the last day that is counted."""
        return get_calendar_week(self.until).last > self.until


def parse_terms(text: str, analyser: Analyser) -> Mapping[str, Query]:
    """The terms of a text in which commas part them, each once, and what searches for them.

    Words of dates are words like others, since the weeks are given.

    Raises:
        QueryError: There is none, or there are too many, or one has nothing to search for.
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
    """How many articles of each of the last weeks hold each of the terms.

    Args:
        index: What is searched.
        queries: The terms as typed, and what searches for them.
        weeks: How many weeks, that of the clock included.
        today: The clock's day; articles dated later are hidden.

    Raises:
        StoreError: The library can't be read.
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
    """The Mondays of the `count` weeks of which the last holds the day, oldest first."""
    last = get_calendar_week(day).first
    return tuple(last - ago * _ONE_WEEK for ago in reversed(range(count)))


def _sum_by_week(by_day: Mapping[date, int], mondays: Sequence[date]) -> tuple[int, ...]:
    counts = dict.fromkeys(mondays, 0)
    for day, count in by_day.items():
        if day >= mondays[0]:
            counts[get_calendar_week(day).first] += count
    return tuple(counts.values())
