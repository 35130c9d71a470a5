"""The command /ask."""

from typing import Any

import discord
from discord import app_commands

from bot.discord_ui.commands.asking import Asked, answer
from bot.discord_ui.commands.autocomplete import day_offers, source_offers
from bot.discord_ui.commands.options import AFTER, BEFORE, SOURCE, Short
from bot.discord_ui.context import Desk
from bot.discord_ui.messages.replies import InteractionReply
from bot.retrieval.question.validation import LEAST_CHARS, MOST_CHARS

Command = app_commands.Command[Any, ..., None]
Question = app_commands.Range[str, LEAST_CHARS, MOST_CHARS]


def ask_command(desk: Desk) -> Command:
    """The command as it is registered."""

    @app_commands.command(name="ask")
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.describe(
        question="What you want to know",
        after=AFTER,
        before=BEFORE,
        source=SOURCE,
        visible="Whether others see the answer (unless you say, as this server has set)",
    )
    async def ask(  # noqa: PLR0913, PLR0917 - the command's options
        interaction: discord.Interaction[Any],
        question: Question,
        after: Short | None = None,
        before: Short | None = None,
        source: Short | None = None,
        visible: bool | None = None,  # noqa: FBT001 - an option of the command
    ) -> None:
        """Ask the library of dated articles; the answer is what they say, word for word."""
        asked = Asked(
            text=question,
            user_id=interaction.user.id,
            after=after,
            before=before,
            source=source,
            is_seen=False,
        )
        private = None if visible is None else not visible
        await answer(desk, asked, InteractionReply(interaction, way="ask", private=private))

    ask.autocomplete("after")(day_offers(desk))
    ask.autocomplete("before")(day_offers(desk))
    ask.autocomplete("source")(source_offers(desk))
    return ask
