"""The digest settings of servers, with the next due time of each digest."""

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.model.activity import ActivityState
from bot.model.subscription import DigestTopic, DueTime, Subscription, WhenEmpty
from bot.store.database import Database, format_utc

_COLUMNS = """
    subscription_id, guild, channel, name, at, zone, days, topics, sources, max_entries, when_empty,
    mention_role, state, trouble, begins_at, scheduled_at
"""
_FIND = f"SELECT {_COLUMNS} FROM subscriptions WHERE subscription_id = ?"  # noqa: S608 - constants
_FIND_BY_GUILD = f"""
    SELECT {_COLUMNS} FROM subscriptions WHERE guild = ? ORDER BY subscription_id
"""  # noqa: S608
_COUNT = "SELECT count(*) FROM subscriptions WHERE guild = ?"
_FIND_WITHOUT_DUE_TIME = f"""
    SELECT {_COLUMNS} FROM subscriptions
    WHERE state = 'active' AND due_at IS NULL
    ORDER BY subscription_id
    LIMIT ?
"""  # noqa: S608
_PUT = f"""
    INSERT INTO subscriptions ({_COLUMNS}, due_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)
    ON CONFLICT (subscription_id) DO UPDATE SET
        channel = excluded.channel,
        name = excluded.name,
        at = excluded.at,
        zone = excluded.zone,
        days = excluded.days,
        topics = excluded.topics,
        sources = excluded.sources,
        max_entries = excluded.max_entries,
        when_empty = excluded.when_empty,
        mention_role = excluded.mention_role,
        state = excluded.state,
        trouble = excluded.trouble,
        begins_at = excluded.begins_at,
        scheduled_at = excluded.scheduled_at,
        due_at = NULL
    RETURNING subscription_id
"""  # noqa: S608
_REMOVE = "DELETE FROM subscriptions WHERE subscription_id = ? RETURNING subscription_id"
_SET_DUE_TIME = """
    UPDATE subscriptions SET due_at = ?, place = ?
    WHERE subscription_id = ? AND due_at IS NULL AND scheduled_at = ? AND at = ? AND zone = ?
        AND days = ?
"""
_CLEAR_DUE_TIME = "UPDATE subscriptions SET due_at = NULL WHERE subscription_id = ?"
_CLEAR_ALL_DUE_TIMES = "UPDATE subscriptions SET due_at = NULL WHERE due_at IS NOT NULL"
_FIND_DUE = """
    SELECT subscription_id FROM subscriptions
    WHERE state = 'active' AND due_at <= ?
    ORDER BY due_at, place
    LIMIT ?
"""
_SUSPEND = """
    UPDATE subscriptions SET state = 'troubled', trouble = ?, due_at = NULL
    WHERE subscription_id = ? AND state = 'active' AND begins_at = ? AND channel = ?
    RETURNING subscription_id
"""


class SubscriptionStore:
    """The digests of servers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, subscription: Subscription, *, limit: int) -> Subscription | None:
        """Add a digest, and return it with its new id.

        Args:
            subscription: The digest; its own id is ignored.
            limit: The maximum number of digests of a server.

        Returns:
            None if the server already has `limit` digests.

        Raises:
            StoreError: The server has another digest of that name.
        """
        async with self._database.transaction() as transaction:
            ((count,),) = await transaction.fetch(_COUNT, (subscription.guild,))
            if count >= limit:
                return None
            ((subscription_id,),) = await transaction.fetch(
                _PUT, (None, *_subscription_to_row(subscription))
            )
        return replace(subscription, id=subscription_id)

    async def change(
        self, subscription_id: int, update: Callable[[Subscription], Subscription]
    ) -> Subscription | None:
        """Store and return the digest as changed by `update`; None if it no longer exists.

        Its due time is cleared, since the change may have moved it.

        Raises:
            StoreError: The server has another digest of that name.
        """
        async with self._database.transaction() as transaction:
            rows = await transaction.fetch(_FIND, (subscription_id,))
            if not rows:
                return None
            subscription = update(_row_to_subscription(*rows[0]))
            await transaction.fetch(_PUT, (subscription_id, *_subscription_to_row(subscription)))
        return subscription

    async def remove(self, subscription_id: int) -> bool:
        """Delete a digest and its deliveries; return whether it existed."""
        async with self._database.transaction() as transaction:
            removed = await transaction.fetch(_REMOVE, (subscription_id,))
        return bool(removed)

    async def find(self, subscription_id: int) -> Subscription | None:
        """Return the digest with this id; None if it does not exist."""
        rows = await self._database.fetch(_FIND, (subscription_id,))
        return next((_row_to_subscription(*row) for row in rows), None)

    async def find_by_guild(self, guild: str) -> tuple[Subscription, ...]:
        """Return the digests of a server, the oldest first."""
        rows = await self._database.fetch(_FIND_BY_GUILD, (guild,))
        return tuple(_row_to_subscription(*row) for row in rows)

    async def find_without_due_time(self, limit: int) -> tuple[Subscription, ...]:
        """Return up to `limit` active digests without a computed due time."""
        rows = await self._database.fetch(_FIND_WITHOUT_DUE_TIME, (limit,))
        return tuple(_row_to_subscription(*row) for row in rows)

    async def set_due_times(self, due_times: Iterable[DueTime]) -> None:
        """Store due times, except for digests with a schedule that changed meanwhile."""
        rows = [
            (format_utc(due_at), position, *_schedule_to_columns(subscription))
            for subscription, due_at, position in due_times
        ]
        async with self._database.transaction() as transaction:
            await transaction.execute_many(_SET_DUE_TIME, rows)

    async def clear_due_times(self, subscription_id: int | None = None) -> None:
        """Clear the due time of a digest, or of all if None, so that it is computed again."""
        async with self._database.transaction() as transaction:
            if subscription_id is None:
                await transaction.execute(_CLEAR_ALL_DUE_TIMES)
            else:
                await transaction.execute(_CLEAR_DUE_TIME, (subscription_id,))

    async def find_due_ids(self, now: datetime, limit: int) -> tuple[int, ...]:
        """Return up to `limit` active digests that are due at `now`, the earliest first."""
        rows = await self._database.fetch(_FIND_DUE, (format_utc(now), limit))
        return tuple(subscription_id for (subscription_id,) in rows)

    async def suspend(self, subscription: Subscription, reason: str) -> bool:
        """Pause a digest that can't be posted, unless somebody changed it meanwhile.

        Returns:
            Whether this call did it, so that only one process reports it.
        """
        row = (reason, subscription.id, format_utc(subscription.begins_at), subscription.channel)
        async with self._database.transaction() as transaction:
            suspended_rows = await transaction.fetch(_SUSPEND, row)
        return bool(suspended_rows)


def _subscription_to_row(subscription: Subscription) -> tuple[object, ...]:
    return (
        subscription.guild,
        subscription.channel,
        subscription.name,
        subscription.time_of_day.isoformat(),
        subscription.zone.key,
        json.dumps(sorted(subscription.days)),
        json.dumps([[topic.heading, topic.query_text] for topic in subscription.topics]),
        json.dumps(subscription.sources),
        subscription.max_entries,
        subscription.when_empty,
        subscription.mention_role,
        subscription.state,
        subscription.suspension_reason,
        format_utc(subscription.begins_at),
        format_utc(subscription.schedule_changed_at),
    )


def _schedule_to_columns(subscription: Subscription) -> tuple[object, ...]:
    """Return the columns that decide when a digest is due."""
    return (
        subscription.id,
        format_utc(subscription.schedule_changed_at),
        subscription.time_of_day.isoformat(),
        subscription.zone.key,
        json.dumps(sorted(subscription.days)),
    )


def _row_to_subscription(  # noqa: PLR0913, PLR0917 - the columns of one row, in the order of _COLUMNS
    subscription_id: int,
    guild: str,
    channel: str,
    name: str,
    time_of_day: str,
    zone: str,
    days: str,
    topics: str,
    sources: str,
    max_entries: int,
    when_empty: str,
    mention_role: str | None,
    state: str,
    suspension_reason: str | None,
    begins_at: str,
    schedule_changed_at: str,
) -> Subscription:
    return Subscription(
        id=subscription_id,
        guild=guild,
        channel=channel,
        name=name,
        time_of_day=time.fromisoformat(time_of_day),
        zone=ZoneInfo(zone),
        days=frozenset(json.loads(days)),
        topics=tuple(
            DigestTopic(heading=heading, query_text=query_text)
            for heading, query_text in json.loads(topics)
        ),
        sources=tuple(json.loads(sources)),
        max_entries=max_entries,
        when_empty=WhenEmpty(when_empty),
        mention_role=mention_role,
        state=ActivityState(state),
        suspension_reason=suspension_reason,
        begins_at=datetime.fromisoformat(begins_at),
        schedule_changed_at=datetime.fromisoformat(schedule_changed_at),
    )
