"""All commands of `dateline`, in the order of the help."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

import typer

import bot
from bot.cli import browse, operations, over_time, search
from bot.cli.articles import ingest, remove
from bot.cli.ask import ask
from bot.cli.digest import digest
from bot.cli.evaluation import evaluate
from bot.cli.help import CommandWithHelp, GroupWithHelp, get_summary
from bot.cli.program import GlobalOptions, get_invocation
from bot.cli.verification import verify, verify_quotes

COMMANDS: Mapping[str, Callable[..., None]] = MappingProxyType(
    {
        "ask": ask,
        "verify": verify,
        "ingest": ingest,
        "remove": remove,
        "forget-server": operations.forget_server,
        "eval": evaluate,
        "search": search.search,
        "article": search.article,
        "latest": browse.latest,
        "on": browse.on,
        "sources": browse.sources,
        "status": browse.status,
        "timeline": over_time.timeline,
        "changed": over_time.changed,
        "trend": over_time.trend,
        "verify-quotes": verify_quotes,
        "digest": digest,
        "run": operations.run,
        "health": operations.health,
        "doctor": operations.doctor,
        "local-discord": operations.local_discord,
    }
)
"""The function behind each command."""


def build_commands() -> typer.Typer:
    """Return all commands together with the global options."""
    commands = typer.Typer(
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    commands.callback(cls=GroupWithHelp, invoke_without_command=True)(take_global_options)
    for name, function in COMMANDS.items():
        summary = get_summary(str(function.__doc__))
        commands.command(name, cls=CommandWithHelp, short_help=summary)(function)
    return commands


def print_version(is_wanted: bool) -> None:  # noqa: FBT001 - typer passes the flag
    """Print the version and exit, if the flag is set.

    Raises:
        typer.Exit: The version has been printed.
    """
    if is_wanted:
        typer.echo(f"dateline {bot.__version__}")
        raise typer.Exit


def take_global_options(
    context: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Settings file (default: config/dateline.toml)"),
    ] = None,
    data_dir: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Data folder (default: DATELINE_DATA_DIR, or data/)"),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            metavar="DATE",
            help="Date or ISO time to use as the current time; hides later articles",
        ),
    ] = None,
    _version: Annotated[  # noqa: FBT002 - a flag on the command line
        bool,
        typer.Option(
            "--version", callback=print_version, is_eager=True, help="Show the version and exit"
        ),
    ] = False,
) -> None:
    """Answer questions from dated articles with verbatim excerpts.

    The options below can also follow the command. Exit codes: 0 success, 1 error, 2 wrong usage
    or invalid input, 3 no answer in the articles or a quote that is no longer valid.
    """
    options = GlobalOptions(config=config, data_dir=data_dir, as_of=as_of)
    context.obj = replace(get_invocation(context), options=options)
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
