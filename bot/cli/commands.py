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
"""The function of each command."""


def build_commands() -> typer.Typer:
    """Return all commands with the global options."""
    commands = typer.Typer(
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    commands.callback(invoke_without_command=True)(take_global_options)
    for name, function in COMMANDS.items():
        commands.command(name)(function)
    return commands


def print_version(is_wanted: bool) -> None:  # noqa: FBT001 - typer passes the flag
    """Print the version and end the program, if that is what the flag says.

    Raises:
        typer.Exit: The version was printed.
    """
    if is_wanted:
        typer.echo(f"dateline {bot.__version__}")
        raise typer.Exit


def take_global_options(
    context: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The settings, instead of config/dateline.toml."),
    ] = None,
    data_dir: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Where the database is, instead of data/.")
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            metavar="DATE|INSTANT",
            help="The clock: a date, or an instant in ISO form. Articles dated later are hidden.",
        ),
    ] = None,
    _version: Annotated[  # noqa: FBT002 - a flag on the command line
        bool,
        typer.Option(
            "--version", callback=print_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    """Answers questions from dated articles, with verbatim, dated excerpts.

    The options below are taken after the command, too. Exit codes: 0 done or answered, 1 error,
    2 wrong usage or input, 3 the articles do not answer or the quote no longer stands.
    """
    options = GlobalOptions(config=config, data_dir=data_dir, as_of=as_of)
    context.obj = replace(get_invocation(context), options=options)
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
