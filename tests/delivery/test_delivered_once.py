"""Each fault at random times, many times: one message a day, and no article missing."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.digest.window import DigestWindow
from bot.store.database import Database
from tests.delivery.channels import NINE, Channels, Place, find_tasks, no_answer

RUNS = 25
DAYS = 3
LONGEST_REQUEST_SECONDS = 0.002

Fault = Callable[[Place, random.Random], Awaitable[None]]


async def killed_before_the_claim(place: Place, _chance: random.Random) -> None:
    place.composing = [asyncio.CancelledError()]
    await place.run_rounds()
    place.restart()


async def killed_between_claim_and_post(place: Place, _chance: random.Random) -> None:
    place.channels.before = [asyncio.CancelledError()]
    await place.run_rounds()
    place.restart()


async def killed_between_post_and_record(place: Place, _chance: random.Random) -> None:
    place.channels.after = [asyncio.CancelledError()]
    await place.run_rounds()
    place.restart()


async def killed_after_the_record(place: Place, _chance: random.Random) -> None:
    await place.run_rounds()
    place.restart()


async def killed_at_any_moment(place: Place, chance: random.Random) -> None:
    await place.delivery.run_round()
    await asyncio.sleep(chance.uniform(0, 8 * LONGEST_REQUEST_SECONDS))
    killed = find_tasks(place.delivery)
    for task in killed:
        task.cancel()
    await asyncio.gather(*killed, return_exceptions=True)
    place.restart()


async def killed_again_and_again(place: Place, chance: random.Random) -> None:
    for _ in range(chance.randint(2, 5)):
        await killed_at_any_moment(place, chance)
        place.pass_by(seconds=chance.uniform(0, 60))


async def a_fault_after_the_message_was_stored(place: Place, chance: random.Random) -> None:
    place.channels.after = [no_answer() for _ in range(chance.randint(1, 6))]


async def a_fault_before_the_message_was_stored(place: Place, chance: random.Random) -> None:
    place.channels.before = [no_answer() for _ in range(chance.randint(1, 6))]


async def a_message_that_arrives_after_it_was_given_up(place: Place, chance: random.Random) -> None:
    longest = 4 * LONGEST_REQUEST_SECONDS
    place.channels.late = [chance.uniform(0, longest) for _ in range(chance.randint(1, 4))]
    await place.run_rounds()
    await asyncio.sleep(longest)


async def no_word_of_the_channel(place: Place, chance: random.Random) -> None:
    place.channels.unanswered_count = chance.randint(1, 3)
    for _ in range(3):
        await place.run_rounds()
        place.restart()
        place.pass_by(seconds=chance.uniform(0, 60))


async def two_pollers(place: Place, chance: random.Random) -> None:
    first, second = place.delivery, place.start_delivery()
    place.channels.after = [no_answer()] * chance.randint(0, 2)
    place.channels.before = [no_answer()] * chance.randint(0, 2)
    await first.run_round()
    await asyncio.sleep(chance.uniform(0, 8 * LONGEST_REQUEST_SECONDS))
    await place.run_rounds(first, second)


async def two_pollers_of_which_one_is_killed(place: Place, chance: random.Random) -> None:
    first, second = place.delivery, place.start_delivery()
    await asyncio.gather(first.run_round(), second.run_round())
    await asyncio.sleep(chance.uniform(0, 8 * LONGEST_REQUEST_SECONDS))
    for task in find_tasks(first):
        task.cancel()
    await place.run_rounds(second)
    place.delivery = second


async def two_pollers_whose_clocks_differ(place: Place, chance: random.Random) -> None:
    first = place.delivery
    second = place.start_delivery(timedelta(seconds=chance.uniform(-90, 90)))
    for _ in range(40):
        await asyncio.gather(first.run_round(), second.run_round())
        await asyncio.sleep(chance.uniform(0, LONGEST_REQUEST_SECONDS / 2))
    await place.run_rounds(first, second)


async def the_clock_set_back(place: Place, chance: random.Random) -> None:
    await killed_at_any_moment(place, chance)
    back = timedelta(hours=chance.uniform(0, 20))
    place.now -= back
    await place.run_rounds()
    place.pass_by(seconds=chance.uniform(0, 60))
    await place.run_rounds()
    place.now += back


async def the_clock_set_forward(place: Place, chance: random.Random) -> None:
    await killed_at_any_moment(place, chance)
    ahead = timedelta(hours=chance.uniform(0, 14))
    place.now += ahead
    await place.run_rounds()
    place.pass_by(seconds=chance.uniform(0, 60))
    await place.run_rounds()
    place.now -= ahead


FAULTS: tuple[Fault, ...] = (
    killed_before_the_claim,
    killed_between_claim_and_post,
    killed_between_post_and_record,
    killed_after_the_record,
    killed_at_any_moment,
    killed_again_and_again,
    a_fault_after_the_message_was_stored,
    a_fault_before_the_message_was_stored,
    a_message_that_arrives_after_it_was_given_up,
    no_word_of_the_channel,
    two_pollers,
    two_pollers_of_which_one_is_killed,
    two_pollers_whose_clocks_differ,
    the_clock_set_back,
    the_clock_set_forward,
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
async def test_one_message_a_day(tmp_path: Path, fault: Fault) -> None:
    runs = [collect_windows(tmp_path / f"{run}.sqlite3", fault, run) for run in range(RUNS)]
    collected = await asyncio.gather(*runs)

    for run, windows in enumerate(collected):
        days = [window.day for window in windows]
        assert days == [NINE.date() + timedelta(days=day) for day in range(DAYS)], run
        assert [window.starts_at for window in windows[1:]] == [
            window.ends_at for window in windows[:-1]
        ], run


async def collect_windows(path: Path, fault: Fault, run: int) -> list[DigestWindow]:
    """Return the windows of the messages posted in a run."""
    async with Database.open(path) as database:
        place = Place(database, Channels())
        await go_through(place, fault, random.Random(run))  # noqa: S311 - no secret
    return [message.digest.window for message in place.channels.messages]


async def go_through(place: Place, fault: Fault, chance: random.Random) -> None:
    """Run several days with the fault on the second; minutes later everything works."""
    place.channels.get_delay = lambda: chance.uniform(0, LONGEST_REQUEST_SECONDS)
    await place.add()
    await place.run_rounds()
    place.pass_by(days=1)
    await fault(place, chance)
    for _ in range(5):
        await place.run_rounds()
        place.pass_by(seconds=chance.uniform(13, 900))
        place.restart()
    place.channels.before.clear()
    place.channels.after.clear()
    place.now = place.channels.now = NINE + timedelta(days=2)
    await place.run_rounds()
