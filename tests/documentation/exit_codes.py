"""The exit codes as Markdown, with the errors that end in each."""

from bot.cli.runner import EXIT_CODES, ExitCode, get_exit_code
from bot.errors import (
    AlertError,
    AnswerExpired,
    ArticleWithdrawn,
    BotError,
    DeliveryError,
    DigestError,
    MalformedReceipt,
    TooBusy,
    TooManyRequests,
)
from bot.presentation.errors import describe_error
from tests.documentation.markdown import escape_cell, format_table
from tests.documentation.program import run_program
from tests.error_examples import SENTENCES

_DISCORD_ERRORS = (
    *(AlertError, AnswerExpired, ArticleWithdrawn),
    *(DeliveryError, DigestError, TooBusy, TooManyRequests),
)
"""Errors that are shown in Discord; no command of the terminal raises them."""


def build_example() -> str:
    """Return what a terminal shows of an error."""
    result = run_program("verify", "576c9192")
    return f"```text\n$ dateline verify 576c9192\n{result.stderr.strip()}\n```"


def build_errors(code: ExitCode) -> str:
    """Return the errors that end the program with a code, each with an example of its message."""
    # The example of the tests holds a line break.
    examples: dict[type[BotError], BotError] = {}
    for error, _ in ((MalformedReceipt("576c9192"), ""), *SENTENCES):
        if get_exit_code(error) is code and not isinstance(error, _DISCORD_ERRORS):
            examples.setdefault(type(error), error)
    rows = [
        (f"`{kind.__name__}`", escape_cell(describe_error(example)))
        for kind, example in examples.items()
    ]
    return format_table(("error", "for example"), rows)


def list_exit_code_classes() -> set[str]:
    """Return the names of all classes that have an exit code of their own."""
    return {kind.__name__ for kind in EXIT_CODES}
