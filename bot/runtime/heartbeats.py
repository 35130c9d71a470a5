"""When each part of a running bot last showed that it is alive.

A file rather than a table: it is written every few seconds, and each commit would make searches
look for changed articles.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.runtime.atomic_files import replace_file
from bot.runtime.run_lock import is_locked

HEARTBEATS_FILE = "heartbeats.json"

MAX_SILENCE = timedelta(seconds=60)
"""How long a part that is alive may stay silent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How a bot is.

    Attributes:
        is_running: Whether one runs.
        silent_parts: The parts that have been silent for too long, in order.
    """

    is_running: bool
    silent_parts: tuple[str, ...] = ()

    @property
    def is_healthy(self) -> bool:
        """Whether it runs in all its parts."""
        return self.is_running and not self.silent_parts


class Heartbeats:
    """The last sign of life of each part; `start_heartbeats` makes it."""

    def __init__(self, path: Path, names: Iterable[str], at: datetime) -> None:
        self._path = path
        self._beats = dict.fromkeys(names, at)
        self._write_lock = asyncio.Lock()

    async def beat(self, name: str, at: datetime) -> None:
        """Remembers that the part `name` was alive at `at`.

        Raises:
            OSError: It can't be written.
        """
        self._beats[name] = at
        await self.write()

    async def write(self) -> None:
        """Writes the last beats whole, for other processes to read.

        Raises:
            OSError: They can't be written.
        """
        async with self._write_lock:
            text = json.dumps({name: at.isoformat() for name, at in self._beats.items()})
            await asyncio.to_thread(_write_text, self._path, text)


@asynccontextmanager
async def start_heartbeats(
    folder: Path, names: Iterable[str], at: datetime
) -> AsyncIterator[Heartbeats]:
    """The heartbeats of a bot that starts at `at`; they end with it.

    Args:
        folder: The data folder, which is there.
        names: The parts that have to show that they are alive from now on.
        at: The time now.

    Raises:
        OSError: They can't be written.
    """
    path = folder / HEARTBEATS_FILE
    heartbeats = Heartbeats(path, names, at)
    await heartbeats.write()
    try:
        yield heartbeats
    finally:
        path.unlink(missing_ok=True)


def check_health(folder: Path, now: datetime) -> Health:
    """How the bot of a data folder is; a file that is missing or damaged tells of none.

    A bot that was killed leaves its heartbeats, but not its lock. That is tried only where there
    are some: one that is just starting would be refused what is held here for a moment.
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
    """The parts whose last beat is too far from `now`, in order; a clock may have been set back."""
    return tuple(sorted(name for name, at in beats.items() if abs(now - at) > MAX_SILENCE))


def _write_text(path: Path, text: str) -> None:
    with replace_file(path) as file:
        file.write(text.encode())
