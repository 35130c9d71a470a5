"""The file with the time when each part of a running bot was last alive.

It is a file rather than a table because it is written every few seconds, and each commit to the
database would make searches look for changed articles.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.runtime.atomic_files import replace_file
from bot.runtime.run_lock import is_locked

HEARTBEATS_FILE = "heartbeats.json"

GATEWAY_PART = "gateway"
"""The part that is alive while the bot is connected to Discord."""

MAX_SILENCE = timedelta(seconds=60)
"""A part with an older heartbeat counts as not responding."""

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The health of the bot on a data folder.

    Attributes:
        is_running: Whether a bot is running.
        silent_parts: The parts that are not responding, in order.
    """

    is_running: bool
    silent_parts: tuple[str, ...] = ()

    @property
    def is_only_disconnected(self) -> bool:
        """Whether only the connection to Discord is missing."""
        return self.silent_parts == (GATEWAY_PART,)

    @property
    def is_healthy(self) -> bool:
        """Whether the bot is running and all its parts respond."""
        return self.is_running and not self.silent_parts


class Heartbeats:
    """The last heartbeat of each part; created by `start_heartbeats`."""

    def __init__(self, path: Path, names: Iterable[str], at: datetime) -> None:
        self._path = path
        self._beats = dict.fromkeys(names, at)
        self._write_lock = asyncio.Lock()

    async def beat(self, name: str, at: datetime) -> None:
        """Record that the part `name` was alive at `at`.

        Raises:
            OSError: The file can't be written.
        """
        self._beats[name] = at
        await self.write()

    async def miss(self, name: str) -> None:
        """Record that the part `name` does not work; it counts as silent until its next beat.

        Raises:
            OSError: The file can't be written.
        """
        await self.beat(name, _LONG_AGO)

    async def write(self) -> None:
        """Write all heartbeats to the file, which other processes read.

        Raises:
            OSError: The file can't be written.
        """
        async with self._write_lock:
            text = json.dumps({name: at.isoformat() for name, at in self._beats.items()})
            await asyncio.to_thread(_write_text, self._path, text)


@asynccontextmanager
async def start_heartbeats(
    folder: Path, names: Iterable[str], at: datetime
) -> AsyncIterator[Heartbeats]:
    """Open the heartbeats of a bot that starts at `at`; their file is removed at the end.

    Args:
        folder: The data folder, which exists.
        names: The parts that send heartbeats from now on.
        at: The current time.

    Raises:
        OSError: The file can't be written.
    """
    path = folder / HEARTBEATS_FILE
    heartbeats = Heartbeats(path, names, at)
    await heartbeats.write()
    try:
        yield heartbeats
    finally:
        path.unlink(missing_ok=True)


def check_health(folder: Path, now: datetime) -> Health:
    """Return the health of the bot on a data folder; a missing or damaged file means no bot.

    A bot that was killed leaves its heartbeats behind but not its lock, so the lock is tested, too.
    It is tested only if there are heartbeats: the test holds the lock for a moment, and a bot that
    is just starting would be refused.
    """
    try:
        stored_beats = json.loads((folder / HEARTBEATS_FILE).read_text(encoding="utf-8"))
        beats = {name: datetime.fromisoformat(at) for name, at in stored_beats.items()}
        silent_parts = find_silent_parts(beats, now)
        is_running = is_locked(folder)
    except (OSError, ValueError, TypeError, AttributeError):
        return Health(is_running=False)
    return Health(is_running=is_running, silent_parts=silent_parts if is_running else ())


def find_silent_parts(beats: Mapping[str, datetime], now: datetime) -> tuple[str, ...]:
    """Return the parts that are not responding, in order.

    A heartbeat from the future counts, too: the system clock may have been set back.
    """
    return tuple(sorted(name for name, at in beats.items() if abs(now - at) > MAX_SILENCE))


def _write_text(path: Path, text: str) -> None:
    with replace_file(path) as file:
        file.write(text.encode())
