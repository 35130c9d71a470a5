"""The commands /sources and /status."""

import math
from datetime import timedelta

from discord import app_commands

from bot.discord_ui.commands.flow import command_reply
from bot.discord_ui.commands.options import Command, Interaction, offer_where_bot_is
from bot.discord_ui.context import BotContext
from bot.presentation.library import MAX_SOURCES, build_sources_blocks, build_status_blocks


def build_sources_command(context: BotContext) -> Command:
    """Return the command /sources."""

    @app_commands.command(
        name="sources", description="List the sources with their dates and number of articles"
    )
    @offer_where_bot_is
    async def command(interaction: Interaction) -> None:
        async with command_reply(context, interaction, "sources") as reply:
            place = await context.prepare_reply(reply)
            async with context.take_turn(reply):
                sources = await context.services.browse.list_sources(today=place.today)
            await reply.send(build_sources_blocks(sources, max_sources=MAX_SOURCES))

    return command


def build_status_command(context: BotContext) -> Command:
    """Return the command /status."""

    @app_commands.command(
        name="status",
        description="Show the size of the library, its last change and the state of the bot",
    )
    @offer_where_bot_is
    async def command(interaction: Interaction) -> None:
        async with command_reply(context, interaction, "status") as reply:
            place = await context.load_place(reply)
            await reply.begin()
            library_status = await context.services.browse.get_status(
                today=place.today,
                latency=seconds_to_latency(interaction.client.latency),
                uptime=context.services.clock.now() - context.started_at,
            )
            await reply.send(build_status_blocks(library_status, place.preferences.zone))

    return command


def seconds_to_latency(seconds: float) -> timedelta | None:
    """Return the latency of the gateway; None before it is first measured."""
    return timedelta(seconds=seconds) if math.isfinite(seconds) else None
