"""The command /help."""

from typing import Any

import discord
from discord import app_commands

from bot.discord_ui.context import Desk
from bot.discord_ui.failures import guarded
from bot.discord_ui.messages.replies import InteractionReply
from bot.presentation.help import TOPICS, help_blocks, topic_named


def help_command(desk: Desk) -> app_commands.Command[Any, ..., None]:
    """The command as it is registered."""

    @app_commands.command(name="help")
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    @app_commands.describe(topic="What to read about; how to ask, if you leave it out")
    @app_commands.choices(
        topic=[
            app_commands.Choice(name=f"{topic.name}: {topic.about}", value=topic.name)
            for topic in TOPICS
        ]
    )
    async def command(interaction: discord.Interaction[Any], topic: str | None = None) -> None:
        """Read how to ask and look things up, with examples."""
        reply = InteractionReply(interaction, way="help", private=True)
        async with guarded(desk, reply):
            desk.admit(interaction.user.id)
            await reply.send(help_blocks(topic_named(topic or "")))

    return command
