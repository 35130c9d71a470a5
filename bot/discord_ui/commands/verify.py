"""The command /verify."""

from typing import Any

import discord
from discord import app_commands

from bot.discord_ui.commands.options import Short
from bot.discord_ui.context import Desk
from bot.discord_ui.failures import guarded
from bot.discord_ui.messages.replies import InteractionReply
from bot.presentation.verification import verification_blocks
from bot.services import verification as verifying


def verify_command(desk: Desk) -> app_commands.Command[Any, ..., None]:
    """The command as it is registered."""

    @app_commands.command(name="verify")
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.describe(receipt="The 16 digits and letters shown below an excerpt")
    async def command(interaction: discord.Interaction[Any], receipt: Short) -> None:
        """See whether an excerpt still stands in its article, word for word."""
        reply = InteractionReply(interaction, way="verify", private=None)
        async with guarded(desk, reply):
            manner = await desk.receive(reply, interaction.user.id)
            verification = await verifying.verify(desk.app, receipt, manner.zone)
            await reply.send(verification_blocks(verification))

    return command
