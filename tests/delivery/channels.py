"""A minimal Discord for tests of deliveries: it remembers nonces and fails on command."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.delivery.digests import DigestDelivery
from bot.digest.compose import Digest
from bot.digest.window import DigestWindow
from bot.errors import DeliveryFailed, DeliveryUnknown, HistoryUnreadable
from bot.model.delivery import Delivery, FailureReason
from bot.model.subscription import Subscription, WhenEmpty
from bot.runtime.clock import Clock
from bot.store.database import Database
from bot.store.deliveries import DeliveryStore
from bot.store.subscriptions import SubscriptionStore
from tests.delivery.reasons import describe
from tests.digest.builders import a_subscription

GENERAL, BOOKS = "70", "71"
NINE = datetime(2026, 3, 3, 9, tzinfo=UTC)
"""The first due time of a test's digest."""

MAX_ROUNDS = 40
NONCE_LIFETIME = timedelta(minutes=5)


@dataclass
class Message:
    """A message in a channel."""

    id: str
    channel: str
    key: str
    at: datetime
    digest: Digest


@dataclass
class Channels:
    """The channels of a Discord.

    Attributes:
        now: The time by Discord's own clock, which nobody changes.
        messages: The messages of all channels.
        pause_notes: The reasons given to the admins of paused digests.
        unreadable: The channels with a history that can't be read.
        closed: The channels that refuse posts.
        before: The faults of the next requests to post, raised before they are handled.
        after: The faults of the next requests to post, raised after the message is stored.
        late: How long the next requests to post stay in transit after the caller gave up.
        unanswered_count: How many of the next requests about a channel get no response.
        get_delay: Returns the duration of a request.
        search_starts: The message after which each search started.
        arrival: The request that is still in transit after the caller gave up.
    """

    now: datetime = NINE
    messages: list[Message] = field(default_factory=list)
    pause_notes: list[str] = field(default_factory=list)
    unreadable: set[str] = field(default_factory=set)
    closed: set[str] = field(default_factory=set)
    before: list[BaseException | None] = field(default_factory=list)
    after: list[BaseException | None] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    unanswered_count: int = 0
    get_delay: Callable[[], float] = lambda: 0.0
    search_starts: list[str | None] = field(default_factory=list)
    arrival: asyncio.Task[Message] | None = None

    async def get_latest_message_id(self, channel: str) -> str | None:
        await asyncio.sleep(self.get_delay())
        if self.unanswered_count:
            self.unanswered_count -= 1
            raise no_answer()
        self._check_open(channel)
        ids = [message.id for message in self.find_in(channel)]
        return ids[-1] if ids else None

    async def send(self, digest: Digest, key: str) -> str:
        await asyncio.sleep(self.get_delay())
        _raise_next(self.before)
        if self.late:
            delay = self.late.pop(0)
            self.arrival = asyncio.create_task(self._arrive(delay, digest, key))
            raise no_answer()
        message = await self._arrive(0, digest, key)
        await asyncio.sleep(self.get_delay())
        _raise_next(self.after)
        return message.id

    async def find(self, channel: str, key: str, after: str | None) -> str | None:
        await asyncio.sleep(self.get_delay())
        self.search_starts.append(after)
        self._check_open(channel)
        if channel in self.unreadable:
            raise history_unreadable(channel)
        ids = (
            message.id
            for message in self.find_in(channel)
            if message.key == key and int(message.id) > int(after or 0)
        )
        return next(ids, None)

    async def notify_paused(self, _subscription: Subscription, reason: str) -> None:
        self.pause_notes.append(reason)

    def find_in(self, channel: str = GENERAL) -> list[Message]:
        return [message for message in self.messages if message.channel == channel]

    async def _arrive(self, delay: float, digest: Digest, key: str) -> Message:
        await asyncio.sleep(delay)
        channel = digest.subscription.channel
        self._check_open(channel)
        return self._find_by_nonce(key) or self._add(channel, digest, key)

    def _check_open(self, channel: str) -> None:
        if channel in self.closed:
            raise DeliveryFailed(channel, FailureReason.CHANNEL_GONE, is_lasting=True)

    def _find_by_nonce(self, key: str) -> Message | None:
        recent = (message for message in self.messages if self.now - message.at < NONCE_LIFETIME)
        return next((message for message in recent if message.key == key), None)

    def _add(self, channel: str, digest: Digest, key: str) -> Message:
        message = Message(str(len(self.messages) + 1), channel, key, self.now, digest)
        self.messages.append(message)
        return message


def _raise_next(queued: list[BaseException | None]) -> None:
    """Raise the fault that a test has queued for this request."""
    error = queued.pop(0) if queued else None
    if error:
        raise error


def no_answer() -> DeliveryUnknown:
    return DeliveryUnknown(GENERAL)


def history_unreadable(channel: str = GENERAL) -> HistoryUnreadable:
    return HistoryUnreadable(channel)


@dataclass
class Place:
    """Digests, their channels, and the time by the bot's clock.

    Attributes:
        now: The time by the bot's clock.
        monotonic: The time in seconds by a clock that never goes back.
        reports: The errors reported to the operator.
        composing: The faults of the next digests that are composed.
        abandoned: The claims that composed digests replaced.
    """

    database: Database
    channels: Channels
    now: datetime = NINE
    monotonic: float = 0.0
    reports: list[Exception] = field(default_factory=list)
    composing: list[BaseException | None] = field(default_factory=list)
    abandoned: list[Delivery | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.subscriptions = SubscriptionStore(self.database)
        self.deliveries = DeliveryStore(self.database)
        self.delivery = self.start_delivery()

    def start_delivery(self, ahead: timedelta = timedelta(0), **options: Any) -> DigestDelivery:
        """Return the delivery of a new process; its clock may be ahead of the others'."""
        usual: dict[str, Any] = {
            "subscriptions": self.subscriptions,
            "deliveries": self.deliveries,
            "compose": self.compose,
            "messenger": self.channels,
            "clock": Clock(lambda: self.now + ahead, ZoneInfo("UTC")),
            "describe": describe,
            "report": lambda error, _: self.reports.append(error),
            "sleep": lambda _: asyncio.sleep(0),
            "time": lambda: self.monotonic,
        }
        return DigestDelivery(**usual | options)

    def restart(self, **options: Any) -> None:
        self.delivery = self.start_delivery(**options)

    def pass_by(self, **passed: float) -> None:
        """Advance all clocks."""
        duration = timedelta(**passed)
        self.now += duration
        self.channels.now += duration
        self.monotonic += max(0.0, duration.total_seconds())

    async def add(self, **changes: object) -> Subscription:
        usual: dict[str, object] = {
            "channel": GENERAL,
            "when_empty": WhenEmpty.NOTE,
            "begins_at": NINE - timedelta(hours=1),
        }
        subscription = a_subscription(**usual | changes)
        added = await self.subscriptions.add(subscription, limit=100_000)
        assert added
        return added

    async def run_rounds(self, *deliveries: DigestDelivery) -> None:
        """Run rounds until nothing is left to do at this time."""
        pollers = deliveries or (self.delivery,)
        for _ in range(MAX_ROUNDS):
            for poller in pollers:
                await poller.run_round()
            tasks = [task for poller in pollers for task in find_tasks(poller)]
            if not tasks:
                return
            await asyncio.wait(tasks)

    async def find_row(
        self, subscription: Subscription, day: date | None = None
    ) -> Delivery | None:
        """Return the delivery of a day, by default the first."""
        return await self.deliveries.find_by_day(subscription.id, day or NINE.date())

    async def set_due_time(self, subscription_id: int, at: datetime) -> None:
        """Store a due time as if the time zone had other rules."""
        async with self.database.transaction() as transaction:
            await transaction.execute(
                "UPDATE subscriptions SET due_at = ? WHERE subscription_id = ?",
                (at.isoformat(), subscription_id),
            )

    async def compose(
        self, subscription: Subscription, window: DigestWindow, abandoned: Delivery | None
    ) -> Digest:
        self.abandoned.append(abandoned)
        await asyncio.sleep(self.channels.get_delay())
        _raise_next(self.composing)
        return Digest(
            subscription=subscription,
            window=window,
            entries=(),
            further_entries=(),
            over_limit_count=0,
            corrections=(),
            decisions=(),
        )


def find_tasks(delivery: DigestDelivery) -> list[asyncio.Task[None]]:
    """Return the running tasks of a delivery."""
    return [*delivery._tasks._tasks.values()]  # noqa: SLF001 - rounds do not wait for it
