"""The bot as a process of its own, in a Discord of the test's own."""

import asyncio
import os
import re
import signal
import sqlite3
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import (
    AsyncIterator,
    Callable,
    Coroutine,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol, TypeVar, cast

from bot.local_discord.server import TOKEN, LocalDiscord
from bot.local_discord.world.person import Person
from bot.local_discord.world.records import Channel, Message
from bot.model.article import Article
from bot.store.database import DATABASE_NAME
from tests.builders import PROJECT, a_json_lines_file, an_app
from tests.local_discord.connections import UNLIMITED_WINDOWS
from tests.scenario import river

T = TypeVar("T")

Scene = Callable[[Path], Coroutine[Any, Any, T]]
"""What is played in a folder of its own; it gives what was seen."""

START_SECONDS = 30.0
ANSWER_SECONDS = 15.0
END_SECONDS = 5.0
READY = "Ready"
"""What the bot logs once it knows where it may speak: from then on it posts by itself."""

_MARKUP = re.compile(r"\\(?P<escaped>[^a-zA-Z\d\s])|\*\*|^(?:> |-# |#{2,3} )", re.MULTILINE)
_ISOLATES = re.compile("[\u2066-\u2069]")


class Program:
    """`dateline` with one data folder, in one Discord."""

    def __init__(self, discord: LocalDiscord, folder: Path, settings: Mapping[str, str]) -> None:
        self.discord = discord
        self.data_dir = folder / "data"
        self.log_path = folder / "log"
        self._settings = settings
        self._process: Process | None = None
        self._logged_before = 0

    @property
    def log(self) -> str:
        """All that it wrote to its standard error, also before it was started again."""
        return self.log_path.read_text(encoding="utf-8")

    async def start(self, *options: str) -> None:
        """Starts the bot, until the gateway has greeted each of its shards."""
        world, gateway = self.discord.world, self.discord.gateway
        wanted = gateway.identify_count + world.shards
        self._logged_before = len(self.log) if self.log_path.exists() else 0
        self._process = await self._begun("run", *options)
        ended = asyncio.create_task(self._process.wait())
        ended.add_done_callback(lambda _: world.changes.notify())
        await self.discord.wait_for(
            lambda: gateway.identify_count >= wanted or ended.done(), START_SECONDS
        )
        assert not ended.done(), self.log

    async def ready(self) -> None:
        """Waits until the bot, as it was started last, posts by itself."""
        async with asyncio.timeout(START_SECONDS):
            while READY not in self.log[self._logged_before :]:  # noqa: ASYNC110 - another process writes it
                await asyncio.sleep(0.05)

    def send(self, sent: signal.Signals) -> None:
        """Sends the bot a signal."""
        assert self._process
        self._process.send_signal(sent)

    async def exit_code(self) -> int:
        """How the bot ended."""
        assert self._process
        return await asyncio.wait_for(self._process.wait(), END_SECONDS)

    async def kill(self) -> None:
        """Ends the bot without a word."""
        self.send(signal.SIGKILL)
        await self.exit_code()

    async def run(self, *arguments: str) -> int:
        """How another process of the program, on the same data folder, ended."""
        process = await self._begun(*arguments)
        try:
            return await asyncio.wait_for(process.wait(), START_SECONDS)
        finally:
            await _ended(process)

    async def close(self) -> None:
        """Ends the bot if it runs."""
        if self._process:
            await _ended(self._process)

    async def _begun(self, *arguments: str) -> Process:
        ours = ("DATELINE_", "DISCORD_TOKEN")
        bare = {name: text for name, text in os.environ.items() if not name.startswith(ours)}
        environment = {
            "DISCORD_TOKEN": TOKEN,
            "DATELINE_DATA_DIR": str(self.data_dir),
            "DATELINE_DISCORD__API_URL": self.discord.api_url,
            **self._settings,
        }
        with self.log_path.open("ab") as log:
            return await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", *arguments),
                cwd=PROJECT,
                env=bare | environment,
                stdin=DEVNULL,
                stdout=log,
                stderr=log,
            )


async def _ended(process: Process) -> None:
    """Ends the process, where it has not ended by itself."""
    if process.returncode is None:
        process.kill()
        await process.wait()


@asynccontextmanager
async def prepared(
    folder: Path,
    articles: Sequence[Article] = river.ARTICLES,
    *,
    shards: int = 1,
    settings: Mapping[str, str] = MappingProxyType({}),
) -> AsyncIterator[Program]:
    """The program with a library of these articles, not yet started."""
    await _fill(folder, articles)
    async with LocalDiscord.start(
        windows=UNLIMITED_WINDOWS, openapi=openapi_at_hand(), shards=shards
    ) as discord:
        program = Program(discord, folder, settings)
        try:
            yield program
        finally:
            await program.close()


@asynccontextmanager
async def started(
    folder: Path, articles: Sequence[Article] = river.ARTICLES
) -> AsyncIterator[Program]:
    """The program with a library of these articles, and the bot connected."""
    async with prepared(folder, articles) as program:
        await program.start()
        yield program


class Play(Protocol):
    """Plays scenes, each once."""

    async def __call__(self, scene: Scene[T]) -> T:
        """What was seen in the scene, once it has ended."""


@asynccontextmanager
async def side_by_side(folder: Path, *scenes: Scene[Any]) -> AsyncIterator[Play]:
    """Plays all the scenes at once, since what they do most is wait."""

    async def begun(scene: Scene[Any]) -> object:
        place = folder / scene.__name__
        place.mkdir()
        return await scene(place)

    playing = {scene: asyncio.create_task(begun(scene)) for scene in scenes}

    async def play(scene: Scene[T]) -> T:
        return cast(T, await playing[scene])

    try:
        yield play
    finally:
        for each in playing.values():
            each.cancel()
        await asyncio.gather(*playing.values(), return_exceptions=True)


def openapi_at_hand() -> Path | None:
    """Discord's own description of its API, where there is a copy to judge by."""
    beside = PROJECT.parent / "shared" / "discord" / "openapi.json"
    path = Path(os.environ.get("DISCORD_OPENAPI", beside))
    return path if path.is_file() else None


async def _fill(folder: Path, articles: Iterable[Article]) -> None:
    path = a_json_lines_file(folder / "articles.jsonl", articles)
    async with an_app(folder / "data") as app:
        outcomes = await app.services.library.add_articles([path])
        assert not [outcome.reason for outcome in outcomes if outcome.reason]
        await app.services.library.refresh_index()


@contextmanager
def answers_missing(program: Program) -> Iterator[None]:
    """The database without the table of what was shown, until the end of the block."""
    with closing(sqlite3.connect(program.data_dir / DATABASE_NAME)) as connection:
        connection.execute("ALTER TABLE answers_shown RENAME TO away")
        try:
            yield
        finally:
            connection.execute("ALTER TABLE away RENAME TO answers_shown")


def a_member(discord: LocalDiscord, *, moderates: bool = False) -> Person:
    """Someone new, who is in all guilds and has asked nothing yet."""
    world = discord.world
    user = world.add_user(f"guest-{len(world.users)}")
    for guild in tuple(world.guilds.values()):
        roles = tuple(role.id for role in guild.roles if moderates and role.name != "@everyone")
        world.guilds[guild.id] = replace(guild, members={**guild.members, user.id: roles})
    return Person(world, user)


def mention(discord: LocalDiscord) -> str:
    """What addresses the bot."""
    return f"<@{discord.world.bot.id}>"


async def mentioned(
    discord: LocalDiscord, person: Person, channel: Channel, question: str
) -> Message:
    """The answer to a mention of the bot."""
    asked = person.post(channel, f"{mention(discord)} {question}")
    return await person.wait_for_reply(asked, timeout=ANSWER_SECONDS)


async def directed(person: Person, question: str) -> Message:
    """The answer to a direct message."""
    return await person.wait_for_reply(person.send_direct_message(question), timeout=ANSWER_SECONDS)


async def slashed(person: Person, channel: Channel, question: str, **options: object) -> Message:
    """The answer to `/ask`."""
    acted = await person.run_command("ask", channel=channel, question=question, **options)
    return await person.wait_for_answer(acted, timeout=ANSWER_SECONDS)


async def pressed(person: Person, message: Message, button: str) -> Message:
    """The answer to a button."""
    return await person.wait_for_answer(await person.press(message, button))


def read(message: Message) -> str:
    """The words of a message as a person reads them: without markdown and escapes."""
    words = _MARKUP.sub(lambda match: match["escaped"] or "", message.text)
    return _ISOLATES.sub("", words)
