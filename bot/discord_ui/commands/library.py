"""The commands /sources and /status: what the library has, and how things stand."""

import math
from datetime import timedelta
from typing import Any

import discord
from discord import app_commands

from bot.discord_ui.context import BotContext
from bot.discord_ui.failures import report_errors
from bot.discord_ui.messages.replies import InteractionReply
from bot.presentation.library import MAX_SOURCES, build_sources_blocks, build_status_blocks

Command = app_commands.Command[Any, ..., None]


def build_sources_command(context: BotContext) -> Command:
    """The command /sources as it is registered."""

    @app_commands.command(name="sources")
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    async def command(interaction: discord.Interaction[Any]) -> None:
        """See which sources the library has, with how many articles and of which days."""
        reply = InteractionReply(interaction, entry_point="sources", private=None)
        async with report_errors(context, reply):
            preferences = await context.prepare_reply(reply, interaction.user.id)
            await reply.begin()
            until = context.services.clock.today(preferences.zone)
            sources = await context.services.browse.list_sources(today=until)
            await reply.send(build_sources_blocks(sources, max_sources=MAX_SOURCES))

    return command


def build_status_command(context: BotContext) -> Command:
    """The command /status as it is registered."""

    @app_commands.command(name="status")
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    async def command(interaction: discord.Interaction[Any]) -> None:
        """See what the library holds, when it last changed, and how I am."""
        reply = InteractionReply(interaction, entry_point="status", private=None)
        async with report_errors(context, reply):
            preferences = await context.prepare_reply(reply, interaction.user.id)
            await reply.begin()
            services = context.services
            library_status = await services.browse.get_status(
                today=services.clock.today(preferences.zone),
                latency=seconds_to_latency(interaction.client.latency),
                uptime=services.clock.now() - context.started_at,
            )
            await reply.send(build_status_blocks(library_status, preferences.zone))

    return command


def seconds_to_latency(seconds: float) -> timedelta | None:
    """How long the gateway takes to answer; None until it first has."""
    return timedelta(seconds=seconds) if math.isfinite(seconds) else None
