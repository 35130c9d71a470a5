import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from bot.errors import TooBusy
from bot.model.ids import Pseudonym
from bot.runtime.turns import MAX_EXPECTED_WAIT_SECONDS, TurnQueue

ANNA = Pseudonym("a")


class Clock:
    """A monotonic clock that a test sets."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


async def announce() -> None:
    """Announce nothing."""


async def work(turns: TurnQueue, done: list[int], number: int) -> None:
    async with turns.take(object(), announce):
        await asyncio.sleep(0)
        done.append(number)


@asynccontextmanager
async def hold_turns(turns: TurnQueue, count: int) -> AsyncIterator[None]:
    """Hold so many turns until the end of the block."""
    async with AsyncExitStack() as held:
        for _ in range(count):
            await held.enter_async_context(turns.take(object(), announce))
        yield


async def train(turns: TurnQueue, clock: Clock, seconds: float) -> None:
    """Let the turns of the past last so long."""
    for _ in range(100):
        async with turns.take(object(), announce):
            clock.seconds += seconds


async def test_requests_get_their_turns_in_order_of_arrival() -> None:
    turns, done = TurnQueue(concurrent_turns=1), list[int]()

    await asyncio.gather(*(work(turns, done, number) for number in range(20)))

    assert done == [*range(20)]


async def test_no_more_turns_are_given_at_once_than_allowed() -> None:
    turns, now, most = TurnQueue(concurrent_turns=3), 0, 0

    async def count() -> None:
        nonlocal now, most
        async with turns.take(object(), announce):
            now += 1
            most = max(most, now)
            await asyncio.sleep(0)
            now -= 1

    await asyncio.gather(*(count() for _ in range(20)))

    assert (most, now) == (3, 0)


async def test_the_expected_wait_follows_the_length_of_turns_and_the_queue() -> None:
    clock = Clock()
    turns, expected = TurnQueue(concurrent_turns=2, clock=clock), list[float]()

    for count in (0, 1, 2):
        await train(turns, clock, 2.0)
        async with hold_turns(turns, count):
            expected.append(turns.expected_wait_seconds)

    assert expected == pytest.approx([0.0, 0.0, 1.0])


async def test_a_request_that_would_wait_too_long_is_refused_before_it_is_announced() -> None:
    clock, announced = Clock(), list[str]()
    turns = TurnQueue(concurrent_turns=1, clock=clock)
    await train(turns, clock, MAX_EXPECTED_WAIT_SECONDS + 1)

    async def note() -> None:
        announced.append("announced")

    async with hold_turns(turns, 1):
        with pytest.raises(TooBusy):
            async with turns.take(ANNA, note):
                pass
    async with turns.take(ANNA, note):
        pass

    assert announced == ["announced"]


async def test_even_without_experience_the_number_of_waiting_requests_is_bounded() -> None:
    turns = TurnQueue()

    async with hold_turns(turns, 2):
        tasks = [asyncio.create_task(work(turns, [], number)) for number in range(1_000)]
        await asyncio.sleep(0)
        refused = [task for task in tasks if task.done()]

    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert 800 < len(refused) < 980
    assert sum(isinstance(outcome, TooBusy) for outcome in outcomes) == len(refused)


async def test_one_person_can_fill_only_half_of_the_queue() -> None:
    async def count_admitted(turns: TurnQueue, people: list[str]) -> int:
        async with hold_turns(turns, 2):
            tasks = [asyncio.create_task(wait(turns, person)) for person in people]
            await asyncio.sleep(0)
            admitted = sum(not task.done() for task in tasks)
        await asyncio.gather(*tasks, return_exceptions=True)
        return admitted

    async def wait(turns: TurnQueue, person: str) -> None:
        async with turns.take(person, announce):
            pass

    of_one = await count_admitted(TurnQueue(), ["anna"] * 200)
    of_one_and_others = await count_admitted(
        TurnQueue(), ["anna"] * 200 + [f"{number}" for number in range(200)]
    )
    of_all = await count_admitted(TurnQueue(), [f"{number}" for number in range(400)])

    assert of_one == pytest.approx(of_all / 2, abs=2)
    assert of_one_and_others == of_all


async def test_a_request_that_waits_longer_than_expected_is_refused_and_leaves_the_queue() -> None:
    turns, done = TurnQueue(concurrent_turns=1, max_wait_seconds=0.01), list[int]()

    async with hold_turns(turns, 1):
        with pytest.raises(TooBusy):
            await work(turns, done, 1)
    await work(turns, done, 2)

    assert done == [2]
    assert turns.expected_wait_seconds == 0


@pytest.mark.parametrize("error", [ValueError, asyncio.CancelledError])
async def test_a_request_that_fails_ends_its_turn(error: type[BaseException]) -> None:
    turns, done = TurnQueue(concurrent_turns=1), list[int]()

    async def fail() -> None:
        raise error

    with pytest.raises(error):
        async with turns.take(object(), announce):
            await fail()
    with pytest.raises(error):
        async with turns.take(ANNA, fail):
            pass
    await work(turns, done, 1)

    assert done == [1]
    assert turns.expected_wait_seconds == 0
