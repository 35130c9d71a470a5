"""The commands in Discord as Markdown, read from what is registered there."""

import asyncio
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from discord import AppCommandOptionType

from bot.discord_ui.commands.registration import build_payloads
from bot.discord_ui.context import BotContext
from bot.discord_ui.permissions import (
    REQUIRED_PERMISSIONS,
    build_install_link,
    build_invite_link,
    format_permission,
)
from bot.presentation.help import TOPICS
from bot.runtime.pseudonyms import Pseudonymizer
from tests.builders import an_app
from tests.documentation.markdown import escape_cell, format_table

_SLASH = 1
_GROUPS = {AppCommandOptionType.subcommand.value, AppCommandOptionType.subcommand_group.value}
_MANAGE_SERVER = 1 << 5

MANAGER_COMMANDS = {
    *("digest set", "digest topics add", "digest topics remove", "digest now"),
    *("digest pause", "digest resume", "digest off"),
}
"""The commands that check Manage Server when they are used; Discord shows them to everyone."""

_AUDIENCES = {"alerts add": "everyone; members with Manage Server for a channel"}
"""Who can use a command, if an option decides it."""

_MAX_NAMED_CHOICES = 10
"""The names of more choices than these would fill a screen, so their values are shown."""

_FURTHER_EXAMPLES = {"help": "/help topic: search"}
"""Examples of commands that /help does not explain."""

_CONTEXTS = {
    0: "servers",
    1: "direct messages with the bot",
    2: "other direct messages and groups",
}
_OPTION_KINDS = {
    AppCommandOptionType.string: "text",
    AppCommandOptionType.integer: "number",
    AppCommandOptionType.boolean: "true or false",
    AppCommandOptionType.user: "member",
    AppCommandOptionType.channel: "channel",
    AppCommandOptionType.role: "role",
}


class SlashCommand(NamedTuple):
    """A command as it is typed, and the registered command that it is part of."""

    name: str
    payload: Mapping[str, Any]
    root: Mapping[str, Any]


def load_payloads() -> list[Mapping[str, Any]]:
    """Return all commands as Discord gets them."""

    async def build(folder: Path) -> list[Mapping[str, Any]]:
        async with an_app(folder) as app:
            return build_payloads(BotContext(app.services, Pseudonymizer.from_folder(folder)))

    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(build(Path(folder)))


def list_slash_commands(payloads: Sequence[Mapping[str, Any]]) -> list[SlashCommand]:
    """Return all slash commands, each subcommand on its own."""
    return [
        command
        for payload in payloads
        if payload.get("type", _SLASH) == _SLASH
        for command in _split_command(payload, payload, "")
    ]


def build_summary() -> str:
    """Return a table of all slash commands."""
    return format_table(
        ("command", "what it does", "who can use it"),
        [
            (
                f"[`/{command.name}`](#{command.name.replace(' ', '-')})",
                escape_cell(command.payload["description"]),
                _format_audience(command),
            )
            for command in list_slash_commands(load_payloads())
        ],
    )


def build_commands_section() -> str:
    """Return a section for each slash command."""
    examples = _FURTHER_EXAMPLES | {
        example.command: example.text for topic in TOPICS for example in topic.examples
    }
    commands = list_slash_commands(load_payloads())
    return "\n\n".join(_format_command(command, examples[command.name]) for command in commands)


def build_menus() -> str:
    """Return the entries in the menu of a message."""
    purposes = {name: text for topic in TOPICS for name, text in topic.menu_entries.items()}
    return format_table(
        ("entry", "what it shows", "where"),
        [
            (
                f"**{payload['name']}**",
                escape_cell(_capitalise(purposes[payload["name"]])),
                _format_contexts(payload),
            )
            for payload in load_payloads()
            if payload.get("type", _SLASH) != _SLASH
        ],
    )


def build_permissions() -> str:
    """Return the permissions that the bot needs in a server."""
    rows = [
        (format_permission(name), escape_cell(why)) for name, why in REQUIRED_PERMISSIONS.items()
    ]
    return format_table(("permission", "why"), rows)


def build_links() -> str:
    """Return the links that add the bot to a server, and to one's own account."""
    invite, install = (
        link(0).replace("client_id=0", "client_id=YOUR_APPLICATION_ID")
        for link in (build_invite_link, build_install_link)
    )
    return (
        f"Add the bot to a server:\n\n```text\n{invite}\n```\n\n"
        f"Install it for yourself:\n\n```text\n{install}\n```"
    )


def _split_command(
    payload: Mapping[str, Any], root: Mapping[str, Any], prefix: str
) -> Iterator[SlashCommand]:
    name = f"{prefix}{payload['name']}"
    parts = [option for option in payload.get("options", ()) if option["type"] in _GROUPS]
    if not parts:
        yield SlashCommand(name, payload, root)
    for part in parts:
        yield from _split_command(part, root, f"{name} ")


def _format_command(command: SlashCommand, example: str) -> str:
    options = command.payload.get("options", ())
    rows = [
        (
            f"`{option['name']}`",
            "yes" if option.get("required") else "no",
            escape_cell(option["description"]),
            _format_values(option),
        )
        for option in options
    ]
    parts = [
        f"### /{command.name}",
        f"{command.payload['description'].rstrip('.')}.",
        f"Who: {_format_audience(command)}. Where: {_format_contexts(command.root)}.",
        format_table(("option", "required", "meaning", "accepted"), rows) if rows else "",
        f"```text\n{example}\n```",
    ]
    return "\n\n".join(filter(None, parts))


def _format_audience(command: SlashCommand) -> str:
    permissions = int(command.root.get("default_member_permissions") or 0)
    is_managed = permissions & _MANAGE_SERVER or command.name in MANAGER_COMMANDS
    return _AUDIENCES.get(command.name, "members with Manage Server" if is_managed else "everyone")


def _format_contexts(payload: Mapping[str, Any]) -> str:
    contexts = [_CONTEXTS[context] for context in payload["contexts"]]
    places = f"{', '.join(contexts[:-1])} and {contexts[-1]}" if contexts[1:] else contexts[0]
    is_personal = 1 in payload["integration_types"]
    return f"{places}{'; also if you installed the app for yourself' if is_personal else ''}"


def _format_values(option: Mapping[str, Any]) -> str:
    """Return what the option takes: its choices, or its kind and its limits."""
    if choices := option.get("choices"):
        key = "name" if len(choices) <= _MAX_NAMED_CHOICES else "value"
        return ", ".join(escape_cell(choice[key]) for choice in choices)
    kind = _OPTION_KINDS[AppCommandOptionType(option["type"])]
    if "min_value" in option:
        kind = f"number from {option['min_value']} to {option['max_value']}"
    elif "max_length" in option:
        kind = f"text of {option['min_length']} to {option['max_length']:,} characters"
    return f"{kind}, with suggestions" if option.get("autocomplete") else kind


def _capitalise(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"
