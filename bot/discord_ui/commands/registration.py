"""Registering the commands with Discord, and the fingerprint of the registered ones."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import discord
from discord import app_commands

from bot.discord_ui.commands.registry import COMMAND_BUILDERS
from bot.discord_ui.connecting import MALFORMED_ERRORS, describe_failure
from bot.discord_ui.context import BotContext
from bot.discord_ui.messages.sending import CONNECTION_ERRORS
from bot.runtime import logs
from bot.runtime.atomic_files import replace_file

Payload = Mapping[str, Any]

FINGERPRINT_FILE = "commands.sha256"


async def register_commands(
    tree: app_commands.CommandTree[Any], application_id: int | None, folder: Path
) -> bool:
    """Register the commands if they have changed since the last time; return if they are.

    Args:
        tree: The commands.
        application_id: The id of the application.
        folder: The data folder, in which the fingerprint is saved.
    """
    fingerprint = compute_fingerprint(application_id, tree_to_payloads(tree))
    if load_fingerprint(folder) == fingerprint:
        return True
    try:
        # Discord allows 200 command creations a day, so an unchanged tree is not sent again.
        await tree.sync()
    except (discord.HTTPException, *CONNECTION_ERRORS, *MALFORMED_ERRORS) as error:
        logs.warning(
            "Commands not registered, those registered before still work. Trying again in an hour",
            **describe_failure(error),
        )
        return False
    logs.info("Commands registered")
    _save_fingerprint(folder, fingerprint)
    return True


def _save_fingerprint(folder: Path, fingerprint: str) -> None:
    try:
        with replace_file(folder / FINGERPRINT_FILE) as file:
            file.write(fingerprint.encode())
    except OSError as error:
        logs.warning(
            "Can't save which commands are registered, so the next start registers them again",
            **describe_failure(error),
        )


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
