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
    build_choices,
    offer_everywhere,
)
from bot.discord_ui.context import BotContext
from bot.lookups.search import Detail, Sort
from bot.presentation.listing import build_query_line

_SORT_LABELS = {
    Sort.BEST: "Best matches first",
    Sort.NEWEST: "Newest first",
    Sort.OLDEST: "Oldest first",
}
_DETAIL_LABELS = {Detail.COMPACT: "Compact", Detail.FULL: "Full"}


def build_search_command(context: BotContext) -> Command:
    """Return the command /search."""

    @app_commands.command(name="search", description="Search articles for words or a phrase")
    @offer_everywhere
    @app_commands.describe(
        terms='Words to search for; use "quotes" for a phrase and -word to exclude a word',
        after=AFTER,
        before=BEFORE,
        source=SOURCE,
        sort="Order of the results; by date, only the best passage of each article",
        detail="Amount of text per passage: one sentence, or more with buttons",
        visible=VISIBLE,
    )
    @app_commands.choices(sort=build_choices(_SORT_LABELS), detail=build_choices(_DETAIL_LABELS))
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
        async with command_reply(context, interaction, "search", visible=visible) as reply:
            place = await context.prepare_reply(reply)
            browse, today = context.services.browse, place.today
            query = browse.parse_query(terms, today=today)
            bounds = browse.parse_bounds(after, before, source, today=today)
            async with context.take_turn(reply):
                listing = await browse.search(query, bounds, sort=sort, detail=detail, today=today)
            await show_listing(context, reply, listing, header=(build_query_line(terms),))

    command.autocomplete("after")(build_day_autocomplete(context))
    command.autocomplete("before")(build_day_autocomplete(context))
    command.autocomplete("source")(build_source_autocomplete(context))
    return command
