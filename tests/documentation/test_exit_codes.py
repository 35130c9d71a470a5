"""The table of docs/reference/exit-codes.md: each command ends with 0 and with 3 where it says so."""

import re
from collections.abc import Mapping

import pytest

from tests.builders import SEED_QUESTION
from tests.commands import RunCommand
from tests.documentation.markdown import parse_table, split_sections
from tests.documentation.pages import read_reference

NEVER = "0123456789abcdef"

DONE: Mapping[str, tuple[str, ...]] = {
    "ask": (SEED_QUESTION,),
    "search": ("Pentagon",),
    "timeline": ("Pentagon",),
    "latest": (),
    "on": ("2 March 2026",),
    "article": ("OpenAI",),
    "trend": ("Pentagon",),
    "sources": (),
    "digest": ("--preview", "--date", "2 March 2026"),
    "verify-quotes": ('"strong contractual protections"',),
}
"""Arguments with which each command finds something in the articles that ship."""

NOTHING: Mapping[str, tuple[str, ...]] = {
    "ask": ("Who is the CEO of Anthropic?",),
    "search": ("zebra",),
    "timeline": ("zebra",),
    "changed": ("zebra", "--since", "2 March 2026"),
    "latest": ("--source", "nobody"),
    "on": ("1 January 2020",),
    "article": ("zebra",),
    "trend": ("zebra",),
    "digest": ("--preview", "--date", "1 January 2020"),
    "verify": (NEVER,),
    "verify-quotes": ('"never said by anyone"',),
}
"""Arguments with which each command finds nothing there."""


@pytest.mark.parametrize("command", DONE)
def test_a_command_that_finds_something_ends_with_0(run: RunCommand, command: str) -> None:
    assert run(command, *DONE[command], "--as-of", "2026-03-03").code == 0


@pytest.mark.parametrize("command", NOTHING)
def test_a_command_that_finds_nothing_ends_with_3(run: RunCommand, command: str) -> None:
    assert run(command, *NOTHING[command], "--as-of", "2026-03-03").code == 3


def test_an_empty_library_has_no_sources(run: RunCommand) -> None:
    assert run("sources", "--as-of", "2020-01-01").code == 3


def test_a_receipt_that_was_shown_stands(run: RunCommand) -> None:
    answer = run("ask", SEED_QUESTION, "--json").json

    assert run("verify", answer["excerpts"][0]["receipt"]).code == 0


def test_each_command_of_the_table_is_run() -> None:
    rows = parse_table(split_sections(read_reference("exit-codes.md"))["Exit code 0 or 3"])
    commands = {name for row in rows for name in re.findall(r"`([\w-]+)`", row[0])}

    assert commands == DONE.keys() | NOTHING.keys()
