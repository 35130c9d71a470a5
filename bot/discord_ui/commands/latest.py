"""The commands /latest and /on."""

from discord import app_commands

from bot.dates.grammar import parse_day_range
from bot.discord_ui.commands.autocomplete import build_day_autocomplete, build_source_autocomplete
from bot.discord_ui.commands.flow import command_reply
from bot.discord_ui.commands.listings import show_listing
from bot.discord_ui.commands.options import (
    SOURCE,
    Command,
    Interaction,
    ShortText,
    offer_where_bot_is,
)
from bot.discord_ui.context import BotContext
from bot.lookups.latest import DEFAULT_LATEST, MAX_LATEST

Count = app_commands.Range[int, 1, MAX_LATEST]


def build_latest_command(context: BotContext) -> Command:
    """Return the command /latest."""

    @app_commands.command(
        name="latest", description="See the newest articles, each with its leading sentence"
    )
    @offer_where_bot_is
    @app_commands.describe(
        count=f"Maximum number of articles, 1 to {MAX_LATEST}",
        source=SOURCE,
    )
    async def command(
        interaction: Interaction,
        count: Count = DEFAULT_LATEST,
        source: ShortText | None = None,
    ) -> None:
        async with command_reply(context, interaction, "latest") as reply:
            place = await context.prepare_reply(reply)
            async with context.take_turn(reply):
                listing = await context.services.browse.list_latest(
                    count=count, source=source, today=place.today
                )
            await show_listing(context, reply, listing)

    command.autocomplete("source")(build_source_autocomplete(context))
    return command


def build_on_command(context: BotContext) -> Command:
    """Return the command /on."""

    @app_commands.command(name="on", description="See the articles of a day or several days")
    @offer_where_bot_is
    @app_commands.describe(date="A day or several, such as 2 March, last week or 21 to 28 February")
    async def command(interaction: Interaction, date: ShortText) -> None:
        async with command_reply(context, interaction, "on") as reply:
            place = await context.prepare_reply(reply)
            days = parse_day_range(date, place.today)
            async with context.take_turn(reply):
                listing = await context.services.browse.list_published_on(days, today=place.today)
            await show_listing(context, reply, listing)

    command.autocomplete("date")(build_day_autocomplete(context))
    return command
