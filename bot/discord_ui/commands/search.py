"""The command /search."""

from discord import app_commands

from bot.discord_ui.commands.autocomplete import build_day_autocomplete, build_source_autocomplete
from bot.discord_ui.commands.flow import command_reply
from bot.discord_ui.commands.listings import show_listing
from bot.discord_ui.commands.options import (
    AFTER,
    BEFORE,
    SOURCE,
    VISIBLE,
    Command,
    Interaction,
    QueryText,
    ShortText,
    offer_everywhere,
)
from bot.discord_ui.context import BotContext
from bot.lookups.search import Detail, Sort
from bot.presentation.listing import build_query_line


def build_search_command(context: BotContext) -> Command:
    """Return the command as it is registered."""

    @app_commands.command(name="search")
    @offer_everywhere
    @app_commands.describe(
        terms='Words to find; a "phrase" word for word, and -word to leave out',
        after=AFTER,
        before=BEFORE,
        source=SOURCE,
        sort="Best first, or the best passage of each article by its day",
        detail="One sentence a passage, or more of it with buttons",
        visible=VISIBLE,
    )
    async def command(  # noqa: PLR0913, PLR0917 - the command's options
        interaction: Interaction,
        terms: QueryText,
        after: ShortText | None = None,
        before: ShortText | None = None,
        source: ShortText | None = None,
        sort: Sort = Sort.BEST,
        detail: Detail = Detail.FULL,
        visible: bool | None = None,  # noqa: FBT001 - an option of the command
    ) -> None:
        """Find passages that hold your words, page by page."""
        async with command_reply(context, interaction, "search", visible=visible) as reply:
            place = await context.prepare_reply(reply)
            browse, today = context.services.browse, place.today
            query = browse.parse_query(terms, today=today)
            bounds = browse.parse_bounds(after, before, source, today=today)
            await reply.begin()
            listing = await browse.search(query, bounds, sort=sort, detail=detail, today=today)
            await show_listing(context, reply, listing, header=(build_query_line(terms),))

    command.autocomplete("after")(build_day_autocomplete(context))
    command.autocomplete("before")(build_day_autocomplete(context))
    command.autocomplete("source")(build_source_autocomplete(context))
    return command
