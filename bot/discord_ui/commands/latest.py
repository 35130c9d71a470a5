"""The commands /latest and /on: the newest articles of all, and those of some days."""

from typing import Any

import discord
from discord import app_commands

from bot.dates.grammar import day_range
from bot.discord_ui.commands.autocomplete import day_offers, source_offers
from bot.discord_ui.commands.listings import show_listing
from bot.discord_ui.commands.options import SOURCE, Short
from bot.discord_ui.context import Desk
from bot.discord_ui.failures import guarded
from bot.discord_ui.messages.replies import InteractionReply
from bot.lookups.latest import MOST_LATEST, USUAL_LATEST, latest, on

Command = app_commands.Command[Any, ..., None]
Count = app_commands.Range[int, 1, MOST_LATEST]


def latest_command(desk: Desk) -> Command:
    """The command /latest as it is registered."""

    @app_commands.command(name="latest")
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    @app_commands.describe(
        count=f"How many articles at most, 1 to {MOST_LATEST}",
        source=SOURCE,
    )
    async def command(
        interaction: discord.Interaction[Any],
        count: Count = USUAL_LATEST,
        source: Short | None = None,
    ) -> None:
        """See the newest articles, each with the sentence that it leads with."""
        user_id = interaction.user.id
        reply = InteractionReply(interaction, way="latest", private=None)
        async with guarded(desk, reply):
            manner = await desk.receive(reply, user_id)
            await reply.begin()
            listing = await latest(
                desk.app.corpus,
                count=count,
                source=source,
                until=desk.app.today_in(manner.zone),
                max_chars=desk.app.settings.answers.max_excerpt_chars,
            )
            await show_listing(desk, reply, listing, user_id)

    command.autocomplete("source")(source_offers(desk))
    return command


def on_command(desk: Desk) -> Command:
    """The command /on as it is registered."""

    @app_commands.command(name="on")
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    @app_commands.describe(date="A day or days: 2026-03-02, 2 March, last week, 21 to 28 February")
    async def command(interaction: discord.Interaction[Any], date: Short) -> None:
        """See what the library has for a day, and the nearest days that it has."""
        user_id = interaction.user.id
        reply = InteractionReply(interaction, way="on", private=None)
        async with guarded(desk, reply):
            manner = await desk.receive(reply, user_id)
            today = desk.app.today_in(manner.zone)
            days = day_range(date, today)
            await reply.begin()
            listing = await on(
                desk.app.corpus,
                days=days,
                until=today,
                max_chars=desk.app.settings.answers.max_excerpt_chars,
            )
            await show_listing(desk, reply, listing, user_id)

    command.autocomplete("date")(day_offers(desk))
    return command
