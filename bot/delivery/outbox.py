"""The outbox of digests and alerts: each message is claimed, posted once and recorded.

A claim without an outcome may have been posted all the same: the process was killed, or the
response was lost. So its message is searched for by its key before anything is sent again. If the
channel's history can't be read, nothing is sent again.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable
from collections.abc import Set as AbstractSet
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

from bot.errors import BotError, DeliveryFailed, DeliveryUnknown, HistoryUnreadable
from bot.model.delivery import DeliveryOutcome, DeliveryState
from bot.runtime.clock import Clock

LEASE = timedelta(seconds=20)
"""How long a claim belongs to the process that made it; `Messenger.send` always ends sooner."""

MAX_CONCURRENT = 100
"""The maximum number of messages in progress, for digests and for alerts separately."""

_ATTEMPTS = 3
"""How often a message is sent in one delivery if Discord does not respond."""

Describe = Callable[[BotError], str]
"""Returns the sentence for an error, which is stored and shown to people later."""


class Claim(Protocol):
    """A message that is about to be posted, as stored in the database."""

    @property
    def key(self) -> str:
        """The key in the buttons of the message, by which it is found again."""

    @property
    def channel(self) -> str:
        """The channel of the message."""

    @property
    def claimed_at(self) -> datetime:
        """When a process last started to post it."""

    @property
    def after_message_id(self) -> str | None:
        """A message that was in the channel before; None if there was none."""


ClaimT = TypeVar("ClaimT", bound=Claim)
MessageT = TypeVar("MessageT")
MessageT_contra = TypeVar("MessageT_contra", contravariant=True)
KeyT = TypeVar("KeyT", bound=Hashable)
OwnerT = TypeVar("OwnerT")


class ClaimStore(Protocol[ClaimT]):
    """The claims in the database; only one process at a time can own a claim."""

    async def find_open_claims(self) -> tuple[ClaimT, ...]:
        """Return the claims without an outcome, the oldest first."""

    async def renew(self, claim: ClaimT, now: datetime) -> ClaimT | None:
        """Take over a claim; return None if another process did, or it has an outcome."""

    async def record(self, claim: ClaimT, outcome: DeliveryOutcome) -> bool:
        """Give a claim its outcome, unless it has one; return whether this call did it."""


class Messenger(Protocol[MessageT_contra]):
    """Posts messages into channels, including direct message channels."""

    async def get_latest_message_id(self, channel: str) -> str | None:
        """Return the id of the newest message in the channel; None if there is none.

        Raises:
            DeliveryFailed: The bot can't use the channel.
            DeliveryUnknown: Discord did not respond.
        """

    async def send(self, message: MessageT_contra, key: str) -> str:
        """Post the message with its key and return its id; a repeat within minutes is not posted.

        Raises:
            DeliveryFailed: Discord refused the message.
            DeliveryUnknown: Discord did not respond in time; the message may have been posted.
        """

    async def find(self, channel: str, key: str, after: str | None) -> str | None:
        """Return the id of the message with that key posted after `after`; None if there is none.

        Raises:
            DeliveryFailed: The bot can't use the channel.
            DeliveryUnknown: Discord did not respond.
            HistoryUnreadable: The channel's history can't be read.
        """


class Outbox(Generic[ClaimT, MessageT]):
    """Posts the message of each claim once, and records the outcome."""

    def __init__(  # noqa: PLR0913 - the parts that posting needs
        self,
        *,
        claims: ClaimStore[ClaimT],
        messenger: Messenger[MessageT],
        clock: Clock,
        describe: Describe,
        pause_seconds: float | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """Create the outbox; nothing is posted yet.

        Args:
            claims: The claims.
            messenger: Posts the messages and finds them again.
            clock: The current time.
            describe: Returns the sentence that is stored for an error.
            pause_seconds: The wait before a message without a response is searched for and sent
                again. None to leave its claim open for a later round instead.
            sleep: Waits for so many seconds.
        """
        self._claims = claims
        self._messenger = messenger
        self._clock = clock
        self._describe = describe
        self._pause_seconds = pause_seconds
        self._sleep = sleep

    async def find_abandoned(self, now: datetime) -> list[ClaimT]:
        """Return the open claims that no process can be working on, the oldest first."""
        claims = await self._claims.find_open_claims()
        return [claim for claim in claims if is_abandoned(claim.claimed_at, now)]

    async def take_over(self, claim: ClaimT) -> ClaimT | None:
        """Take over an abandoned claim; return None if it belongs to another process."""
        now = self._clock.now()
        if not is_abandoned(claim.claimed_at, now):
            return None
        return await self._claims.renew(claim, now)

    async def settle(self, claim: ClaimT) -> bool:
        """Find the message of a claim that was taken over; return whether it was posted.

        Raises:
            DeliveryError: The channel can't be used, its history can't be read, or Discord did not
                respond.
        """
        return await self._record_message(claim, self._find(claim))

    async def post(self, claim: ClaimT, message: MessageT) -> None:
        """Post the message of a claim and record it.

        Raises:
            DeliveryError: The message was refused, or nobody knows whether it was posted.
        """
        await self._record_message(claim, self._send(claim, message))

    async def record(self, claim: ClaimT, state: DeliveryState) -> None:
        """Record that nothing is posted for a claim."""
        await self._claims.record(claim, DeliveryOutcome(state=state, settled_at=self._clock.now()))

    async def _record_message(self, claim: ClaimT, finding: Awaitable[str | None]) -> bool:
        try:
            message_id = await finding
        except DeliveryFailed as error:
            await self._record_error(claim, DeliveryState.FAILED, error)
            raise
        except HistoryUnreadable as error:
            await self._record_error(claim, DeliveryState.UNCERTAIN, error)
            raise
        if message_id is None:
            return False
        posted = DeliveryOutcome(
            state=DeliveryState.POSTED, settled_at=self._clock.now(), message_id=message_id
        )
        # If the process dies before this line, the claim stays open, and the next process finds the
        # message by its key.
        await self._claims.record(claim, posted)
        return True

    async def _record_error(self, claim: ClaimT, state: DeliveryState, error: BotError) -> None:
        outcome = DeliveryOutcome(
            state=state, settled_at=self._clock.now(), reason=self._describe(error)
        )
        await self._claims.record(claim, outcome)

    async def _find(self, claim: ClaimT) -> str | None:
        return await self._messenger.find(claim.channel, claim.key, claim.after_message_id)

    async def _send(self, claim: ClaimT, message: MessageT) -> str:
        """Send a message; before a second attempt, search for the first one."""
        for _ in range(_ATTEMPTS):
            try:
                return await self._messenger.send(message, claim.key)
            except DeliveryUnknown:
                if self._pause_seconds is None:
                    raise
                await self._sleep(self._pause_seconds)
            # The nonce protects a resend for minutes only, and Discord does not store it. The key in
            # the message's buttons still finds it later.
            if message_id := await self._find(claim):
                return message_id
            renewed = await self._claims.renew(claim, self._clock.now())
            if renewed is None:
                break  # another process has taken the claim over
            claim = renewed
        raise DeliveryUnknown(claim.channel)


class DeliveryTasks(Generic[KeyT, OwnerT]):
    """Running deliveries: one for each owner, a limit in total, a wait after a failure."""

    def __init__(
        self,
        *,
        report: Callable[[Exception, OwnerT], None],
        rest_seconds: float,
        max_concurrent: int = MAX_CONCURRENT,
        time: Callable[[], float] | None = None,
    ) -> None:
        """Create the task set; nothing is started yet.

        Args:
            report: Called with the error of an owner's delivery.
            rest_seconds: How long an owner waits after a failed delivery.
            max_concurrent: The maximum number of deliveries at the same time.
            time: A monotonic clock in seconds; None for the event loop's.
        """
        self._report = report
        self._rest_seconds = rest_seconds
        self._max_concurrent = max_concurrent
        self._time = time or _read_loop_time
        self._tasks: dict[KeyT, asyncio.Task[None]] = {}
        self._rests_until: dict[KeyT, float] = {}

    @property
    def max_concurrent(self) -> int:
        """The maximum number of deliveries at the same time."""
        return self._max_concurrent

    @property
    def free_count(self) -> int:
        """How many more deliveries can start now."""
        return self._max_concurrent - len(self._tasks)

    def find_held_back(self) -> AbstractSet[KeyT]:
        """Return the owners that have a running delivery or wait after a failure."""
        now = self._time()
        self._rests_until = {key: until for key, until in self._rests_until.items() if until > now}
        return self._tasks.keys() | self._rests_until.keys()

    def start(self, key: KeyT, owner: OwnerT, work: Callable[[], Awaitable[None]]) -> None:
        """Start a delivery, unless the owner already has one or the limit is reached."""
        if key not in self._tasks and self.free_count > 0:
            self._tasks[key] = asyncio.create_task(self._run(key, owner, work))

    def rest(self, key: KeyT, seconds: float) -> None:
        """Start no delivery of an owner for so many seconds."""
        self._rests_until[key] = self._time() + seconds

    async def wait_for(self, key: KeyT) -> None:
        """Wait until the owner has no running delivery."""
        while task := self._tasks.get(key):
            await asyncio.wait([task])

    async def finish(self, seconds: float) -> None:
        """Wait up to `seconds` for all deliveries, then cancel the rest."""
        tasks = [*self._tasks.values()]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _run(self, key: KeyT, owner: OwnerT, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except Exception as error:  # noqa: BLE001 - the edge of one delivery: others continue
            self._report(error, owner)
            self.rest(key, self._rest_seconds)
        finally:
            del self._tasks[key]


@asynccontextmanager
async def suspend_on_refusal(
    channel: str, suspend: Callable[[DeliveryFailed], Awaitable[None]]
) -> AsyncIterator[None]:
    """Suspend the owner of a message if its channel will refuse all later ones too."""
    try:
        yield
    except DeliveryFailed as error:
        # A refusal by the channel of an older claim is no reason to pause its owner.
        if error.is_lasting and error.channel == channel:
            await suspend(error)
        raise


def is_abandoned(claimed_at: datetime, now: datetime) -> bool:
    """Return whether a claim is so old that no process can be working on it.

    A claim from the far future counts as abandoned: the clock has been set back since it was made.
    """
    return abs(now - claimed_at) >= LEASE


def _read_loop_time() -> float:
    return asyncio.get_running_loop().time()
