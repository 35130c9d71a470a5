import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot
from bot import errors
from bot.cli.runner import EXIT_CODES, get_exit_code
from bot.errors import BotError
from tests.error_examples import EXAMPLES


def iter_subclasses(kind: type[BotError]) -> Iterator[type[BotError]]:
    """Yield all classes that derive from `kind`, at any depth."""
    for child in kind.__subclasses__():
        yield child
        yield from iter_subclasses(child)


BELOW_PRESENTATION = (
    "model",
    "dates",
    "retrieval",
    "digest",
    "lookups",
    "evaluation",
    "settings",
    "runtime",
    "store",
    "library",
    "search",
    "services",
    "delivery",
)
COMMAND_OR_FLAG = re.compile(r"(?<![\w/.}])/[a-z]+ [a-z]|(?<![\w-])--[a-z]")
"""Matches `/digest off` and `--config`, but no path and no address."""

KINDS = sorted(set(iter_subclasses(BotError)), key=lambda kind: kind.__name__)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_error_has_an_exit_code_more_telling_than_its_root(kind: type[BotError]) -> None:
    named = [parent for parent in kind.__mro__ if parent in EXIT_CODES]

    assert named
    assert BotError not in EXIT_CODES


def test_str_of_an_error_gives_its_facts() -> None:
    error = errors.TooManyAlerts(10, is_guild=True)

    assert str(error) == "limit=10, is_guild=True"
    assert repr(error) == "TooManyAlerts(limit=10, is_guild=True)"


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_an_error_is_wrong_input_unless_the_setup_the_store_the_bot_or_discord_fails(
    error: BotError,
) -> None:
    of_others = (
        errors.StoreError
        | errors.AlreadyRunning
        | errors.DeliveryError
        | errors.ChartsNotInstalled
        | errors.DiscordDisconnected
        | errors.TooBusy
    )

    code = get_exit_code(error)

    assert code == (1 if isinstance(error, of_others) else 2)


def test_there_is_an_example_of_every_error() -> None:
    tried = {type(error) for error in EXAMPLES}

    # These are only parents of others and are never raised.
    parents = {
        errors.AlertError,
        errors.DeliveryError,
        errors.DigestError,
        errors.FileError,
        errors.QueryError,
        errors.TooManyRequests,
    }
    assert tried | parents == set(KINDS)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_the_tree_in_the_docstring_shows_every_error(kind: type[BotError]) -> None:
    assert f"── {kind.__name__}" in (errors.__doc__ or "")


def iter_texts(source: str) -> Iterator[str]:
    """Yield every text in the source that is not a docstring."""
    tree = ast.parse(source)
    docstrings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node not in docstrings:
            yield str(node.value)


@pytest.mark.parametrize("package", BELOW_PRESENTATION)
def test_nothing_below_presentation_names_a_command_or_a_flag(package: str) -> None:
    texts = [
        text
        for path in sorted((Path(bot.__path__[0]) / package).rglob("*.py"))
        for text in iter_texts(path.read_text(encoding="utf-8"))
    ]

    assert [text for text in texts if COMMAND_OR_FLAG.search(text)] == []
