"""The digests that servers have asked for."""

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.model.subscription import Plan, State, Subscription, Topic, WhenEmpty
from bot.store.database import Database, utc_text

_COLUMNS = """
    subscription_id, guild, channel, name, at, zone, days, topics, sources, max_entries, when_empty,
    mention_role, state, trouble, begins_at, scheduled_at
"""
_FIND = f"SELECT {_COLUMNS} FROM subscriptions WHERE subscription_id = ?"  # noqa: S608 - constants
_OF_GUILD = f"""
    SELECT {_COLUMNS} FROM subscriptions WHERE guild = ? ORDER BY subscription_id
"""  # noqa: S608
_COUNT = "SELECT count(*) FROM subscriptions WHERE guild = ?"
_UNPLANNED = f"""
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
_PLAN = """
    UPDATE subscriptions SET due_at = ?, place = ?
    WHERE subscription_id = ? AND due_at IS NULL AND scheduled_at = ? AND at = ? AND zone = ?
        AND days = ?
"""
_UNPLAN = "UPDATE subscriptions SET due_at = NULL WHERE subscription_id = ?"
_UNPLAN_ALL = "UPDATE subscriptions SET due_at = NULL WHERE due_at IS NOT NULL"
_DUE = """
    SELECT subscription_id FROM subscriptions
    WHERE state = 'active' AND due_at <= ?
    ORDER BY due_at, place
    LIMIT ?
"""
_TROUBLE = """
    UPDATE subscriptions SET state = 'troubled', trouble = ?, due_at = NULL
    WHERE subscription_id = ? AND state = 'active' AND begins_at = ? AND channel = ?
    RETURNING subscription_id
"""


class SubscriptionStore:
    """The digests in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, subscription: Subscription, *, most: int) -> Subscription | None:
        """Keeps a new digest; gives it with its number, whichever it came with.

        Args:
            subscription: The digest.
            most: How many the server may have.

        Returns:
            None where the server has as many as it may.

        Raises:
            ValueError: It begins at an instant that is not in UTC.
            StoreError: The server has one of that name.
        """
        async with self._database.transaction() as transaction:
            ((count,),) = await transaction.fetch(_COUNT, (subscription.guild,))
            if count >= most:
                return None
            ((number,),) = await transaction.fetch(_PUT, (None, *_row_of(subscription)))
        return replace(subscription, id=number)

    async def change(
        self, subscription_id: int, changed: Callable[[Subscription], Subscription]
    ) -> Subscription | None:
        """The digest as `changed` made it of what it was; None where there is none any more.

        Raises:
            StoreError: The server has another of that name.
        """
        async with self._database.transaction() as transaction:
            rows = await transaction.fetch(_FIND, (subscription_id,))
            if not rows:
                return None
            subscription = changed(_subscription_of(*rows[0]))
            await transaction.fetch(_PUT, (subscription_id, *_row_of(subscription)))
        return subscription

    async def remove(self, subscription_id: int) -> bool:
        """Forgets a digest and its deliveries; gives whether there was one."""
        async with self._database.transaction() as transaction:
            removed = await transaction.fetch(_REMOVE, (subscription_id,))
        return bool(removed)

    async def find(self, subscription_id: int) -> Subscription | None:
        """The digest of that number; None where there is none, or no longer."""
        rows = await self._database.fetch(_FIND, (subscription_id,))
        return next((_subscription_of(*row) for row in rows), None)

    async def of_guild(self, guild: str) -> tuple[Subscription, ...]:
        """The digests of a server, the oldest first."""
        rows = await self._database.fetch(_OF_GUILD, (guild,))
        return tuple(_subscription_of(*row) for row in rows)

    async def unplanned(self, most: int) -> tuple[Subscription, ...]:
        """Active digests of which it has to be reckoned when they are due; `most` of them."""
        rows = await self._database.fetch(_UNPLANNED, (most,))
        return tuple(_subscription_of(*row) for row in rows)

    async def plan(self, plans: Iterable[Plan]) -> None:
        """Notes when each is due; not for one whose time was changed meanwhile."""
        rows = [
            (utc_text(due_at), place, *_schedule_of(subscription))
            for subscription, due_at, place in plans
        ]
        async with self._database.transaction() as transaction:
            await transaction.execute_many(_PLAN, rows)

    async def plan_anew(self, subscription_id: int | None = None) -> None:
        """Lets it be reckoned again when a digest is due; all of them if none is named."""
        async with self._database.transaction() as transaction:
            if subscription_id is None:
                await transaction.execute(_UNPLAN_ALL)
            else:
                await transaction.execute(_UNPLAN, (subscription_id,))

    async def due(self, now: datetime, most: int) -> tuple[int, ...]:
        """The numbers of active digests that are due by now, in their order; `most` of them."""
        rows = await self._database.fetch(_DUE, (utc_text(now), most))
        return tuple(number for (number,) in rows)

    async def trouble(self, subscription: Subscription, reason: str) -> bool:
        """Pauses a digest for a reason, where nobody changed it meanwhile.

        Returns:
            Whether this call did it, so that only one tells of it.
        """
        row = (reason, subscription.id, utc_text(subscription.begins_at), subscription.channel)
        async with self._database.transaction() as transaction:
            troubled = await transaction.fetch(_TROUBLE, row)
        return bool(troubled)


def _row_of(subscription: Subscription) -> tuple[object, ...]:
    return (
        subscription.guild,
        subscription.channel,
        subscription.name,
        subscription.at.isoformat(),
        subscription.zone.key,
        json.dumps(sorted(subscription.days)),
        json.dumps([[topic.heading, topic.typed] for topic in subscription.topics]),
        json.dumps(subscription.sources),
        subscription.max_entries,
        subscription.when_empty,
        subscription.mention_role,
        subscription.state,
        subscription.trouble,
        utc_text(subscription.begins_at),
        utc_text(subscription.scheduled_at),
    )


def _schedule_of(subscription: Subscription) -> tuple[object, ...]:
    """What decides when it is due, as the columns have it."""
    return (
        subscription.id,
        utc_text(subscription.scheduled_at),
        subscription.at.isoformat(),
        subscription.zone.key,
        json.dumps(sorted(subscription.days)),
    )


def _subscription_of(  # noqa: PLR0913, PLR0917 - the columns of one row, in the order of _COLUMNS
    subscription_id: int,
    guild: str,
    channel: str,
    name: str,
    at: str,
    zone: str,
    days: str,
    topics: str,
    sources: str,
    max_entries: int,
    when_empty: str,
    mention_role: str | None,
    state: str,
    trouble: str | None,
    begins_at: str,
    scheduled_at: str,
) -> Subscription:
    return Subscription(
        id=subscription_id,
        guild=guild,
        channel=channel,
        name=name,
        at=time.fromisoformat(at),
        zone=ZoneInfo(zone),
        days=frozenset(json.loads(days)),
        topics=tuple(Topic(heading=heading, typed=typed) for heading, typed in json.loads(topics)),
        sources=tuple(json.loads(sources)),
        max_entries=max_entries,
        when_empty=WhenEmpty(when_empty),
        mention_role=mention_role,
        state=State(state),
        trouble=trouble,
        begins_at=datetime.fromisoformat(begins_at),
        scheduled_at=datetime.fromisoformat(scheduled_at),
    )
