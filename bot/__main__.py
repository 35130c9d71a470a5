"""The console script: the commands of cli.py; the only file that sees every layer."""

import os
import signal
import sys
import tempfile
import traceback
from io import TextIOWrapper
from typing import NoReturn

from bot.errors import BotError

_ERROR = 1


def main() -> NoReturn:
    """Runs one command and ends with its exit code; an error is one sentence, never a traceback."""
    # A container's first process ignores SIGTERM where it has no handler.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        sys.exit(_exit_code(sys.argv[1:]))
    except KeyboardInterrupt:
        _fail("Stopped. What was stored until now stays.", _ERROR)
    except BrokenPipeError:  # whoever reads has left, and knows
        _abandon_output()
        sys.exit(_ERROR)
    except OSError as error:
        _abandon_output()
        _fail(f"The system refused what was needed: {error.strerror or error}.", _ERROR)
    except Exception as error:  # noqa: BLE001 - the outer edge: no traceback reaches a user
        fault = f"This is a fault in Dateline ({type(error).__name__}: {error})"
        _fail(f"{fault}. Please report it{_kept_traceback()}.", _ERROR)


def _exit_code(arguments: list[str]) -> int:
    """What the command that the arguments name ends with."""
    from bot import cli  # noqa: PLC0415 - loading takes a moment, in which Ctrl-C may come, too

    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    try:
        return cli.execute(arguments)
    except BotError as error:
        _fail(str(error), cli.exit_code_of(error))


def _fail(sentence: str, code: int) -> NoReturn:
    line = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in sentence)
    print(f"dateline: {line}", file=sys.stderr)  # noqa: T201 - the console script
    sys.exit(code)


def _abandon_output() -> None:
    """Nothing more is flushed to an output that takes no more, not at exit either."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _kept_traceback() -> str:
    """How the sentence about a fault goes on: with the file that holds the traceback."""
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="dateline-", suffix=".txt", delete=False, encoding="utf-8"
        ) as file:
            traceback.print_exc(file=file)
    except OSError:  # a read-only system
        return ""
    return f" with the file {file.name}"


if __name__ == "__main__":
    main()
