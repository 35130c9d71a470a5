"""The commands /timeline and /changed."""

from discord import app_commands

from bot.dates.grammar import parse_first_day
from bot.discord_ui.commands.autocomplete import build_day_autocomplete
from bot.discord_ui.commands.flow import command_reply
from bot.discord_ui.commands.listings import show_listing
from bot.discord_ui.commands.options import (
    AFTER,
    BEFORE,
    TOPIC,
    Command,
    Interaction,
    QueryText,
    ShortText,
    build_choices,
    offer_everywhere,
    offer_where_bot_is,
)
from bot.discord_ui.context import BotContext
from bot.lookups.timeline import TimelineStep
from bot.presentation.listing import build_query_line

_STEP_LABELS = {TimelineStep.DAY: "Day", TimelineStep.WEEK: "Week", TimelineStep.MONTH: "Month"}


def build_timeline_command(context: BotContext) -> Command:
    """Return the command /timeline."""

    @app_commands.command(
        name="timeline",
        description="Follow a story over time, one dated sentence per day, week or month",
    )
    @offer_everywhere
    @app_commands.describe(
        topic=TOPIC,
        after=AFTER,
        before=BEFORE,
        step="One sentence per day, week or month (default: depends on the dates)",
    )
    @app_commands.choices(step=build_choices(_STEP_LABELS))
    async def command(
        interaction: Interaction,
        topic: QueryText,
        after: ShortText | None = None,
        before: ShortText | None = None,
        step: TimelineStep | None = None,
    ) -> None:
        async with command_reply(context, interaction, "timeline") as reply:
            place = await context.prepare_reply(reply)
            browse, today = context.services.browse, place.today
            query = browse.parse_query(topic, today=today)
            bounds = browse.parse_bounds(after, before, None, today=today)
            async with context.take_turn(reply):
                listing = await browse.build_timeline(query, bounds, step=step, today=today)
            await show_listing(context, reply, listing, header=(build_query_line(topic),))

    command.autocomplete("after")(build_day_autocomplete(context))
    command.autocomplete("before")(build_day_autocomplete(context))
    return command


def build_changed_command(context: BotContext) -> Command:
    """Return the command /changed."""

    @app_commands.command(name="changed", description="See what changed on a topic since a date")
    @offer_where_bot_is
    @app_commands.describe(
        topic=TOPIC,
        since="The first day that counts as new, such as 2 March or last week",
    )
    async def command(interaction: Interaction, topic: QueryText, since: ShortText) -> None:
        async with command_reply(context, interaction, "changed") as reply:
            place = await context.prepare_reply(reply)
            browse, today = context.services.browse, place.today
            query = browse.parse_query(topic, today=today)
            since_day = parse_first_day(since, today)
            async with context.take_turn(reply):
                listing = await browse.find_changes(query, since=since_day, today=today)
            await show_listing(context, reply, listing, header=(build_query_line(topic),))

    command.autocomplete("since")(build_day_autocomplete(context))
    return command
