"""The command /search."""

from typing import Any

import discord
from discord import app_commands

from bot.discord_ui.commands.autocomplete import day_offers, source_offers
from bot.discord_ui.commands.listings import show_listing
from bot.discord_ui.commands.options import AFTER, BEFORE, SOURCE, Short, Words
from bot.discord_ui.context import Desk
from bot.discord_ui.failures import guarded
from bot.discord_ui.messages.replies import InteractionReply
from bot.lookups.search import Detail, Sort, search
from bot.presentation.listing import typed_line
from bot.services import app as running
from bot.services import parsing as typed


def search_command(desk: Desk) -> app_commands.Command[Any, ..., None]:
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
        terms: Words,
        after: Short | None = None,
        before: Short | None = None,
        source: Short | None = None,
        sort: Sort = Sort.BEST,
        detail: Detail = Detail.FULL,
        visible: bool | None = None,  # noqa: FBT001 - an option of the command
    ) -> None:
        """Find passages that hold your words, page by page."""
        app, user_id = desk.app, interaction.user.id
        private = None if visible is None else not visible
        reply = InteractionReply(interaction, way="search", private=private)
        async with guarded(desk, reply):
            manner = await desk.receive(reply, user_id)
            today = app.today_in(manner.zone)
            query = typed.query_of_terms(app, terms, today=today)
            bounds = typed.bounds_of(app, after, before, source, today=today)
            await reply.begin()
            searcher = running.searcher(app, today)
            listing = await search(searcher, query, bounds, sort=sort, detail=detail)
            await show_listing(desk, reply, listing, user_id, above=(typed_line(terms),))

    command.autocomplete("after")(day_offers(desk))
    command.autocomplete("before")(day_offers(desk))
    command.autocomplete("source")(source_offers(desk))
    return command
