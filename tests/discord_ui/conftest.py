import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.discord_ui.client import HEARTBEAT_PARTS, Client
from bot.discord_ui.context import BotContext
from bot.local_discord.server import LocalDiscord
from bot.local_discord.world.person import Person
from bot.local_discord.world.records import Channel, Message
from bot.runtime.heartbeats import start_heartbeats
from bot.runtime.pseudonyms import Pseudonymizer
from bot.settings.loading import load_settings
from bot.store.database import DATABASE_NAME
from bot.wiring import Application, build_deliveries, open_application
from tests.builders import NOON, PROJECT, an_article
from tests.local_discord.connections import UNLIMITED_WINDOWS, connect, point_discord_py_at
from tests.retrieval.builders import some_weights

QUESTION = "river rose metres"
TOLD = {
    "bremen": "In Bremen the river rose by two metres while markets stayed open all night.",
    "cologne": "Ferries stopped at Cologne, where the river rose several metres within hours.",
    "dresden": "Museum guards carried paintings upstairs: the river rose nine metres near Dresden.",
    "erfurt": "Nobody in Erfurt remembers a spring when this river rose four metres.",
    "near": "A river is a river and nothing else here matters.",
}
ARTICLES = [
    an_article(f"Rain fell on {name}.\n\n{body}\n\nThen it was dry.", id=name)
    for name, body in TOLD.items()
]

AT_REST_SECONDS = 0.05
"""For so long no server was told of once all have been, and the client is ready."""


@dataclass
class Standing:
    """A clock that stands until it is set."""

    now: datetime = NOON

    def pass_by(self, **passed: float) -> None:
        self.now += timedelta(**passed)


@dataclass
class Place:
    """The bot at work in a Discord on this machine."""

    local: LocalDiscord
    app: Application
    desk: BotContext
    client: Client
    clock: Standing

    @property
    def anna(self) -> Person:
        return self.local.find_person("anna")

    @property
    def bo(self) -> Person:
        return self.local.find_person("bo")

    @property
    def general(self) -> Channel:
        return self.local.find_channel("general")

    def mentioning(self, text: str = QUESTION) -> str:
        return f"<@{self.local.world.bot.id}> {text}"

    async def mentioned(self, text: str = QUESTION, *, by: Person | None = None) -> Message:
        """The bot's reply to a mention."""
        person = by or self.anna
        return await person.wait_for_reply(person.post(self.general, self.mentioning(text)))

    async def pressed(self, message: Message, label: str, *, by: Person | None = None) -> Message:
        """The answer to a press."""
        person = by or self.anna
        return await person.wait_for_answer(await person.press(message, label))

    async def commanded(self, **options: str | bool) -> Message:
        """The answer to /ask."""
        command = {"question": QUESTION, **options}
        return await self.anna.wait_for_answer(
            await self.anna.run_command("ask", channel=self.general, **command)
        )

    async def silent_in(self, channel: Channel) -> bool:
        """Whether the bot says nothing in the channel while it answers elsewhere."""
        before = len(self.local.get_messages(channel))
        cleo = self.local.find_person("cleo")
        await cleo.wait_for_reply(cleo.send_direct_message(QUESTION))
        await self.desk.wait_until_idle(1)
        return len(self.local.get_messages(channel)) == before


@asynccontextmanager
async def locked(app: Application) -> AsyncIterator[None]:
    """Another process writes, so that the bot can't, until the end of the block."""
    path = app.settings.data_dir / DATABASE_NAME
    with closing(
        sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    ) as connection:
        await asyncio.to_thread(connection.execute, "BEGIN IMMEDIATE")  # the bot may be writing
        yield


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    clock = Standing()
    settings = load_settings(None, tmp_path, {"DATELINE_LIBRARY__SEEDS": "false"}, PROJECT)
    async with (
        open_application(settings, clock=lambda: clock.now, notify=lambda _: None) as opened,
        LocalDiscord.start(windows=UNLIMITED_WINDOWS) as local,
        start_heartbeats(tmp_path, HEARTBEAT_PARTS, clock.now) as heartbeats,
    ):
        app = replace(opened, weights=some_weights())
        await app.articles.put(ARTICLES, NOON)
        await app.index.refresh()
        desk = BotContext(app.services, Pseudonymizer.from_folder(tmp_path))
        client = Client(desk, heartbeats, partial(build_deliveries, app))
        client._connection.guild_ready_timeout = AT_REST_SECONDS  # noqa: SLF001 - 2 s are for thousands
        with point_discord_py_at(local):
            async with connect(client, local):
                yield Place(local, app, desk, client, clock)
        await asyncio.sleep(0)
