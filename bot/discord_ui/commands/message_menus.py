"""The commands in the menu of a message: "Find evidence" and "Verify quotes"."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import discord
from discord import app_commands

from bot.discord_ui.commands.listings import show_listing
from bot.discord_ui.context import Desk
from bot.discord_ui.failures import guarded
from bot.discord_ui.messages.components import is_sendable
from bot.discord_ui.messages.message_text import message_text
from bot.discord_ui.messages.replies import InteractionReply
from bot.lookups.evidence import evidence
from bot.lookups.quotations import MOST_QUOTATIONS, Checked, checked, quotations
from bot.presentation.blocks import Block, Line
from bot.presentation.quotations import checked_blocks
from bot.retrieval.scoring.results import Extent
from bot.services import app as running

OnMessage = Callable[[discord.Interaction[Any], discord.Message], Coroutine[Any, Any, None]]

NO_TEXT = (Line(text="This message holds no text that I can read."),)


def evidence_menu(desk: Desk) -> app_commands.ContextMenu:
    """The menu entry that looks for passages about a message."""

    async def find(interaction: discord.Interaction[Any], message: discord.Message) -> None:
        reply = InteractionReply(interaction, way="evidence", private=True)
        async with guarded(desk, reply):
            desk.admit(interaction.user.id)
            text = message_text(message)
            if not text:
                await reply.send(NO_TEXT)
                return
            zone = (await desk.manner(reply.guild)).zone
            await reply.begin()
            searcher = running.searcher(desk.app, desk.app.today_in(zone))
            said_on = message.created_at.astimezone(zone).date()
            listing = await evidence(searcher, text, said_on=said_on)
            await show_listing(desk, reply, listing, interaction.user.id)

    return _menu("Find evidence", find)


def quotes_menu(desk: Desk) -> app_commands.ContextMenu:
    """The menu entry that holds the quotations in a message against the library."""

    async def verify(interaction: discord.Interaction[Any], message: discord.Message) -> None:
        reply = InteractionReply(interaction, way="quotes", private=True)
        async with guarded(desk, reply):
            desk.admit(interaction.user.id)
            quoted = quotations(message_text(message))
            today = desk.app.today_in((await desk.manner(reply.guild)).zone)
            await reply.begin()
            corpus = desk.app.corpus
            found = await checked(quoted[:MOST_QUOTATIONS], corpus, until=today)
            await running.record_shown(desk.app, [each.citation for each in found if each.citation])
            extent = await corpus.extent(until=today)
            await reply.send(_fitting(desk, found, extent, len(quoted)))

    return _menu("Verify quotes", verify)


def _fitting(
    desk: Desk, found: Sequence[Checked], extent: Extent, quoted: int
) -> tuple[Block, ...]:
    """What is said of every quotation, with the text of the articles as far as a message holds it."""
    choices = (
        checked_blocks(
            found,
            extent,
            quoted=quoted,
            max_excerpt_chars=desk.app.settings.answers.max_excerpt_chars,
            most_shown=most_shown,
        )
        for most_shown in range(len(found), -1, -1)
    )
    return next(choice for choice in choices if is_sendable(choice, ""))


def _menu(name: str, callback: OnMessage) -> app_commands.ContextMenu:
    """An entry in the menu of messages, in servers and in direct messages with the bot."""
    return app_commands.ContextMenu(
        name=name,
        callback=callback,
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        allowed_contexts=app_commands.AppCommandContext(
            guild=True, dm_channel=True, private_channel=False
        ),
    )
