"""The command group /privacy and its button, which show and delete a person's data."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from discord import app_commands

from bot.dates.calendar import format_day
from bot.discord_ui.commands.flow import private_reply
from bot.discord_ui.commands.options import Command, Interaction
from bot.discord_ui.context import BotContext
from bot.model.alert import Alert
from bot.model.counts import format_count
from bot.presentation.alert_pages import format_quiet_hours
from bot.presentation.blocks import Action, Block, Button, ButtonStyle, Heading, Line, Table
from bot.presentation.truncation import truncate
from bot.presentation.wording import join_parts
from bot.services.privacy import DeletionCounts, PersonalData

FORGET_BUTTON_KEY = "own"
"""The key of the delete button; it deletes the data of the person who presses it."""

PSEUDONYM_NOTE = Line(
    text=(
        "This is stored under a pseudonym: a number computed from your user ID with a secret key. "
        "Nobody can get your user ID back from it without that key. "
        "Your questions and your name are not stored."
    )
)
ALERTS_INTRO = Line(
    text=(
        "Your own alerts also store the ID of our direct message channel, "
        "the articles that I notified you about and what you entered:"
    )
)
DELETION_NOTE = Line(
    text="Deleting removes all of this at once. The buttons of your earlier answers then stop working.",
    is_subtle=True,
)
NOTHING_STORED = Line(text="Nothing is stored about you.")

MAX_ALERT_TEXT_CHARS = 1_000
"""The number of characters shown of the queries of all alerts together."""

NOTHING_REMAINS = Line(text="Nothing is stored about you any more.")
NOTHING_TO_DELETE = Line(text="There was nothing to delete. Nothing is stored about you.")


def build_privacy_command(context: BotContext) -> app_commands.Group:
    """Return the command group, available wherever people can use the bot."""
    group = app_commands.Group(
        name="privacy",
        description="See or delete what is stored about you",
        allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        allowed_contexts=app_commands.AppCommandContext(
            guild=True, dm_channel=True, private_channel=True
        ),
    )
    group.add_command(_build_show_command(context))
    group.add_command(_build_delete_command(context))
    return group


def _build_show_command(context: BotContext) -> Command:
    @app_commands.command(
        name="show",
        description="See what is stored about you and for how long, with a button to delete it",
    )
    async def show(interaction: Interaction) -> None:
        async with private_reply(context, interaction, "privacy") as reply:
            preferences = await context.load_preferences(reply.guild)
            stored_data = await context.services.privacy.load_personal_data(
                context.get_pseudonym(reply.user_id)
            )
            await reply.send(
                build_stored_data_blocks(stored_data, preferences.zone), key=FORGET_BUTTON_KEY
            )

    return show


def _build_delete_command(context: BotContext) -> Command:
    @app_commands.command(name="delete", description="Delete everything that is stored about you")
    async def delete(interaction: Interaction) -> None:
        await forget(context, interaction)

    return delete


async def forget(context: BotContext, interaction: Interaction) -> None:
    """Delete all data of the person who used the command or pressed the button."""
    async with private_reply(context, interaction, "privacy") as reply:
        await reply.begin()
        asker = context.get_pseudonym(reply.user_id)
        # Previews of alerts are kept in memory only, so the database does not cover them.
        context.drafts.forget_person(asker)
        deletion = await context.services.privacy.delete_personal_data(asker)
        await reply.send(build_deletion_blocks(deletion))


def build_stored_data_blocks(stored_data: PersonalData, zone: ZoneInfo) -> tuple[Block, ...]:
    """Return the page with the data that is stored about a person; dates are in the zone."""
    expires_at = stored_data.answers.expires_at
    if expires_at is None and not stored_data.vote_count and not stored_data.alerts:
        return (NOTHING_STORED,)
    button = Button(label="Delete everything", action=Action.FORGET, style=ButtonStyle.DESTRUCTIVE)
    return (
        Heading(text="What is stored about you"),
        _build_count_table(stored_data, zone),
        PSEUDONYM_NOTE,
        *_build_alert_lines(stored_data.alerts),
        DELETION_NOTE,
        button,
    )


def _build_count_table(stored_data: PersonalData, zone: ZoneInfo) -> Table:
    answers = stored_data.answers
    rows = [
        ("Answers", f"{answers.count:,}", _format_day(answers.expires_at, zone)),
        ("Votes", f"{stored_data.vote_count:,}", "you delete them"),
    ]
    if stored_data.alerts:
        rows.append(("Alerts", f"{len(stored_data.alerts):,}", "you remove them"))
    return Table(header=("Data", "Count", "Stored until"), rows=tuple(rows))


def _build_alert_lines(alerts: Sequence[Alert]) -> Iterator[Line]:
    """Yield a line with the query of each alert, shorter if there are many."""
    if alerts:
        yield ALERTS_INTRO
    max_chars = MAX_ALERT_TEXT_CHARS // max(1, len(alerts))
    for alert in alerts:
        quiet_suffix = f" · {format_quiet_hours(alert.quiet_hours)}" if alert.quiet_hours else ""
        yield Line(
            text=f"“{truncate(alert.query_text.strip(), max_chars)}”{quiet_suffix}", is_subtle=True
        )


def build_deletion_blocks(deletion: DeletionCounts) -> tuple[Block, ...]:
    """Return the confirmation that all data of a person was deleted."""
    counts = {
        "answer": deletion.answers,
        "vote": deletion.votes,
        "alert": deletion.alerts,
    }
    deleted_counts = [format_count(count, noun) for noun, count in counts.items() if count]
    if not deleted_counts:
        return (NOTHING_TO_DELETE,)
    return (Line(text=f"Deleted: {join_parts(deleted_counts, 'and')}."), NOTHING_REMAINS)


def _format_day(expires_at: datetime | None, zone: ZoneInfo) -> str:
    return format_day(expires_at.astimezone(zone).date()) if expires_at else "-"
