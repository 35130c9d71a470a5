"""Turns for expensive work, so that work in flight is bounded and nobody waits too long."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable
from contextlib import asynccontextmanager

from bot.errors import TooBusy

CONCURRENT_TURNS = 2
"""While one request writes to the database, another can search."""

MAX_EXPECTED_WAIT_SECONDS = 3.0
"""A request that would wait longer is refused at once.

For a person who waits already, half as long: one person can't fill the queue.
"""

MAX_WAIT_SECONDS = 10.0
"""A request that has waited so long is refused, although a shorter wait was expected."""

_FIRST_TURN_SECONDS = 0.05
"""The duration of a turn before any was measured; it lets some 100 requests wait."""

_SMOOTHING = 0.2
"""The weight of the last turn in the average; small, because single turns can be very slow."""


class TurnQueue:
    """Gives requests their turns in order of arrival; refuses those that would wait too long."""

    def __init__(
        self,
        *,
        concurrent_turns: int = CONCURRENT_TURNS,
        max_wait_seconds: float = MAX_WAIT_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Create the queue.

        Args:
            concurrent_turns: The maximum number of turns at the same time.
            max_wait_seconds: The maximum wait; more than is expected of any admitted request.
            clock: A monotonic clock in seconds.
        """
        self._concurrent_turns = concurrent_turns
        self._max_wait_seconds = max_wait_seconds
        self._clock = clock
        self._free_turns = asyncio.Semaphore(concurrent_turns)
        self._average_turn_seconds = _FIRST_TURN_SECONDS
        self._admitted: Counter[Hashable] = Counter()

    @property
    def expected_wait_seconds(self) -> float:
        """The expected wait of a request that arrives now."""
        turns_before = max(0, self._admitted.total() + 1 - self._concurrent_turns)
        return turns_before * self._average_turn_seconds / self._concurrent_turns

    @asynccontextmanager
    async def take(
        self, person: Hashable, announce: Callable[[], Awaitable[object]]
    ) -> AsyncIterator[None]:
        """Wait for a turn, which lasts until the end of the block.

        Args:
            person: The person whose request it is.
            announce: Called before the wait, once the request is admitted.

        Raises:
            TooBusy: The wait would be too long, or was.
        """
        share = 0.5 if person in self._admitted else 1.0
        if self.expected_wait_seconds > share * MAX_EXPECTED_WAIT_SECONDS:
            raise TooBusy
        self._admitted[person] += 1
        try:
            await announce()
            await self._wait()
            async with self._measure_turn():
                yield
        finally:
            self._admitted -= Counter([person])  # forgets people without requests

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(self._max_wait_seconds):
                await self._free_turns.acquire()
        except TimeoutError:
            raise TooBusy from None

    @asynccontextmanager
    async def _measure_turn(self) -> AsyncIterator[None]:
        begun_at = self._clock()
        try:
            yield
        finally:
            self._free_turns.release()
            seconds = self._clock() - begun_at
            self._average_turn_seconds += _SMOOTHING * (seconds - self._average_turn_seconds)
