"""The command /help."""

from typing import Any

import discord
from discord import app_commands

from bot.discord_ui.context import BotContext
from bot.discord_ui.failures import report_errors
from bot.discord_ui.messages.replies import InteractionReply
from bot.presentation.help import TOPICS, build_help_blocks, find_topic


def build_help_command(context: BotContext) -> app_commands.Command[Any, ..., None]:
    """The command as it is registered."""

    @app_commands.command(name="help")
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    @app_commands.describe(topic="What to read about; how to ask, if you leave it out")
    @app_commands.choices(
        topic=[
            app_commands.Choice(name=f"{topic.name}: {topic.purpose}", value=topic.name)
            for topic in TOPICS
        ]
    )
    async def command(interaction: discord.Interaction[Any], topic: str | None = None) -> None:
        """Read how to ask and look things up, with examples."""
        reply = InteractionReply(interaction, entry_point="help", private=True)
        async with report_errors(context, reply):
            context.admit(interaction.user.id)
            await reply.send(build_help_blocks(find_topic(topic or "")))

    return command
