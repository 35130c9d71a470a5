"""Showing the results of lookups page by page."""

import asyncio
import re
from collections.abc import Sequence

import discord

from bot.discord_ui.context import BotContext
from bot.discord_ui.messages.answer_pages import build_further_blocks
from bot.discord_ui.messages.components import is_sendable, replace_rank
from bot.discord_ui.messages.message_text import iter_displayed_texts
from bot.discord_ui.messages.replies import Reply
from bot.lookups.listing import Listing, Lookup
from bot.presentation.blocks import Block, Line
from bot.presentation.listing import build_listing_blocks, get_page_positions, get_page_size
from bot.services.listings import StoredListing

NO_RESULTS_WITHOUT_DATES = Line(text="Nothing was found without these dates either.")

# The first line as `build_query_line` and `components` write it: small, isolated and in quotes.
_QUERY_LINE = re.compile(r"-# [\u2066-\u2069]*(“.*”)[\u2066-\u2069]*(?:\n|$)")
_ESCAPED_CHARACTER = re.compile(r"\\(.)")


async def show_listing(
    context: BotContext,
    reply: Reply,
    listing: Listing,
    *,
    header: Sequence[Block] = (),
    first: int = 1,
) -> None:
    """Store the results for their buttons and show a page of them.

    Args:
        context: What all commands need.
        reply: The reply that shows the page.
        listing: The results.
        header: The blocks above the page.
        first: The number of the page's first entry, from 1.
    """
    stored_listing = await context.services.listings.store(
        listing, context.get_pseudonym(reply.user_id), reply.guild
    )
    await show_page(context, reply, stored_listing, first, header=header)


async def show_stored_results(
    context: BotContext,
    reply: Reply,
    key: str,
    first_rank: int = 1,
    *,
    header: Sequence[Block] = (),
) -> None:
    """Show the stored results from the rank `first_rank` on.

    Raises:
        AnswerExpired: Nothing is stored under the key, or no longer.
        ArticleWithdrawn: The results are an article that was withdrawn in the meantime.
    """
    stored_listing = await context.services.listings.load(key)
    if stored_listing:
        await show_page(
            context,
            reply,
            stored_listing,
            stored_listing.find_entry_number(first_rank),
            header=header,
        )
        return
    blocks = await _build_answer_page(context, reply.guild, key, first_rank)
    await reply.send((*header, *blocks), key=key)


async def _build_answer_page(
    context: BotContext, guild: str | None, key: str, first_rank: int
) -> tuple[Block, ...]:
    count = (await context.load_preferences(guild)).max_excerpts
    page = await context.services.shown_answers.load_page(key, first_rank - 1, count)
    return build_further_blocks(page) if page.excerpt_count else (NO_RESULTS_WITHOUT_DATES,)


async def show_page(
    context: BotContext,
    reply: Reply,
    stored_listing: StoredListing,
    first: int,
    *,
    header: Sequence[Block] = (),
) -> None:
    """Show the page that begins with the entry `first`, and record the receipts of its quotes."""
    blocks, count = await _fit_page(stored_listing, first, header)
    if stored_listing.listing.lookup is not Lookup.ARTICLE:
        positions = get_page_positions(stored_listing.listing, first, count)
        await context.services.shown_answers.record_receipts(
            [stored_listing.listing.entries[position] for position in positions]
        )
    await reply.send(blocks, key=stored_listing.key)


async def _fit_page(
    stored_listing: StoredListing, first: int, header: Sequence[Block]
) -> tuple[tuple[Block, ...], int]:
    """Return the page with as many entries as fit in a message, and their number."""

    def build_page(count: int) -> tuple[Block, ...]:
        page = build_listing_blocks(stored_listing.listing, first, count)
        return (*header, *(replace_rank(block, stored_listing.get_rank) for block in page))

    count = high = get_page_size(stored_listing.listing)
    low, fitting = 1, (build_page(1), 1)
    while low <= high:
        page = build_page(count)
        if is_sendable(page, stored_listing.key):
            low, fitting = count + 1, (page, count)
        else:
            high = count - 1
        count = (low + high) // 2
        await asyncio.sleep(0)  # a long page takes some milliseconds, and others wait
    return fitting


def extract_query_line(message: discord.Message | None) -> tuple[Line, ...]:
    """Return the line with the typed query at the top of the message; it is stored nowhere else."""
    first_text = next(iter_displayed_texts(message.components if message else ()), "")
    match = _QUERY_LINE.match(first_text)
    return (Line(text=_ESCAPED_CHARACTER.sub(r"\1", match[1]), is_subtle=True),) if match else ()
