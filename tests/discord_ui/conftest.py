import asyncio
import math
import sqlite3
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.discord_ui.client import HEARTBEAT_PARTS, Client
from bot.discord_ui.context import BotContext
from bot.local_discord.server import LocalDiscord
from bot.local_discord.world.person import Person
from bot.local_discord.world.records import Channel, Message
from bot.model.article import Article
from bot.runtime.heartbeats import start_heartbeats
from bot.runtime.pseudonyms import Pseudonymizer
from bot.runtime.turns import CONCURRENT_TURNS
from bot.settings.loading import load_settings
from bot.store.database import DATABASE_FILE
from bot.wiring import Application, build_deliveries, open_application
from tests.builders import NOON, PROJECT, an_article
from tests.local_discord.connections import UNLIMITED_WINDOWS, connect, point_discord_py_at
from tests.retrieval.builders import some_weights

QUESTION = "river rose metres"
ARTICLE_SENTENCES = {
    "bremen": "In Bremen the river rose by two metres while markets stayed open all night.",
    "cologne": "Ferries stopped at Cologne, where the river rose several metres within hours.",
    "dresden": "Museum guards carried paintings upstairs: the river rose nine metres near Dresden.",
    "erfurt": "Nobody in Erfurt remembers a spring when this river rose four metres.",
    "near": "A river is a river and nothing else here matters.",
}
ARTICLES = [
    an_article(f"Rain fell on {name}.\n\n{body}\n\nThen it was dry.", id=name)
    for name, body in ARTICLE_SENTENCES.items()
]

GUILD_TIMEOUT_SECONDS = 0.05
"""How long the client waits for further servers before it is ready."""


@dataclass
class FrozenClock:
    """A clock that stands still until it is advanced."""

    now: datetime = NOON

    def advance(self, **passed: float) -> None:
        self.now += timedelta(**passed)


@dataclass
class RunningBot:
    """The bot, connected to a Discord on this machine."""

    local: LocalDiscord
    app: Application
    context: BotContext
    client: Client
    clock: FrozenClock

    @property
    def anna(self) -> Person:
        return self.local.find_person("anna")

    @property
    def bo(self) -> Person:
        return self.local.find_person("bo")

    @property
    def general(self) -> Channel:
        return self.local.find_channel("general")

    def format_mention(self, text: str = QUESTION) -> str:
        return f"<@{self.local.world.bot.id}> {text}"

    async def mention(self, text: str = QUESTION, *, by: Person | None = None) -> Message:
        """Mention the bot, and return its reply."""
        person = by or self.anna
        return await person.wait_for_reply(person.post(self.general, self.format_mention(text)))

    async def wait_for_latency(self) -> None:
        """Wait until the gateway has answered the first heartbeat."""
        async with asyncio.timeout(5):
            while not math.isfinite(self.client.latency):  # noqa: ASYNC110 - discord.py sets it
                await asyncio.sleep(0.01)

    async def press(self, message: Message, label: str, *, by: Person | None = None) -> Message:
        """Press a button, and return the answer."""
        person = by or self.anna
        return await person.wait_for_answer(await person.press(message, label))

    async def ask(self, **options: str | bool) -> Message:
        """Use /ask, and return the answer."""
        command = {"question": QUESTION, **options}
        return await self.anna.wait_for_answer(
            await self.anna.run_command("ask", channel=self.general, **command)
        )

    async def is_silent_in(self, channel: Channel) -> bool:
        """Return whether the bot says nothing in the channel while it answers elsewhere."""
        before = len(self.local.get_messages(channel))
        cleo = self.local.find_person("cleo")
        await cleo.wait_for_reply(cleo.send_direct_message(QUESTION))
        await self.context.wait_until_idle(1)
        return len(self.local.get_messages(channel)) == before


@asynccontextmanager
async def lock_database(app: Application) -> AsyncIterator[None]:
    """Write from another connection until the end of the block, so that the bot can't."""
    path = app.settings.data_dir / DATABASE_FILE
    with closing(
        sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    ) as connection:
        await asyncio.to_thread(connection.execute, "BEGIN IMMEDIATE")  # the bot may be writing
        yield


@asynccontextmanager
async def block_reads(app: Application) -> AsyncIterator[None]:
    """Let no read of the database end before the block does."""
    release = threading.Event()
    reader: Any = app.answers._database._reader  # noqa: SLF001 - a slow disk
    blocked = asyncio.create_task(reader._execute(release.wait))  # noqa: SLF001
    try:
        yield
    finally:
        release.set()
        await blocked


@asynccontextmanager
async def hold_turns(context: BotContext) -> AsyncIterator[None]:
    """Let nobody search before the end of the block."""

    async def announce() -> None:
        pass

    async with AsyncExitStack() as held:
        for _ in range(CONCURRENT_TURNS):
            await held.enter_async_context(context.turns.take(object(), announce))
        yield


@asynccontextmanager
async def start_bot(
    folder: Path, articles: Sequence[Article], *, now: datetime = NOON, openapi: Path | None = None
) -> AsyncIterator[RunningBot]:
    """Run the bot on a library of these articles in a Discord on this machine.

    Args:
        folder: The bot's data folder.
        articles: The library.
        now: The time on its clock.
        openapi: Discord's description of its API; requests are checked against it.
    """
    clock = FrozenClock(now)
    settings = load_settings(None, folder, {"DATELINE_LIBRARY__SEEDS": "false"}, PROJECT)
    async with (
        open_application(settings, time_source=lambda: clock.now, notify=lambda _: None) as opened,
        LocalDiscord.start(windows=UNLIMITED_WINDOWS, openapi=openapi) as local,
        start_heartbeats(folder, HEARTBEAT_PARTS, clock.now) as heartbeats,
    ):
        app = replace(opened, weights=some_weights())
        await app.articles.put(articles, clock.now)
        await app.index.refresh()
        context = BotContext(app.services, Pseudonymizer.from_folder(folder))
        client = Client(context, heartbeats, partial(build_deliveries, app))
        client._connection.guild_ready_timeout = GUILD_TIMEOUT_SECONDS  # noqa: SLF001 - 2 s are for thousands
        with point_discord_py_at(local):
            async with connect(client, local):
                yield RunningBot(local, app, context, client, clock)
        await asyncio.sleep(0)


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[RunningBot]:
    async with start_bot(tmp_path, ARTICLES) as running_bot:
        yield running_bot
