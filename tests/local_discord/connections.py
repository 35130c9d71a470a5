"""Connecting discord.py, or a plain HTTP client, to a Discord on this machine."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from importlib.util import find_spec, module_from_spec
from typing import Any
from unittest import mock

import aiohttp
import discord.utils
import pytest
import yarl
from discord import Client
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.local_discord.rest.rate_limits import WINDOWS, RateLimitWindow
from bot.local_discord.server import TOKEN, LocalDiscord

UNLIMITED_WINDOWS = dict.fromkeys(WINDOWS, RateLimitWindow(1000, 1.0))
BOT_HEADERS = {"Authorization": f"Bot {TOKEN}"}
COMPRESSIONS = ("zlib-stream", "zstd-stream")


@contextmanager
def point_discord_py_at(discord: LocalDiscord) -> Iterator[None]:
    """Let discord.py connect to this Discord, also if it reconnects without a session.

    A plain Client never asks the REST API for the gateway, so its default address is changed, too.
    """
    original = (Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY)
    Route.BASE = discord.api_url
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(discord.world.gateway_url)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = original


@contextmanager
def use_compression(name: str) -> Iterator[list[int]]:
    """Let discord.py ask for a compression, and yield the sizes of the frames that it reads so.

    By itself, it asks for zstd if zstandard or Python 3.14 is there, and for zlib if not.
    """
    if name == "zstd-stream":
        pytest.importorskip("zstandard", reason="zstandard is installed with the tests")
    hidden = () if name == "zstd-stream" else ("zstandard", "compression.zstd")
    context = _load_decompression_context(hidden)
    assert name == context.COMPRESSION_TYPE
    sizes: list[int] = []

    class MeasuringContext(context):  # type: ignore[misc, valid-type]  # known at run time only
        def decompress(self, data: bytes, /) -> str | None:
            sizes.append(len(data))
            text: str | None = super().decompress(data)
            return text

    with mock.patch.object(discord.utils, "_ActiveDecompressionContext", MeasuringContext):
        yield sizes


def _load_decompression_context(hidden: tuple[str, ...]) -> Any:
    """Return what discord.py reads frames with where these modules are not installed."""
    spec = find_spec("discord.utils")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    with mock.patch.dict(sys.modules, dict.fromkeys(hidden)):
        spec.loader.exec_module(module)
    return module._ActiveDecompressionContext  # noqa: SLF001 - discord.py has no other way


@asynccontextmanager
async def connect(client: Client, discord: LocalDiscord) -> AsyncIterator[None]:
    """Log a client in, and wait until every shard is connected."""
    run = asyncio.create_task(client.start(TOKEN))
    shards = discord.world.shard_count
    await discord.wait_for(lambda: len(discord.gateway.connected_sessions) == shards or run.done())
    try:
        yield
    finally:
        await client.close()
        await run


async def send_request(
    discord: LocalDiscord,
    method: str,
    path: str,
    *,
    headers: dict[str, str] = BOT_HEADERS,
    **request: Any,
) -> tuple[int, Any]:
    """Send a request to the REST API, and return the status and the parsed JSON of the answer."""
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.request(method, discord.api_url + path, **request) as response,
    ):
        text = await response.text()
        return response.status, await response.json() if text else None
