"""The outbox on its own: a claim is posted once, and deliveries stay within their limits."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.delivery.outbox import (
    LEASE,
    DeliveryTasks,
    Outbox,
    is_abandoned,
    suspend_on_refusal,
)
from bot.errors import DeliveryError, DeliveryFailed, DeliveryUnknown, HistoryUnreadable
from bot.model.delivery import DeliveryOutcome, DeliveryState, FailureReason
from bot.runtime.clock import Clock
from tests.delivery.reasons import describe

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)
CHANNEL = "70"
GONE = DeliveryFailed(CHANNEL, FailureReason.CHANNEL_GONE, is_lasting=True)
REFUSED = DeliveryFailed(CHANNEL, FailureReason.CONTENT_REFUSED, is_lasting=False)
LOST = DeliveryUnknown(CHANNEL)


@dataclass(frozen=True)
class Claim:
    key: str = "key"
    channel: str = CHANNEL
    claimed_at: datetime = NOW
    after_message_id: str | None = None


@dataclass
class Claims:
    """The rows of a database with one claim."""

    claim: Claim = field(default_factory=Claim)
    outcome: DeliveryOutcome | None = None

    async def find_open_claims(self) -> tuple[Claim, ...]:
        return () if self.outcome else (self.claim,)

    async def renew(self, claim: Claim, now: datetime) -> Claim | None:
        if self.outcome or claim != self.claim:
            return None
        self.claim = replace(claim, claimed_at=now)
        return self.claim

    async def record(self, claim: Claim, outcome: DeliveryOutcome) -> bool:
        assert claim.key == self.claim.key
        self.outcome = self.outcome or outcome
        return self.outcome is outcome


@dataclass
class Channel:
    """A channel that stores sent messages; responses fail as a test says."""

    is_there: bool = False
    sending: list[DeliveryError | None] = field(default_factory=list)
    finding: list[DeliveryError | None] = field(default_factory=list)
    is_stored: bool = True
    calls: list[str] = field(default_factory=list)

    async def get_latest_message_id(self, channel: str) -> str | None:  # noqa: ARG002 - it is empty
        return None

    async def send(self, message: str, key: str) -> str:  # noqa: ARG002 - there is one message
        self.calls.append("send")
        error = self.sending.pop(0) if self.sending else None
        self.is_there = self.is_there or error is None or self.is_stored
        if error:
            raise error
        return "1"

    async def find(self, channel: str, key: str, after: str | None) -> str | None:  # noqa: ARG002
        self.calls.append("find")
        if self.finding and (error := self.finding.pop(0)):
            raise error
        return "1" if self.is_there else None


def an_outbox(
    claims: Claims,
    channel: Channel,
    *,
    now: datetime = NOW,
    pause_seconds: float | None = 1.0,
    pauses: list[float] | None = None,
) -> Outbox[Claim, str]:
    async def sleep(seconds: float) -> None:
        if pauses is not None:
            pauses.append(seconds)

    return Outbox(
        claims=claims,
        messenger=channel,
        clock=Clock(lambda: now, ZoneInfo("UTC")),
        describe=describe,
        pause_seconds=pause_seconds,
        sleep=sleep,
    )


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (timedelta(0), False),
        (LEASE - SECOND, False),
        (LEASE, True),
        (-SECOND, False),
        (-LEASE, True),
    ],
    ids=["new", "within the lease", "after the lease", "clock a little back", "clock set back"],
)
async def test_a_claim_is_left_to_its_maker_for_the_lease(
    age: timedelta,
    expected: bool,  # noqa: FBT001 - a row of the table
) -> None:
    claims = Claims()
    outbox = an_outbox(claims, Channel(), now=NOW + age)

    abandoned = await outbox.find_abandoned(NOW + age)
    renewed = await outbox.take_over(claims.claim)

    assert is_abandoned(NOW, NOW + age) is expected
    assert bool(abandoned) is expected
    assert bool(renewed) is expected


async def test_an_abandoned_claim_is_taken_over_by_one_of_two() -> None:
    claims = Claims()
    claim = claims.claim
    outboxes = [an_outbox(claims, Channel(), now=NOW + LEASE) for _ in range(2)]

    renewed = [await outbox.take_over(claim) for outbox in outboxes]

    assert renewed == [replace(claim, claimed_at=NOW + LEASE), None]


@pytest.mark.parametrize(
    ("sending", "is_stored", "calls"),
    [
        ([], True, ["send"]),
        ([LOST], True, ["send", "find"]),
        ([LOST], False, ["send", "find", "send"]),
        ([LOST, LOST], False, ["send", "find", "send", "find", "send"]),
    ],
    ids=["answered", "answer lost", "request lost", "lost twice"],
)
async def test_a_message_is_looked_for_before_it_is_sent_again(
    sending: Sequence[DeliveryError], *, is_stored: bool, calls: Sequence[str]
) -> None:
    claims, pauses = Claims(), list[float]()
    channel = Channel(sending=[*sending], is_stored=is_stored)

    await an_outbox(claims, channel, pauses=pauses).post(claims.claim, "news")

    assert channel.calls == calls
    assert claims.outcome == DeliveryOutcome(
        state=DeliveryState.POSTED, settled_at=NOW, message_id="1"
    )
    assert pauses == [1.0] * len(sending)


async def test_a_message_that_gets_no_answer_leaves_its_claim_open() -> None:
    claims = Claims()
    channel = Channel(sending=[LOST] * 9, is_stored=False)

    with pytest.raises(DeliveryUnknown):
        await an_outbox(claims, channel).post(claims.claim, "news")

    assert channel.calls == ["send", "find"] * 3
    assert claims.outcome is None


async def test_without_a_pause_a_lost_answer_is_left_to_a_later_round() -> None:
    claims, channel = Claims(), Channel(sending=[LOST])

    with pytest.raises(DeliveryUnknown):
        await an_outbox(claims, channel, pause_seconds=None).post(claims.claim, "news")

    assert channel.calls == ["send"]
    assert claims.outcome is None


async def test_nothing_is_sent_again_for_a_claim_that_another_process_took_over() -> None:
    claims = Claims()
    channel = Channel(sending=[LOST, LOST], is_stored=False)
    before = claims.claim
    claims.claim = replace(before, claimed_at=NOW + LEASE)

    with pytest.raises(DeliveryUnknown):
        await an_outbox(claims, channel).post(before, "news")

    assert channel.calls == ["send", "find"]


@pytest.mark.parametrize("is_there", [True, False])
async def test_an_abandoned_claim_is_settled_by_its_message(*, is_there: bool) -> None:
    claims = Claims()

    is_posted = await an_outbox(claims, Channel(is_there=is_there)).settle(claims.claim)

    assert is_posted is is_there
    assert (claims.outcome is not None) is is_there


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (GONE, DeliveryState.FAILED),
        (HistoryUnreadable(CHANNEL), DeliveryState.UNCERTAIN),
        (LOST, None),
    ],
    ids=["channel gone", "history unreadable", "no answer"],
)
async def test_what_goes_wrong_with_the_search_is_recorded(
    error: DeliveryError, state: DeliveryState | None
) -> None:
    claims = Claims()

    with pytest.raises(type(error)):
        await an_outbox(claims, Channel(finding=[error])).settle(claims.claim)

    assert claims.outcome == (
        DeliveryOutcome(state=state, settled_at=NOW, reason=describe(error)) if state else None
    )


async def test_a_refusal_is_recorded_with_its_reason() -> None:
    claims = Claims()

    with pytest.raises(DeliveryFailed):
        await an_outbox(claims, Channel(sending=[REFUSED])).post(claims.claim, "news")

    assert claims.outcome == DeliveryOutcome(
        state=DeliveryState.FAILED, settled_at=NOW, reason=FailureReason.CONTENT_REFUSED
    )


async def test_that_nothing_is_posted_is_recorded() -> None:
    claims = Claims()

    await an_outbox(claims, Channel()).record(claims.claim, DeliveryState.EMPTY)

    assert claims.outcome == DeliveryOutcome(state=DeliveryState.EMPTY, settled_at=NOW)


@pytest.mark.parametrize(
    ("error", "channel", "is_suspended"),
    [(GONE, CHANNEL, True), (GONE, "71", False), (REFUSED, CHANNEL, False), (LOST, CHANNEL, False)],
    ids=["closed", "closed elsewhere", "refused once", "no answer"],
)
async def test_an_owner_is_suspended_if_its_channel_is_closed_to_it(
    error: DeliveryError, channel: str, *, is_suspended: bool
) -> None:
    suspended = []

    async def suspend(error: DeliveryFailed) -> None:
        suspended.append(error)

    with pytest.raises(type(error)):
        async with suspend_on_refusal(channel, suspend):
            raise error

    assert bool(suspended) is is_suspended


@dataclass
class Bench:
    """Delivery tasks with a clock that a test sets."""

    time: float = 0.0
    reports: list[tuple[str, str]] = field(default_factory=list)

    def start_tasks(self, max_concurrent: int = 9) -> DeliveryTasks[int, str]:
        return DeliveryTasks(
            report=lambda error, owner: self.reports.append((str(error), owner)),
            rest_seconds=30,
            max_concurrent=max_concurrent,
            time=lambda: self.time,
        )


async def fail() -> None:
    message = "broken"
    raise OSError(message)


async def wait_forever() -> None:
    await asyncio.Event().wait()


async def test_an_owner_has_one_delivery_at_a_time() -> None:
    tasks, starts = Bench().start_tasks(), []

    async def note_start() -> None:
        starts.append(1)

    for _ in range(2):
        tasks.start(1, "one", note_start)
    await tasks.finish(1)

    assert starts == [1]
    assert tasks.find_held_back() == set()


async def test_no_more_deliveries_start_than_may_be_under_way() -> None:
    tasks = Bench().start_tasks(max_concurrent=2)

    for number in range(5):
        tasks.start(number, "owner", wait_forever)

    assert (tasks.find_held_back(), tasks.free_count) == ({0, 1}, 0)
    await tasks.finish(0)


async def test_an_owner_rests_after_a_failure_and_no_longer() -> None:
    bench = Bench()
    tasks = bench.start_tasks()

    tasks.start(1, "one", fail)
    await tasks.wait_for(1)
    bench.time = 29.9
    resting = tasks.find_held_back()
    bench.time = 30.0

    assert bench.reports == [("broken", "one")]
    assert (resting, tasks.find_held_back()) == ({1}, set())


async def test_the_end_waits_a_while_and_cancels_what_is_late() -> None:
    bench = Bench()
    tasks = bench.start_tasks()
    tasks.start(1, "one", fail)
    tasks.start(2, "two", wait_forever)

    await tasks.finish(0.01)

    assert bench.reports == [("broken", "one")]
    assert tasks.free_count == 9
