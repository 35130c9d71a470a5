"""The payloads that register the commands, and the fingerprint of the registered ones."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import discord
from discord import app_commands

from bot.discord_ui.commands.registry import COMMAND_BUILDERS
from bot.discord_ui.context import BotContext

Payload = Mapping[str, Any]

FINGERPRINT_FILE = "commands.sha256"


def build_payloads(context: BotContext) -> list[Payload]:
    """Return the payloads of all commands of this version."""
    tree = app_commands.CommandTree(discord.Client(intents=discord.Intents.none()))
    for build_command in COMMAND_BUILDERS:
        tree.add_command(build_command(context))
    return tree_to_payloads(tree)


def tree_to_payloads(tree: app_commands.CommandTree[Any]) -> list[Payload]:
    """Return the payloads of the commands in the tree."""
    return [command.to_dict(tree) for command in tree.get_commands()]


def compute_fingerprint(application_id: int | None, payloads: Sequence[Payload]) -> str:
    """Return a SHA-256 of the application's id and its commands."""
    serialized = json.dumps([application_id, payloads], sort_keys=True)
    return hashlib.sha256(serialized.encode()).hexdigest()


def load_fingerprint(folder: Path) -> str | None:
    """Return the fingerprint of the commands that were registered last; None if unknown."""
    try:
        return (folder / FINGERPRINT_FILE).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def find_differences(expected: Sequence[Payload], registered: Sequence[Payload]) -> Iterator[str]:
    """Yield the names of commands that are missing, different or unexpected in Discord."""
    expected_shapes, registered_shapes = (
        {_format_name(payload): _normalize_payload(payload) for payload in payloads}
        for payloads in (expected, registered)
    )
    for name in sorted(expected_shapes.keys() | registered_shapes.keys()):
        if expected_shapes.get(name) != registered_shapes.get(name):
            yield name


def _format_name(command: Payload) -> str:
    is_slash_command = command.get("type", 1) == discord.AppCommandType.chat_input.value
    return f"/{command['name']}" if is_slash_command else f"“{command['name']}”"


def _normalize_payload(command: Payload) -> object:
    """Return the visible parts of a command or option; Discord omits fields with defaults."""
    # Compared field by field, because Discord adds ids and leaves out empty fields.
    options = [_normalize_payload(option) for option in command.get("options") or ()]
    choices = [(choice["name"], choice["value"]) for choice in command.get("choices") or ()]
    contexts = [sorted(command.get(key) or ()) for key in ("contexts", "integration_types")]
    details = [command.get(key) or None for key in ("description", "required", "autocomplete")]
    return (command["name"], command.get("type", 1), details, options, choices, contexts)
