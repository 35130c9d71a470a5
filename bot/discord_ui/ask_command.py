"""The command /ask."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import discord
from discord import app_commands

from bot.discord_ui.asking import Asked, answer
from bot.discord_ui.desk import Desk
from bot.discord_ui.replies import InteractionReply
from bot.retrieval.question import LEAST_CHARS, MOST_CHARS

_MOST_CHOICES = 25
_MOST_CHOICE_CHARS = 100

Command = app_commands.Command[Any, ..., None]
Question = app_commands.Range[str, LEAST_CHARS, MOST_CHARS]
Short = app_commands.Range[str, 1, 100]


def ask_command(desk: Desk) -> Command:
    """The command as it is registered."""

    @app_commands.command(name="ask")
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.describe(
        question="What you want to know",
        after="Only articles from this day on: 2026-03-02, 2 March, last week",
        before="Only articles up to this day",
        source="Only articles of this source",
        visible="Whether others see the answer (they do, unless you say no)",
    )
    async def ask(  # noqa: PLR0913, PLR0917 - the command's options
        interaction: discord.Interaction[Any],
        question: Question,
        after: Short | None = None,
        before: Short | None = None,
        source: Short | None = None,
        visible: bool = True,  # noqa: FBT001, FBT002 - an option of the command
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
        await answer(desk, asked, InteractionReply(interaction, way="ask", private=not visible))

    @ask.autocomplete("source")
    async def offered(
        _interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        names = islice(sources_for(typed, desk.sources), _MOST_CHOICES)
        return [app_commands.Choice(name=name, value=name) for name in names]

    return ask


def sources_for(typed: str, sources: Sequence[str]) -> Iterator[str]:
    """The sources that hold what was typed, those that begin with it first."""
    wanted = typed.strip().casefold()
    holding = [
        source
        for source in sources
        if 0 < len(source) <= _MOST_CHOICE_CHARS and wanted in source.casefold()
    ]
    yield from sorted(holding, key=lambda name: (not name.casefold().startswith(wanted), name))
