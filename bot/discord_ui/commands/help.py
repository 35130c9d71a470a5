"""The command /help."""

from discord import app_commands

from bot.discord_ui.commands.flow import private_reply
from bot.discord_ui.commands.options import (
    Command,
    Interaction,
    build_choices,
    offer_where_bot_is,
)
from bot.discord_ui.context import BotContext
from bot.presentation.help import TOPICS, build_help_blocks, find_topic


def build_help_command(context: BotContext) -> Command:
    """Return the command /help."""

    @app_commands.command(name="help", description="Learn how to ask and search, with examples")
    @offer_where_bot_is
    @app_commands.describe(topic="The topic to read about (default: how to ask)")
    @app_commands.choices(
        topic=build_choices({topic.name: f"{topic.name}: {topic.purpose}" for topic in TOPICS})
    )
    async def command(interaction: Interaction, topic: str | None = None) -> None:
        async with private_reply(context, interaction, "help") as reply:
            await reply.send(build_help_blocks(find_topic(topic or "")))

    return command
