"""The commands /latest and /on: the newest articles of all, and those of some days."""

from typing import Any

import discord
from discord import app_commands

from bot.dates.grammar import parse_day_range
from bot.discord_ui.commands.autocomplete import build_day_autocomplete, build_source_autocomplete
from bot.discord_ui.commands.listings import show_listing
from bot.discord_ui.commands.options import SOURCE, ShortText
from bot.discord_ui.context import BotContext
from bot.discord_ui.failures import report_errors
from bot.discord_ui.messages.replies import InteractionReply
from bot.lookups.latest import DEFAULT_LATEST, MAX_LATEST

Command = app_commands.Command[Any, ..., None]
Count = app_commands.Range[int, 1, MAX_LATEST]


def build_latest_command(context: BotContext) -> Command:
    """The command /latest as it is registered."""

    @app_commands.command(name="latest")
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    @app_commands.describe(
        count=f"How many articles at most, 1 to {MAX_LATEST}",
        source=SOURCE,
    )
    async def command(
        interaction: discord.Interaction[Any],
        count: Count = DEFAULT_LATEST,
        source: ShortText | None = None,
    ) -> None:
        """See the newest articles, each with the sentence that it leads with."""
        user_id = interaction.user.id
        reply = InteractionReply(interaction, entry_point="latest", private=None)
        async with report_errors(context, reply):
            preferences = await context.prepare_reply(reply, user_id)
            await reply.begin()
            listing = await context.services.browse.list_latest(
                count=count, source=source, today=context.services.clock.today(preferences.zone)
            )
            await show_listing(context, reply, listing, user_id)

    command.autocomplete("source")(build_source_autocomplete(context))
    return command


def build_on_command(context: BotContext) -> Command:
    """The command /on as it is registered."""

    @app_commands.command(name="on")
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    @app_commands.describe(date="A day or days: 2026-03-02, 2 March, last week, 21 to 28 February")
    async def command(interaction: discord.Interaction[Any], date: ShortText) -> None:
        """See what the library has for a day, and the nearest days that it has."""
        user_id = interaction.user.id
        reply = InteractionReply(interaction, entry_point="on", private=None)
        async with report_errors(context, reply):
            preferences = await context.prepare_reply(reply, user_id)
            today = context.services.clock.today(preferences.zone)
            days = parse_day_range(date, today)
            await reply.begin()
            listing = await context.services.browse.list_published_on(days, today=today)
            await show_listing(context, reply, listing, user_id)

    command.autocomplete("date")(build_day_autocomplete(context))
    return command
