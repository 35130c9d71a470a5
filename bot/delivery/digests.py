"""Delivering each digest once: a row is claimed, the message posted, and the row completed.

A claim that stays without its message may have been posted all the same: the message is looked for
by its key before anything is sent again. Where that can't be seen, nothing is sent again; where there
is none, what is lacking by then is composed anew, and claimed in its place under the same key.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Protocol

from bot.delivery.send_queue import make_fair_order_key
from bot.digest.compose import Digest
from bot.digest.schedule import Due, fills_day, find_last_due, get_local_day, iter_due_times
from bot.digest.window import DigestWindow, build_window
from bot.errors import DeliveryFailed, DeliveryUnknown, EmptyQuery, HistoryUnreadable
from bot.model.delivery import Delivery, DeliveryState, DigestClaim, RecordedDecision
from bot.model.ids import generate_key
from bot.model.subscription import DueTime, Subscription, SubscriptionState, WhenEmpty
from bot.store.deliveries import DeliveryStore
from bot.store.subscriptions import SubscriptionStore

LEASE = timedelta(seconds=20)
"""For so long a claim is left to who made it; `Poster.post` never takes as long."""

EMPTY_TOPIC = (
    "One of its topics holds nothing to search for: take it away with /digest topics remove."
)

MAX_CONCURRENT = 100
"""The digests that are being delivered at the same time at most."""

_ATTEMPTS = 3
"""How often a message is posted in one go where no answer comes."""

_PAUSE_SECONDS = 1.0
"""The time after which a message is looked for that may be on its way."""

_REST_SECONDS = 30.0
"""How long a digest rests that could not be delivered, and may be later."""

_SET_BACK = timedelta(seconds=1)
"""A clock that goes back further was set; less is how clocks are kept right."""

_UNPOSTED = {DeliveryState.EMPTY, DeliveryState.FAILED}

_PLANNED_TOGETHER = 200
"""So many take a few milliseconds, and answers go between."""


class Poster(Protocol):
    """Puts digests into channels."""

    async def get_latest_message_id(self, channel: str) -> str | None:
        """A message that stands in the channel by now; None where there is none.

        Raises:
            DeliveryFailed: There is no such channel for the bot.
            DeliveryUnknown: There was no answer.
        """

    async def post(self, subscription: Subscription, digest: Digest, key: str) -> str:
        """Posts the digest with its key, once however often within minutes; gives the message.

        Raises:
            DeliveryFailed: It was refused.
            DeliveryUnknown: There was no answer, or not in time; it may have been posted.
        """

    async def find(self, channel: str, key: str, after: str | None) -> str | None:
        """The message with that key among those after another; None where there is none.

        Raises:
            DeliveryFailed: There is no such channel for the bot.
            DeliveryUnknown: There was no answer.
            HistoryUnreadable: It can't be seen whether there is one.
        """

    async def notify_paused(self, subscription: Subscription, reason: str) -> None:
        """Tells the admins of the server why the digest was paused, where the bot may speak."""


class Compose(Protocol):
    """Makes digests."""

    async def __call__(
        self, subscription: Subscription, window: DigestWindow, abandoned: Delivery | None
    ) -> Digest:
        """The digest over the window, in place of the claim that was left.

        Raises:
            EmptyQuery: A topic has nothing to search for.
            StoreError: The database can't be used.
        """


class _HeldError(Exception):
    """A claim is open that somebody may be posting."""


Report = Callable[[Exception, Subscription], None]
"""Tells the operator what went wrong with a digest."""


class DigestDelivery:
    """Delivers what is due, many digests beside each other; one's trouble touches no other."""

    def __init__(  # noqa: PLR0913 - what delivering needs
        self,
        *,
        subscriptions: SubscriptionStore,
        deliveries: DeliveryStore,
        compose: Compose,
        poster: Poster,
        clock: Callable[[], datetime],
        report: Report,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """Delivers nothing yet.

        Args:
            subscriptions: The digests.
            deliveries: What became of each day's.
            compose: Makes a digest over a window.
            poster: Puts it into its channel.
            clock: The time.
            report: Takes what went wrong with one of them.
            sleep: Waits for so many seconds.
        """
        self._subscriptions = subscriptions
        self._deliveries = deliveries
        self._compose = compose
        self._poster = poster
        self._clock = clock
        self._report = report
        self._sleep = sleep
        self._latest: datetime | None = None
        self._at_work: dict[int, asyncio.Task[None]] = {}
        self._rests_until: dict[int, float] = {}

    async def run_round(self) -> None:
        """Begins to deliver what is due, the earliest first, and what was left half done.

        Raises:
            StoreError: The database can't be used.
        """
        now = self._clock()
        if self._latest is None or self._latest - now > _SET_BACK:
            await self._subscriptions.clear_due_times()  # by rules or a clock that may have changed
        self._latest = now
        await self._plan(now)
        for number in await self._waiting(now):
            if subscription := await self._subscriptions.find(number):
                self._at_work[number] = asyncio.create_task(self._guarded(subscription))

    async def deliver_now(self, subscription: Subscription) -> Delivery | None:
        """Today's delivery of a digest: posted now, or as it was where there was one.

        One that Discord refused is tried again, and so is one for which nothing was new.

        Returns:
            None where nothing is new, or the digest was changed at this moment.

        Raises:
            DeliveryError: It could not be posted, or nobody knows; this includes one of another day
                that may be on its way.
            StoreError: The database can't be used.
        """
        while at_work := self._at_work.get(subscription.id):
            await asyncio.wait([at_work])
        today = get_local_day(subscription, self._clock())
        try:
            left = await self._left(subscription)
        except _HeldError as error:
            if known := await self._taken(subscription, today):
                return known
            raise DeliveryUnknown(subscription.channel) from error
        if left is None and (known := await self._taken(subscription, today)):
            return known
        delivery = await self._deliver(subscription, today, None, left)
        return delivery or await self._taken(subscription, today)

    async def finish(self, seconds: float) -> None:
        """Waits until what is being delivered is done, for so long at most; then ends it."""
        tasks = [*self._at_work.values()]
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _plan(self, now: datetime) -> None:
        """Reckons when each digest is due that was begun, changed or delivered since."""
        while unplanned := await self._subscriptions.find_without_due_time(_PLANNED_TOGETHER):
            await self._subscriptions.set_due_times(
                [await self._plan_of(each, now) for each in unplanned]
            )

    async def _plan_of(self, subscription: Subscription, now: datetime) -> DueTime:
        due = await self._lacking(subscription, now, None) or next(
            iter_due_times(subscription, now)
        )
        return DueTime(subscription, due.at, make_fair_order_key(subscription.id, due.local_day))

    async def _lacking(
        self, subscription: Subscription, now: datetime, left: Delivery | None
    ) -> Due | None:
        """The last time at which the digest was due, where no delivery is for it or covers it.

        A claim that was left is none.
        """
        due = find_last_due(subscription, now)
        if due is None:
            return None
        known = await self._deliveries.find_by_day(subscription.id, due.local_day)
        if fills_day(known, due) and known != left:
            return None
        covered = await self._deliveries.get_high_water_mark(subscription.id, now, exclude=left)
        return due if covered is None or covered.ended_at < due.at else None

    async def _waiting(self, now: datetime) -> list[int]:
        """The digests to be looked at next: what was left half done, then what is due."""
        claims = await self._deliveries.find_open_claims()
        time = asyncio.get_running_loop().time()
        self._rests_until = {
            number: until for number, until in self._rests_until.items() if until > time
        }
        held_back = self._at_work.keys() | self._rests_until.keys()
        due = await self._subscriptions.find_due_ids(now, MAX_CONCURRENT + len(held_back))
        left = (each.subscription_id for each in claims if is_abandoned(each.claimed_at, now))
        free = [number for number in dict.fromkeys((*left, *due)) if number not in held_back]
        return free[: MAX_CONCURRENT - len(self._at_work)]

    async def _guarded(self, subscription: Subscription) -> None:
        try:
            await self._deliver_due(subscription)
        except Exception as error:  # noqa: BLE001 - the guard of each digest: others go on
            self._report(error, subscription)
            self._rest(subscription.id, _REST_SECONDS)
        finally:
            del self._at_work[subscription.id]

    def _rest(self, subscription_id: int, seconds: float) -> None:
        time = asyncio.get_running_loop().time()
        self._rests_until[subscription_id] = time + seconds

    async def _deliver_due(self, subscription: Subscription) -> None:
        try:
            left = await self._left(subscription)
        except _HeldError:
            self._rest(subscription.id, LEASE.total_seconds())
            return
        due = await self._lacking(subscription, self._clock(), left)
        if due and subscription.state is SubscriptionState.ACTIVE:
            await self._deliver(subscription, due.local_day, due, left)
        elif left:
            await self._deliveries.release(left)
        else:
            await self._subscriptions.clear_due_times(subscription.id)

    async def _taken(self, subscription: Subscription, day: date) -> Delivery | None:
        """The delivery of a day; None where nothing was posted, so that something still can be."""
        known = await self._deliveries.find_by_day(subscription.id, day)
        return None if known is None or known.state in _UNPOSTED else known

    async def _deliver(
        self, subscription: Subscription, day: date, due: Due | None, left: Delivery | None
    ) -> Delivery | None:
        """The delivery of a day, in place of the claim that was left for it or for another day.

        Returns:
            None where there is none, or somebody else claimed it.
        """
        last_id = await self._deliveries.get_last_id(subscription.id, exclude=left)
        if await self._deliveries.find_open_claim(subscription.id) != left:
            return None  # claimed since it was looked at: it may cover its window or not
        now = await self._deliveries.read_clock(self._clock)
        covered = await self._deliveries.get_high_water_mark(subscription.id, now, exclude=left)
        window = build_window(subscription, high_water_mark=covered, due=due, now=now)
        digest = await self._composed(subscription, window, left)
        claim = DigestClaim(
            subscription=subscription,
            last_id=last_id,
            local_day=day,
            window_start=window.starts_at,
            window_end=window.ends_at,
            key=left.key if left else generate_key(),
            after_message_id=None,
            abandoned=left,
            decisions=tuple(
                RecordedDecision(each.article_id, each.step, each.detail)
                for each in digest.decisions
            ),
        )
        if not _is_skipped(digest, subscription):
            return await self._claimed(claim, digest)
        if due:
            empty = replace(claim, state=DeliveryState.EMPTY)
            return await self._deliveries.claim(empty, self._clock())
        if left:
            await self._deliveries.release(left)
        return None

    async def _claimed(self, claim: DigestClaim, digest: Digest) -> Delivery | None:
        """The delivery, claimed and posted; None where somebody else claimed it."""
        subscription, left = claim.subscription, claim.abandoned
        try:
            anchor = await self._poster.get_latest_message_id(subscription.channel)
        except DeliveryFailed as error:
            failed = replace(claim, state=DeliveryState.FAILED, reason=error.reason, decisions=())
            await self._deliveries.claim(failed, self._clock())
            await self._note_trouble(subscription, error)
            raise
        if left and left.channel == subscription.channel:
            anchor = left.after_message_id  # its request may be on its way still
        delivery = await self._deliveries.claim(
            replace(claim, after_message_id=anchor), self._clock()
        )
        if delivery is None:
            return None
        await self._recorded(delivery, subscription, self._posted(delivery, subscription, digest))
        return await self._deliveries.find_by_day(subscription.id, delivery.local_day)

    async def _composed(
        self, subscription: Subscription, window: DigestWindow, left: Delivery | None
    ) -> Digest:
        try:
            return await self._compose(subscription, window, left)
        except EmptyQuery as error:  # the words that are left out of searches may have changed
            failed = DeliveryFailed(subscription.channel, EMPTY_TOPIC, is_lasting=True)
            await self._note_trouble(subscription, failed)
            raise failed from error

    async def _left(self, subscription: Subscription) -> Delivery | None:
        """The claim of the digest that was left without a message, taken over; None for none.

        Raises:
            _HeldError: A claim is open that somebody may be posting.
        """
        claim = await self._deliveries.find_open_claim(subscription.id)
        if claim is None:
            return None
        now = self._clock()
        is_ours = is_abandoned(claim.claimed_at, now)
        renewed = await self._deliveries.renew(claim, now) if is_ours else None
        if renewed is None:
            raise _HeldError
        if await self._recorded(renewed, subscription, self._found(renewed)):
            return None
        return renewed

    async def _recorded(
        self, delivery: Delivery, subscription: Subscription, message: Awaitable[str | None]
    ) -> str | None:
        """The message of a claim, which is settled by it; None where there is none."""
        try:
            message_id = await message
        except DeliveryFailed as error:
            await self._deliveries.record_failed(delivery, error.reason)
            await self._note_trouble(subscription, error)
            raise
        except HistoryUnreadable as error:
            await self._deliveries.record_uncertain(delivery, error.reason)
            raise
        if message_id:
            await self._deliveries.record_posted(delivery, message_id, self._clock())
        return message_id

    async def _posted(self, delivery: Delivery, subscription: Subscription, digest: Digest) -> str:
        """The message, posted once: before it is sent again, it is looked for."""
        for _ in range(_ATTEMPTS):
            try:
                return await self._poster.post(subscription, digest, delivery.key)
            except DeliveryUnknown:
                await self._sleep(_PAUSE_SECONDS)
            if found := await self._found(delivery):
                return found
            renewed = await self._deliveries.renew(delivery, self._clock())
            if renewed is None:
                break  # somebody else goes on with it
            delivery = renewed
        raise DeliveryUnknown(delivery.channel)

    async def _found(self, delivery: Delivery) -> str | None:
        return await self._poster.find(delivery.channel, delivery.key, delivery.after_message_id)

    async def _note_trouble(self, subscription: Subscription, error: DeliveryFailed) -> None:
        """Pauses a digest that can't be posted where it is to be by now, and tells of it once."""
        is_there = error.channel == subscription.channel
        if (
            is_there
            and error.is_lasting
            and await self._subscriptions.suspend(subscription, error.reason)
        ):
            await self._poster.notify_paused(subscription, error.reason)


def is_abandoned(claimed_at: datetime, now: datetime) -> bool:
    """Whether nobody can be working on a claim; one from far ahead is of a clock that was set."""
    return abs(now - claimed_at) >= LEASE


def _is_skipped(digest: Digest, subscription: Subscription) -> bool:
    return digest.is_empty and subscription.when_empty is WhenEmpty.SKIP
