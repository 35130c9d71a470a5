"""The command /article."""

import asyncio
from typing import Any

import discord
from discord import app_commands

from bot.discord_ui.commands.autocomplete import title_offers
from bot.discord_ui.commands.listings import show_listing
from bot.discord_ui.commands.options import Short
from bot.discord_ui.context import Desk
from bot.discord_ui.failures import guarded
from bot.discord_ui.messages.replies import InteractionReply
from bot.lookups.article import opened
from bot.presentation.article import unmatched_blocks


def article_command(desk: Desk) -> app_commands.Command[Any, ..., None]:
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
        title: Short,
        visible: bool | None = None,  # noqa: FBT001 - an option of the command
    ) -> None:
        """Read one article, word for word, with its paragraphs numbered."""
        user_id = interaction.user.id
        private = None if visible is None else not visible
        reply = InteractionReply(interaction, way="article", private=private)
        async with guarded(desk, reply):
            manner = await desk.receive(reply, user_id)
            today = desk.app.today_in(manner.zone)
            card = await asyncio.to_thread(desk.catalogue.named, title, until=today)
            article = await desk.app.articles.current_one(card.id) if card else None
            if article is None:
                await reply.refuse(unmatched_blocks())
                return
            await reply.begin()
            await show_listing(desk, reply, opened(article), user_id)

    command.autocomplete("title")(title_offers(desk))
    return command
