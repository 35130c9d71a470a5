"""The console script: the commands of cli.py; the only file that sees every layer."""

import asyncio
import json
import os
import signal
import sys
import tempfile
import traceback
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

from bot.errors import BotError

if TYPE_CHECKING:  # loaded late, see `_exit_code`
    import typer

    from bot.settings.settings import Settings

_ERROR = 1


def main() -> NoReturn:
    """Runs one command and ends with its exit code; an error is one sentence, never a traceback."""
    # A container's first process ignores SIGTERM where it has no handler.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        sys.exit(_run_command(sys.argv[1:]))
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
        _fail(f"{fault}. Please report it{_save_traceback()}.", _ERROR)


def _run_command(arguments: list[str]) -> int:
    """What the command that the arguments name ends with."""
    from bot.cli import commands as cli  # noqa: PLC0415 - loading takes a moment, in which Ctrl-C may come, too
    from bot.cli import digest, lookups  # noqa: F401, PLC0415
    from bot.cli import runner as command_line  # noqa: PLC0415

    _add_commands(cli.commands)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    try:
        return command_line.execute(cli.commands, arguments)
    except BotError as error:
        _fail(str(error), command_line.get_exit_code(error))


def _add_commands(commands: "typer.Typer") -> None:
    """Adds the commands that see more layers than cli.py may.

    What they need is imported when they run: `ask` has no use for it.
    """
    import typer  # noqa: PLC0415

    @commands.command()
    def run(context: typer.Context) -> None:
        """The Discord bot, until SIGTERM or Ctrl-C.

        Example: DISCORD_TOKEN_FILE=token dateline run
        """
        from bot.runtime.clock import parse_clock, system_clock  # noqa: PLC0415
        from bot.settings.discord_token import load_discord_token  # noqa: PLC0415
        from bot.wiring import run_bot  # noqa: PLC0415

        settings = _load_settings(context)
        as_of = context.obj[2]
        clock = system_clock if as_of is None else parse_clock(as_of, settings)
        asyncio.run(run_bot(settings, clock=clock, token=load_discord_token(os.environ)))

    @commands.command()
    def health(context: typer.Context) -> None:
        """Whether the bot of the data folder is alive: exit code 0, or 1 with what is not.

        Example: dateline health
        """
        from bot.runtime.clock import system_clock  # noqa: PLC0415
        from bot.runtime.heartbeats import check_health as health_of  # noqa: PLC0415

        bot_health = health_of(_load_settings(context).data_dir, system_clock())
        if bot_health.is_healthy:
            typer.echo("The bot is well.")
        elif bot_health.is_running:
            _fail(
                f"The bot is not well; it is silent in: {', '.join(bot_health.silent_parts)}.",
                _ERROR,
            )
        else:
            _fail("No bot runs on this data folder.", _ERROR)

    @commands.command()
    def doctor(
        context: typer.Context,
        as_json: Annotated[  # noqa: FBT002 - a flag on the command line
            bool, typer.Option("--json", help="Print one JSON object.")
        ] = False,
    ) -> None:
        """Whether the set-up is right: exit code 0, or 1 with what to do.

        It looks at the settings, the token, the database, the disk and the clock, and asks Discord
        about the application, its commands and its permissions. It changes nothing.

        Example: DISCORD_TOKEN_FILE=token dateline doctor
        """
        from bot.cli.terminal import escape_controls  # noqa: PLC0415
        from bot.errors import SettingsError  # noqa: PLC0415
        from bot.presentation.findings import findings_to_json, format_findings, has_no_problem  # noqa: PLC0415
        from bot.runtime.clock import system_clock  # noqa: PLC0415
        from bot.services.diagnostics import report_problem  # noqa: PLC0415
        from bot.wiring import examine_setup  # noqa: PLC0415

        try:
            findings = asyncio.run(examine_setup(_load_settings(context), os.environ, system_clock))
        except SettingsError as error:
            findings = (report_problem("settings", str(error)),)
        if as_json:
            typer.echo(json.dumps(findings_to_json(findings), ensure_ascii=False))
        else:
            typer.echo(escape_controls("\n".join(format_findings(findings))))
        raise typer.Exit(0 if has_no_problem(findings) else _ERROR)

    @commands.command(name="local-discord")
    def local_discord(
        port: Annotated[
            int, typer.Option(min=0, max=65535, metavar="P", help="The port; 0 for a free one.")
        ] = 0,
    ) -> None:
        """A Discord on this machine to try the bot with; it prints what to set.

        Example: dateline local-discord --port 8123
        """
        from bot.local_discord.terminal.terminal import run as serve  # noqa: PLC0415

        serve(port)


def _load_settings(context: "typer.Context") -> "Settings":
    from bot.settings.loading import load_settings  # noqa: PLC0415

    config, data_dir, _ = context.obj
    return load_settings(config, data_dir, os.environ, Path.cwd())


def _fail(sentence: str, code: int) -> NoReturn:
    line = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in sentence)
    print(f"dateline: {line}", file=sys.stderr)  # noqa: T201 - the console script
    sys.exit(code)


def _abandon_output() -> None:
    """Nothing more is flushed to an output that takes no more, not at exit either."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _save_traceback() -> str:
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
