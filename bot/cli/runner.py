"""Running the command that the arguments name, and the exit codes."""

import asyncio
from collections.abc import Awaitable, Callable
from enum import IntEnum

import typer

from bot.cli.output import print_notice
from bot.cli.program import Invocation, Program, get_invocation
from bot.cli.usage import PROGRAM_NAME, describe_usage_error
from bot.errors import (
    AlertError,
    AlreadyRunning,
    AnswerExpired,
    ArticleWithdrawn,
    BotError,
    ChartsNotInstalled,
    DeliveryError,
    DigestError,
    DiscordDisconnected,
    FileError,
    MalformedReceipt,
    QueryError,
    SettingsError,
    StoreError,
    TooBusy,
    TooManyRequests,
    UnknownArticle,
    UnknownButton,
    WrongUsage,
)
from bot.services.services import Services


class ExitCode(IntEnum):
    """The exit codes of the program."""

    DONE = 0
    ERROR = 1
    WRONG_INPUT = 2
    ABSTAINED = 3


EXIT_CODES: dict[type[BotError], ExitCode] = {
    AlreadyRunning: ExitCode.ERROR,
    AlertError: ExitCode.WRONG_INPUT,
    AnswerExpired: ExitCode.WRONG_INPUT,
    ArticleWithdrawn: ExitCode.WRONG_INPUT,
    ChartsNotInstalled: ExitCode.ERROR,
    DeliveryError: ExitCode.ERROR,
    DigestError: ExitCode.WRONG_INPUT,
    DiscordDisconnected: ExitCode.ERROR,
    FileError: ExitCode.WRONG_INPUT,
    MalformedReceipt: ExitCode.WRONG_INPUT,
    QueryError: ExitCode.WRONG_INPUT,
    SettingsError: ExitCode.WRONG_INPUT,
    StoreError: ExitCode.ERROR,
    TooBusy: ExitCode.ERROR,
    TooManyRequests: ExitCode.WRONG_INPUT,
    UnknownArticle: ExitCode.WRONG_INPUT,
    UnknownButton: ExitCode.WRONG_INPUT,
    WrongUsage: ExitCode.WRONG_INPUT,
}
"""The exit code for each error; an error that is not listed gets that of its parent class."""

GLOBAL_OPTIONS = ("--config", "--data-dir", "--as-of")
"""The global options that take a value; `hoist_global_options` moves them to the front."""

GLOBAL_FLAG = "--version"
"""The global option that takes no value."""

_ASSIGNMENTS = tuple(f"{option}=" for option in GLOBAL_OPTIONS)


def execute(commands: typer.Typer, arguments: list[str], program: Program) -> int:
    """Run the command that the arguments name, and return its exit code.

    Args:
        commands: All commands.
        arguments: The arguments after the program's name.
        program: The functions that the commands call.

    Raises:
        WrongUsage: The arguments are invalid.
    """
    command = typer.main.get_command(commands)
    invocation = Invocation(program=program)
    context = None
    # Calling the Typer object instead would print errors in its own form, and handle Ctrl-C and a
    # closed pipe by itself.
    try:
        _check_encoding(arguments)
        context = command.make_context(
            PROGRAM_NAME, hoist_global_options(arguments), obj=invocation
        )
        with context:
            command.invoke(context)
    except (typer.TyperException, WrongUsage) as error:
        complaint = error.complaint if isinstance(error, WrongUsage) else error.format_message()
        # The error's own context is missing if an option lacks its value.
        command_name = context.invoked_subcommand if context else None
        raise WrongUsage(describe_usage_error(complaint, command_name)) from error
    except typer.Exit as end:
        return end.exit_code
    return ExitCode.DONE


def hoist_global_options(arguments: list[str]) -> list[str]:
    """Return the arguments with the global options moved before the command.

    Typer accepts the options of a group only there.
    """
    end = arguments.index("--") if "--" in arguments else len(arguments)
    global_arguments: list[str] = []
    other_arguments: list[str] = []
    remaining = iter(arguments[:end])
    for argument in remaining:
        if argument in GLOBAL_OPTIONS:
            value = next(remaining, None)
            if value is None:
                return [argument]  # Typer then complains about the missing value
            global_arguments += [argument, value]
        elif argument == GLOBAL_FLAG or argument.startswith(_ASSIGNMENTS):
            global_arguments.append(argument)
        else:
            other_arguments.append(argument)
    return global_arguments + other_arguments + arguments[end:]


def run_with_services(
    context: typer.Context, work: Callable[[Services], Awaitable[ExitCode]]
) -> None:
    """Open the services, do the work with them, and exit with the code that it returns.

    Raises:
        typer.Exit: Always, with the exit code that the work returned.
    """
    invocation = get_invocation(context)

    async def open_and_work() -> ExitCode:
        async with invocation.program.open_services(invocation.options, print_notice) as services:
            return await work(services)

    raise typer.Exit(asyncio.run(open_and_work()))


def get_exit_code(error: BotError) -> ExitCode:
    """Return the exit code for an error."""
    return next(
        EXIT_CODES[error_class] for error_class in type(error).__mro__ if error_class in EXIT_CODES
    )


def _check_encoding(arguments: list[str]) -> None:
    """Refuse arguments that are not UTF-8.

    Raises:
        WrongUsage: Python decoded a byte of an argument as half a surrogate pair.
    """
    if any("\ud800" <= character <= "\udfff" for character in "".join(arguments)):
        complaint = "An argument is not valid UTF-8"
        raise WrongUsage(complaint)
