from collections.abc import AsyncIterator

import pytest

from bot.local_discord.server import LocalDiscord
from tests.local_discord.sample_bot import SampleBot
from tests.local_discord.starting import UNHURRIED, connected, pointed_at


@pytest.fixture
async def local() -> AsyncIterator[LocalDiscord]:
    async with LocalDiscord.start(windows=UNHURRIED) as discord:
        with pointed_at(discord):
            yield discord


@pytest.fixture
async def bot(local: LocalDiscord) -> AsyncIterator[SampleBot]:
    client = SampleBot()
    async with connected(client, local):
        yield client
