"""The tables of the README, held to what there is."""

import re
from pathlib import Path

import pytest
import typer.main

from bot import __main__
from bot.cli import commands as cli
from bot.cli import digest as digest_commands
from bot.cli import lookups as lookup_commands
from bot.discord_ui.commands.registration import build_payloads
from bot.discord_ui.context import BotContext
from bot.discord_ui.permissions import REQUIRED_PERMISSIONS, get_required_permissions
from bot.local_discord.terminal.command_line import parse_command_line
from bot.local_discord.world.client_payloads import OptionType
from bot.local_discord.world.records import Channel, ChannelType, Json
from bot.runtime.pseudonyms import Pseudonymizer
from tests.builders import PROJECT, an_app

README = (PROJECT / "README.md").read_text(encoding="utf-8")
SLASH, SUBCOMMANDS = 1, {1, 2}


def rows(pattern: str) -> list[tuple[str, ...]]:
    """What the groups of the pattern hold, of each line of the README that begins so."""
    return re.findall(rf"^{pattern}", README, re.MULTILINE)


@pytest.fixture
async def registered(tmp_path: Path) -> list[Json]:
    """The commands as Discord gets them."""
    async with an_app(tmp_path) as app:
        return [
            dict(each)
            for each in build_payloads(
                BotContext(app.services, Pseudonymizer.from_folder(tmp_path))
            )
        ]


def names_of(command: Json, before: str = "/") -> list[str]:
    """How the command is typed, each of its subcommands on its own."""
    name = f"{before}{command['name']}"
    inner = [each for each in command.get("options", ()) if each["type"] in SUBCOMMANDS]
    return [use for each in inner for use in names_of(each, f"{name} ")] if inner else [name]


def any_channel(_name: str) -> Channel:
    return Channel(id=1, type=ChannelType.TEXT, guild_id=1, name="general")


def test_each_command_in_discord_has_a_row_with_an_example_of_its_own(
    registered: list[Json],
) -> None:
    typed = rows(r"\| `(/[\w ]+)` \| .+ \| `(/.+)` \|$")

    assert sorted(name for name, _ in typed) == sorted(
        name for each in registered if each.get("type", SLASH) == SLASH for name in names_of(each)
    )
    for name, example in typed:
        assert (
            parse_command_line(example, registered, {OptionType.CHANNEL: any_channel})[0]
            == name[1:]
        )


def test_each_entry_in_the_menu_of_a_message_has_a_row(registered: list[Json]) -> None:
    menus = [each["name"] for each in registered if each.get("type", SLASH) != SLASH]

    assert menus
    assert [name for name, _ in rows(r"\| ([\w ]+) \| .+ \| in the menu .+, ([\w ]+) \|$")] == menus
    assert all(README.count(f"Apps, {name} |") == 1 for name in menus)


def test_each_command_of_the_terminal_has_a_row_with_its_options() -> None:
    typed = typer.Typer()
    typed.registered_commands = [*cli.commands.registered_commands]
    __main__._add_commands(typed)  # noqa: SLF001 - those that need Discord
    group = typer.main.get_group(typed)
    listed = {name: usage for usage, name in rows(r"\| `(dateline ([\w-]+)[^`]*)` \|")}

    assert listed.keys() == group.commands.keys()
    assert {lookup_commands.search.__name__, digest_commands.digest.__name__} <= listed.keys()
    for name, command in group.commands.items():
        options = {each.opts[0] for each in command.params if each.opts[0].startswith("--")}
        assert options - {"--help"} == set(re.findall(r"--[\w-]+", listed[name]))


def test_the_link_asks_for_the_permissions_in_use_each_with_its_row() -> None:
    names = [name.replace("_", " ").title() for name in REQUIRED_PERMISSIONS]

    assert f"&permissions={get_required_permissions().value}`" in README
    assert [name.title() for name, _ in rows(r"\| ([A-Z][\w ]+) \| (to [^|]+) \|$")] == names
