"""Alerts: which new articles they tell of, when they may, and how often they would have."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.digest.typed import time_of
from bot.errors import EndlessQuiet, HalfQuiet
from bot.retrieval.article import ArticleId
from bot.retrieval.limits import Bounds
from bot.retrieval.query import Query, parse
from bot.retrieval.terms import Analyser
from bot.store.alerts import Alert, Quiet

REST = timedelta(hours=1)
"""How long an alert rests after each message: what matches meanwhile is in the next."""

LOOKED_BACK_DAYS = 30
"""The days over which it is counted how often an alert would have told."""

MOST_OF_PERSON = 10
MOST_OF_SERVER = 25
"""The alerts that a person and a server may have at most."""

_ONE_DAY = timedelta(days=1)


def alert_query(terms: str, analyser: Analyser) -> Query:
    """What an alert looks for: all of the terms and phrases, and nothing that is excluded.

    The words of a date are words like others: what comes in anew is of no other day.

    Raises:
        EmptyQuery: There is nothing to search for among them.
    """
    return parse(terms, today=None, analyser=analyser)


def watched_days(today: date, late_days: int) -> Bounds:
    """The days of publication of the articles that alerts tell of."""
    return Bounds(after=today - late_days * _ONE_DAY, before=today)


def newly_matching(
    holding: Iterable[ArticleId],
    came_in_at: Mapping[ArticleId, datetime],
    begins_at: datetime,
) -> tuple[ArticleId, ...]:
    """Those of the articles that hold what is looked for that came in since the alert began.

    An article counts from its first revision on: that it was revised since makes it no newer.

    Args:
        holding: The articles that hold it.
        came_in_at: When the first revision of each came in; one taken back meanwhile has none.
        begins_at: When the alert was added or resumed.
    """
    return tuple(each for each in holding if each in came_in_at and came_in_at[each] > begins_at)


def is_quiet(quiet: Quiet | None, now: datetime) -> bool:
    """Whether nothing is to be told now; by the clocks of the zone, whatever they do that day."""
    if quiet is None:
        return False
    told = now.astimezone(quiet.zone).time()
    if quiet.begins < quiet.ends:
        return quiet.begins <= told < quiet.ends
    return told >= quiet.begins or told < quiet.ends


def quiet_of(begins: str | None, ends: str | None, zone: ZoneInfo) -> Quiet | None:
    """The quiet hours that a person typed; None where none were.

    Args:
        begins: When they begin, as typed.
        ends: When they are over, as typed.
        zone: The zone of these times.

    Raises:
        UnknownTime: One of them is no time of day.
        HalfQuiet: Only one of them is given.
        EndlessQuiet: Both are the same.
    """
    if begins is None and ends is None:
        return None
    if begins is None or ends is None:
        raise HalfQuiet
    first, last = time_of(begins), time_of(ends)
    if first == last:
        raise EndlessQuiet(first)
    return Quiet(begins=first, ends=last, zone=zone)


def tells_now(alerts: Iterable[Alert], now: datetime) -> tuple[Alert, ...]:
    """Those of the alerts whose hours are not quiet now, in their order."""
    return tuple(alert for alert in alerts if not is_quiet(alert.quiet, now))


@dataclass(frozen=True, slots=True, kw_only=True)
class Frequency:
    """How often an alert would have told in the days looked back on.

    Attributes:
        articles: How many articles it would have told of, each once.
        days: Of how many days these are.
    """

    articles: int
    days: int

    @classmethod
    def of(cls, days: Sequence[date]) -> "Frequency":
        """The frequency of articles of these days, one a day of an article."""
        return cls(articles=len(days), days=len(set(days)))


def looked_back_days(today: date) -> Bounds:
    """The days over which it is counted, the last of them today."""
    return Bounds(after=today - (LOOKED_BACK_DAYS - 1) * _ONE_DAY, before=today)
