"""The commands in the Apps menu of a message: Find evidence and Verify quotes."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import discord
from discord import app_commands

from bot.discord_ui.commands.flow import Refusal, private_reply
from bot.discord_ui.commands.listings import show_listing
from bot.discord_ui.commands.options import Interaction
from bot.discord_ui.context import BotContext
from bot.discord_ui.messages.components import is_sendable
from bot.discord_ui.messages.message_text import extract_message_text
from bot.lookups.quotations import (
    MAX_QUOTATIONS,
    CheckedQuotation,
    find_quotations,
)
from bot.presentation.blocks import Block, Line
from bot.presentation.quotations import build_quotation_blocks
from bot.retrieval.index.extent import Extent

MessageCallback = Callable[[Interaction, discord.Message], Coroutine[Any, Any, None]]

NO_TEXT = (Line(text="This message has no text that I can read."),)


def build_evidence_menu(context: BotContext) -> app_commands.ContextMenu:
    """Return the menu command that finds passages about the subject of a message."""

    async def find(interaction: Interaction, message: discord.Message) -> None:
        async with private_reply(context, interaction, "evidence") as reply:
            context.admit(reply.user_id, is_press=reply.is_press)
            text = extract_message_text(message)
            if not text:
                raise Refusal(NO_TEXT)
            zone = (await context.load_preferences(reply.guild)).zone
            async with context.take_turn(reply):
                listing = await context.services.browse.find_evidence(
                    text,
                    sent_on=message.created_at.astimezone(zone).date(),
                    today=context.services.clock.today(zone),
                )
            await show_listing(context, reply, listing)

    return _build_menu("Find evidence", find)


def build_quotes_menu(context: BotContext) -> app_commands.ContextMenu:
    """Return the menu command that checks the quotations in a message against the library."""

    async def verify(interaction: Interaction, message: discord.Message) -> None:
        async with private_reply(context, interaction, "quotes") as reply:
            context.admit(reply.user_id, is_press=reply.is_press)
            quotes = find_quotations(extract_message_text(message))
            today = context.services.clock.today((await context.load_preferences(reply.guild)).zone)
            async with context.take_turn(reply):
                checked_quotes = await context.services.browse.check_quotations(
                    quotes[:MAX_QUOTATIONS], today=today
                )
            await context.services.shown_answers.record_receipts(
                quote.citation for quote in checked_quotes if quote.citation
            )
            extent = await context.services.browse.compute_extent(today=today)
            await reply.send(_fit_blocks(context, checked_quotes, extent, len(quotes)))

    return _build_menu("Verify quotes", verify)


def _fit_blocks(
    context: BotContext,
    checked_quotes: Sequence[CheckedQuotation],
    extent: Extent,
    quote_count: int,
) -> tuple[Block, ...]:
    """Return the results of all quotations, with as many of the articles' quotes as fit."""
    choices = (
        build_quotation_blocks(
            checked_quotes,
            extent,
            quotation_count=quote_count,
            max_excerpt_chars=context.services.settings.answers.max_excerpt_chars,
            max_shown=max_shown,
        )
        for max_shown in range(len(checked_quotes), -1, -1)
    )
    return next(choice for choice in choices if is_sendable(choice, ""))


def _build_menu(name: str, callback: MessageCallback) -> app_commands.ContextMenu:
    """Return a command in the menu of messages, in servers and in direct messages with the bot."""
    # discord.py 2.7.1 refuses more than five of these.
    return app_commands.ContextMenu(
        name=name,
        callback=callback,
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        allowed_contexts=app_commands.AppCommandContext(
            guild=True, dm_channel=True, private_channel=False
        ),
    )
