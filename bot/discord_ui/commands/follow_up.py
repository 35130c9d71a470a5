"""The form for a follow-up question.

discord.py drops the submission of a form that was opened before a restart. So the form's state is in
its custom_id, and submissions are handled in `on_interaction`, which gets every interaction.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from discord import ui

from bot.dates.calendar import range_text
from bot.discord_ui.commands.asking import AskRequest, answer_question
from bot.discord_ui.commands.flow import private_reply
from bot.discord_ui.commands.options import Interaction
from bot.discord_ui.context import BotContext
from bot.discord_ui.failures import HOW_TO_ASK, report_errors
from bot.discord_ui.messages.components import build_custom_id, parse_custom_id
from bot.discord_ui.messages.replies import (
    ACKNOWLEDGEMENT_SECONDS,
    FormReply,
    InteractionReply,
)
from bot.model.day_range import DayRange
from bot.presentation.blocks import Action, Line
from bot.retrieval.question.validation import MAX_QUESTION_CHARS, MIN_QUESTION_CHARS

UNKNOWN_FORM = (
    Line(text="This form no longer works."),
    Line(text=HOW_TO_ASK, is_subtle=True),
)

_MAX_DESCRIPTION_CHARS = 100


class FollowUpForm(ui.Modal):
    """A form for one question; its custom_id has the key of the answer that it follows up on."""

    def __init__(self, key: str, dates: Sequence[DayRange]) -> None:
        super().__init__(title="Follow up", custom_id=build_custom_id(Action.FOLLOW_UP, key))
        field: ui.TextInput[Any] = ui.TextInput(
            custom_id="question", min_length=MIN_QUESTION_CHARS, max_length=MAX_QUESTION_CHARS
        )
        self.add_item(
            ui.Label(text="Your question", description=format_kept_dates(dates), component=field)
        )

    def is_finished(self) -> bool:
        """Return true from the start, so that discord.py does not store the form."""
        return True


def format_kept_dates(dates: Sequence[DayRange]) -> str | None:
    """Return the note about the dates of the answer that are used again; None without dates."""
    if not dates:
        return None
    text = f"Uses the same dates: {', '.join(range_text(day_range) for day_range in dates)}"
    return text if len(text) <= _MAX_DESCRIPTION_CHARS else "Uses the same dates as the answer"


async def open_form(context: BotContext, interaction: Interaction, key: str) -> None:
    """Open the form, unless the answer is no longer stored."""
    reply = FormReply(interaction, entry_point="follow_up", private=True)
    async with report_errors(context, reply):
        await reply.open(FollowUpForm(key, await _load_dates(context, key)))


async def _load_dates(context: BotContext, key: str) -> tuple[DayRange, ...]:
    """Return the dates of the answer; none if they can't be loaded soon.

    Without them, the form only does not say that they apply.

    Raises:
        AnswerExpired: The answer is no longer stored.
    """
    try:
        async with asyncio.timeout(ACKNOWLEDGEMENT_SECONDS):
            return await context.services.shown_answers.load_dates(key)
    except TimeoutError:
        return ()


async def answer_form(context: BotContext, interaction: Interaction, data: Any) -> None:
    """Answer the question of a submitted form."""
    press = parse_custom_id(data["custom_id"])
    if press is None:
        async with private_reply(context, interaction, "follow_up") as reply:
            context.admit(reply.user_id, is_press=reply.is_press)
            await reply.send(UNKNOWN_FORM)
        return
    request = AskRequest(
        text=extract_typed_text(data["components"]),
        answer_key=press.key,
        needs_dates=True,
        is_question_visible=False,
    )
    private = bool(interaction.message and interaction.message.flags.ephemeral)
    await answer_question(
        context, request, InteractionReply(interaction, entry_point="follow_up", private=private)
    )


def extract_typed_text(components: Sequence[Any]) -> str:
    """Return the text of the form's only field."""
    for component in components:
        if "value" in component:
            return str(component["value"])
        children = component.get("components") or [component.get("component") or {}]
        if text := extract_typed_text([child for child in children if child]):
            return text
    return ""
