"""How fast messages go out, and in which order, where many are due at once."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import date
from hashlib import sha256

REQUESTS_PER_SECOND = 40
"""Discord takes 50 requests a second of a bot: so 10 are left for answers."""

_MAX_CATCH_UP_SECONDS = 0.1
"""A delay is made up for where it is no longer than this; else too many would go at once."""


class SendQueue:
    """Lets so many requests through in any second, in the order in which they come."""

    def __init__(
        self,
        per_second: int = REQUESTS_PER_SECOND,
        *,
        time: Callable[[], float] | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """A queue in which nobody waits.

        Args:
            per_second: How many are let through in any second.
            time: A clock in seconds that never goes back; None for that of the event loop.
            sleep: Waits for so many seconds.
        """
        self._recent_times: deque[float] = deque(maxlen=per_second)
        self._interval_seconds = 1 / per_second
        self._next_time = float("-inf")
        self._time = time
        self._sleep = sleep
        self._lock = asyncio.Lock()

    async def wait_for_turn(self) -> None:
        """Waits until the next request may be made."""
        async with self._lock:
            while (seconds := self._compute_wait(self._now())) > 0:
                await self._sleep(seconds)
            now = self._now()
            self._recent_times.append(now)
            is_behind = now - self._next_time <= _MAX_CATCH_UP_SECONDS
            self._next_time = (self._next_time if is_behind else now) + self._interval_seconds

    def _compute_wait(self, now: float) -> float:
        """How long to wait: evenly spread, and never more than the limit within a second."""
        is_full = len(self._recent_times) == self._recent_times.maxlen
        window_end = self._recent_times[0] + 1 if is_full else self._next_time
        return max(self._next_time, window_end) - now

    def _now(self) -> float:
        return self._time() if self._time else asyncio.get_running_loop().time()


def make_fair_order_key(subscription_id: int, local_day: date) -> int:
    """What orders the digests of a day: by chance, so that none is the last day after day."""
    return int.from_bytes(sha256(f"{local_day} {subscription_id}".encode()).digest()[:6])
