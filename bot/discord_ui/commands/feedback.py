"""The command /feedback, which posts in the operator's channel and stores nothing."""

import math

import discord
from discord import app_commands

from bot.discord_ui.commands.flow import Refusal, private_reply
from bot.discord_ui.commands.options import Command, Interaction, offer_where_bot_is
from bot.discord_ui.context import BotContext
from bot.discord_ui.messages.components import build_layout
from bot.discord_ui.messages.sending import CONNECTION_ERRORS, try_twice
from bot.errors import TooManyQuestions
from bot.model.counts import format_count
from bot.presentation.blocks import Block, Heading, Line, Quote
from bot.runtime import logs
from bot.runtime.rate_limit import RateLimiter

REPORTS_PER_MINUTE = 2

REPORT_SENT = Line(
    text="Thank you. I sent your feedback to the bot's operator and did not store it."
)
FEEDBACK_OFF = Line(
    text="I can't send feedback because the bot's operator has not chosen a channel for it. "
    "Contact them in another way."
)
ANONYMOUS = Line(text="Sent without a name.", is_subtle=True)
_UNDELIVERED = (
    "Your feedback was not delivered. Try again later. "
    "If it keeps happening, give the bot's operator the error ID {error_id}."
)

ReportText = app_commands.Range[str, 1, 1_000]


def build_feedback_command(context: BotContext) -> Command:
    """Return the command /feedback."""
    # Not the limiter of questions: fewer reports are allowed.
    rate_limiter = RateLimiter(REPORTS_PER_MINUTE)

    @app_commands.command(name="feedback", description="Send feedback to the bot's operator")
    @offer_where_bot_is
    @app_commands.describe(
        text="Your feedback: what is wrong, missing or good",
        name_me="Whether the operator sees who you are, so that they can reply (default: no)",
    )
    async def command(
        interaction: Interaction,
        text: ReportText,
        name_me: bool = False,  # noqa: FBT001, FBT002 - an option of the command
    ) -> None:
        async with private_reply(context, interaction, "feedback") as reply:
            channel_id = _get_feedback_channel(context)
            _admit_report(context, rate_limiter, reply.user_id)
            await reply.begin()
            report = build_report_blocks(text, interaction.user if name_me else None)
            await reply.send((await _deliver_report(interaction, channel_id, report),))

    return command


def _get_feedback_channel(context: BotContext) -> int:
    channel_id = context.services.settings.discord.feedback_channel
    if not channel_id:
        raise Refusal((FEEDBACK_OFF,))
    return channel_id


def _admit_report(context: BotContext, rate_limiter: RateLimiter, user_id: int) -> None:
    try:
        rate_limiter.admit(context.get_pseudonym(user_id), context.services.clock.now())
    except TooManyQuestions as error:
        raise Refusal((_build_limit_line(error),)) from error


def build_report_blocks(text: str, user: discord.abc.User | None) -> tuple[Block, ...]:
    """Return the operator's message; `user` is None if the person did not want to be named."""
    author_line = ANONYMOUS if user is None else Line(text=f"From {user.name} (user ID {user.id}).")
    return (Heading(text="Feedback"), Quote(text=text), author_line)


async def _deliver_report(
    interaction: Interaction, channel_id: int, report: tuple[Block, ...]
) -> Line:
    """Post the report in the operator's channel; return the confirmation or error message."""
    channel = interaction.client.get_partial_messageable(channel_id)
    try:
        # A retry has the same nonce, so Discord posts the report only once.
        await try_twice(lambda: channel.send(view=build_layout(report), nonce=str(interaction.id)))
    except (discord.HTTPException, *CONNECTION_ERRORS) as error:
        error_id = logs.exception("Feedback not delivered", error, channel=channel_id)
        return Line(text=_UNDELIVERED.format(error_id=error_id))
    return REPORT_SENT


def _build_limit_line(error: TooManyQuestions) -> Line:
    seconds = math.ceil(error.wait.total_seconds())
    wait = format_count(seconds, "second")
    return Line(
        text=f"You sent feedback {error.limit} times in the last minute. Try again in {wait}."
    )
