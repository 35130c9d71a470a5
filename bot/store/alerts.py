"""Alerts: what is looked for, for whom, and what was told of it.

An alert is a server's, told in one of its channels, or a person's own, told in direct messages. What
it is about to tell is claimed before it is sent, and recorded after, so that nothing is told twice.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from bot.model.alert import Alert, AlertKey, Claim, MessageKey, Quiet
from bot.model.article import ArticleId
from bot.model.delivery import DeliveryState
from bot.model.ids import Pseudonym
from bot.model.subscription import State
from bot.store.database import Database, Rows, utc_text

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
_OF = f"SELECT {_COLUMNS} FROM alerts WHERE guild = ? OR person = ? ORDER BY rowid"  # noqa: S608
_ACTIVE = f"SELECT {_COLUMNS} FROM alerts WHERE state = 'active' ORDER BY rowid"  # noqa: S608
_STAND = "SELECT count(*), max(begins_at) FROM alerts WHERE state = 'active'"
_PAUSE = "UPDATE alerts SET state = 'paused', trouble = NULL WHERE key = ?"
_TROUBLE = """
    UPDATE alerts SET state = 'troubled', trouble = ?
    WHERE key = ? AND state = 'active' AND begins_at = ?
    RETURNING key
"""
_RESUME = """
    UPDATE alerts SET state = 'active', trouble = NULL, begins_at = ?
    WHERE key = ? AND state <> 'active'
    RETURNING key
"""
_DROP_WAITING = "DELETE FROM alert_articles WHERE alert = ? AND message IS NULL"
_REMOVE = "DELETE FROM alerts WHERE key = ? RETURNING key"
_DELETE_OF = "DELETE FROM alerts WHERE person = ? RETURNING key"
# An alert that was removed meanwhile takes no more.
_NOTE = """
    INSERT INTO alert_articles (alert, article_id)
    SELECT alerts.key, noted.value FROM alerts, json_each(?) AS noted
    WHERE alerts.key = ? AND alerts.state = 'active'
    ON CONFLICT (alert, article_id) DO NOTHING
"""
_MAY_TELL = """
    alerts.state = 'active'
    AND alerts.key IN (SELECT alert FROM alert_articles WHERE message IS NULL)
    AND NOT EXISTS (
        SELECT * FROM alert_messages
        WHERE alert = alerts.key
        AND (state = 'claimed' OR (claimed_at > ? AND claimed_at < ?))
    )
"""
_WAITING = f"SELECT {_COLUMNS} FROM alerts WHERE {_MAY_TELL} ORDER BY rowid"  # noqa: S608
_CLAIM = f"""
    INSERT INTO alert_messages (key, alert, claimed_at, after_message, state)
    SELECT ?, alerts.key, ?, ?, 'claimed' FROM alerts WHERE {_MAY_TELL} AND alerts.key = ?
    RETURNING key
"""  # noqa: S608
_TAKE = "UPDATE alert_articles SET message = ? WHERE alert = ? AND message IS NULL"
_RENEW = """
    UPDATE alert_messages SET claimed_at = ?
    WHERE key = ? AND state = 'claimed' AND claimed_at = ?
    RETURNING key
"""
_TAKEN = """
    SELECT article_id FROM alert_articles
    JOIN articles USING (article_id)
    JOIN revisions USING (article_id, revision)
    WHERE message = ? AND published_on <= ?
    ORDER BY published_on DESC, article_id
"""
_RECORD = "UPDATE alert_messages SET state = ?, message_id = ? WHERE key = ? AND state = 'claimed'"
_OPEN = f"""
    SELECT alert_messages.key, alert_messages.claimed_at, alert_messages.after_message, {_COLUMNS}
    FROM alert_messages JOIN alerts ON alerts.key = alert_messages.alert
    WHERE alert_messages.state = 'claimed'
    ORDER BY alert_messages.claimed_at, alert_messages.key
"""  # noqa: S608
_TOLD_BY = f"""
    SELECT {_COLUMNS} FROM alerts JOIN alert_messages ON alert_messages.alert = alerts.key
    WHERE alert_messages.key = ?
"""  # noqa: S608


class AlertStore:
    """The alerts in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, alert: Alert, *, most: int) -> bool:
        """Keeps an alert, unless its owner has as many as they may; gives whether it is kept.

        Raises:
            ValueError: `begins_at` is not in UTC.
        """
        row = (*_row_of(alert), alert.guild, alert.person, most)
        async with self._database.transaction() as transaction:
            return bool(await transaction.fetch(_ADD, row))

    async def find(self, key: str) -> Alert | None:
        """The alert of that key; None where there is none, or no longer."""
        return _first(await self._database.fetch(_FIND, (key,)))

    async def of_person(self, person: Pseudonym) -> tuple[Alert, ...]:
        """The alerts of a person's own, in the order in which they were added."""
        return _alerts(await self._database.fetch(_OF, (None, person)))

    async def of_guild(self, guild: str) -> tuple[Alert, ...]:
        """The alerts of a server, in the order in which they were added."""
        return _alerts(await self._database.fetch(_OF, (guild, None)))

    async def active(self) -> tuple[Alert, ...]:
        """The alerts that tell, in the order in which they were added."""
        return _alerts(await self._database.fetch(_ACTIVE))

    async def stand(self) -> tuple[int, str | None]:
        """What changes when an alert is added or resumed, quick to read."""
        ((count, begins_at),) = await self._database.fetch(_STAND)
        return count, begins_at

    async def pause(self, key: AlertKey) -> None:
        """Ends its telling until it is resumed."""
        await self._execute(_PAUSE, (key,))

    async def trouble(self, alert: Alert, reason: str) -> bool:
        """Pauses an alert that can't be told, for a reason, where nobody changed it meanwhile.

        Returns:
            Whether this call did it, so that only one tells of it.
        """
        row = (reason, alert.key, utc_text(alert.begins_at))
        async with self._database.transaction() as transaction:
            return bool(await transaction.fetch(_TROUBLE, row))

    async def resume(self, key: AlertKey, now: datetime) -> None:
        """Lets it tell again, of what comes in from now on; one that tells is left as it is.

        Raises:
            ValueError: `now` is not in UTC.
        """
        begins_at = utc_text(now)
        async with self._database.transaction() as transaction:
            if await transaction.fetch(_RESUME, (begins_at, key)):
                await transaction.execute(_DROP_WAITING, (key,))

    async def remove(self, key: AlertKey) -> bool:
        """Deletes it with all that it told; gives whether it was there."""
        return bool(await self._delete(_REMOVE, key))

    async def delete_of(self, person: Pseudonym) -> int:
        """Deletes the alerts of a person's own; gives how many these were."""
        return await self._delete(_DELETE_OF, person)

    async def note(self, matching: Mapping[AlertKey, Sequence[ArticleId]]) -> None:
        """Notes which articles each alert is to tell; what was noted before stays as it is."""
        rows = [(json.dumps(articles), key) for key, articles in matching.items()]
        async with self._database.transaction() as transaction:
            await transaction.execute_many(_NOTE, rows)

    async def waiting(self, now: datetime, rest: timedelta) -> tuple[Alert, ...]:
        """The alerts that have something to tell and may, as `claim` says, whatever the hour.

        Raises:
            ValueError: `now` is not in UTC.
        """
        return _alerts(await self._database.fetch(_WAITING, _around(now, rest)))

    async def claim(self, claim: Claim, rest: timedelta) -> bool:
        """Claims all that an alert has to tell for one message; gives whether it may be sent.

        It may not where the alert does not tell, has nothing to tell, has a message open, or has
        claimed one within `rest` of this, before or, by a clock that was set back, after.

        Raises:
            ValueError: `claimed_at` is not in UTC.
            StoreError: The key of the message is taken.
        """
        at, alert = claim.claimed_at, claim.alert.key
        row = (claim.key, utc_text(at), claim.after, *_around(at, rest), alert)
        async with self._database.transaction() as transaction:
            is_claimed = bool(await transaction.fetch(_CLAIM, row))
            if is_claimed:
                await transaction.execute(_TAKE, (claim.key, alert))
        return is_claimed

    async def open_claims(self) -> tuple[Claim, ...]:
        """The messages that were claimed, and of which nobody noted what became; the oldest first."""
        return tuple(_claim_of(*row) for row in await self._database.fetch(_OPEN))

    async def renew(self, claim: Claim, now: datetime) -> bool:
        """Takes over a claim that stayed open; gives whether nobody else did, or settled it.

        Raises:
            ValueError: `now` is not in UTC.
        """
        row = (utc_text(now), claim.key, utc_text(claim.claimed_at))
        async with self._database.transaction() as transaction:
            return bool(await transaction.fetch(_RENEW, row))

    async def taken(self, message: MessageKey, until: date) -> tuple[ArticleId, ...]:
        """The articles that a message tells of, the newest first.

        Without those that were taken back since, or are dated later than `until` by now.
        """
        rows = await self._database.fetch(_TAKEN, (message, until.isoformat()))
        return tuple(ArticleId(each) for (each,) in rows)

    async def record(
        self, message: MessageKey, state: DeliveryState, message_id: str | None = None
    ) -> None:
        """Notes what became of a message that was claimed; `message_id` where it was posted."""
        await self._execute(_RECORD, (state, message_id, message))

    async def told_by(self, message: str) -> Alert | None:
        """The alert whose message has that key; None where it is there no longer."""
        return _first(await self._database.fetch(_TOLD_BY, (message,)))

    async def _execute(self, sql: str, parameters: Sequence[object]) -> None:
        async with self._database.transaction() as transaction:
            await transaction.execute(sql, parameters)

    async def _delete(self, sql: str, parameter: str) -> int:
        async with self._database.transaction() as transaction:
            deleted = await transaction.fetch(sql, (parameter,))
        await self._database.empty_log()
        return len(deleted)


def _around(now: datetime, rest: timedelta) -> tuple[str, str]:
    return utc_text(now - rest), utc_text(now + rest)


def _first(rows: Rows) -> Alert | None:
    return next(iter(_alerts(rows)), None)


def _alerts(rows: Iterable[Sequence[str]]) -> tuple[Alert, ...]:
    return tuple(_alert_of(*row) for row in rows)


def _row_of(alert: Alert) -> tuple[object, ...]:
    quiet = alert.quiet
    return (
        alert.key,
        alert.guild,
        alert.person,
        alert.channel,
        alert.typed,
        f"{quiet.begins:%H:%M}" if quiet else None,
        f"{quiet.ends:%H:%M}" if quiet else None,
        quiet.zone if quiet else None,
        alert.state,
        alert.trouble,
        utc_text(alert.begins_at),
    )


def _alert_of(  # noqa: PLR0913, PLR0917 - the columns of one row, in the queries' order
    key: str,
    guild: str | None,
    person: str | None,
    channel: str,
    typed: str,
    quiet_from: str | None,
    quiet_to: str | None,
    quiet_zone: str | None,
    state: str,
    trouble: str | None,
    begins_at: str,
) -> Alert:
    return Alert(
        key=AlertKey(key),
        guild=guild,
        person=Pseudonym(person) if person else None,
        channel=channel,
        typed=typed,
        quiet=_quiet_of(quiet_from, quiet_to, quiet_zone),
        state=State(state),
        trouble=trouble,
        begins_at=datetime.fromisoformat(begins_at),
    )


def _quiet_of(begins: str | None, ends: str | None, zone: str | None) -> Quiet | None:
    if not (begins and ends and zone):
        return None
    return Quiet(begins=time.fromisoformat(begins), ends=time.fromisoformat(ends), zone=zone)


def _claim_of(key: str, claimed_at: str, after: str | None, *alert: str) -> Claim:
    return Claim(
        key=MessageKey(key),
        alert=_alert_of(*alert),
        claimed_at=datetime.fromisoformat(claimed_at),
        after=after,
    )
