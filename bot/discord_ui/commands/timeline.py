"""The commands /timeline and /changed: what was said of a topic in the course of time."""

from typing import Any

import discord
from discord import app_commands

from bot.dates.grammar import first_day
from bot.discord_ui.commands.autocomplete import day_offers
from bot.discord_ui.commands.listings import show_listing
from bot.discord_ui.commands.options import AFTER, BEFORE, TOPIC, Short, Words
from bot.discord_ui.context import Desk
from bot.discord_ui.failures import guarded
from bot.discord_ui.messages.replies import InteractionReply
from bot.lookups.changed import changed
from bot.lookups.timeline import Step, timeline
from bot.presentation.listing import typed_line
from bot.services import app as running
from bot.services import parsing as typed

Command = app_commands.Command[Any, ..., None]


def timeline_command(desk: Desk) -> Command:
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
        topic: Words,
        after: Short | None = None,
        before: Short | None = None,
        step: Step | None = None,
    ) -> None:
        """See what was said of something over time, a dated sentence a step."""
        app, user_id = desk.app, interaction.user.id
        reply = InteractionReply(interaction, way="timeline", private=None)
        async with guarded(desk, reply):
            manner = await desk.receive(reply, user_id)
            today = app.today_in(manner.zone)
            query = typed.query_of_terms(app, topic, today=today)
            bounds = typed.bounds_of(app, after, before, None, today=today)
            await reply.begin()
            listing = await timeline(running.searcher(app, today), query, bounds, step=step)
            await show_listing(desk, reply, listing, user_id, above=(typed_line(topic),))

    command.autocomplete("after")(day_offers(desk))
    command.autocomplete("before")(day_offers(desk))
    return command


def changed_command(desk: Desk) -> Command:
    """The command /changed as it is registered."""

    @app_commands.command(name="changed")
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    @app_commands.describe(
        topic=TOPIC,
        since="The day from which on it counts as new: 2026-03-02, 2 March, last week",
    )
    async def command(interaction: discord.Interaction[Any], topic: Words, since: Short) -> None:
        """See what was said since a day, beside the last thing that was said before it."""
        app, user_id = desk.app, interaction.user.id
        reply = InteractionReply(interaction, way="changed", private=None)
        async with guarded(desk, reply):
            manner = await desk.receive(reply, user_id)
            today = app.today_in(manner.zone)
            query = typed.query_of_terms(app, topic, today=today)
            first = first_day(since, today)
            await reply.begin()
            listing = await changed(running.searcher(app, today), query, since=first)
            await show_listing(desk, reply, listing, user_id, above=(typed_line(topic),))

    command.autocomplete("since")(day_offers(desk))
    return command
