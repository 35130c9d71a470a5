"""The tables of the README, held to what there is."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import typer.main

from bot.cli.commands import build_commands
from bot.discord_ui.commands.registration import build_payloads
from bot.discord_ui.context import BotContext
from bot.discord_ui.permissions import REQUIRED_PERMISSIONS, get_required_permissions
from bot.local_discord.terminal.command_line import parse_command_line
from bot.local_discord.world.constants import ChannelType, OptionType
from bot.local_discord.world.records import Channel, Json
from bot.runtime.pseudonyms import Pseudonymizer
from tests.builders import PROJECT, an_app

README = (PROJECT / "README.md").read_text(encoding="utf-8")
SLASH, SUBCOMMANDS = 1, {1, 2}


def find_rows(pattern: str) -> list[tuple[str, ...]]:
    """Return the groups of the pattern, of each line of the README that begins with it."""
    return re.findall(rf"^{pattern}", README, re.MULTILINE)


@pytest.fixture
async def registered_commands(tmp_path: Path) -> list[Json]:
    """Return the commands as Discord gets them."""
    async with an_app(tmp_path) as app:
        return [
            dict(payload)
            for payload in build_payloads(
                BotContext(app.services, Pseudonymizer.from_folder(tmp_path))
            )
        ]


def list_names(command: Json, prefix: str = "/") -> list[str]:
    """Return how the command is typed, each of its subcommands on its own."""
    name = f"{prefix}{command['name']}"
    subcommands = [option for option in command.get("options", ()) if option["type"] in SUBCOMMANDS]
    if not subcommands:
        return [name]
    return [typed for command in subcommands for typed in list_names(command, f"{name} ")]


def list_options(parameters: Iterable[Any]) -> set[str]:
    """Return the options among a command's parameters, without the one that shows its help."""
    names = {parameter.opts[0] for parameter in parameters}
    return {name for name in names if name.startswith("--")} - {"--help"}


def find_channel(_name: str) -> Channel:
    return Channel(id=1, type=ChannelType.TEXT, guild_id=1, name="general")


def test_each_command_in_discord_has_a_row_with_an_example_of_its_own(
    registered_commands: list[Json],
) -> None:
    rows = find_rows(r"\| `(/[\w ]+)` \| .+ \| `(/.+)` \|$")

    assert sorted(name for name, _ in rows) == sorted(
        name
        for command in registered_commands
        if command.get("type", SLASH) == SLASH
        for name in list_names(command)
    )
    resolvers = {OptionType.CHANNEL: find_channel}
    for name, example in rows:
        assert parse_command_line(example, registered_commands, resolvers)[0] == name[1:]


def test_each_entry_in_the_menu_of_a_message_has_a_row(registered_commands: list[Json]) -> None:
    menus = [
        command["name"] for command in registered_commands if command.get("type", SLASH) != SLASH
    ]

    assert menus
    assert [
        name for name, _ in find_rows(r"\| ([\w ]+) \| .+ \| in the menu .+, ([\w ]+) \|$")
    ] == menus
    assert all(README.count(f"Apps, {name} |") == 1 for name in menus)


def test_each_command_of_the_terminal_has_a_row_with_its_options() -> None:
    group = typer.main.get_group(build_commands())
    usages = {name: usage for usage, name in find_rows(r"\| `(dateline ([\w-]+)[^`]*)` \|")}

    assert usages.keys() == group.commands.keys()
    for name, command in group.commands.items():
        assert list_options(command.params) == set(re.findall(r"--[\w-]+", usages[name]))


def test_the_options_of_all_commands_are_named() -> None:
    (sentence,) = re.findall(r"^All take [^.]+", README, re.MULTILINE)

    options = list_options(typer.main.get_group(build_commands()).params)
    assert options == set(re.findall(r"--[\w-]+", sentence))


def test_the_link_asks_for_the_permissions_in_use_each_with_its_row() -> None:
    names = [name.replace("_", " ").title() for name in REQUIRED_PERMISSIONS]

    assert f"&permissions={get_required_permissions().value}`" in README
    assert [name.title() for name, _ in find_rows(r"\| ([A-Z][\w ]+) \| (to [^|]+) \|$")] == names
