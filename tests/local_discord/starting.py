"""Starting a discord.py program against a Discord on this machine."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import aiohttp
import yarl
from discord import Client
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.local_discord.rest.rate_limits import WINDOWS, RateLimitWindow
from bot.local_discord.server import TOKEN, LocalDiscord

UNHURRIED = dict.fromkeys(WINDOWS, RateLimitWindow(1000, 1.0))
AS_THE_BOT = {"Authorization": f"Bot {TOKEN}"}


@contextmanager
def pointed_at(discord: LocalDiscord) -> Iterator[None]:
    """discord.py speaks to this Discord, also when it reconnects without a session."""
    before = (Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY)
    Route.BASE = discord.api_url
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(discord.world.gateway_url)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before


@asynccontextmanager
async def connected(client: Client, discord: LocalDiscord) -> AsyncIterator[None]:
    """The client is logged in, and every shard has its guilds."""
    running = asyncio.create_task(client.start(TOKEN))
    shards = discord.world.shards
    await discord.wait_for(
        lambda: len(discord.gateway.connected_sessions) == shards or running.done()
    )
    try:
        yield
    finally:
        await client.close()
        await running


async def asked(
    discord: LocalDiscord,
    method: str,
    path: str,
    *,
    headers: dict[str, str] = AS_THE_BOT,
    **request: Any,
) -> tuple[int, Any]:
    """The status and the JSON of one request to the REST API."""
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.request(method, discord.api_url + path, **request) as response,
    ):
        text = await response.text()
        return response.status, await response.json() if text else None
