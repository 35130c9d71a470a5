"""The command /search."""

from typing import Any

import discord
from discord import app_commands

from bot.discord_ui.commands.autocomplete import build_day_autocomplete, build_source_autocomplete
from bot.discord_ui.commands.listings import show_listing
from bot.discord_ui.commands.options import AFTER, BEFORE, SOURCE, QueryText, ShortText
from bot.discord_ui.context import BotContext
from bot.discord_ui.failures import report_errors
from bot.discord_ui.messages.replies import InteractionReply
from bot.lookups.search import Detail, Sort
from bot.presentation.listing import build_query_line


def build_search_command(context: BotContext) -> app_commands.Command[Any, ..., None]:
    """The command as it is registered."""

    @app_commands.command(name="search")
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.describe(
        terms='Words to find; a "phrase" word for word, and -word to leave out',
        after=AFTER,
        before=BEFORE,
        source=SOURCE,
        sort="Best first, or the best passage of each article by its day",
        detail="One sentence a passage, or more of it with buttons",
        visible="Whether others see it (unless you say, as this server has set)",
    )
    async def command(  # noqa: PLR0913, PLR0917 - the command's options
        interaction: discord.Interaction[Any],
        terms: QueryText,
        after: ShortText | None = None,
        before: ShortText | None = None,
        source: ShortText | None = None,
        sort: Sort = Sort.BEST,
        detail: Detail = Detail.FULL,
        visible: bool | None = None,  # noqa: FBT001 - an option of the command
    ) -> None:
        """Find passages that hold your words, page by page."""
        services, user_id = context.services, interaction.user.id
        private = None if visible is None else not visible
        reply = InteractionReply(interaction, entry_point="search", private=private)
        async with report_errors(context, reply):
            preferences = await context.prepare_reply(reply, user_id)
            today = services.clock.today(preferences.zone)
            query = services.browse.parse_terms(terms, today=today)
            bounds = services.browse.parse_bounds(after, before, source, today=today)
            await reply.begin()
            listing = await services.browse.search(
                query, bounds, sort=sort, detail=detail, today=today
            )
            await show_listing(context, reply, listing, user_id, header=(build_query_line(terms),))

    command.autocomplete("after")(build_day_autocomplete(context))
    command.autocomplete("before")(build_day_autocomplete(context))
    command.autocomplete("source")(build_source_autocomplete(context))
    return command
