"""Deliveries: one row for each digest and local day, claimed before anything is posted."""

import json
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from datetime import date, datetime

from bot.model.article import ArticleId
from bot.model.delivery import (
    Delivery,
    DeliveryOutcome,
    DeliveryState,
    DigestClaim,
    HighWaterMark,
    RecordedDecision,
)
from bot.store.database import Database, format_utc

_COLUMNS = """
    delivery_id, subscription_id, channel, local_day, state, window_first, window_last, key,
    claimed_at, after_message, message_id, posted_at, reason
"""
# A day on which nothing was posted can be claimed again. REPLACE gives it a new id, so that a process
# that read the old row notices. The conditions check that nothing has changed since the claim was
# prepared: the digest has the same channel, start and state, and no newer delivery.
_CLAIM = f"""
    INSERT OR REPLACE INTO deliveries (
        subscription_id, channel, local_day, state, window_first, window_last, key, claimed_at,
        after_message, reason
    )
    SELECT subscription_id, channel, ?, ?, ?, ?, ?, ?, ?, ?
    FROM subscriptions
    WHERE subscription_id = ? AND channel = ? AND begins_at = ? AND state = ?
        AND (SELECT coalesce(max(delivery_id), 0) FROM deliveries WHERE subscription_id = ?) = ?
        AND NOT EXISTS (
            SELECT * FROM deliveries
            WHERE subscription_id = ? AND local_day = ? AND state NOT IN ('failed', 'empty')
        )
    RETURNING {_COLUMNS}
"""  # noqa: S608 - constants, here and below
_ADD_DECISION = """
    INSERT INTO delivery_articles (delivery_id, article_id, step, detail) VALUES (?, ?, ?, ?)
"""
_RENEW = f"""
    UPDATE deliveries SET claimed_at = ?
    WHERE delivery_id = ? AND state = 'claimed' AND claimed_at = ?
    RETURNING {_COLUMNS}
"""  # noqa: S608
_RECORD = """
    UPDATE deliveries SET state = ?, message_id = ?, posted_at = ?, reason = ?
    WHERE delivery_id = ? AND state = 'claimed'
    RETURNING delivery_id
"""
_RELEASE = """
    DELETE FROM deliveries WHERE delivery_id = ? AND state = 'claimed' AND claimed_at = ?
    RETURNING delivery_id
"""
_CLEAR_DUE_TIME = "UPDATE subscriptions SET due_at = NULL WHERE subscription_id = ?"
_FIND_OPEN_CLAIMS = f"SELECT {_COLUMNS} FROM deliveries WHERE state = 'claimed' ORDER BY claimed_at"  # noqa: S608
_FIND_OPEN_CLAIM = f"""
    SELECT {_COLUMNS} FROM deliveries WHERE state = 'claimed' AND subscription_id = ?
    ORDER BY delivery_id
"""  # noqa: S608
_FIND_BY_DAY = f"SELECT {_COLUMNS} FROM deliveries WHERE subscription_id = ? AND local_day = ?"  # noqa: S608
_FIND_HISTORY = f"""
    SELECT {_COLUMNS} FROM deliveries WHERE subscription_id = ?
    ORDER BY local_day DESC, delivery_id DESC
    LIMIT ?
"""  # noqa: S608
_LAST_ID = """
    SELECT coalesce(max(delivery_id), 0) FROM deliveries
    WHERE subscription_id = ? AND delivery_id IS NOT ?
"""
# After a clock was set back, deliveries from its wrong future must not decide where a window begins.
_HIGH_WATER_MARK = """
    SELECT local_day, window_last FROM deliveries
    WHERE subscription_id = ? AND state <> 'failed' AND window_last <= ? AND delivery_id IS NOT ?
    ORDER BY delivery_id DESC
    LIMIT 1
"""
_FIND_DECISIONS = """
    SELECT article_id, step, detail FROM delivery_articles WHERE delivery_id = ?
    ORDER BY article_id
"""
_FIND_DECISION = """
    SELECT article_id, step, detail FROM delivery_articles WHERE delivery_id = ? AND article_id = ?
"""
_FIND_ARTICLES_AT_STEPS = """
    SELECT DISTINCT article_id FROM deliveries JOIN delivery_articles USING (delivery_id)
    WHERE subscription_id = ? AND state <> 'failed' AND delivery_id IS NOT ?
        AND step IN (SELECT value FROM json_each(?))
"""
_FIND_BY_KEY = f"SELECT {_COLUMNS} FROM deliveries WHERE key = ?"  # noqa: S608
# The last delivery of a digest says where its next window begins. The one before it is needed if the
# last one was made by a clock that ran far ahead and was then set back.
_PURGE = """
    DELETE FROM deliveries
    WHERE claimed_at < ? AND state <> 'claimed' AND (
        state = 'failed'
        OR (
            SELECT count(*) FROM deliveries AS later
            WHERE later.subscription_id = deliveries.subscription_id
                AND later.delivery_id > deliveries.delivery_id AND later.state <> 'failed'
        ) >= 2
    )
    RETURNING delivery_id
"""


class DeliveryStore:
    """The deliveries of digests, with the decision on each article considered."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read_clock_between_writes(self, clock: Callable[[], datetime]) -> datetime:
        """Return a time at which a window can end; see `Database.read_clock_between_writes`."""
        return await self._database.read_clock_between_writes(clock)

    async def claim(self, claim: DigestClaim, now: datetime) -> Delivery | None:
        """Claim a day for a digest, so that no other process posts it.

        A row of that day that failed or was empty is replaced, with its decisions. So is the
        abandoned claim, even if it is of another day. All of it is one transaction: if the process
        dies, either the old claim or the new one is stored.

        Returns:
            None if the day is taken, or the digest or its deliveries changed since they were read.
        """
        async with self._database.transaction() as transaction:
            # In one transaction: if the abandoned claim were released first, another process could
            # post the day under a new key while the first request is still in transit.
            if claim.abandoned and not await transaction.fetch(
                _RELEASE, _identify_claim(claim.abandoned)
            ):
                return None
            rows = await transaction.fetch(_CLAIM, _claim_to_row(claim, now))
            if not rows:
                return None
            delivery = _row_to_delivery(*rows[0])
            await transaction.execute_many(
                _ADD_DECISION, [(delivery.id, *decision) for decision in claim.decisions]
            )
            if delivery.state is not DeliveryState.CLAIMED:
                await transaction.execute(_CLEAR_DUE_TIME, (delivery.subscription_id,))
        return delivery

    async def renew(self, delivery: Delivery, now: datetime) -> Delivery | None:
        """Take over an open claim; return None if another process did, or it has an outcome."""
        async with self._database.transaction() as transaction:
            rows = await transaction.fetch(_RENEW, (format_utc(now), *_identify_claim(delivery)))
        return next((_row_to_delivery(*row) for row in rows), None)

    async def record(self, delivery: Delivery, outcome: DeliveryOutcome) -> bool:
        """Give a claim its outcome, unless it has one; return whether this call did it."""
        posted_at = (
            format_utc(outcome.settled_at) if outcome.state is DeliveryState.POSTED else None
        )
        row = (outcome.state, outcome.message_id, posted_at, outcome.reason, delivery.id)
        async with self._database.transaction() as transaction:
            recorded_rows = await transaction.fetch(_RECORD, row)
            if recorded_rows:
                await transaction.execute(_CLEAR_DUE_TIME, (delivery.subscription_id,))
        return bool(recorded_rows)

    async def release(self, delivery: Delivery) -> bool:
        """Delete a claim of which nothing was posted, so that its day is free again.

        Returns:
            False if another process took the claim over, or it has an outcome.
        """
        async with self._database.transaction() as transaction:
            released_rows = await transaction.fetch(_RELEASE, _identify_claim(delivery))
            if released_rows:
                await transaction.execute(_CLEAR_DUE_TIME, (delivery.subscription_id,))
        return bool(released_rows)

    async def find_open_claims(self) -> tuple[Delivery, ...]:
        """Return all claims without an outcome, the oldest first."""
        return tuple(
            _row_to_delivery(*row) for row in await self._database.fetch(_FIND_OPEN_CLAIMS)
        )

    async def find_open_claim(self, subscription_id: int) -> Delivery | None:
        """Return the oldest claim of a digest without an outcome; None if there is none."""
        rows = await self._database.fetch(_FIND_OPEN_CLAIM, (subscription_id,))
        return next((_row_to_delivery(*row) for row in rows), None)

    async def find_by_day(self, subscription_id: int, local_day: date) -> Delivery | None:
        """Return the delivery of a local day; None if there is none."""
        rows = await self._database.fetch(_FIND_BY_DAY, (subscription_id, local_day.isoformat()))
        return next((_row_to_delivery(*row) for row in rows), None)

    async def find_by_key(self, key: str) -> Delivery | None:
        """Return the delivery with this key in its buttons; None if it does not exist."""
        rows = await self._database.fetch(_FIND_BY_KEY, (key,))
        return next((_row_to_delivery(*row) for row in rows), None)

    async def get_history(self, subscription_id: int, limit: int) -> tuple[Delivery, ...]:
        """Return the last `limit` deliveries of a digest, the latest day first."""
        rows = await self._database.fetch(_FIND_HISTORY, (subscription_id, limit))
        return tuple(_row_to_delivery(*row) for row in rows)

    async def get_last_id(self, subscription_id: int, *, exclude: Delivery | None = None) -> int:
        """Return the highest delivery id of a digest, without `exclude`; 0 if there is none."""
        excluded_id = exclude.id if exclude else None
        ((number,),) = await self._database.fetch(_LAST_ID, (subscription_id, excluded_id))
        return int(number)

    async def get_high_water_mark(
        self, subscription_id: int, now: datetime, *, exclude: Delivery | None = None
    ) -> HighWaterMark | None:
        """Return how far the deliveries of a digest have covered time up to now.

        A failed delivery covers nothing; an uncertain one counts as covered.

        Args:
            subscription_id: The digest.
            now: The time; windows that end later are ignored.
            exclude: A delivery that does not count; None for none.

        Returns:
            None if nothing is covered yet.
        """
        excluded_id = exclude.id if exclude else None
        rows = await self._database.fetch(
            _HIGH_WATER_MARK, (subscription_id, format_utc(now), excluded_id)
        )
        marks = (
            HighWaterMark(date.fromisoformat(day), datetime.fromisoformat(ended_at))
            for day, ended_at in rows
        )
        return next(marks, None)

    async def get_decisions(self, delivery_id: int) -> tuple[RecordedDecision, ...]:
        """Return the decision on each article of a delivery, ordered by article id."""
        rows = await self._database.fetch(_FIND_DECISIONS, (delivery_id,))
        return tuple(RecordedDecision(*row) for row in rows)

    async def find_decision(
        self, delivery_id: int, article_id: ArticleId
    ) -> RecordedDecision | None:
        """Return the decision on one article; None if it was not considered."""
        rows = await self._database.fetch(_FIND_DECISION, (delivery_id, article_id))
        return next((RecordedDecision(*row) for row in rows), None)

    async def find_article_ids_at_steps(
        self, subscription_id: int, steps: AbstractSet[str], *, exclude: Delivery | None = None
    ) -> frozenset[ArticleId]:
        """Return the articles that were decided at one of these steps in any delivery of a digest.

        Failed deliveries and the excluded one do not count.
        """
        row = (subscription_id, exclude.id if exclude else None, json.dumps([*steps]))
        rows = await self._database.fetch(_FIND_ARTICLES_AT_STEPS, row)
        return frozenset(ArticleId(article_id) for (article_id,) in rows)

    async def purge(self, claimed_before: datetime) -> int:
        """Delete deliveries claimed before an instant, except the last two of each digest.

        Open claims stay too. Returns the number of deleted deliveries.
        """
        async with self._database.transaction() as transaction:
            deleted = await transaction.fetch(_PURGE, (format_utc(claimed_before),))
        return len(deleted)


def _claim_to_row(claim: DigestClaim, now: datetime) -> tuple[object, ...]:
    """Return the parameters of _CLAIM."""
    subscription, day = claim.subscription, claim.local_day.isoformat()
    return (
        day,
        claim.state,
        format_utc(claim.window_starts_at),
        format_utc(claim.window_ends_at),
        claim.key,
        format_utc(now),
        claim.after_message_id,
        claim.reason,
        subscription.id,
        subscription.channel,
        format_utc(subscription.begins_at),
        subscription.state,
        subscription.id,
        claim.last_id,
        subscription.id,
        day,
    )


def _identify_claim(claim: Delivery) -> tuple[int, str]:
    """Return the id and the time of a claim, which differ if another process took it over."""
    return claim.id, format_utc(claim.claimed_at)


def _row_to_delivery(  # noqa: PLR0913, PLR0917 - the columns of one row, in the order of _COLUMNS
    delivery_id: int,
    subscription_id: int,
    channel: str,
    local_day: str,
    state: str,
    window_starts_at: str,
    window_ends_at: str,
    key: str,
    claimed_at: str,
    after_message_id: str | None,
    message_id: str | None,
    posted_at: str | None,
    reason: str | None,
) -> Delivery:
    return Delivery(
        id=delivery_id,
        subscription_id=subscription_id,
        channel=channel,
        local_day=date.fromisoformat(local_day),
        state=DeliveryState(state),
        window_starts_at=datetime.fromisoformat(window_starts_at),
        window_ends_at=datetime.fromisoformat(window_ends_at),
        key=key,
        claimed_at=datetime.fromisoformat(claimed_at),
        after_message_id=after_message_id,
        message_id=message_id,
        posted_at=datetime.fromisoformat(posted_at) if posted_at else None,
        reason=reason,
    )
