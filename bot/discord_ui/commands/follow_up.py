"""The form in which a person asks on, and what comes back of it.

It is answered from the event that discord.py dispatches for every interaction, and its state is in
its custom_id: discord.py drops what comes back of a form that was opened before a restart.
"""

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.dates.calendar import range_text
from bot.discord_ui.commands.asking import Asked, answer
from bot.discord_ui.context import Desk
from bot.discord_ui.failures import HOW_TO_ASK, guarded
from bot.discord_ui.messages.components import custom_id, pressed
from bot.discord_ui.messages.replies import InteractionReply, given_once
from bot.model.day_range import DayRange
from bot.presentation.blocks import Action, Line
from bot.retrieval.question.validation import LEAST_CHARS, MOST_CHARS
from bot.services import conversation

UNKNOWN = (Line(text="I don't know this form any more."), Line(text=HOW_TO_ASK, subtle=True))

_MOST_DESCRIPTION_CHARS = 100


class Form(ui.Modal):
    """One question, and the key of the answer that it follows up on."""

    def __init__(self, key: str, dates: Sequence[DayRange]) -> None:
        super().__init__(title="Follow up", custom_id=custom_id(Action.FOLLOW_UP, key))
        field: ui.TextInput[Any] = ui.TextInput(
            custom_id="question", min_length=LEAST_CHARS, max_length=MOST_CHARS
        )
        self.add_item(ui.Label(text="Your question", description=kept_text(dates), component=field))

    def is_finished(self) -> bool:
        """True from the start, so that discord.py does not keep it."""
        return True


def kept_text(dates: Sequence[DayRange]) -> str | None:
    """What a person reads of the dates that are kept; None where there are none."""
    if not dates:
        return None
    text = f"Dates kept: {', '.join(range_text(days) for days in dates)}"
    return text if len(text) <= _MOST_DESCRIPTION_CHARS else "The dates understood are kept."


async def open_form(desk: Desk, interaction: discord.Interaction[Any], key: str) -> None:
    """Opens the form.

    Raises:
        AnswerExpired: The answer is not kept, or no longer.
        StoreError: The database can't be used.
    """
    dates = await conversation.dates_of(desk.app, key)
    form = Form(key, dates)
    await given_once(lambda: interaction.response.send_modal(form))


async def answer_form(desk: Desk, interaction: discord.Interaction[Any], data: Any) -> None:
    """Answers a form that was sent, exactly once."""
    press = pressed(data["custom_id"])
    if press is None:
        reply = InteractionReply(interaction, way="follow_up", private=True)
        async with guarded(desk, reply):
            await reply.send(UNKNOWN)
        return
    asked = Asked(
        text=typed_in(data["components"]),
        user_id=interaction.user.id,
        answer_key=press.key,
        needs_dates=True,
        is_seen=False,
    )
    private = bool(interaction.message and interaction.message.flags.ephemeral)
    await answer(desk, asked, InteractionReply(interaction, way="follow_up", private=private))


def typed_in(components: Sequence[Any]) -> str:
    """What was typed into the form's one field."""
    for component in components:
        if "value" in component:
            return str(component["value"])
        inner = component.get("components") or [component.get("component") or {}]
        if typed := typed_in([each for each in inner if each]):
            return typed
    return ""
