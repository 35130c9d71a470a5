"""Delivering each digest once: it is composed, claimed for its day, posted and recorded.

If the message of an abandoned claim was not posted, the digest is composed again from the articles
now missing, and claimed in its place under the same key.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Protocol

from bot.delivery.digest_planner import DigestPlanner
from bot.delivery.outbox import (
    LEASE,
    MAX_CONCURRENT,
    DeliveryTasks,
    Describe,
    Messenger,
    Outbox,
    suspend_on_refusal,
)
from bot.digest.compose import Digest
from bot.digest.schedule import Due, get_local_day
from bot.digest.window import DigestWindow, build_window
from bot.errors import DeliveryFailed, DeliveryUnknown, EmptyQuery
from bot.model.activity import ActivityState
from bot.model.delivery import (
    Delivery,
    DeliveryState,
    DigestClaim,
    FailureReason,
    RecordedDecision,
)
from bot.model.ids import generate_key
from bot.model.subscription import Subscription, WhenEmpty
from bot.runtime.clock import Clock
from bot.store.deliveries import DeliveryStore
from bot.store.subscriptions import SubscriptionStore

_PAUSE_SECONDS = 1.0
"""The wait before a message without a response is searched for; it may still be in transit."""

_REST_SECONDS = 30.0
"""How long a digest waits after a failed delivery before the next attempt."""

_UNPOSTED_STATES = {DeliveryState.EMPTY, DeliveryState.FAILED}


class DigestMessenger(Messenger[Digest], Protocol):
    """Posts digests into their channels."""

    async def notify_paused(self, subscription: Subscription, reason: str) -> None:
        """Notify the server's admins why the digest was paused, in a channel open to the bot."""


class ComposeDigest(Protocol):
    """Composes digests."""

    async def __call__(
        self, subscription: Subscription, window: DigestWindow, abandoned: Delivery | None
    ) -> Digest:
        """Return the digest of a window; `abandoned` is the claim that it replaces.

        Raises:
            EmptyQuery: A topic has nothing to search for.
        """


ReportDigest = Callable[[Exception, Subscription], None]
"""Reports the error of a digest to the operator."""


class _HeldError(Exception):
    """Another process may be posting an open claim."""


class DigestDelivery:
    """Delivers due digests concurrently; the failure of one does not affect others."""

    def __init__(  # noqa: PLR0913 - the parts that delivering needs
        self,
        *,
        subscriptions: SubscriptionStore,
        deliveries: DeliveryStore,
        compose: ComposeDigest,
        messenger: DigestMessenger,
        clock: Clock,
        describe: Describe,
        report: ReportDigest,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        time: Callable[[], float] | None = None,
        max_concurrent: int = MAX_CONCURRENT,
    ) -> None:
        """Create the delivery; nothing is posted before `run_round`.

        Args:
            subscriptions: The digests.
            deliveries: The delivery of each digest and day.
            compose: Composes the digest of a window.
            messenger: Posts it and finds it again.
            clock: The current time.
            describe: Returns the sentence that is stored for an error.
            report: Called with the error of one digest.
            sleep: Waits for so many seconds.
            time: A monotonic clock in seconds; None for the event loop's.
            max_concurrent: The maximum number of digests delivered at the same time.
        """
        self._subscriptions = subscriptions
        self._deliveries = deliveries
        self._compose = compose
        self._messenger = messenger
        self._clock = clock
        self._describe = describe
        self._planner = DigestPlanner(subscriptions, deliveries)
        self._outbox: Outbox[Delivery, Digest] = Outbox(
            claims=deliveries,
            messenger=messenger,
            clock=clock,
            describe=describe,
            pause_seconds=_PAUSE_SECONDS,
            sleep=sleep,
        )
        self._tasks: DeliveryTasks[int, Subscription] = DeliveryTasks(
            report=report, rest_seconds=_REST_SECONDS, max_concurrent=max_concurrent, time=time
        )

    async def run_round(self) -> None:
        """Start to deliver abandoned claims and due digests, the earliest due first."""
        now = self._clock.now()
        await self._planner.plan(now)
        for subscription_id in await self._find_waiting(now):
            if subscription := await self._subscriptions.find(subscription_id):
                self._tasks.start(
                    subscription_id, subscription, partial(self._deliver_due, subscription)
                )

    async def deliver_now(self, subscription: Subscription) -> Delivery | None:
        """Post today's digest and return its delivery; return the existing one if there is one.

        A day that failed or had no new articles is tried again.

        Returns:
            None if there are no new articles, or the digest was changed at this moment.

        Raises:
            DeliveryError: It could not be posted, or nobody knows whether it was. This includes an
                open claim of another day.
        """
        # A round may be delivering the same digest at this moment.
        await self._tasks.wait_for(subscription.id)
        today = get_local_day(subscription, self._clock.now())
        async with self._suspending(subscription):
            try:
                abandoned = await self._take_over(subscription)
            except _HeldError as error:
                if known := await self._find_taken(subscription, today):
                    return known
                raise DeliveryUnknown(subscription.channel) from error
            if abandoned is None and (known := await self._find_taken(subscription, today)):
                return known
            delivery = await self._deliver(subscription, today, None, abandoned)
        return delivery or await self._find_taken(subscription, today)

    async def finish(self, seconds: float) -> None:
        """Wait up to `seconds` for running deliveries, then cancel them."""
        await self._tasks.finish(seconds)

    async def _find_waiting(self, now: datetime) -> list[int]:
        """Return the digests to handle next: abandoned claims first, then due ones."""
        abandoned = await self._outbox.find_abandoned(now)
        held_back = self._tasks.find_held_back()
        limit = self._tasks.max_concurrent + len(held_back)
        due_ids = await self._subscriptions.find_due_ids(now, limit)
        candidates = dict.fromkeys((*(claim.subscription_id for claim in abandoned), *due_ids))
        waiting = [number for number in candidates if number not in held_back]
        return waiting[: self._tasks.free_count]

    async def _deliver_due(self, subscription: Subscription) -> None:
        async with self._suspending(subscription):
            try:
                abandoned = await self._take_over(subscription)
            except _HeldError:
                self._tasks.rest(subscription.id, LEASE.total_seconds())
                return
            due = await self._planner.find_missing(subscription, self._clock.now(), abandoned)
            if due and subscription.state is ActivityState.ACTIVE:
                await self._deliver(subscription, due.local_day, due, abandoned)
            elif abandoned:
                await self._deliveries.release(abandoned)
            else:
                await self._subscriptions.clear_due_times(subscription.id)

    async def _take_over(self, subscription: Subscription) -> Delivery | None:
        """Take over the digest's abandoned claim; return it if its message was not posted.

        Returns:
            None if there is no open claim, or its message was found and recorded.

        Raises:
            _HeldError: Another process may be posting it.
        """
        claim = await self._deliveries.find_open_claim(subscription.id)
        if claim is None:
            return None
        renewed = await self._outbox.take_over(claim)
        if renewed is None:
            raise _HeldError
        return None if await self._outbox.settle(renewed) else renewed

    async def _find_taken(self, subscription: Subscription, day: date) -> Delivery | None:
        """Return the delivery of a day; None if nothing was posted, so the day is still free."""
        known = await self._deliveries.find_by_day(subscription.id, day)
        return None if known is None or known.state in _UNPOSTED_STATES else known

    async def _deliver(
        self, subscription: Subscription, day: date, due: Due | None, abandoned: Delivery | None
    ) -> Delivery | None:
        """Compose, claim and post the digest of a day; it replaces the abandoned claim, if any.

        Returns:
            None if there is nothing to deliver, or another process claimed it.
        """
        # Read before composing: claiming fails if another process makes a delivery meanwhile.
        last_id = await self._deliveries.get_last_id(subscription.id, exclude=abandoned)
        if await self._deliveries.find_open_claim(subscription.id) != abandoned:
            return None  # claimed meanwhile; that claim may cover the same window
        window = await self._build_window(subscription, due, abandoned)
        digest = await self._compose_digest(subscription, window, abandoned)
        claim = _build_claim(digest, last_id=last_id, day=day, abandoned=abandoned)
        if digest.is_empty and subscription.when_empty is WhenEmpty.SKIP:
            return await self._skip(claim, is_due=due is not None)
        return await self._claim_and_post(claim, digest)

    async def _build_window(
        self, subscription: Subscription, due: Due | None, abandoned: Delivery | None
    ) -> DigestWindow:
        now = await self._deliveries.read_clock_between_writes(self._clock.now)
        mark = await self._deliveries.get_high_water_mark(subscription.id, now, exclude=abandoned)
        return build_window(subscription, high_water_mark=mark, due=due, now=now)

    async def _compose_digest(
        self, subscription: Subscription, window: DigestWindow, abandoned: Delivery | None
    ) -> Digest:
        try:
            return await self._compose(subscription, window, abandoned)
        except EmptyQuery as error:  # the list of stop words may have changed since it was set
            raise DeliveryFailed(
                subscription.channel, FailureReason.EMPTY_TOPIC, is_lasting=True
            ) from error

    async def _skip(self, claim: DigestClaim, *, is_due: bool) -> Delivery | None:
        """Record that a due day had no new articles; if it was not due, only free the claim."""
        if is_due:
            empty = replace(claim, state=DeliveryState.EMPTY)
            return await self._deliveries.claim(empty, self._clock.now())
        if claim.abandoned:
            await self._deliveries.release(claim.abandoned)
        return None

    async def _claim_and_post(self, claim: DigestClaim, digest: Digest) -> Delivery | None:
        """Claim and post a digest; return None if another process claimed the day."""
        anchor = await self._find_anchor(claim)
        delivery = await self._deliveries.claim(
            replace(claim, after_message_id=anchor), self._clock.now()
        )
        if delivery is None:
            return None
        await self._outbox.post(delivery, digest)
        return await self._deliveries.find_by_day(delivery.subscription_id, delivery.local_day)

    async def _find_anchor(self, claim: DigestClaim) -> str | None:
        """Return a message that precedes the digest in its channel; None if there is none.

        If the bot can't use the channel, the failure is recorded for the day.
        """
        channel, abandoned = claim.subscription.channel, claim.abandoned
        try:
            anchor = await self._messenger.get_latest_message_id(channel)
        except DeliveryFailed as error:
            reason = self._describe(error)
            failed = replace(claim, state=DeliveryState.FAILED, reason=reason, decisions=())
            await self._deliveries.claim(failed, self._clock.now())
            raise
        if abandoned and abandoned.channel == channel:
            return abandoned.after_message_id  # its message may still arrive after that one
        return anchor

    def _suspending(self, subscription: Subscription) -> AbstractAsyncContextManager[None]:
        return suspend_on_refusal(subscription.channel, partial(self._suspend, subscription))

    async def _suspend(self, subscription: Subscription, error: DeliveryFailed) -> None:
        """Suspend a digest that can't be posted any more; notify the admins once."""
        reason = self._describe(error)
        if await self._subscriptions.suspend(subscription, reason):
            await self._messenger.notify_paused(subscription, reason)


def _build_claim(
    digest: Digest, *, last_id: int, day: date, abandoned: Delivery | None
) -> DigestClaim:
    return DigestClaim(
        subscription=digest.subscription,
        last_id=last_id,
        local_day=day,
        window_starts_at=digest.window.starts_at,
        window_ends_at=digest.window.ends_at,
        key=abandoned.key if abandoned else generate_key(),
        after_message_id=None,
        abandoned=abandoned,
        decisions=tuple(
            RecordedDecision(decision.article_id, decision.step, decision.detail)
            for decision in digest.decisions
        ),
    )
