"""A slash command as it is typed on one line: `/ask question:why now? limit:3`."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.local_discord.world.client_payloads import OptionKind, deny
from bot.local_discord.world.records import Channel, Json, Role

TRUE = frozenset({"true", "yes", "on"})


Named = Mapping[OptionKind, Callable[[str], Channel | Role]]
"""What finds the channels and roles that are typed by name."""


def command_line(line: str, commands: Sequence[Json], named: Named) -> tuple[str, dict[str, Any]]:
    """The full name of the command that `line` begins with, and the values of its options.

    Raises:
        Impossible: There is no such command, or a value is not of its option's kind.
    """
    words = line.removeprefix("/").split(" ")
    command = next((c for c in commands if (c["name"], c["type"]) == (words[0], 1)), None)
    if command is None:
        known = ", ".join(f"/{c['name']}" for c in commands if c["type"] == 1)
        deny(f"there is no /{words[0]} here, only {known or 'no command at all'}")
    name, options = _inside(command, words[1:])
    rest = line.removeprefix("/").removeprefix(name).strip()
    known_options = {option["name"]: OptionKind(option["type"]) for option in options}
    return name, _values(rest, known_options, named)


def _inside(command: Json, words: Sequence[str]) -> tuple[str, list[Json]]:
    """The name down to the subcommand that the words lead to, and the options there."""
    name, options = command["name"], command.get("options") or []
    for word in words:
        inner = next((o for o in options if o["name"] == word and o["type"] in {1, 2}), None)
        if inner is None:
            break
        name, options = f"{name} {word}", inner.get("options") or []
    return name, options


def _values(text: str, options: Mapping[str, OptionKind], named: Named) -> dict[str, Any]:
    """Each value runs to the next option's name; what stands before the first is refused."""
    names = "|".join(map(re.escape, options)) or r"(?!)"
    before, *pairs = re.split(rf"(?:^|\s)({names}):", text)
    if before.strip():
        deny(f"write name:value, with one of {list(options)} as the name")
    return {
        name: _value(options[name], value.strip(), named)
        for name, value in zip(pairs[::2], pairs[1::2], strict=True)
    }


def _value(kind: OptionKind, text: str, named: Named) -> Any:
    try:
        match kind:
            case OptionKind.INTEGER:
                return int(text)
            case OptionKind.NUMBER:
                return float(text)
            case OptionKind.BOOLEAN:
                return text.lower() in TRUE
            case OptionKind.CHANNEL | OptionKind.ROLE:
                return named[kind](text.removeprefix("#"))
    except ValueError:
        deny(f"{text!r} is no number")
    return text
