"""Waiting for something in the world to change."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class ChangeNotifier:
    """Wakes every waiting task each time something changes."""

    def __init__(self) -> None:
        self._next_change = asyncio.Event()

    def notify(self) -> None:
        """Wake every task that waits for a change."""
        self._next_change.set()
        self._next_change = asyncio.Event()

    async def wait(self) -> None:
        """Wait for the next change."""
        await self._next_change.wait()

    async def wait_until(self, condition: Callable[[], T | None], timeout: float) -> T:  # noqa: ASYNC109 - part of the question
        """Return the first true value of `condition`, which is called again after each change.

        Raises:
            TimeoutError: There was none within `timeout` seconds.
        """
        async with asyncio.timeout(timeout):
            while not (result := condition()):
                await self.wait()
        return result
