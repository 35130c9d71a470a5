"""What lookups found, in Discord: shown, and turned page by page."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import discord

from bot.discord_ui.context import Desk
from bot.discord_ui.messages.answer_pages import further_blocks
from bot.discord_ui.messages.components import is_sendable
from bot.discord_ui.messages.replies import Reply
from bot.lookups.listing import Listing, Lookup
from bot.presentation.blocks import Block, Button, Line
from bot.presentation.listing import listing_blocks, per_page, shown_places
from bot.services import app as running
from bot.services import conversation
from bot.services import listings as browsing
from bot.services.listings import KeptListing

NOTHING_EITHER = Line(text="Without these dates, nothing is found either.")

_TYPED = re.compile(r"-# [\u2066-\u2069]*(“.*”)[\u2066-\u2069]*(?:\n|$)")
_ESCAPED = re.compile(r"\\(.)")


async def show_listing(  # noqa: PLR0913 - how it is shown
    desk: Desk,
    reply: Reply,
    listing: Listing,
    user_id: int,
    *,
    above: Sequence[Block] = (),
    first: int = 1,
) -> None:
    """Keeps what a lookup found for its buttons, and shows the first page of it.

    Args:
        desk: The desk.
        reply: Where it is shown.
        listing: What was found.
        user_id: Who looked it up.
        above: What stands above the page.
        first: The entry that the page begins with, from 1.

    Raises:
        StoreError: The database can't be used.
    """
    kept = await browsing.keep(desk.app, listing, desk.person(user_id), reply.guild)
    await show_page(desk, reply, kept, first, above=above)


async def show_kept(
    desk: Desk, reply: Reply, key: str, first: int = 1, *, above: Sequence[Block] = ()
) -> None:
    """Shows what is kept under the key, from the rank `first` on.

    Raises:
        AnswerExpired: Nothing is kept under it, or no longer.
        ArticleWithdrawn: It is an article that was taken back meanwhile.
        StoreError: The database can't be used.
    """
    kept = await browsing.kept_listing(desk.app, key)
    if kept:
        await show_page(desk, reply, kept, kept.entry_at(first), above=above)
        return
    count = (await desk.manner(reply.guild)).max_excerpts
    page = await conversation.shown_page(desk.app, key, first - 1, count)
    shown = further_blocks(page) if page.found else (NOTHING_EITHER,)
    await reply.send((*above, *shown), key=key)


async def show_page(
    desk: Desk, reply: Reply, kept: KeptListing, first: int, *, above: Sequence[Block] = ()
) -> None:
    """Shows the page that begins with the entry `first`; what it quotes can be verified then.

    Raises:
        StoreError: The database can't be used.
    """
    blocks, count = _fitting_page(kept, first, above)
    if kept.listing.lookup is not Lookup.ARTICLE:
        places = shown_places(kept.listing, first, count)
        await running.record_shown(desk.app, [kept.listing.entries[place] for place in places])
    await reply.send(blocks, key=kept.key)


def _fitting_page(
    kept: KeptListing, first: int, above: Sequence[Block]
) -> tuple[tuple[Block, ...], int]:
    """The page with as many entries as a message holds, and how many these are."""

    def page_of(count: int) -> tuple[Block, ...]:
        page = listing_blocks(kept.listing, first, count)
        return (*above, *(_ranked(block, kept) for block in page))

    counts = range(per_page(kept.listing), 0, -1)
    count = next((count for count in counts if is_sendable(page_of(count), kept.key)), 1)
    return page_of(count), count


def _ranked(block: Block, kept: KeptListing) -> Block:
    """The block; where it is the button of an entry, with the rank that this was found at."""
    if isinstance(block, Button) and block.rank is not None:
        return replace(block, rank=kept.rank_of(block.rank))
    return block


def typed_above(message: discord.Message | None) -> tuple[Line, ...]:
    """The line at the top of the message that says what was typed, which is kept nowhere else."""
    top = next(_contents(message.components if message else ()), "")
    typed = _TYPED.match(top)
    return (Line(text=_ESCAPED.sub(r"\1", typed[1]), subtle=True),) if typed else ()


def _contents(components: Iterable[Any]) -> Iterator[str]:
    """The texts among the components, in order."""
    for component in components:
        if isinstance(component, discord.TextDisplay):
            yield component.content
        yield from _contents(getattr(component, "children", ()))
