"""The command /trend."""

import asyncio

import discord
from discord import app_commands

from bot.discord_ui.commands.flow import command_reply
from bot.discord_ui.commands.options import (
    Command,
    Interaction,
    QueryText,
    offer_where_bot_is,
)
from bot.discord_ui.context import BotContext
from bot.discord_ui.messages.replies import Reply
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


def build_trend_command(context: BotContext) -> Command:
    """Return the command /trend."""

    @app_commands.command(name="trend", description="Chart the coverage of a topic, week by week")
    @offer_where_bot_is
    @app_commands.describe(
        terms=f"Up to {MAX_TERMS} topics, separated by commas; articles must contain all words of a topic",
        weeks=f"Number of weeks to look back, {MIN_WEEKS} to {MAX_WEEKS}",
    )
    async def command(
        interaction: Interaction, terms: QueryText, weeks: Weeks = DEFAULT_WEEKS
    ) -> None:
        async with command_reply(context, interaction, "trend") as reply:
            place = await context.prepare_reply(reply)
            queries = context.services.browse.parse_trend_terms(terms)
            async with context.take_turn(reply):
                result = await context.services.browse.build_trend(
                    queries, weeks=weeks, today=place.today
                )
            await _send(reply, result, may_draw=interaction.app_permissions.attach_files)

    return command


async def _send(reply: Reply, result: Trend, *, may_draw: bool) -> None:
    """Send the chart with its numbers; without the permission to attach files, numbers and a note.

    Without matplotlib the numbers come without a note, because only the operator can install it.
    `dateline doctor` tells them.
    """
    if result.is_empty or not can_draw_charts():
        await reply.send(build_trend_blocks(result))
        return
    if may_draw:
        picture = await asyncio.to_thread(draw_trend, result)
        try:
            await reply.send(build_trend_blocks(result, picture))
        except discord.Forbidden as error:
            # The permission may have changed since the interaction was sent.
            if error.code != DiscordErrorCode.MISSING_PERMISSIONS:
                raise
        else:
            return
    await reply.send((*build_trend_blocks(result), NO_PICTURE))
