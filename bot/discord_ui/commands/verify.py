"""The command /verify."""

from typing import Any

import discord
from discord import app_commands

from bot.discord_ui.commands.options import ShortText
from bot.discord_ui.context import BotContext
from bot.discord_ui.failures import report_errors
from bot.discord_ui.messages.replies import InteractionReply
from bot.presentation.verification import build_verification_blocks


def build_verify_command(context: BotContext) -> app_commands.Command[Any, ..., None]:
    """The command as it is registered."""

    @app_commands.command(name="verify")
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.describe(receipt="The 16 digits and letters shown below an excerpt")
    async def command(interaction: discord.Interaction[Any], receipt: ShortText) -> None:
        """See whether an excerpt still stands in its article, word for word."""
        reply = InteractionReply(interaction, entry_point="verify", private=None)
        async with report_errors(context, reply):
            preferences = await context.prepare_reply(reply, interaction.user.id)
            verification = await context.services.verify.verify(receipt, preferences.zone)
            await reply.send(build_verification_blocks(verification))

    return command
