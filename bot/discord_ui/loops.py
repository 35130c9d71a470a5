"""What goes on beside the answers, for as long as the bot runs."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import NoReturn

from bot.runtime import logs
from bot.runtime.heartbeats import Heartbeats

_HEARTBEAT_INTERVAL = timedelta(seconds=10)

Work = Callable[[], Awaitable[bool]]
"""One round; it gives whether the part is alive."""


async def repeat(
    part: str,
    work: Work,
    *,
    pause_seconds: float,
    heartbeats: Heartbeats,
    clock: Callable[[], datetime],
) -> NoReturn:
    """Works again and again until it is cancelled, and shows that it is alive.

    What goes wrong is logged the first time, and again after a round that went well; while it does,
    the part shows no life. A round that is cancelled although the loop is not has gone wrong.

    Args:
        part: What is worked on.
        work: One round.
        pause_seconds: How long to rest between two rounds.
        heartbeats: Where it shows that it is alive.
        clock: The time by which it does.
    """
    was_successful, last_beat_at = True, clock() - _HEARTBEAT_INTERVAL
    while True:
        try:
            is_alive = await work()
            if is_alive and clock() - last_beat_at >= _HEARTBEAT_INTERVAL:
                await heartbeats.beat(part, last_beat_at := clock())
            was_successful = True
        except (Exception, asyncio.CancelledError) as error:  # the supervisor: loops go on
            if _is_cancelled():
                raise
            if was_successful:
                logs.exception("Background loop failed, retrying", error, part=part)
            was_successful = False
        await asyncio.sleep(pause_seconds)


def _is_cancelled() -> bool:
    """Whether somebody wants the task to end that runs now."""
    task = asyncio.current_task()
    return bool(task and task.cancelling())
