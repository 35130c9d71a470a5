"""Rules of alerts: matching articles, quiet hours, limits and the preview of their frequency."""

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
"""The minimum time between two messages of an alert; later matches wait for the next message."""

PREVIEW_DAYS = 30
"""The length of the period for which a preview counts matching articles."""

MAX_ALERTS_PER_PERSON = 10
MAX_ALERTS_PER_GUILD = 25
"""The maximum number of alerts of a person and of a server."""

NOTHING_TO_SEARCH = "Its search text contains only words that are too common to search for."
UNKNOWN_ZONE = "The time zone of its quiet hours no longer exists."

_ONE_DAY = timedelta(days=1)


def parse_alert_query(query_text: str, analyser: Analyser) -> Query:
    """Parse the search text of an alert: all terms and phrases, and none of the excluded terms.

    Words that form a date are searched as words, because a new article is always about now.

    Raises:
        EmptyQuery: The text has nothing to search for.
    """
    return parse_query(query_text, today=None, analyser=analyser)


def build_alert_query(alert: Alert, analyser: Analyser) -> Query:
    """Return the query of a stored alert, as `parse_alert_query` does.

    Raises:
        UnusableAlert: The list of common words has changed, and nothing is left to search for.
    """
    try:
        return parse_alert_query(alert.query_text, analyser)
    except EmptyQuery as error:
        raise UnusableAlert(NOTHING_TO_SEARCH) from error


def find_watched_revisions(
    articles: ArticleTable, today: date, late_days: int
) -> Mapping[ArticleId, int]:
    """Return the articles that alerts can report today, with their current revisions.

    They were published on one of the last `late_days` days or today.
    """
    last = today.toordinal()
    is_watched = (articles.days >= last - late_days) & (articles.days <= last)
    places = is_watched.nonzero()[0].tolist()
    return {articles.ids[place]: int(articles.revisions[place]) for place in places}


def select_new_matches(
    matching_ids: Iterable[ArticleId],
    arrived_at: Mapping[ArticleId, datetime],
    since: datetime,
) -> tuple[ArticleId, ...]:
    """Return the matching articles that were added after the alert began.

    The first revision counts: a revision of an old article does not make it new.

    Args:
        matching_ids: The articles that match the alert.
        arrived_at: When the first revision of each was added; a withdrawn article has no entry.
        since: When the alert was added or resumed. An article added at this moment is not new.
    """
    return tuple(
        article_id
        for article_id in matching_ids
        if article_id in arrived_at and arrived_at[article_id] > since
    )


def is_quiet(quiet_hours: QuietHours | None, now: datetime) -> bool:
    """Return whether `now` is in the quiet hours, which are half-open.

    They follow the local clock of their zone, also on days when it is changed.

    Raises:
        UnusableAlert: The time zone data no longer has the zone.
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
    # The quiet hours span midnight.
    return local_time >= quiet_hours.start or local_time < quiet_hours.end


def build_quiet_hours(start: str | None, end: str | None, zone: str) -> QuietHours | None:
    """Parse quiet hours; None if neither time is given.

    Args:
        start: The time at which they start, as entered (HH:MM).
        end: The time at which they end, as entered (HH:MM).
        zone: The IANA name of the time zone.

    Raises:
        UnknownTime: One of the texts is not a time of day.
        IncompleteQuietHours: Only one time is given.
        EndlessQuietHours: Both times are the same.
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
    """How often an alert would have fired in the preview period.

    Attributes:
        article_count: The number of articles that it would have reported.
        day_count: The number of different days on which they were published.
    """

    article_count: int
    day_count: int

    @classmethod
    def from_days(cls, days: Sequence[date]) -> "AlertFrequency":
        """Count articles from their publication days, one day for each article."""
        return cls(article_count=len(days), day_count=len(set(days)))


def get_preview_bounds(today: date) -> Bounds:
    """Return the days of the preview period: the last PREVIEW_DAYS days, including today."""
    return Bounds(after=today - (PREVIEW_DAYS - 1) * _ONE_DAY, before=today)
