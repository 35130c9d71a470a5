"""The console script: runs a command, and prints an error as one line instead of a traceback."""

import asyncio
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from bot.cli.failure import print_failure
from bot.errors import BotError

if TYPE_CHECKING:  # loaded late, see `build_program`
    from bot.cli.program import GlobalOptions, Program
    from bot.runtime.clock import TimeSource
    from bot.services.finding import Finding
    from bot.services.library import Notify
    from bot.services.services import Services
    from bot.settings.settings import Settings

_ERROR = 1


def build_program() -> "Program":
    """Return the functions that the commands call; each imports its modules when it is called.

    `dateline ask` therefore never loads discord.py, and `main` handles a Ctrl-C during an import.
    """
    from bot.cli.program import Program  # noqa: PLC0415

    return Program(
        load_settings=_load_settings,
        open_services=_open_services,
        run_bot=_run_bot,
        examine_setup=_examine_setup,
        serve_local_discord=_serve_local_discord,
    )


def main(build: "Callable[[], Program]" = build_program) -> NoReturn:
    """Run one command and exit with its code.

    Args:
        build: Builds the functions that the commands call.
    """
    # The kernel drops SIGTERM for a container's first process if it has no handler for it.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        sys.exit(_run_command(build(), sys.argv[1:]))
    except KeyboardInterrupt:
        _fail("Stopped. Everything stored so far is kept.", _ERROR)
    except BrokenPipeError:
        # The reader, such as `head`, has closed the pipe; it does not need to be told.
        _abandon_output()
        sys.exit(_ERROR)
    except OSError as error:
        _abandon_output()
        _fail(_describe(error), _ERROR)
    except Exception as error:  # noqa: BLE001 - the outer edge: no traceback reaches a user
        fault = f"Dateline failed because of a bug ({type(error).__name__}: {error})"
        _fail(f"{fault}. Please report it{_save_traceback()}.", _ERROR)


def _run_command(program: "Program", arguments: list[str]) -> int:
    """Return the exit code of the command that the arguments name."""
    from bot.cli.commands import build_commands  # noqa: PLC0415 - loading takes a moment, and Ctrl-C has to work then
    from bot.cli.runner import execute, get_exit_code  # noqa: PLC0415
    from bot.presentation.errors import describe_error  # noqa: PLC0415

    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    try:
        return execute(build_commands(), arguments, program)
    except BotError as error:
        _fail(describe_error(error), get_exit_code(error))


def _load_settings(options: "GlobalOptions") -> "Settings":
    from bot.settings.loading import load_settings  # noqa: PLC0415

    return load_settings(options.config, options.data_dir, os.environ, Path.cwd())


def _load_clock(options: "GlobalOptions", settings: "Settings") -> "TimeSource":
    """Return the clock that starts at --as-of; without that option, the system clock."""
    from bot.runtime.clock import parse_time_source, read_system_clock  # noqa: PLC0415

    return (
        read_system_clock if options.as_of is None else parse_time_source(options.as_of, settings)
    )


@asynccontextmanager
async def _open_services(options: "GlobalOptions", notify: "Notify") -> "AsyncIterator[Services]":
    from bot.wiring import open_application  # noqa: PLC0415

    settings = _load_settings(options)
    clock = _load_clock(options, settings)
    async with open_application(settings, time_source=clock, notify=notify) as application:
        yield application.services


def _run_bot(options: "GlobalOptions") -> None:
    from bot.settings.discord_token import load_discord_token  # noqa: PLC0415
    from bot.wiring import run_bot  # noqa: PLC0415

    settings = _load_settings(options)
    clock = _load_clock(options, settings)
    run_bot(settings, time_source=clock, token=load_discord_token(os.environ))


def _examine_setup(options: "GlobalOptions") -> "Sequence[Finding]":
    from bot.runtime.clock import read_system_clock  # noqa: PLC0415
    from bot.wiring import examine_setup  # noqa: PLC0415

    return asyncio.run(examine_setup(_load_settings(options), os.environ, read_system_clock))


def _serve_local_discord(port: int) -> None:
    from bot.local_discord.main import run  # noqa: PLC0415

    run(port)


def _describe(error: OSError) -> str:
    """Return the reason that the system gives with the file if it names one, and what to do."""
    from bot.runtime.disk_errors import DISK_REASON, DISK_REMEDY, is_disk_error  # noqa: PLC0415

    # A file that can't be replaced is the second one: the first is temporary.
    path = error.filename2 or error.filename
    if isinstance(error, IsADirectoryError) and path:
        return f"{path} is a folder, but a file is needed there. Move it away and try again."
    reason = f"“{error.strerror or error}”" + (f" for {path}" if path else "")
    if is_disk_error(error):
        return f"{DISK_REASON.capitalize()} ({reason}). {DISK_REMEDY}"
    return f"The system reported {reason}. Fix this and try again."


def _fail(sentence: str, code: int) -> NoReturn:
    print_failure(sentence)
    sys.exit(code)


def _abandon_output() -> None:
    """Send further output to /dev/null, so that the flush at exit can't fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _save_traceback() -> str:
    """Save the traceback in a file, and return the words that name it; empty if that failed."""
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="dateline-", suffix=".txt", delete=False, encoding="utf-8"
        ) as file:
            traceback.print_exc(file=file)
    except OSError:  # such as a read-only file system
        return ""
    return f" together with the file {file.name}"


if __name__ == "__main__":
    main()
