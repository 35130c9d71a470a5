"""How many articles a week hold some terms: what a trend is drawn from."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.dates.calendar import week_of
from bot.errors import EmptyQuery, TooManyTerms
from bot.lookups.source_counts import days_held
from bot.retrieval.question.query import Query, parse
from bot.retrieval.question.validation import checked_question
from bot.retrieval.scoring.limits import Bounds
from bot.retrieval.text.terms import Analyser
from bot.search.embedded import LiveCorpus

MOST_TERMS = 4
"""More lines than these can't be told apart in one picture."""

LEAST_WEEKS, USUAL_WEEKS, MOST_WEEKS = 4, 12, 52

_ONE_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """Articles a week.

    Attributes:
        mondays: The first day of each week, oldest first; the last week is that of the clock.
        counts: For each of the terms as typed, how many articles of each week hold all its words.
        articles: How many articles the library has of each week.
        until: The last day that is counted.
    """

    mondays: tuple[date, ...]
    counts: Mapping[str, tuple[int, ...]]
    articles: tuple[int, ...]
    until: date

    @property
    def is_empty(self) -> bool:
        """Whether no article holds any of the terms."""
        return not any(map(any, self.counts.values()))

    @property
    def is_in_mid_week(self) -> bool:
        """Whether the last week goes on after the last day that is counted."""
        return week_of(self.until).last > self.until


def terms_typed(text: str, analyser: Analyser) -> Mapping[str, Query]:
    """The terms of a text in which commas part them, each once, and what searches for them.

    Words of dates are words like others, since the weeks are given.

    Raises:
        QueryError: There is none, or there are too many, or one has nothing to search for.
    """
    terms: dict[str, str] = {}
    for part in checked_question(text).split(","):
        if term := " ".join(part.split()):
            terms.setdefault(term.casefold(), term)
    if not terms:
        raise EmptyQuery
    if len(terms) > MOST_TERMS:
        raise TooManyTerms(len(terms), MOST_TERMS)
    return {term: parse(term, today=None, analyser=analyser) for term in terms.values()}


async def trend(
    corpus: LiveCorpus, queries: Mapping[str, Query], *, weeks: int, today: date
) -> Trend:
    """How many articles of each of the last weeks hold each of the terms.

    Args:
        corpus: What is searched.
        queries: The terms as typed, and what searches for them.
        weeks: How many weeks, that of the clock included.
        today: The clock's day; articles dated later are hidden.

    Raises:
        StoreError: The library can't be read.
    """
    mondays = weeks_until(today, weeks)
    bounds = Bounds(after=mondays[0])
    held = {
        term: await corpus.days_holding(query, bounds=bounds, until=today)
        for term, query in queries.items()
    }
    library = days_held(await corpus.articles(), until=today)
    return Trend(
        mondays=mondays,
        counts={term: _by_week(Counter(days), mondays) for term, days in held.items()},
        articles=_by_week({each.day: each.articles for each in library}, mondays),
        until=today,
    )


def weeks_until(day: date, count: int) -> tuple[date, ...]:
    """The Mondays of the `count` weeks of which the last holds the day, oldest first."""
    last = week_of(day).first
    return tuple(last - ago * _ONE_WEEK for ago in reversed(range(count)))


def _by_week(by_day: Mapping[date, int], mondays: Sequence[date]) -> tuple[int, ...]:
    counts = dict.fromkeys(mondays, 0)
    for day, count in by_day.items():
        if day >= mondays[0]:
            counts[week_of(day).first] += count
    return tuple(counts.values())
