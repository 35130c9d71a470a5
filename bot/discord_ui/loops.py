"""The background loops of the bot."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import NoReturn

from bot.runtime import logs
from bot.runtime.heartbeats import Heartbeats

_HEARTBEAT_INTERVAL = timedelta(seconds=10)

Work = Callable[[], Awaitable[bool]]
"""One round of a loop; returns whether to write a heartbeat."""


async def repeat(
    part: str,
    work: Work,
    *,
    pause_seconds: float,
    heartbeats: Heartbeats,
    clock: Callable[[], datetime],
) -> NoReturn:
    """Repeat the work until the task is cancelled, and write heartbeats.

    Of consecutive failures only the first is logged, and a failed round writes no heartbeat. A
    cancellation inside the work counts as a failure if the loop's own task is not being cancelled.

    Args:
        part: The name of the loop, for the log and the heartbeats.
        work: One round.
        pause_seconds: The pause between two rounds.
        heartbeats: The heartbeats that the health check reads.
        clock: The current time.
    """
    # Not discord.ext.tasks: an unexpected exception (tried: one sqlite3.OperationalError) ends its
    # loop for good, and a network error makes it run the whole body again.
    was_successful, last_beat_at = True, clock() - _HEARTBEAT_INTERVAL
    while True:
        try:
            is_alive = await work()
            if is_alive and clock() - last_beat_at >= _HEARTBEAT_INTERVAL:
                await heartbeats.beat(part, last_beat_at := clock())
            was_successful = True
        except (Exception, asyncio.CancelledError) as error:  # a loop must survive any error
            if _is_cancelled():
                raise
            if was_successful:
                logs.exception("Background loop failed, retrying", error, part=part)
            was_successful = False
        await asyncio.sleep(pause_seconds)


def _is_cancelled() -> bool:
    """Return whether the current task is being cancelled."""
    task = asyncio.current_task()
    return bool(task and task.cancelling())
