"""The command group /privacy, and its button: what is kept about who asks, and away with it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import discord
from discord import app_commands

from bot.dates.calendar import day_text
from bot.discord_ui.context import Desk
from bot.discord_ui.failures import guarded
from bot.discord_ui.messages.replies import InteractionReply
from bot.model.alert import Alert
from bot.presentation.alert_pages import quiet_text
from bot.presentation.blocks import Action, Block, Button, ButtonStyle, Heading, Line, Table
from bot.presentation.truncation import cut
from bot.presentation.wording import count_text, joined
from bot.services import conversation
from bot.services.conversation import Forgotten, Kept

Interaction = discord.Interaction[Any]

WHOSE = "own"
"""The key of the button, which deletes what is kept of whoever presses it."""

PSEUDONYM = Line(
    text=(
        "This is kept under a pseudonym: a number made from your id with a secret key, from which "
        "nobody gets back to your id without that key. Your questions and your name are not kept."
    )
)
ALERTS = Line(
    text=(
        "For your own alerts this is kept beside it: the id of the channel of our direct messages, "
        "which articles I told you of, and what you typed:"
    )
)
ALL_THAT_IS_DELETED = Line(
    text="Deleting takes all of it at once; the buttons of your earlier answers stop working.",
    subtle=True,
)
NOTHING = Line(text="Nothing is kept about you.")

MOST_TYPED_CHARS = 1_000
"""How much is shown of what was typed for all alerts together."""

NOTHING_LEFT = Line(text="Nothing is kept about you any more.")
NOTHING_TO_DELETE = Line(text="There was nothing to delete: nothing is kept about you.")


def privacy_command(desk: Desk) -> app_commands.Group:
    """The group as it is registered: wherever people can use the bot at all."""
    privacy = app_commands.Group(
        name="privacy",
        description="What is kept about you",
        allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        allowed_contexts=app_commands.AppCommandContext(
            guild=True, dm_channel=True, private_channel=True
        ),
    )

    @privacy.command(name="show")
    async def show(interaction: Interaction) -> None:
        """What is kept about you, for how long, and a button that deletes it."""
        reply = InteractionReply(interaction, way="privacy", private=True)
        async with guarded(desk, reply):
            desk.admit(interaction.user.id)
            manner = await desk.manner(reply.guild)
            kept = await conversation.kept_of(desk.app, desk.person(interaction.user.id))
            await reply.send(kept_blocks(kept, manner.zone), key=WHOSE)

    @privacy.command(name="delete")
    async def delete(interaction: Interaction) -> None:
        """Delete at once all that is kept about you."""
        await forget(desk, interaction)

    return privacy


async def forget(desk: Desk, interaction: Interaction) -> None:
    """Deletes all that is kept of who uses the command or presses the button."""
    reply = InteractionReply(interaction, way="privacy", private=True)
    async with guarded(desk, reply):
        await reply.begin()
        person = desk.person(interaction.user.id)
        desk.drafts.forget(person)
        forgotten = await conversation.forget(desk.app, person)
        await reply.send(forgotten_blocks(forgotten))


def kept_blocks(kept: Kept, zone: ZoneInfo) -> tuple[Block, ...]:
    """What a person sees of what is kept about them; days are those of the zone."""
    until = kept.answers.until
    if until is None and not kept.votes and not kept.alerts:
        return (NOTHING,)
    table = Table(
        head=("What", "Kept", "Until"),
        rows=(
            ("Answers", f"{kept.answers.count:,}", _day(until, zone)),
            ("Votes", f"{kept.votes:,}", "you delete them"),
            *([("Alerts", f"{len(kept.alerts):,}", "you remove them")] if kept.alerts else []),
        ),
    )
    button = Button(label="Delete all of it", action=Action.FORGET, style=ButtonStyle.DESTRUCTIVE)
    return (
        Heading(text="What is kept about you"),
        table,
        PSEUDONYM,
        *_alert_lines(kept.alerts),
        ALL_THAT_IS_DELETED,
        button,
    )


def _alert_lines(alerts: Sequence[Alert]) -> Iterator[Line]:
    """What a person typed for their own alerts; with many, each is cut, as in their list."""
    if alerts:
        yield ALERTS
    width = MOST_TYPED_CHARS // max(1, len(alerts))
    for alert in alerts:
        quiet = f" · {quiet_text(alert.quiet)}" if alert.quiet else ""
        yield Line(text=f"“{cut(alert.typed.strip(), width)}”{quiet}", subtle=True)


def forgotten_blocks(forgotten: Forgotten) -> tuple[Block, ...]:
    """What a person reads once all that was kept about them is deleted."""
    counts = {
        "answer": forgotten.answers,
        "vote": forgotten.votes,
        "alert": forgotten.alerts,
    }
    deleted = [count_text(count, thing) for thing, count in counts.items() if count]
    if not deleted:
        return (NOTHING_TO_DELETE,)
    return (Line(text=f"Deleted: {joined(deleted, 'and')}."), NOTHING_LEFT)


def _day(until: datetime | None, zone: ZoneInfo) -> str:
    return day_text(until.astimezone(zone).date()) if until else "-"
