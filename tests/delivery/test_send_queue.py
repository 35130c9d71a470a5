import asyncio
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

from bot.delivery.send_queue import SendQueue, make_fair_order_key


class Time:
    """A clock that goes on while somebody sleeps, each time a little too long."""

    def __init__(self, late: float = 0.0) -> None:
        self.now = 100.0
        self.late = late

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)
        self.now += seconds + self.late


async def let_through(time: Time, queue: SendQueue, count: int) -> list[float]:
    """Return the time at which each of the requests was admitted."""
    times = []
    for _ in range(count):
        await queue.wait_for_turn()
        times.append(time.now)
    return times


def most_in_a_second(times: list[float]) -> int:
    return max(sum(first <= each < first + 0.999_999 for each in times) for first in times)


async def test_requests_are_spread_over_the_second() -> None:
    time = Time()
    queue = SendQueue(40, time=lambda: time.now, sleep=time.sleep)

    times = await let_through(time, queue, 100)

    gaps = [round(second - first, 6) for first, second in pairwise(times)]
    assert set(gaps) == {0.025}


async def test_a_lone_request_does_not_wait() -> None:
    time = Time()
    queue = SendQueue(40, time=lambda: time.now, sleep=time.sleep)

    first, second = await let_through(time, queue, 1), time.now
    time.now += 10
    third = await let_through(time, queue, 1)

    assert first == [second] == [100.0]
    assert third == [110.0]


async def test_what_sleeps_too_long_is_made_up_for_and_no_second_holds_more() -> None:
    time = Time(late=0.004)
    queue = SendQueue(40, time=lambda: time.now, sleep=time.sleep)

    times = await let_through(time, queue, 400)

    assert most_in_a_second(times) <= 40
    assert times[-1] - times[0] < 10.3


async def test_after_a_standstill_no_second_holds_more() -> None:
    time = Time()
    queue = SendQueue(40, time=lambda: time.now, sleep=time.sleep)
    times = await let_through(time, queue, 60)

    time.now += 0.6
    times += await let_through(time, queue, 60)

    assert most_in_a_second(times) <= 40


async def test_those_who_wait_are_let_through_in_their_order() -> None:
    queue, order = SendQueue(1000), []

    async def request(number: int) -> None:
        await queue.wait_for_turn()
        order.append(number)

    await asyncio.gather(*map(request, range(20)))

    assert order == [*range(20)]


async def test_one_who_stops_waiting_holds_nobody_up() -> None:
    queue = SendQueue(100)
    await queue.wait_for_turn()
    waiting = asyncio.create_task(queue.wait_for_turn())
    await asyncio.sleep(0)

    waiting.cancel()
    await asyncio.wait_for(queue.wait_for_turn(), 1)

    assert waiting.cancelled()


def test_over_days_each_digest_is_among_the_first_as_often() -> None:
    firsts: Counter[int] = Counter()
    for day in range(1000):
        local_day = date(2026, 1, 1) + timedelta(days=day)
        firsts.update(
            sorted(range(10), key=lambda number: make_fair_order_key(number, local_day))[:5]
        )

    assert all(440 < firsts[number] < 560 for number in range(10))
