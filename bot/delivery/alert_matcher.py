"""Matching new articles with alerts; only changes since the last round are looked at."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from typing import NamedTuple

from bot.digest.alert_rules import build_alert_query, find_watched_revisions, select_new_matches
from bot.errors import UnusableAlert
from bot.model.alert import Alert, AlertKey
from bot.model.article import ArticleId
from bot.retrieval.index.article_table import ArticleTable
from bot.retrieval.library_search import LibrarySearch
from bot.retrieval.question.query import Query
from bot.runtime.clock import Clock
from bot.store.alerts import AlertStore
from bot.store.articles import ArticleStore

PauseAlert = Callable[[Alert, UnusableAlert], Awaitable[None]]
"""Pauses an alert that can't be used any more."""


class _WatchedAlert(NamedTuple):
    """An alert as it was when it was last matched, and its query."""

    alert: Alert
    query: Query


class _Snapshot(NamedTuple):
    """The state at the last round; if it is unchanged, there is nothing to match."""

    articles: ArticleTable
    today: date
    alerts_token: tuple[int, str | None]


class AlertMatcher:
    """Stores the matching articles of each alert in the database."""

    def __init__(
        self,
        *,
        alerts: AlertStore,
        articles: ArticleStore,
        index: LibrarySearch,
        clock: Clock,
        late_days: int,
    ) -> None:
        """Start without any knowledge of earlier matches.

        Args:
            alerts: The alerts.
            articles: The library.
            index: Finds the matching articles.
            clock: The current time, and the zone of its days.
            late_days: An article that arrives more than so many days after its publication is
                ignored.
        """
        self._alerts = alerts
        self._articles = articles
        self._index = index
        self._clock = clock
        self._late_days = late_days
        self._snapshot: _Snapshot | None = None
        self._watched: Mapping[AlertKey, _WatchedAlert] = {}
        self._revisions: Mapping[ArticleId, int] = {}

    async def note_matches(self, pause: PauseAlert) -> None:
        """Store new matches, if the library, the day or the alerts have changed.

        Args:
            pause: Called for each alert that can't be used any more.
        """
        snapshot = _Snapshot(
            await self._index.get_articles(),
            self._clock.today(),
            await self._alerts.get_change_token(),
        )
        if _is_same(snapshot, self._snapshot):
            return
        revisions = find_watched_revisions(snapshot.articles, snapshot.today, self._late_days)
        watched = await self._watch(await self._alerts.find_active(), pause)
        await self._match(revisions, watched)
        # Remembered only after the matches are stored: if storing fails, the next round repeats it.
        self._snapshot, self._watched, self._revisions = snapshot, watched, revisions

    async def _watch(
        self, alerts: Sequence[Alert], pause: PauseAlert
    ) -> Mapping[AlertKey, _WatchedAlert]:
        watched = {}
        for alert in alerts:
            known = self._watched.get(alert.key)
            try:
                query = known.query if known else await self._build_query(alert)
            except UnusableAlert as error:
                await pause(alert, error)
            else:
                watched[alert.key] = _WatchedAlert(alert, query)
        return watched

    async def _build_query(self, alert: Alert) -> Query:
        return await asyncio.to_thread(build_alert_query, alert, self._index.analyser)

    async def _match(
        self,
        revisions: Mapping[ArticleId, int],
        watched: Mapping[AlertKey, _WatchedAlert],
    ) -> None:
        """Match new or resumed alerts with all articles, the others with changed articles only."""
        changed_ids = {
            article_id
            for article_id, revision in revisions.items()
            if self._revisions.get(article_id) != revision
        }
        known_keys = {
            key
            for key, entry in self._watched.items()
            if key in watched and entry.alert.begins_at == watched[key].alert.begins_at
        }
        added = [entry for key, entry in watched.items() if key not in known_keys]
        await self._note(added, revisions.keys())
        await self._note([watched[key] for key in watched if key in known_keys], changed_ids)

    async def _note(
        self, watched: Sequence[_WatchedAlert], article_ids: AbstractSet[ArticleId]
    ) -> None:
        if not (watched and article_ids):
            return
        queries = [entry.query for entry in watched]
        ids_by_alert = await self._index.find_matching_ids(queries, article_ids=article_ids)
        all_ids = {article_id for ids in ids_by_alert for article_id in ids}
        arrived_at = await self._articles.get_arrival_times([*all_ids])
        matches = {
            entry.alert.key: new_ids
            for entry, ids in zip(watched, ids_by_alert, strict=True)
            if (new_ids := select_new_matches(ids, arrived_at, entry.alert.begins_at))
        }
        if matches:
            await self._alerts.add_matches(matches)


def _is_same(snapshot: _Snapshot, previous: _Snapshot | None) -> bool:
    """Return whether nothing has changed.

    Identity is enough for the article table, because the index builds a new one on each change.
    """
    return (
        previous is not None
        and previous.articles is snapshot.articles
        and previous[1:] == snapshot[1:]
    )
