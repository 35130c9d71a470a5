"""The command /feedback: what a person writes goes to the operator's channel, and is kept nowhere."""

import math
from typing import Any

import discord
from discord import app_commands

from bot.discord_ui.context import Desk
from bot.discord_ui.failures import guarded
from bot.discord_ui.messages.components import layout_of
from bot.discord_ui.messages.replies import InteractionReply
from bot.discord_ui.messages.sending import UNREACHABLE, tried_twice
from bot.errors import TooManyQuestions
from bot.presentation.blocks import Block, Heading, Line, Quote
from bot.runtime import logs
from bot.runtime.rate_limit import Pace

REPORTS_PER_MINUTE = 2

SENT = Line(text="Thank you. Whoever runs me has your report; I keep nothing of it.")
OFF = Line(
    text="Whoever runs me has not said where reports go, so I can't pass yours on: "
    "tell them in another way."
)
NAMELESS = Line(text="From somebody who did not give their name.", subtle=True)
_UNDELIVERED = (
    "Your report did not get through: try again later. "
    "Whoever runs me finds why in the log as {error_id}."
)

Text = app_commands.Range[str, 1, 1_000]


def feedback_command(desk: Desk) -> app_commands.Command[Any, ..., None]:
    """The command as it is registered."""
    pace = Pace(REPORTS_PER_MINUTE)

    @app_commands.command(name="feedback")
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    @app_commands.describe(
        text="What you want to say: something wrong, missing or good",
        name_me="Whether they see who you are, to answer you (they don't, unless you say yes)",
    )
    async def command(
        interaction: discord.Interaction[Any],
        text: Text,
        name_me: bool = False,  # noqa: FBT001, FBT002 - an option of the command
    ) -> None:
        """Tell whoever runs this bot what is wrong, missing or good."""
        reply = InteractionReply(interaction, way="feedback", private=True)
        async with guarded(desk, reply):
            channel_id = desk.app.settings.discord.feedback_channel
            if not channel_id:
                await reply.send((OFF,))
                return
            try:
                pace.admit(desk.person(interaction.user.id), desk.app.clock())
            except TooManyQuestions as error:
                await reply.send((_too_many(error),))
                return
            await reply.begin()
            report = report_blocks(text, interaction.user if name_me else None)
            await reply.send((await _delivered(interaction, channel_id, report),))

    return command


def report_blocks(text: str, person: discord.abc.User | None) -> tuple[Block, ...]:
    """What the operator reads; `person` is who wrote it, where they want that to be known."""
    by = NAMELESS if person is None else Line(text=f"From {person.name} (id {person.id}).")
    return (Heading(text="Feedback"), Quote(text=text), by)


async def _delivered(
    interaction: discord.Interaction[Any], channel_id: int, report: tuple[Block, ...]
) -> Line:
    """What became of the report, for who wrote it."""
    channel = interaction.client.get_partial_messageable(channel_id)
    try:
        # The nonce keeps Discord from taking it twice.
        await tried_twice(lambda: channel.send(view=layout_of(report), nonce=str(interaction.id)))
    except (discord.HTTPException, *UNREACHABLE) as error:
        error_id = logs.failure("Feedback could not be delivered", error, channel=channel_id)
        return Line(text=_UNDELIVERED.format(error_id=error_id))
    return SENT


def _too_many(error: TooManyQuestions) -> Line:
    seconds = math.ceil(error.wait.total_seconds())
    return Line(
        text=f"You have sent {error.limit} reports within a minute: send this one in {seconds} s."
    )
