"""The command /article."""

import asyncio

from discord import app_commands

from bot.discord_ui.commands.autocomplete import build_title_autocomplete
from bot.discord_ui.commands.flow import Refusal, command_reply
from bot.discord_ui.commands.listings import show_listing
from bot.discord_ui.commands.options import (
    VISIBLE,
    Command,
    Interaction,
    ShortText,
    offer_everywhere,
)
from bot.discord_ui.context import BotContext
from bot.lookups.article import build_article_listing
from bot.presentation.article import build_no_article_blocks


def build_article_command(context: BotContext) -> Command:
    """Return the command /article."""

    @app_commands.command(
        name="article", description="Read a whole article with numbered paragraphs"
    )
    @offer_everywhere
    @app_commands.describe(
        title="Words from the article's title, date or source; choose a suggestion",
        visible=VISIBLE,
    )
    async def command(
        interaction: Interaction,
        title: ShortText,
        visible: bool | None = None,  # noqa: FBT001 - an option of the command
    ) -> None:
        async with command_reply(context, interaction, "article", visible=visible) as reply:
            place = await context.prepare_reply(reply)
            card = await asyncio.to_thread(context.catalogue.find_article, title, until=place.today)
            article = await context.services.browse.find_article(card.id) if card else None
            if article is None:
                raise Refusal(build_no_article_blocks())
            await reply.begin()
            listing = await asyncio.to_thread(build_article_listing, article)
            await show_listing(context, reply, listing)

    command.autocomplete("title")(build_title_autocomplete(context))
    return command
