from collections.abc import AsyncIterator

import pytest

from bot.local_discord.server import LocalDiscord
from tests.local_discord.connections import UNLIMITED_WINDOWS, connect, point_discord_py_at
from tests.local_discord.sample_bot import SampleBot


@pytest.fixture
async def local() -> AsyncIterator[LocalDiscord]:
    async with LocalDiscord.start(windows=UNLIMITED_WINDOWS) as discord:
        with point_discord_py_at(discord):
            yield discord


@pytest.fixture
async def bot(local: LocalDiscord) -> AsyncIterator[SampleBot]:
    client = SampleBot()
    async with connect(client, local):
        yield client
