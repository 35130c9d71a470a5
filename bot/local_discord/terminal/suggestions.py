"""What Discord shows while a person types a slash command: commands, options and choices."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from bot.local_discord.terminal.command_line import (
    NameResolvers,
    UnfinishedCommand,
    find_subcommand,
    parse_unfinished_command,
)
from bot.local_discord.world.client_payloads import SUBCOMMAND_TYPES, reject
from bot.local_discord.world.constants import CommandType, OptionType
from bot.local_discord.world.person import Person
from bot.local_discord.world.records import Channel, Json


class Suggestion(NamedTuple):
    """Something to type, and what it means."""

    text: str
    meaning: str


NameLists = Mapping[OptionType, Callable[[], Iterable[str]]]
"""For channels and roles: the function that lists the names of all."""


async def suggest(
    line: str, person: Person, channel: Channel, resolvers: NameResolvers, names: NameLists
) -> list[Suggestion]:
    """Return what Discord suggests for the line typed so far, such as `/ask source:Re`.

    Raises:
        ImpossibleAction: Nothing fits.
        NoResponse: The bot did not suggest anything within 3 seconds.
    """
    text = line.removeprefix("/")
    commands = [
        command
        for command in person.list_commands(channel)
        if command["type"] == CommandType.CHAT_INPUT
    ]
    root_name, *words = text.split(" ")
    command = next((command for command in commands if command["name"] == root_name), None)
    if command is None:
        return _suggest_commands(root_name, commands)
    name, options = find_subcommand(command, words)
    if subcommands := [option for option in options if option["type"] in SUBCOMMAND_TYPES]:
        return _suggest_subcommands(name, text, subcommands)
    unfinished = parse_unfinished_command(text, name, options, resolvers)
    if unfinished.option is None:
        return _describe_options(options)
    choices = await _find_choices(unfinished, unfinished.option, person, channel, names)
    typed = f"{unfinished.option['name']}:{unfinished.text}"
    return choices or reject(f"nothing is suggested for {typed}")


def _suggest_commands(prefix: str, commands: Sequence[Json]) -> list[Suggestion]:
    suggestions = [
        Suggestion(f"/{command['name']}", command["description"])
        for command in commands
        if command["name"].startswith(prefix)
    ]
    return suggestions or reject(f"no command here begins with /{prefix}.")


def _suggest_subcommands(name: str, text: str, subcommands: Sequence[Json]) -> list[Suggestion]:
    prefix = text.removeprefix(name).strip()
    suggestions = [
        Suggestion(f"/{name} {subcommand['name']}", subcommand["description"])
        for subcommand in subcommands
        if subcommand["name"].startswith(prefix)
    ]
    return suggestions or reject(f"no subcommand of /{name} begins with “{prefix}”.")


def _describe_options(options: Sequence[Json]) -> list[Suggestion]:
    return [
        Suggestion(
            f"{option['name']}:",
            option["description"] + (" (required)" if option.get("required") else ""),
        )
        for option in options
    ] or reject("this command has no options.")


async def _find_choices(
    command: UnfinishedCommand, option: Json, person: Person, channel: Channel, names: NameLists
) -> list[Suggestion]:
    if option.get("autocomplete"):
        others = {f"{name}_": value for name, value in command.values.items()}
        choices = await person.autocomplete(
            command.name, option["name"], command.text, channel=channel, **others
        )
        return [_build_choice(choice) for choice in choices]
    option_type = OptionType(option["type"])
    if option_type is OptionType.BOOLEAN:
        texts: Iterable[str] = ("true", "false")
    elif option_type in names:
        texts = names[option_type]()
    else:
        return [_build_choice(choice) for choice in option.get("choices") or ()]
    return [Suggestion(text, "") for text in texts if text.startswith(command.text)]


def _build_choice(choice: Json) -> Suggestion:
    """Return what to type for a choice; its name says more only if it is another text."""
    value, name = str(choice["value"]), choice["name"]
    return Suggestion(value, "" if name == value else name)
