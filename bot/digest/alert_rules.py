"""Alerts: which new articles they tell of, when they may, and how often they would have."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.digest.parsing import parse_time
from bot.errors import EmptyQuery, EndlessQuietHours, IncompleteQuietHours, UnusableAlert
from bot.model.alert import Alert, QuietHours
from bot.model.article import ArticleId
from bot.retrieval.index.article_table import ArticleTable
from bot.retrieval.question.bounds import Bounds
from bot.retrieval.question.query import Query, parse_query
from bot.retrieval.text.terms import Analyser

COOLDOWN = timedelta(hours=1)
"""How long an alert rests after each message: what matches meanwhile is in the next."""

PREVIEW_DAYS = 30
"""The days over which it is counted how often an alert would have told."""

MAX_ALERTS_PER_PERSON = 10
MAX_ALERTS_PER_GUILD = 25
"""The alerts that a person and a server may have at most."""

NOTHING_TO_SEARCH = "Its search text contains only words that are too common to search for."
UNKNOWN_ZONE = "The time zone of its quiet hours is not known any more."

_ONE_DAY = timedelta(days=1)


def parse_alert_query(query_text: str, analyser: Analyser) -> Query:
    """What is looked for: all of the terms and phrases typed, and nothing that is excluded.

    The words of a date are words like others: what comes in anew is of no other day.

    Raises:
        EmptyQuery: There is nothing to search for among them.
    """
    return parse_query(query_text, today=None, analyser=analyser)


def build_alert_query(alert: Alert, analyser: Analyser) -> Query:
    """What an alert looks for, as `parse_alert_query` says.

    Raises:
        UnusableAlert: There is nothing to search for any more: other words are common ones now.
    """
    try:
        return parse_alert_query(alert.query_text, analyser)
    except EmptyQuery as error:
        raise UnusableAlert(NOTHING_TO_SEARCH) from error


def find_watched_revisions(
    articles: ArticleTable, today: date, late_days: int
) -> Mapping[ArticleId, int]:
    """The articles that alerts may tell of today, by their days of publication, with revisions."""
    last = today.toordinal()
    is_watched = (articles.days >= last - late_days) & (articles.days <= last)
    places = is_watched.nonzero()[0].tolist()
    return {articles.ids[place]: int(articles.revisions[place]) for place in places}


def select_new_matches(
    matching_ids: Iterable[ArticleId],
    arrived_at: Mapping[ArticleId, datetime],
    since: datetime,
) -> tuple[ArticleId, ...]:
    """Those of the articles that hold what is looked for that came in since the alert began.

    An article counts from its first revision on: that it was revised since makes it no newer.

    Args:
        matching_ids: The articles that hold it.
        arrived_at: When the first revision of each came in; one taken back meanwhile has none.
        since: When the alert was added or resumed.
    """
    return tuple(
        article_id
        for article_id in matching_ids
        if article_id in arrived_at and arrived_at[article_id] > since
    )


def is_quiet(quiet_hours: QuietHours | None, now: datetime) -> bool:
    """Whether nothing is to be told now; by the clocks of the zone, whatever they do that day.

    Raises:
        UnusableAlert: The zone is not known here, or no longer.
    """
    if quiet_hours is None:
        return False
    try:
        zone = ZoneInfo(quiet_hours.zone)
    except ZoneInfoNotFoundError as error:
        raise UnusableAlert(UNKNOWN_ZONE) from error
    local_time = now.astimezone(zone).time()
    if quiet_hours.start < quiet_hours.end:
        return quiet_hours.start <= local_time < quiet_hours.end
    return local_time >= quiet_hours.start or local_time < quiet_hours.end


def build_quiet_hours(start: str | None, end: str | None, zone: str) -> QuietHours | None:
    """The quiet hours that a person typed; None where none were.

    Args:
        start: When they begin, as typed.
        end: When they are over, as typed.
        zone: The IANA name of the zone of these times.

    Raises:
        UnknownTime: One of them is no time of day.
        IncompleteQuietHours: Only one of them is given.
        EndlessQuietHours: Both are the same.
    """
    if start is None and end is None:
        return None
    if start is None or end is None:
        raise IncompleteQuietHours
    start_time, end_time = parse_time(start), parse_time(end)
    if start_time == end_time:
        raise EndlessQuietHours(start_time)
    return QuietHours(start=start_time, end=end_time, zone=zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertFrequency:
    """How often an alert would have told in the days looked back on.

    Attributes:
        article_count: How many articles it would have told of, each once.
        day_count: Of how many days these are.
    """

    article_count: int
    day_count: int

    @classmethod
    def from_days(cls, days: Sequence[date]) -> "AlertFrequency":
        """The frequency of articles of these days, one a day of an article."""
        return cls(article_count=len(days), day_count=len(set(days)))


def get_preview_bounds(today: date) -> Bounds:
    """The days over which it is counted, the last of them today."""
    return Bounds(after=today - (PREVIEW_DAYS - 1) * _ONE_DAY, before=today)
