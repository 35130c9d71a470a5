"""Slash commands typed on one line."""

from typing import Any

import pytest

from bot.local_discord.terminal.command_line import NameResolvers, parse_command_line
from bot.local_discord.world.client_payloads import ImpossibleAction
from bot.local_discord.world.constants import OptionType
from bot.local_discord.world.records import Channel, Role
from tests.local_discord.sample_commands import ASK, BOOKS, DIGEST, READERS


def find_books(name: str) -> Channel:
    assert name == "books"
    return BOOKS


def find_readers(name: str) -> Role:
    assert name == "readers"
    return READERS


RESOLVERS: NameResolvers = {OptionType.CHANNEL: find_books, OptionType.ROLE: find_readers}


@pytest.mark.parametrize(
    ("line", "name", "values"),
    [
        ("/ask question:why: now? limit:3", "ask", {"question": "why: now?", "limit": 3}),
        (
            "/ask question:a visible:yes share:0.5",
            "ask",
            {"question": "a", "visible": True, "share": 0.5},
        ),
        ("/ask where:#books visible:no", "ask", {"where": BOOKS, "visible": False}),
        ("/ask whom:readers", "ask", {"whom": READERS}),
        ("/digest set hour at:6", "digest set hour", {"at": 6}),
        ("/digest set off", "digest set off", {}),
    ],
)
def test_a_line_is_read_as_a_command(line: str, name: str, values: dict[str, Any]) -> None:
    assert parse_command_line(line, [ASK, DIGEST], RESOLVERS) == (name, values)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("/never", "The commands are: /ask, /digest"),
        ("/", "The commands are: /ask, /digest"),
        ("/di", "The commands that begin with it are: /digest.$"),
        ("/ask why", "write options as name:value. The options of /ask are: question"),
        ("/ask limit:many", "“many” is not a number"),
        ("/digest", "/digest needs a subcommand. The subcommands are: /digest set"),
        ("/digest set", "/digest set needs a subcommand. The subcommands are: /digest set hour, "),
        ("/digest never", "/digest needs a subcommand"),
    ],
)
def test_a_line_that_is_no_command_is_refused(line: str, complaint: str) -> None:
    with pytest.raises(ImpossibleAction, match=complaint):
        parse_command_line(line, [ASK, DIGEST], RESOLVERS)


def test_without_commands_a_line_says_so() -> None:
    with pytest.raises(ImpossibleAction, match="Start the bot first"):
        parse_command_line("/ask", [], RESOLVERS)
