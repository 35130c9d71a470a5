"""The command lines that the documentation shows, held to the commands and options that exist."""

import re
import shlex
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

import pytest
import typer.main

from bot.cli.commands import build_commands
from bot.cli.runner import GLOBAL_FLAG, GLOBAL_OPTIONS, hoist_global_options
from tests.builders import PROJECT
from tests.documentation.markdown import find_code_blocks
from tests.documentation.pages import list_pages

SHELLS = {"sh", "bash", "shell", "console"}
OPERATORS = {"&&", "||", "|", ">", ">>", "<", "2>", ";", "&"}


def list_command_lines() -> Iterator[tuple[Path, str]]:
    """Yield each line of a shell block, and of other blocks each line after a prompt."""
    for page in list_pages():
        for block in find_code_blocks((PROJECT / page).read_text(encoding="utf-8")):
            for line in block.code.replace("\\\n", " ").splitlines():
                if block.language in SHELLS or line.startswith("$ "):
                    yield page, line.removeprefix("$ ")


def split_commands(line: str) -> Iterator[list[str]]:
    """Yield the arguments of each call of `dateline` or `python -m bot` in a line of shell."""
    words = shlex.split(line, comments=True)
    for index, word in enumerate(words):
        previous = words[index - 1] if index else ""
        is_program = Path(word).name == "dateline" and not previous.startswith("-")
        if is_program or (previous, word) == ("-m", "bot"):
            yield list(takewhile(lambda argument: argument not in OPERATORS, words[index + 1 :]))


COMMAND_LINES = [
    pytest.param(arguments, id=f"{page}: {shlex.join(arguments)}")
    for page, line in list_command_lines()
    for arguments in split_commands(line)
]


@pytest.mark.parametrize("arguments", COMMAND_LINES)
def test_a_command_line_names_a_command_and_options_that_exist(arguments: list[str]) -> None:
    group = typer.main.get_group(build_commands())
    rest = strip_global_options(arguments)
    if not rest or rest == ["--help"]:
        return
    name, *options = rest

    assert name in group.commands
    if "--help" not in options:
        group.commands[name].make_context(name, options)


def strip_global_options(arguments: list[str]) -> list[str]:
    """Return the arguments without the options of every command."""
    hoisted = hoist_global_options(arguments)
    while hoisted and hoisted[0].startswith("--"):
        option = hoisted.pop(0)
        if option in GLOBAL_OPTIONS:
            hoisted.pop(0)
        elif option != GLOBAL_FLAG and not re.match(rf"({'|'.join(GLOBAL_OPTIONS)})=", option):
            return [option, *hoisted]
    return hoisted
