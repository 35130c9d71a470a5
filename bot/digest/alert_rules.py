"""Alerts: which new articles they tell of, when they may, and how often they would have."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.digest.parsing import time_of
from bot.errors import EmptyQuery, EndlessQuiet, HalfQuiet, UnusableAlert
from bot.model.alert import Alert, Quiet
from bot.model.article import ArticleId
from bot.retrieval.index.article_table import Articles
from bot.retrieval.question.query import Query, parse
from bot.retrieval.scoring.limits import Bounds
from bot.retrieval.text.terms import Analyser

REST = timedelta(hours=1)
"""How long an alert rests after each message: what matches meanwhile is in the next."""

LOOKED_BACK_DAYS = 30
"""The days over which it is counted how often an alert would have told."""

MOST_OF_PERSON = 10
MOST_OF_SERVER = 25
"""The alerts that a person and a server may have at most."""

NOTHING_TO_SEARCH = "There is nothing to search for in it any more."
UNKNOWN_ZONE = "I don't know the time zone of its quiet hours any more."

_ONE_DAY = timedelta(days=1)


def alert_query(typed: str, analyser: Analyser) -> Query:
    """What is looked for: all of the terms and phrases typed, and nothing that is excluded.

    The words of a date are words like others: what comes in anew is of no other day.

    Raises:
        EmptyQuery: There is nothing to search for among them.
    """
    return parse(typed, today=None, analyser=analyser)


def query_of(alert: Alert, analyser: Analyser) -> Query:
    """What an alert looks for, as `alert_query` says.

    Raises:
        UnusableAlert: There is nothing to search for any more: other words are common ones now.
    """
    try:
        return alert_query(alert.typed, analyser)
    except EmptyQuery as error:
        raise UnusableAlert(NOTHING_TO_SEARCH) from error


def watched(articles: Articles, today: date, late_days: int) -> Mapping[ArticleId, int]:
    """The articles that alerts may tell of today, by their days of publication, with revisions."""
    last = today.toordinal()
    is_watched = (articles.days >= last - late_days) & (articles.days <= last)
    places = is_watched.nonzero()[0].tolist()
    return {articles.ids[place]: int(articles.revisions[place]) for place in places}


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
    """Whether nothing is to be told now; by the clocks of the zone, whatever they do that day.

    Raises:
        UnusableAlert: The zone is not known here, or no longer.
    """
    if quiet is None:
        return False
    try:
        zone = ZoneInfo(quiet.zone)
    except ZoneInfoNotFoundError as error:
        raise UnusableAlert(UNKNOWN_ZONE) from error
    told = now.astimezone(zone).time()
    if quiet.begins < quiet.ends:
        return quiet.begins <= told < quiet.ends
    return told >= quiet.begins or told < quiet.ends


def quiet_of(begins: str | None, ends: str | None, zone: str) -> Quiet | None:
    """The quiet hours that a person typed; None where none were.

    Args:
        begins: When they begin, as typed.
        ends: When they are over, as typed.
        zone: The IANA name of the zone of these times.

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
