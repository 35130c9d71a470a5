"""The command /trend."""

import asyncio
from typing import Any

import discord
from discord import app_commands

from bot.discord_ui.commands.options import QueryText
from bot.discord_ui.context import BotContext
from bot.discord_ui.failures import report_errors
from bot.discord_ui.messages.replies import InteractionReply
from bot.discord_ui.messages.sending import DiscordErrorCode
from bot.lookups.trend import (
    DEFAULT_WEEKS,
    MAX_TERMS,
    MAX_WEEKS,
    MIN_WEEKS,
    Trend,
)
from bot.presentation.trend import NO_PICTURE, build_trend_blocks, can_draw_charts, draw_trend

Weeks = app_commands.Range[int, MIN_WEEKS, MAX_WEEKS]


def build_trend_command(context: BotContext) -> app_commands.Command[Any, ..., None]:
    """The command as it is registered."""

    @app_commands.command(name="trend")
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    @app_commands.describe(
        terms=f"Up to {MAX_TERMS}, with commas between them; all words of one are looked for",
        weeks=f"How many weeks back, {MIN_WEEKS} to {MAX_WEEKS}",
    )
    async def command(
        interaction: discord.Interaction[Any], terms: QueryText, weeks: Weeks = DEFAULT_WEEKS
    ) -> None:
        """See how many articles a week speak of something, as a chart and in numbers."""
        services = context.services
        reply = InteractionReply(interaction, entry_point="trend", private=None)
        async with report_errors(context, reply):
            preferences = await context.prepare_reply(reply, interaction.user.id)
            queries = services.browse.parse_trend_terms(terms)
            await reply.begin()
            result = await services.browse.build_trend(
                queries, weeks=weeks, today=services.clock.today(preferences.zone)
            )
            await _send(reply, result, may_draw=interaction.app_permissions.attach_files)

    return command


async def _send(reply: InteractionReply, result: Trend, *, may_draw: bool) -> None:
    """Sends the chart and the numbers; where files may not be sent, only these and why.

    Without matplotlib the numbers come alone: members can do nothing about that, and doctor tells
    the operator.
    """
    if result.is_empty or not can_draw_charts():
        await reply.send(build_trend_blocks(result))
        return
    if may_draw:
        picture = await asyncio.to_thread(draw_trend, result)
        try:
            await reply.send(build_trend_blocks(result, picture))
        except discord.Forbidden as error:
            if error.code != DiscordErrorCode.MISSING_PERMISSIONS:
                raise
        else:
            return
    await reply.send((*build_trend_blocks(result), NO_PICTURE))
