"""A Discord of a few lines for deliveries: it remembers nonces, and fails on command."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from bot.delivery.digests import DigestDelivery
from bot.digest.compose import Digest
from bot.digest.window import DigestWindow
from bot.errors import DeliveryFailed, DeliveryUnknown, HistoryUnreadable
from bot.model.delivery import Delivery
from bot.model.subscription import Subscription, WhenEmpty
from bot.store.database import Database
from bot.store.deliveries import DeliveryStore
from bot.store.subscriptions import SubscriptionStore
from tests.digest.builders import a_subscription

GENERAL, BOOKS = "70", "71"
UNREADABLE = "Discord gave no answer, and I can't see what was posted since."
NINE = datetime(2026, 3, 3, 9, tzinfo=UTC)
"""When the digest of a test is first due."""

MOST_ROUNDS = 40
NONCE_TIME = timedelta(minutes=5)


@dataclass
class Message:
    """A message that stands in a channel."""

    id: str
    channel: str
    key: str
    at: datetime
    digest: Digest


@dataclass
class Channels:
    """The channels of a Discord.

    Attributes:
        now: The time by Discord's own clock, which nobody sets.
        messages: What stands in all of them.
        told: The reasons of which admins were told.
        unreadable: The channels whose history can't be read.
        closed: The channels in which nothing can be posted any more.
        before: What happens with the next requests to post before they are looked at.
        after: What happens with them once the message stands there.
        late: For how long the next requests to post are on their way after they were given up.
        unreached: How many of the next questions about a channel get no answer.
        takes: How long a request takes; asked each time.
        looked: After which message one was looked for, each time.
    """

    now: datetime = NINE
    messages: list[Message] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    unreadable: set[str] = field(default_factory=set)
    closed: set[str] = field(default_factory=set)
    before: list[BaseException | None] = field(default_factory=list)
    after: list[BaseException | None] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    unreached: int = 0
    takes: Callable[[], float] = lambda: 0.0
    looked: list[str | None] = field(default_factory=list)
    arriving: asyncio.Task[Message] | None = None

    async def get_latest_message_id(self, channel: str) -> str | None:
        await asyncio.sleep(self.takes())
        if self.unreached:
            self.unreached -= 1
            raise lost()
        self._demand_open(channel)
        there = [each.id for each in self.messages if each.channel == channel]
        return there[-1] if there else None

    async def post(self, subscription: Subscription, digest: Digest, key: str) -> str:
        await asyncio.sleep(self.takes())
        _raise_next(self.before)
        if self.late:
            delay = self.late.pop(0)
            self.arriving = asyncio.create_task(self._arrive(delay, subscription, digest, key))
            raise lost()
        message = await self._arrive(0, subscription, digest, key)
        await asyncio.sleep(self.takes())
        _raise_next(self.after)
        return message.id

    async def _arrive(
        self, delay: float, subscription: Subscription, digest: Digest, key: str
    ) -> Message:
        await asyncio.sleep(delay)
        self._demand_open(subscription.channel)
        return self._with_nonce(key) or self._stored(subscription.channel, digest, key)

    async def find(self, channel: str, key: str, after: str | None) -> str | None:
        await asyncio.sleep(self.takes())
        self.looked.append(after)
        self._demand_open(channel)
        if channel in self.unreadable:
            raise HistoryUnreadable(channel, UNREADABLE)
        found = (
            each.id
            for each in self.messages
            if (each.channel, each.key) == (channel, key) and int(each.id) > int(after or 0)
        )
        return next(found, None)

    async def notify_paused(self, _subscription: Subscription, reason: str) -> None:
        self.told.append(reason)

    def in_channel(self, channel: str = GENERAL) -> list[Message]:
        return [each for each in self.messages if each.channel == channel]

    def _demand_open(self, channel: str) -> None:
        if channel in self.closed:
            raise DeliveryFailed(channel, "The channel is gone.", is_lasting=True)

    def _with_nonce(self, key: str) -> Message | None:
        young = (each for each in self.messages if self.now - each.at < NONCE_TIME)
        return next((each for each in young if each.key == key), None)

    def _stored(self, channel: str, digest: Digest, key: str) -> Message:
        message = Message(str(len(self.messages) + 1), channel, key, self.now, digest)
        self.messages.append(message)
        return message


def _raise_next(queued: list[BaseException | None]) -> None:
    """What a test has queued for this request."""
    error = queued.pop(0) if queued else None
    if error:
        raise error


def lost() -> DeliveryUnknown:
    """That no answer came."""
    return DeliveryUnknown(GENERAL)


@dataclass
class Place:
    """Digests, their channels, and the time by the bot's clock."""

    database: Database
    channels: Channels
    now: datetime = NINE
    troubles: list[Exception] = field(default_factory=list)
    composing: list[BaseException | None] = field(default_factory=list)
    lefts: list[Delivery | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.subscriptions = SubscriptionStore(self.database)
        self.deliveries = DeliveryStore(self.database)
        self.deliverer = self.started()

    def started(self, ahead: timedelta = timedelta(0)) -> DigestDelivery:
        """What delivers in a process that has just begun, whose clock may be ahead of the others'."""
        return DigestDelivery(
            subscriptions=self.subscriptions,
            deliveries=self.deliveries,
            compose=self._composed,
            poster=self.channels,
            clock=lambda: self.now + ahead,
            report=lambda error, _: self.troubles.append(error),
            sleep=lambda _: asyncio.sleep(0),
        )

    def restart(self) -> None:
        self.deliverer = self.started()

    def pass_by(self, **passed: float) -> None:
        """Lets time pass by all clocks."""
        self.now += timedelta(**passed)
        self.channels.now += timedelta(**passed)

    async def add(self, **changed: object) -> Subscription:
        usual: dict[str, object] = {
            "channel": GENERAL,
            "when_empty": WhenEmpty.NOTE,
            "begins_at": NINE - timedelta(hours=1),
        }
        wanted = a_subscription(**usual | changed)
        added = await self.subscriptions.add(wanted, limit=100_000)
        assert added
        return added

    async def rounds(self, *deliverers: DigestDelivery) -> None:
        """Rounds until nothing is left to do just now."""
        for _ in range(MOST_ROUNDS):
            for each in deliverers or (self.deliverer,):
                await each.run_round()
            working = [task for each in deliverers or (self.deliverer,) for task in at_work(each)]
            if not working:
                return
            await asyncio.wait(working)

    async def on(self, subscription: Subscription, day: date | None = None) -> Delivery | None:
        """The row of a day, the first where none is named."""
        return await self.deliveries.find_by_day(subscription.id, day or NINE.date())

    async def database_set_due(self, subscription_id: int, at: datetime) -> None:
        """Plans a digest as other rules would."""
        async with self.database.transaction() as transaction:
            await transaction.execute(
                "UPDATE subscriptions SET due_at = ? WHERE subscription_id = ?",
                (at.isoformat(), subscription_id),
            )

    async def _composed(
        self, subscription: Subscription, window: DigestWindow, abandoned: Delivery | None
    ) -> Digest:
        self.lefts.append(abandoned)
        await asyncio.sleep(self.channels.takes())
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


def at_work(deliverer: DigestDelivery) -> list[asyncio.Task[None]]:
    """What a deliverer is doing."""
    return [*deliverer._at_work.values()]  # noqa: SLF001 - rounds do not wait for it
