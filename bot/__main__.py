"""The console script: the commands of cli.py; the only file that sees every layer."""

import sys
import tempfile
import traceback
from pathlib import Path
from typing import NoReturn

from bot import cli
from bot.errors import BotError
from bot.presentation.terminal import harmless


def main() -> NoReturn:
    """Runs one command and ends with its exit code; an error is one sentence, never a traceback."""
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    try:
        cli.commands(cli.hoisted(sys.argv[1:]), prog_name="dateline")
        sys.exit(cli.ExitCode.DONE)
    except BotError as error:
        _fail(str(error), cli.exit_code_of(error))
    except KeyboardInterrupt:
        _fail("Stopped. What was stored until now stays.", cli.ExitCode.ERROR)
    except BrokenPipeError:
        # Whoever read our output has gone; nothing may be flushed to it at exit.
        sys.stdout = None  # type: ignore[assignment]
        sys.exit(cli.ExitCode.DONE)
    except Exception as error:  # noqa: BLE001 - the outer edge: no traceback reaches a user
        _fail(
            f"This is a fault in Dateline ({type(error).__name__}: {error}). "
            f"Please report it with the file {_kept_traceback()}.",
            cli.ExitCode.ERROR,
        )


def _fail(sentence: str, code: cli.ExitCode) -> NoReturn:
    print(f"dateline: {harmless(sentence)}", file=sys.stderr)  # noqa: T201 - the console script
    sys.exit(code)


def _kept_traceback() -> Path:
    with tempfile.NamedTemporaryFile(
        "w", prefix="dateline-", suffix=".txt", delete=False, encoding="utf-8"
    ) as file:
        traceback.print_exc(file=file)
    return Path(file.name)


if __name__ == "__main__":
    main()
