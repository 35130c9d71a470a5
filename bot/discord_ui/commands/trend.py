"""The command /trend."""

import asyncio
from typing import Any

import discord
from discord import app_commands

from bot.discord_ui.commands.options import Words
from bot.discord_ui.context import Desk
from bot.discord_ui.failures import guarded
from bot.discord_ui.messages.replies import InteractionReply
from bot.discord_ui.messages.sending import Code
from bot.lookups.trend import (
    LEAST_WEEKS,
    MOST_TERMS,
    MOST_WEEKS,
    USUAL_WEEKS,
    Trend,
    terms_typed,
    trend,
)
from bot.presentation.trend import NO_PICTURE, can_draw, trend_blocks, trend_picture

Weeks = app_commands.Range[int, LEAST_WEEKS, MOST_WEEKS]


def trend_command(desk: Desk) -> app_commands.Command[Any, ..., None]:
    """The command as it is registered."""

    @app_commands.command(name="trend")
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    @app_commands.describe(
        terms=f"Up to {MOST_TERMS}, with commas between them; all words of one are looked for",
        weeks=f"How many weeks back, {LEAST_WEEKS} to {MOST_WEEKS}",
    )
    async def command(
        interaction: discord.Interaction[Any], terms: Words, weeks: Weeks = USUAL_WEEKS
    ) -> None:
        """See how many articles a week speak of something, as a chart and in numbers."""
        app = desk.app
        reply = InteractionReply(interaction, way="trend", private=None)
        async with guarded(desk, reply):
            manner = await desk.receive(reply, interaction.user.id)
            queries = terms_typed(terms, app.corpus.analyser)
            await reply.begin()
            found = await trend(app.corpus, queries, weeks=weeks, today=app.today_in(manner.zone))
            await _send(reply, found, may_draw=interaction.app_permissions.attach_files)

    return command


async def _send(reply: InteractionReply, found: Trend, *, may_draw: bool) -> None:
    """Sends the chart and the numbers; where files may not be sent, only these and why.

    Without matplotlib the numbers come alone: members can do nothing about that, and doctor tells
    the operator.
    """
    if found.is_empty or not can_draw():
        await reply.send(trend_blocks(found))
        return
    if may_draw:
        picture = await asyncio.to_thread(trend_picture, found)
        try:
            await reply.send(trend_blocks(found, picture))
        except discord.Forbidden as error:
            if error.code != Code.MISSING_PERMISSIONS:
                raise
        else:
            return
    await reply.send((*trend_blocks(found), NO_PICTURE))
