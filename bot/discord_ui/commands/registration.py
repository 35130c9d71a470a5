"""Which commands Discord is to have, and what is remembered of those that it was given."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import discord
from discord import app_commands

from bot.discord_ui.commands.registry import COMMANDS
from bot.discord_ui.context import Desk

Payload = Mapping[str, Any]

COMMANDS_FILE = "commands.sha256"


def payloads_made(desk: Desk) -> list[Payload]:
    """The commands of this version, as Discord is to get them."""
    tree = app_commands.CommandTree(discord.Client(intents=discord.Intents.none()))
    for made in COMMANDS:
        tree.add_command(made(desk))
    return payloads_of(tree)


def payloads_of(tree: app_commands.CommandTree[Any]) -> list[Payload]:
    """The commands of the tree, as Discord is to get them."""
    return [command.to_dict(tree) for command in tree.get_commands()]


def digest_of(application_id: int | None, payloads: Sequence[Payload]) -> str:
    """What tells these commands of this application from any others."""
    known = json.dumps([application_id, payloads], sort_keys=True)
    return hashlib.sha256(known.encode()).hexdigest()


def digest_given(folder: Path) -> str | None:
    """The digest of the commands that Discord was given last; None where that is not known."""
    try:
        return (folder / COMMANDS_FILE).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def differences(made: Sequence[Payload], held: Sequence[Payload]) -> Iterator[str]:
    """The names of the commands that Discord lacks, has in another form, or has beyond those made."""
    ours, theirs = ({_name(each): _shape(each) for each in listed} for listed in (made, held))
    for name in sorted(ours.keys() | theirs.keys()):
        if ours.get(name) != theirs.get(name):
            yield name


def _name(command: Payload) -> str:
    is_typed = command.get("type", 1) == discord.AppCommandType.chat_input.value
    return f"/{command['name']}" if is_typed else f"“{command['name']}”"


def _shape(command: Payload) -> object:
    """What a person sees of a command or an option; Discord leaves out what is as usual."""
    options = [_shape(option) for option in command.get("options") or ()]
    choices = [(each["name"], each["value"]) for each in command.get("choices") or ()]
    places = [sorted(command.get(key) or ()) for key in ("contexts", "integration_types")]
    told = [command.get(key) or None for key in ("description", "required", "autocomplete")]
    return (command["name"], command.get("type", 1), told, options, choices, places)
