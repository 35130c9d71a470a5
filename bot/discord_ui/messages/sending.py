"""Sending to Discord where it fails now and then, or takes less than it says."""

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
"""What is raised where Discord gave no answer at all."""

_TRANSIENT_STATUSES = {429, 503}
"""The statuses that discord.py does not always try again by itself."""

_RETRY_SECONDS = 1.0


class DiscordErrorCode(IntEnum):
    """Discord's codes for what it refuses."""

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
    """What the request gives; it is made a second time where it may go well then.

    The first one may have been done all the same: the request has to bear that.
    """
    try:
        return await request()
    except discord.HTTPException as error:
        if error.status not in _TRANSIENT_STATUSES:
            raise
    except CONNECTION_ERRORS:
        pass
    await asyncio.sleep(_RETRY_SECONDS)
    return await request()


async def send_fitting(
    send: Callable[[Layout], Awaitable[object]], blocks: Sequence[Block], key: str
) -> None:
    """Sends the blocks; where Discord refuses what they say, the least that they can say."""
    try:
        await try_twice(lambda: send(build_layout(blocks, key=key)))
    except discord.HTTPException as error:
        reduced = reduce_blocks(blocks)
        if error.code != DiscordErrorCode.INVALID_FORM_BODY or reduced == tuple(blocks):
            raise
        await try_twice(lambda: send(build_layout(reduced, key=key)))


def reduce_blocks(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks without links and pictures, and with one excerpt at most."""
    unlinked = [block for block in blocks if not isinstance(block, Link | Picture)]
    return fit_blocks(unlinked, _has_one_excerpt)


def _has_one_excerpt(blocks: Sequence[Block]) -> bool:
    """Whether they hold one excerpt at most; the numbered paragraphs of an article are none."""
    return sum(isinstance(block, Quote) and block.number is None for block in blocks) <= 1
