"""The command /article."""

import asyncio
from typing import Any

import discord
from discord import app_commands

from bot.discord_ui.commands.autocomplete import build_title_autocomplete
from bot.discord_ui.commands.listings import show_listing
from bot.discord_ui.commands.options import ShortText
from bot.discord_ui.context import BotContext
from bot.discord_ui.failures import report_errors
from bot.discord_ui.messages.replies import InteractionReply
from bot.lookups.article import build_article_listing
from bot.presentation.article import build_unmatched_blocks


def build_article_command(context: BotContext) -> app_commands.Command[Any, ..., None]:
    """The command as it is registered."""

    @app_commands.command(name="article")
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.describe(
        title="Words of its title, its day or its source; choose one of those offered",
        visible="Whether others see it (unless you say, as this server has set)",
    )
    async def command(
        interaction: discord.Interaction[Any],
        title: ShortText,
        visible: bool | None = None,  # noqa: FBT001 - an option of the command
    ) -> None:
        """Read one article, word for word, with its paragraphs numbered."""
        user_id = interaction.user.id
        private = None if visible is None else not visible
        reply = InteractionReply(interaction, entry_point="article", private=private)
        async with report_errors(context, reply):
            preferences = await context.prepare_reply(reply, user_id)
            today = context.services.clock.today(preferences.zone)
            card = await asyncio.to_thread(context.catalogue.find_article, title, until=today)
            article = await context.services.browse.find_article(card.id) if card else None
            if article is None:
                await reply.refuse(build_unmatched_blocks())
                return
            await reply.begin()
            await show_listing(context, reply, build_article_listing(article), user_id)

    command.autocomplete("title")(build_title_autocomplete(context))
    return command
