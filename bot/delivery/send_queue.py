"""The pace and order of messages if many are due at once."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import date
from hashlib import sha256

REQUESTS_PER_SECOND = 40
"""Discord allows a bot 50 requests per second; this leaves 10 for answers."""

_MAX_CATCH_UP_SECONDS = 0.1
"""Only a delay up to this is caught up; a longer one would release too many requests at once."""


class SendQueue:
    """Lets a limited number of requests per second through, in their order of arrival."""

    def __init__(
        self,
        per_second: int = REQUESTS_PER_SECOND,
        *,
        time: Callable[[], float] | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """Create an empty queue.

        Args:
            per_second: The maximum number of requests within any second.
            time: A monotonic clock in seconds; None for the event loop's.
            sleep: Waits for so many seconds.
        """
        self._recent_times: deque[float] = deque(maxlen=per_second)
        self._interval_seconds = 1 / per_second
        self._next_time = float("-inf")
        self._time = time
        self._sleep = sleep
        self._lock = asyncio.Lock()

    async def wait_for_turn(self) -> None:
        """Wait until the next request can be made."""
        # asyncio.Lock is fair, so requests keep their order of arrival.
        async with self._lock:
            while (seconds := self._compute_wait(self._now())) > 0:
                await self._sleep(seconds)
            now = self._now()
            self._recent_times.append(now)
            is_behind = now - self._next_time <= _MAX_CATCH_UP_SECONDS
            self._next_time = (self._next_time if is_behind else now) + self._interval_seconds

    def _compute_wait(self, now: float) -> float:
        """Return the seconds to wait: evenly spaced, and within the limit for any second."""
        is_full = len(self._recent_times) == self._recent_times.maxlen
        window_end = self._recent_times[0] + 1 if is_full else self._next_time
        return max(self._next_time, window_end) - now

    def _now(self) -> float:
        return self._time() if self._time else asyncio.get_running_loop().time()


def make_fair_order_key(subscription_id: int, local_day: date) -> int:
    """Return a pseudo-random sort key for the digests of a day.

    It changes from day to day, so that no digest is always the last.
    """
    return int.from_bytes(sha256(f"{local_day} {subscription_id}".encode()).digest()[:6])
