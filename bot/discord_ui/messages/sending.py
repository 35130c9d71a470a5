"""Sending to Discord with a retry, and with less content if Discord refuses it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from enum import IntEnum
from typing import TypeVar

import aiohttp
import discord

from bot.discord_ui.messages.components import Layout, build_layout
from bot.discord_ui.messages.fitting import fit_blocks
from bot.presentation.blocks import Block, Link, Picture, Quote

T = TypeVar("T")

CONNECTION_ERRORS = (aiohttp.ClientError, OSError, TimeoutError)
"""The exceptions for requests without a response from Discord."""

_TRANSIENT_STATUSES = {429, 503}
"""The statuses that discord.py does not always retry.

Outside webhooks a 503 raises at once, and so does a 429 without a `Via` header.
"""

MIN_REPEAT_SECONDS = 1.0
"""The pause before a request is repeated, here and at least in discord.py, which repeats some too."""


class DiscordErrorCode(IntEnum):
    """Discord's JSON error codes."""

    UNKNOWN_CHANNEL = 10003
    UNKNOWN_MESSAGE = 10008
    UNKNOWN_WEBHOOK = 10015
    UNKNOWN_INTERACTION = 10062
    ALREADY_PUBLISHED = 40033
    ALREADY_ACKNOWLEDGED = 40060
    MISSING_ACCESS = 50001
    CLOSED_TO_MESSAGES = 50007
    NOT_A_TEXT_CHANNEL = 50008
    MISSING_PERMISSIONS = 50013
    INVALID_FORM_BODY = 50035
    ARCHIVED_THREAD = 50083
    NO_SHARED_SERVER = 50278
    NO_HISTORY_TO_REPLY_TO = 160002
    LOCKED_THREAD = 160005


async def try_twice(request: Callable[[], Awaitable[T]]) -> T:
    """Return the result of the request; repeat it once after a temporary failure.

    The first attempt may have succeeded although its response was lost. So the request must be safe
    to repeat.
    """
    try:
        return await request()
    except discord.HTTPException as error:
        if error.status not in _TRANSIENT_STATUSES:
            raise
    except CONNECTION_ERRORS:
        pass
    await asyncio.sleep(MIN_REPEAT_SECONDS)
    return await request()


async def send_fitting(
    send: Callable[[Layout], Awaitable[object]], blocks: Sequence[Block], key: str
) -> None:
    """Send the blocks; if Discord refuses the content, send the reduced blocks."""
    try:
        await try_twice(lambda: send(build_layout(blocks, key=key)))
    except discord.HTTPException as error:
        reduced = reduce_blocks(blocks)
        if error.code != DiscordErrorCode.INVALID_FORM_BODY or reduced == tuple(blocks):
            raise
        await try_twice(lambda: send(build_layout(reduced, key=key)))


def reduce_blocks(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return the blocks without links and pictures, and with at most one excerpt."""
    unlinked = [block for block in blocks if not isinstance(block, Link | Picture)]
    return fit_blocks(unlinked, _has_one_excerpt)


def _has_one_excerpt(blocks: Sequence[Block]) -> bool:
    """Return whether there is at most one excerpt; numbered paragraphs do not count."""
    return sum(isinstance(block, Quote) and block.number is None for block in blocks) <= 1
