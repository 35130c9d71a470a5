"""The option types and descriptions that commands share, and where commands are available."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import discord
from discord import app_commands

from bot.retrieval.question.validation import MAX_QUESTION_CHARS

Interaction = discord.Interaction[Any]
Command = app_commands.Command[Any, ..., None]
Choice = app_commands.Choice[str]
ChoiceValue = TypeVar("ChoiceValue", bound=str)
CommandCallback = TypeVar("CommandCallback", bound=Callable[..., Any])

QueryText = app_commands.Range[str, 1, MAX_QUESTION_CHARS]
"""Text to search for; as long as a question may be."""

ShortText = app_commands.Range[str, 1, 100]
"""A date, a source, a title, a time zone or a receipt."""

AFTER = "Only articles from this day on, such as 2 March or last week"
BEFORE = "Only articles up to and including this day"
SOURCE = "Only articles from this source"
TOPIC = "The topic, in a few words"
VISIBLE = "Whether everyone sees the reply (default: this server's setting)"


def offer_everywhere(callback: CommandCallback) -> CommandCallback:
    """Make the command available in servers, direct messages and user installs."""
    allow_contexts = app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    return app_commands.allowed_installs(guilds=True, users=True)(allow_contexts(callback))


def offer_where_bot_is(callback: CommandCallback) -> CommandCallback:
    """Make the command available in servers of the bot and in direct messages with it."""
    allow_contexts = app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    return app_commands.allowed_installs(guilds=True, users=False)(allow_contexts(callback))


def build_choices(labels: Mapping[ChoiceValue, str]) -> list[Choice]:
    """Return the choices of an option.

    discord.py would show the names of an enum's members, which are in capitals.

    Args:
        labels: The text that Discord shows for each value.
    """
    return [Choice(name=label, value=str(value)) for value, label in labels.items()]


def build_guild_group(
    name: str, description: str, permissions: discord.Permissions | None = None
) -> app_commands.Group:
    """Return an empty command group that is available only in servers.

    Args:
        name: The name of the group.
        description: The description in Discord.
        permissions: The permissions that a person needs to see the commands; None for everyone.
    """
    return app_commands.Group(
        name=name,
        description=description,
        default_permissions=permissions,
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        allowed_contexts=app_commands.AppCommandContext(
            guild=True, dm_channel=False, private_channel=False
        ),
    )
