"""Parsing a slash command typed on one line: `/ask question:why now? limit:3`."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from bot.local_discord.world.client_payloads import SUBCOMMAND_TYPES, reject
from bot.local_discord.world.constants import CommandType, OptionType
from bot.local_discord.world.records import Channel, Json, Role

TRUE_WORDS = frozenset({"true", "yes", "on"})

NameResolvers = Mapping[OptionType, Callable[[str], Channel | Role]]
"""For channels and roles: the function that finds one by name."""


class UnfinishedCommand(NamedTuple):
    """A command whose options are still being typed.

    Attributes:
        name: Its full name.
        option: The option that is being typed; None before the first.
        text: What is typed of its value.
        values: The values of the options before it.
    """

    name: str
    option: Json | None
    text: str
    values: Mapping[str, Any]


def parse_command_line(
    line: str, commands: Sequence[Json], resolvers: NameResolvers
) -> tuple[str, dict[str, Any]]:
    """Return the full name of the command that `line` begins with, and the values of its options.

    Raises:
        ImpossibleAction: There is no such command, or a value does not have the type of its option.
    """
    root_name, *words = line.removeprefix("/").split(" ")
    slash_commands = [command for command in commands if command["type"] == CommandType.CHAT_INPUT]
    command = next((command for command in slash_commands if command["name"] == root_name), None)
    if command is None:
        reject(_describe_missing_command(root_name, slash_commands))
    name, options = find_subcommand(command, words)
    subcommands = [option["name"] for option in options if option["type"] in SUBCOMMAND_TYPES]
    if subcommands:
        reject(_describe_missing_subcommand(name, subcommands))
    rest = line.removeprefix("/").removeprefix(name).strip()
    option_types = {option["name"]: OptionType(option["type"]) for option in options}
    return name, _parse_values(name, rest, option_types, resolvers)


def _describe_missing_command(name: str, slash_commands: Sequence[Json]) -> str:
    if not slash_commands:
        return f"there is no command /{name} yet, nor any other. Start the bot first."
    names = [command["name"] for command in slash_commands]
    similar = [candidate for candidate in names if name and candidate.startswith(name)]
    available = ", ".join(f"/{candidate}" for candidate in similar or names)
    kind = "commands that begin with it" if similar else "commands"
    return f"there is no command /{name} here. The {kind} are: {available}."


def _describe_missing_subcommand(name: str, subcommands: Sequence[str]) -> str:
    available = ", ".join(f"/{name} {subcommand}" for subcommand in subcommands)
    return f"/{name} needs a subcommand. The subcommands are: {available}."


def parse_unfinished_command(
    text: str, name: str, options: Sequence[Json], resolvers: NameResolvers
) -> UnfinishedCommand:
    """Parse the options that are typed so far after the full name of a command.

    Raises:
        ImpossibleAction: A value does not have the type of its option.
    """
    option_types = {option["name"]: OptionType(option["type"]) for option in options}
    _, pairs = _split_options(text.removeprefix(name), option_types)
    if not pairs:
        return UnfinishedCommand(name, None, "", {})
    *earlier, (option_name, unfinished_text) = pairs
    values = {key: _parse_value(option_types[key], value, resolvers) for key, value in earlier}
    option = next(option for option in options if option["name"] == option_name)
    return UnfinishedCommand(name, option, unfinished_text, values)


def find_subcommand(command: Json, words: Sequence[str]) -> tuple[str, list[Json]]:
    """Return the full name of the subcommand that the words lead to, and its options."""
    name, options = command["name"], command.get("options") or []
    for word in words:
        subcommands = (option for option in options if option["type"] in SUBCOMMAND_TYPES)
        subcommand = next((option for option in subcommands if option["name"] == word), None)
        if subcommand is None:
            break
        name, options = f"{name} {word}", subcommand.get("options") or []
    return name, options


def _parse_values(
    command: str, text: str, options: Mapping[str, OptionType], resolvers: NameResolvers
) -> dict[str, Any]:
    """Parse `name:value` pairs; a value ends where the name of the next option begins."""
    leading_text, pairs = _split_options(text, options)
    if leading_text and not options:
        reject(f"/{command} has no options.")
    if leading_text:
        reject(f"write options as name:value. The options of /{command} are: {', '.join(options)}.")
    return {name: _parse_value(options[name], value, resolvers) for name, value in pairs}


def _split_options(text: str, names: Iterable[str]) -> tuple[str, list[tuple[str, str]]]:
    """Return the text before the first `name:`, and each name with its value."""
    pattern = "|".join(map(re.escape, names)) or r"(?!)"
    leading_text, *parts = re.split(rf"(?:^|\s)({pattern}):", text)
    values = (value.strip() for value in parts[1::2])
    return leading_text.strip(), list(zip(parts[::2], values, strict=True))


def _parse_value(option_type: OptionType, text: str, resolvers: NameResolvers) -> Any:
    try:
        match option_type:
            case OptionType.INTEGER:
                return int(text)
            case OptionType.NUMBER:
                return float(text)
            case OptionType.BOOLEAN:
                return text.lower() in TRUE_WORDS
            case OptionType.CHANNEL | OptionType.ROLE:
                return resolvers[option_type](text.removeprefix("#"))
    except ValueError:
        reject(f"“{text}” is not a number.")
    return text
