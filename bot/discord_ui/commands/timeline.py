"""The commands /timeline and /changed: what was said of a topic in the course of time."""

from typing import Any

import discord
from discord import app_commands

from bot.dates.grammar import parse_first_day
from bot.discord_ui.commands.autocomplete import build_day_autocomplete
from bot.discord_ui.commands.listings import show_listing
from bot.discord_ui.commands.options import AFTER, BEFORE, TOPIC, QueryText, ShortText
from bot.discord_ui.context import BotContext
from bot.discord_ui.failures import report_errors
from bot.discord_ui.messages.replies import InteractionReply
from bot.lookups.timeline import TimelineStep
from bot.presentation.listing import build_query_line

Command = app_commands.Command[Any, ..., None]


def build_timeline_command(context: BotContext) -> Command:
    """The command /timeline as it is registered."""

    @app_commands.command(name="timeline")
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.describe(
        topic=TOPIC,
        after=AFTER,
        before=BEFORE,
        step="One sentence for each day, week or month (unless you say, what suits the dates)",
    )
    async def command(
        interaction: discord.Interaction[Any],
        topic: QueryText,
        after: ShortText | None = None,
        before: ShortText | None = None,
        step: TimelineStep | None = None,
    ) -> None:
        """See what was said of something over time, a dated sentence a step."""
        services, user_id = context.services, interaction.user.id
        reply = InteractionReply(interaction, entry_point="timeline", private=None)
        async with report_errors(context, reply):
            preferences = await context.prepare_reply(reply, user_id)
            today = services.clock.today(preferences.zone)
            query = services.browse.parse_terms(topic, today=today)
            bounds = services.browse.parse_bounds(after, before, None, today=today)
            await reply.begin()
            listing = await services.browse.build_timeline(query, bounds, step=step, today=today)
            await show_listing(context, reply, listing, user_id, header=(build_query_line(topic),))

    command.autocomplete("after")(build_day_autocomplete(context))
    command.autocomplete("before")(build_day_autocomplete(context))
    return command


def build_changed_command(context: BotContext) -> Command:
    """The command /changed as it is registered."""

    @app_commands.command(name="changed")
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    @app_commands.describe(
        topic=TOPIC,
        since="The day from which on it counts as new: 2026-03-02, 2 March, last week",
    )
    async def command(
        interaction: discord.Interaction[Any], topic: QueryText, since: ShortText
    ) -> None:
        """See what was said since a day, beside the last thing that was said before it."""
        services, user_id = context.services, interaction.user.id
        reply = InteractionReply(interaction, entry_point="changed", private=None)
        async with report_errors(context, reply):
            preferences = await context.prepare_reply(reply, user_id)
            today = services.clock.today(preferences.zone)
            query = services.browse.parse_terms(topic, today=today)
            since_day = parse_first_day(since, today)
            await reply.begin()
            listing = await services.browse.find_changes(query, since=since_day, today=today)
            await show_listing(context, reply, listing, user_id, header=(build_query_line(topic),))

    command.autocomplete("since")(build_day_autocomplete(context))
    return command
