"""A slash command as it is typed on one line: `/ask question:why now? limit:3`."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.local_discord.world.client_payloads import OptionType, reject
from bot.local_discord.world.records import Channel, Json, Role

TRUE_WORDS = frozenset({"true", "yes", "on"})


NameResolvers = Mapping[OptionType, Callable[[str], Channel | Role]]
"""What finds the channels and roles that are typed by name."""


def parse_command_line(
    line: str, commands: Sequence[Json], resolvers: NameResolvers
) -> tuple[str, dict[str, Any]]:
    """The full name of the command that `line` begins with, and the values of its options.

    Raises:
        Impossible: There is no such command, or a value is not of its option's kind.
    """
    words = line.removeprefix("/").split(" ")
    command = next(
        (command for command in commands if (command["name"], command["type"]) == (words[0], 1)),
        None,
    )
    if command is None:
        available = ", ".join(f"/{command['name']}" for command in commands if command["type"] == 1)
        reject(f"there is no /{words[0]} here, only {available or 'no command at all'}")
    name, options = _find_subcommand(command, words[1:])
    rest = line.removeprefix("/").removeprefix(name).strip()
    option_types = {option["name"]: OptionType(option["type"]) for option in options}
    return name, _parse_values(rest, option_types, resolvers)


def _find_subcommand(command: Json, words: Sequence[str]) -> tuple[str, list[Json]]:
    """The name down to the subcommand that the words lead to, and the options there."""
    name, options = command["name"], command.get("options") or []
    for word in words:
        subcommand = next(
            (option for option in options if option["name"] == word and option["type"] in {1, 2}),
            None,
        )
        if subcommand is None:
            break
        name, options = f"{name} {word}", subcommand.get("options") or []
    return name, options


def _parse_values(
    text: str, options: Mapping[str, OptionType], resolvers: NameResolvers
) -> dict[str, Any]:
    """Each value runs to the next option's name; what stands before the first is refused."""
    names = "|".join(map(re.escape, options)) or r"(?!)"
    leading_text, *pairs = re.split(rf"(?:^|\s)({names}):", text)
    if leading_text.strip():
        reject(f"write name:value, with one of {list(options)} as the name")
    return {
        name: _parse_value(options[name], value.strip(), resolvers)
        for name, value in zip(pairs[::2], pairs[1::2], strict=True)
    }


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
        reject(f"{text!r} is no number")
    return text
