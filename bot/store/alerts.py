"""Alerts, the articles that they have matched, and their messages.

An alert belongs to a server, which it notifies in a channel, or to a person, whom it notifies in
direct messages. The articles of a message are claimed before it is sent and recorded after, so that
no article is reported twice.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot.model.activity import ActivityState
from bot.model.alert import Alert, AlertClaim, AlertKey, MessageKey, QuietHours
from bot.model.article import ArticleId
from bot.model.delivery import DeliveryOutcome
from bot.model.ids import Pseudonym
from bot.store.database import Database, Rows, format_utc

_COLUMNS = """
    alerts.key, alerts.guild, alerts.person, alerts.channel, alerts.terms, alerts.quiet_from,
    alerts.quiet_to, alerts.quiet_zone, alerts.state, alerts.trouble, alerts.begins_at
"""
_ADD = """
    INSERT INTO alerts (
        key, guild, person, channel, terms, quiet_from, quiet_to, quiet_zone, state, trouble,
        begins_at
    )
    SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
    WHERE (SELECT count(*) FROM alerts WHERE guild = ? OR person = ?) < ?
    RETURNING key
"""
_FIND = f"SELECT {_COLUMNS} FROM alerts WHERE key = ?"  # noqa: S608 - constants, here and below
_FIND_BY_OWNER = f"SELECT {_COLUMNS} FROM alerts WHERE guild = ? OR person = ? ORDER BY rowid"  # noqa: S608
_FIND_ACTIVE = f"SELECT {_COLUMNS} FROM alerts WHERE state = 'active' ORDER BY rowid"  # noqa: S608
_CHANGE_STATE = "SELECT count(*), max(begins_at) FROM alerts WHERE state = 'active'"
_PAUSE = "UPDATE alerts SET state = 'paused', trouble = NULL WHERE key = ?"
_SUSPEND = """
    UPDATE alerts SET state = 'troubled', trouble = ?
    WHERE key = ? AND state = 'active' AND begins_at = ?
    RETURNING key
"""
_RESUME = """
    UPDATE alerts SET state = 'active', trouble = NULL, begins_at = ?
    WHERE key = ? AND state <> 'active'
    RETURNING key
"""
_DROP_PENDING = "DELETE FROM alert_articles WHERE alert = ? AND message IS NULL"
_REMOVE = "DELETE FROM alerts WHERE key = ? RETURNING key"
_DELETE_BY_PERSON = "DELETE FROM alerts WHERE person = ? RETURNING key"
# Joining on alerts drops the matches of an alert that was removed or paused meanwhile.
_ADD_MATCHES = """
    INSERT INTO alert_articles (alert, article_id)
    SELECT alerts.key, noted.value FROM alerts, json_each(?) AS noted
    WHERE alerts.key = ? AND alerts.state = 'active'
    ON CONFLICT (alert, article_id) DO NOTHING
"""
_MAY_NOTIFY = """
    alerts.state = 'active'
    AND alerts.key IN (SELECT alert FROM alert_articles WHERE message IS NULL)
    AND NOT EXISTS (
        SELECT * FROM alert_messages
        WHERE alert = alerts.key
        AND (state = 'claimed' OR (claimed_at > ? AND claimed_at < ?))
    )
"""
_FIND_PENDING = f"SELECT {_COLUMNS} FROM alerts WHERE {_MAY_NOTIFY} ORDER BY rowid"  # noqa: S608
_CLAIM = f"""
    INSERT INTO alert_messages (key, alert, claimed_at, after_message, state)
    SELECT ?, alerts.key, ?, ?, 'claimed' FROM alerts WHERE {_MAY_NOTIFY} AND alerts.key = ?
    RETURNING key
"""  # noqa: S608
_ASSIGN_ARTICLES = "UPDATE alert_articles SET message = ? WHERE alert = ? AND message IS NULL"
_RENEW = """
    UPDATE alert_messages SET claimed_at = ?
    WHERE key = ? AND state = 'claimed' AND claimed_at = ?
    RETURNING key
"""
_FIND_ASSIGNED_ARTICLES = """
    SELECT article_id FROM alert_articles
    JOIN articles USING (article_id)
    JOIN revisions USING (article_id, revision)
    WHERE message = ? AND published_on <= ?
    ORDER BY published_on DESC, article_id
"""
_RECORD = """
    UPDATE alert_messages SET state = ?, message_id = ?
    WHERE key = ? AND state = 'claimed'
    RETURNING key
"""
_FIND_OPEN_CLAIMS = f"""
    SELECT alert_messages.key, alert_messages.claimed_at, alert_messages.after_message, {_COLUMNS}
    FROM alert_messages JOIN alerts ON alerts.key = alert_messages.alert
    WHERE alert_messages.state = 'claimed'
    ORDER BY alert_messages.claimed_at, alert_messages.key
"""  # noqa: S608
_FIND_BY_MESSAGE = f"""
    SELECT {_COLUMNS} FROM alerts JOIN alert_messages ON alert_messages.alert = alerts.key
    WHERE alert_messages.key = ?
"""  # noqa: S608


class AlertStore:
    """The alerts, their matches and their messages."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, alert: Alert, *, limit: int) -> bool:
        """Add an alert unless its owner already has `limit`; return whether it was added."""
        row = (*_alert_to_row(alert), alert.guild, alert.person, limit)
        async with self._database.transaction() as transaction:
            return bool(await transaction.fetch(_ADD, row))

    async def find(self, key: str) -> Alert | None:
        """Return the alert with this key; None if it does not exist."""
        return _first_row_to_alert(await self._database.fetch(_FIND, (key,)))

    async def find_by_person(self, person: Pseudonym) -> tuple[Alert, ...]:
        """Return a person's own alerts, the oldest first."""
        return _rows_to_alerts(await self._database.fetch(_FIND_BY_OWNER, (None, person)))

    async def find_by_guild(self, guild: str) -> tuple[Alert, ...]:
        """Return a server's alerts, the oldest first."""
        return _rows_to_alerts(await self._database.fetch(_FIND_BY_OWNER, (guild, None)))

    async def find_active(self) -> tuple[Alert, ...]:
        """Return all active alerts, the oldest first."""
        return _rows_to_alerts(await self._database.fetch(_FIND_ACTIVE))

    async def get_change_token(self) -> tuple[int, str | None]:
        """Return a value that changes when an alert is added or resumed.

        It is cheap to read, unlike the alerts themselves.
        """
        ((count, begins_at),) = await self._database.fetch(_CHANGE_STATE)
        return count, begins_at

    async def pause(self, key: AlertKey) -> None:
        """Pause an alert until it is resumed."""
        await self._execute(_PAUSE, (key,))

    async def suspend(self, alert: Alert, reason: str) -> bool:
        """Pause an alert that can't be delivered, unless somebody changed it meanwhile.

        Returns:
            Whether this call did it, so that only one process reports it.
        """
        row = (reason, alert.key, format_utc(alert.begins_at))
        async with self._database.transaction() as transaction:
            return bool(await transaction.fetch(_SUSPEND, row))

    async def resume(self, key: AlertKey, now: datetime) -> None:
        """Resume an alert for articles that arrive after `now`; an active one stays as it is.

        Matches from before it was resumed are dropped.
        """
        begins_at = format_utc(now)
        async with self._database.transaction() as transaction:
            if await transaction.fetch(_RESUME, (begins_at, key)):
                await transaction.execute(_DROP_PENDING, (key,))

    async def remove(self, key: AlertKey) -> bool:
        """Delete an alert with its matches and messages; return whether it existed."""
        return bool(await self._database.delete(_REMOVE, (key,)))

    async def delete_by_person(self, person: Pseudonym) -> int:
        """Delete a person's own alerts; return how many there were."""
        return await self._database.delete(_DELETE_BY_PERSON, (person,))

    async def add_matches(
        self, article_ids_by_alert: Mapping[AlertKey, Sequence[ArticleId]]
    ) -> None:
        """Store which articles each active alert has matched; known matches stay as they are."""
        rows = [(json.dumps(article_ids), key) for key, article_ids in article_ids_by_alert.items()]
        async with self._database.transaction() as transaction:
            await transaction.execute_many(_ADD_MATCHES, rows)

    async def find_pending(self, now: datetime, cooldown: timedelta) -> tuple[Alert, ...]:
        """Return the alerts that have unreported matches and are not in their cooldown.

        Quiet hours are not considered.
        """
        return _rows_to_alerts(
            await self._database.fetch(_FIND_PENDING, _compute_cooldown_bounds(now, cooldown))
        )

    async def claim(self, claim: AlertClaim, cooldown: timedelta) -> bool:
        """Claim all unreported matches of an alert for one message; return whether it can be sent.

        It can't if the alert is not active, has no unreported matches, has an open message, or has
        claimed a message less than `cooldown` ago. A claim up to `cooldown` in the future counts
        too: the clock may have been set back.
        """
        claimed_at, alert_key = claim.claimed_at, claim.alert.key
        row = (
            claim.key,
            format_utc(claimed_at),
            claim.after_message_id,
            *_compute_cooldown_bounds(claimed_at, cooldown),
            alert_key,
        )
        async with self._database.transaction() as transaction:
            is_claimed = bool(await transaction.fetch(_CLAIM, row))
            if is_claimed:
                await transaction.execute(_ASSIGN_ARTICLES, (claim.key, alert_key))
        return is_claimed

    async def find_open_claims(self) -> tuple[AlertClaim, ...]:
        """Return the claimed messages without an outcome, the oldest first."""
        return tuple(_row_to_claim(*row) for row in await self._database.fetch(_FIND_OPEN_CLAIMS))

    async def renew(self, claim: AlertClaim, now: datetime) -> AlertClaim | None:
        """Take over a claim; return None if another process did, or it has an outcome."""
        row = (format_utc(now), claim.key, format_utc(claim.claimed_at))
        async with self._database.transaction() as transaction:
            is_renewed = bool(await transaction.fetch(_RENEW, row))
        return replace(claim, claimed_at=now) if is_renewed else None

    async def get_article_ids(self, message_key: MessageKey, until: date) -> tuple[ArticleId, ...]:
        """Return the articles that a message reports, the newest first.

        Articles that were withdrawn, or that are now dated after `until`, are left out.
        """
        rows = await self._database.fetch(_FIND_ASSIGNED_ARTICLES, (message_key, until.isoformat()))
        return tuple(ArticleId(article_id) for (article_id,) in rows)

    async def record(self, claim: AlertClaim, outcome: DeliveryOutcome) -> bool:
        """Give a claim its outcome, unless it has one; return whether this call did it.

        The reason of a failure is not stored here: if it lasts, the alert carries it.
        """
        row = (outcome.state, outcome.message_id, claim.key)
        async with self._database.transaction() as transaction:
            return bool(await transaction.fetch(_RECORD, row))

    async def find_by_message(self, message_key: str) -> Alert | None:
        """Return the alert that sent the message with this key; None if it no longer exists."""
        return _first_row_to_alert(await self._database.fetch(_FIND_BY_MESSAGE, (message_key,)))

    async def _execute(self, sql: str, parameters: Sequence[object]) -> None:
        async with self._database.transaction() as transaction:
            await transaction.execute(sql, parameters)


def _compute_cooldown_bounds(now: datetime, cooldown: timedelta) -> tuple[str, str]:
    return format_utc(now - cooldown), format_utc(now + cooldown)


def _first_row_to_alert(rows: Rows) -> Alert | None:
    return next(iter(_rows_to_alerts(rows)), None)


def _rows_to_alerts(rows: Iterable[Sequence[str]]) -> tuple[Alert, ...]:
    return tuple(_row_to_alert(*row) for row in rows)


def _alert_to_row(alert: Alert) -> tuple[object, ...]:
    quiet_hours = alert.quiet_hours
    return (
        alert.key,
        alert.guild,
        alert.person,
        alert.channel,
        alert.query_text,
        f"{quiet_hours.start:%H:%M}" if quiet_hours else None,
        f"{quiet_hours.end:%H:%M}" if quiet_hours else None,
        quiet_hours.zone if quiet_hours else None,
        alert.state,
        alert.suspension_reason,
        format_utc(alert.begins_at),
    )


def _row_to_alert(  # noqa: PLR0913, PLR0917 - the columns of one row, in the queries' order
    key: str,
    guild: str | None,
    person: str | None,
    channel: str,
    query_text: str,
    quiet_from: str | None,
    quiet_to: str | None,
    quiet_zone: str | None,
    state: str,
    suspension_reason: str | None,
    begins_at: str,
) -> Alert:
    return Alert(
        key=AlertKey(key),
        guild=guild,
        person=Pseudonym(person) if person else None,
        channel=channel,
        query_text=query_text,
        quiet_hours=_parse_quiet_hours(quiet_from, quiet_to, quiet_zone),
        state=ActivityState(state),
        suspension_reason=suspension_reason,
        begins_at=datetime.fromisoformat(begins_at),
    )


def _parse_quiet_hours(start: str | None, end: str | None, zone: str | None) -> QuietHours | None:
    if not (start and end and zone):
        return None
    return QuietHours(start=time.fromisoformat(start), end=time.fromisoformat(end), zone=zone)


def _row_to_claim(
    key: str, claimed_at: str, after_message_id: str | None, *alert_columns: str
) -> AlertClaim:
    return AlertClaim(
        key=MessageKey(key),
        alert=_row_to_alert(*alert_columns),
        claimed_at=datetime.fromisoformat(claimed_at),
        after_message_id=after_message_id,
    )
