"""The commands /sources and /status: what the library has, and how things stand."""

import asyncio
import math
from datetime import timedelta
from typing import Any

import discord
from discord import app_commands

from bot.discord_ui.context import Desk
from bot.discord_ui.failures import guarded
from bot.discord_ui.messages.replies import InteractionReply
from bot.lookups.source_counts import sources_held
from bot.lookups.status import status
from bot.presentation.library import MOST_SOURCES, sources_blocks, status_blocks

Command = app_commands.Command[Any, ..., None]


def sources_command(desk: Desk) -> Command:
    """The command /sources as it is registered."""

    @app_commands.command(name="sources")
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    async def command(interaction: discord.Interaction[Any]) -> None:
        """See which sources the library has, with how many articles and of which days."""
        reply = InteractionReply(interaction, way="sources", private=None)
        async with guarded(desk, reply):
            manner = await desk.receive(reply, interaction.user.id)
            await reply.begin()
            articles = await desk.app.corpus.articles()
            until = desk.app.today_in(manner.zone)
            sources = await asyncio.to_thread(sources_held, articles, until=until)
            await reply.send(sources_blocks(sources, most=MOST_SOURCES))

    return command


def status_command(desk: Desk) -> Command:
    """The command /status as it is registered."""

    @app_commands.command(name="status")
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    async def command(interaction: discord.Interaction[Any]) -> None:
        """See what the library holds, when it last changed, and how I am."""
        reply = InteractionReply(interaction, way="status", private=None)
        async with guarded(desk, reply):
            manner = await desk.receive(reply, interaction.user.id)
            await reply.begin()
            app = desk.app
            found = await status(
                app.corpus,
                app.articles,
                until=app.today_in(manner.zone),
                latency=latency_of(interaction.client.latency),
                uptime=app.clock() - desk.opened_at,
            )
            await reply.send(status_blocks(found, manner.zone))

    return command


def latency_of(seconds: float) -> timedelta | None:
    """How long the gateway takes to answer; None until it first has."""
    return timedelta(seconds=seconds) if math.isfinite(seconds) else None
