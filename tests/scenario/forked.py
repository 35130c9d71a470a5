"""Running `dateline` as a process that is forked from one in which its modules are loaded.

Loading them takes more than a second of computing, and the scenarios start the program a hundred
times. `test_start.py` and `test_terminal.py` start it as a user does.
"""

import asyncio
import multiprocessing
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.__main__ import main
from tests.builders import PROJECT

# numpy would start a thread on each core, which costs a tenth of a second at every start.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["bot.cli.commands", "bot.wiring", "bot.discord_ui.client"])


class ForkedProcess:
    """A command of `dateline` that runs in a process of its own."""

    def __init__(
        self, arguments: Sequence[str], environment: Mapping[str, str], log_path: Path
    ) -> None:
        """Start the command in the project's folder; it appends all output to the log."""
        self._ended = asyncio.Event()
        self._process = _CONTEXT.Process(
            target=_run, args=(tuple(arguments), dict(environment), log_path), daemon=True
        )
        self._process.start()
        asyncio.get_running_loop().add_reader(self._process.sentinel, self._note_end)

    @property
    def pid(self) -> int:
        """The id of the process."""
        assert self._process.pid is not None
        return self._process.pid

    async def wait(self) -> int:
        """Wait until the process has ended, and return its exit code; -N if signal N ended it."""
        await self._ended.wait()
        assert self._process.exitcode is not None
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        """Send a signal to the process."""
        os.kill(self.pid, number)

    async def stop(self) -> None:
        """End the process with SIGKILL if it has not ended by itself."""
        if not self._ended.is_set():
            self._process.kill()
            await self.wait()

    def _note_end(self) -> None:
        asyncio.get_running_loop().remove_reader(self._process.sentinel)
        self._process.join()
        self._ended.set()


def _run(arguments: Sequence[str], environment: Mapping[str, str], log_path: Path) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(PROJECT)
    with log_path.open("ab") as log:
        os.dup2(log.fileno(), sys.stdout.fileno())
        os.dup2(log.fileno(), sys.stderr.fileno())
    sys.argv = ["dateline", *arguments]
    main()
