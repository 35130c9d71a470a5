"""The command tree: the checks and error messages that all commands share."""

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot.discord_ui.channels import build_channel_refusal
from bot.discord_ui.failures import report_errors
from bot.discord_ui.messages.replies import InteractionReply
from bot.presentation.blocks import Line

if TYPE_CHECKING:  # the client builds the tree
    from bot.discord_ui.client import Client

COMMAND_OUTDATED = (Line(text="This command has changed. Restart Discord, then use it again."),)

UNRESTRICTED_COMMANDS = frozenset({"alerts", "digest", "help", "privacy", "settings"})
"""The commands that work even in channels in which the bot does not answer."""

_OUTDATED_COMMAND_ERRORS = (app_commands.CommandNotFound, app_commands.CommandSignatureMismatch)


class BotCommandTree(app_commands.CommandTree["Client"]):
    """The commands, with the checks and error messages that all of them share."""

    async def interaction_check(self, interaction: discord.Interaction["Client"], /) -> bool:
        """Return whether to run the command: once, and only in a channel where the bot answers."""
        if interaction.type is discord.InteractionType.autocomplete:
            return True
        if not self.client.context.is_first_delivery(interaction.id):
            return False
        if _is_unrestricted(interaction):
            return True
        guild = interaction.guild if interaction.is_guild_integration() else None
        reply = InteractionReply(interaction, entry_point="command", private=True)
        async with report_errors(self.client.context, reply):
            refusal = await build_channel_refusal(
                self.client.context, guild, interaction.channel, interaction.user
            )
            if not refusal:
                return True
            await reply.refuse(refusal)
        return False

    async def on_error(
        self, interaction: discord.Interaction["Client"], error: app_commands.AppCommandError, /
    ) -> None:
        """Reply to an error outside a command, such as a command that is registered but unknown."""
        if interaction.type is discord.InteractionType.autocomplete:
            return  # suggestions can't show an error message
        reply = InteractionReply(interaction, entry_point="command", private=True)
        async with report_errors(interaction.client.context, reply):
            if not isinstance(error, _OUTDATED_COMMAND_ERRORS):
                raise error
            await reply.refuse(COMMAND_OUTDATED)


def _is_unrestricted(interaction: discord.Interaction[Any]) -> bool:
    """Return whether the command works in all channels, as those about the bot itself do."""
    data: Any = interaction.data
    return data["name"] in UNRESTRICTED_COMMANDS
