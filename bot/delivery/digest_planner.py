"""Due times of digests: computed once, then stored until something changes."""

from datetime import datetime, timedelta

from bot.delivery.send_queue import make_fair_order_key
from bot.digest.schedule import Due, fills_day, find_last_due, iter_due_times
from bot.model.delivery import Delivery
from bot.model.subscription import DueTime, Subscription
from bot.store.deliveries import DeliveryStore
from bot.store.subscriptions import SubscriptionStore

_MAX_CLOCK_CORRECTION = timedelta(seconds=1)
"""A clock that goes back further was changed; smaller steps are ordinary synchronisation."""

_BATCH_SIZE = 200
"""Digests planned in one go: a few milliseconds, so that answers are not delayed."""


class DigestPlanner:
    """Stores when digests are due, and finds due times without a delivery."""

    def __init__(self, subscriptions: SubscriptionStore, deliveries: DeliveryStore) -> None:
        self._subscriptions = subscriptions
        self._deliveries = deliveries
        self._planned_at: datetime | None = None

    async def plan(self, now: datetime) -> None:
        """Store the due time of each digest that was added, changed or delivered since."""
        if self._planned_at is None or self._planned_at - now > _MAX_CLOCK_CORRECTION:
            # The time zone rules or the clock may have changed.
            await self._subscriptions.clear_due_times()
        self._planned_at = now
        while unplanned := await self._subscriptions.find_without_due_time(_BATCH_SIZE):
            due_times = [await self._find_due_time(subscription, now) for subscription in unplanned]
            await self._subscriptions.set_due_times(due_times)

    async def find_missing(
        self, subscription: Subscription, now: datetime, abandoned: Delivery | None
    ) -> Due | None:
        """Return the last due time, unless a delivery exists for it or covers it.

        Args:
            subscription: The digest.
            now: The current time, in UTC.
            abandoned: A claim that is ignored; None for none.
        """
        due = find_last_due(subscription, now)
        if due is None:
            return None
        known = await self._deliveries.find_by_day(subscription.id, due.local_day)
        if fills_day(known, due) and known != abandoned:
            return None
        mark = await self._deliveries.get_high_water_mark(subscription.id, now, exclude=abandoned)
        return due if mark is None or mark.window_ends_at < due.at else None

    async def _find_due_time(self, subscription: Subscription, now: datetime) -> DueTime:
        missing = await self.find_missing(subscription, now, None)
        due = missing or next(iter_due_times(subscription, now))
        return DueTime(subscription, due.at, make_fair_order_key(subscription.id, due.local_day))
