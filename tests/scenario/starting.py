"""Running the bot as a process, in a Discord of the test's own."""

import asyncio
import os
import re
import signal
import sqlite3
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
from bot.store.database import DATABASE_FILE
from tests.builders import PROJECT, a_json_lines_file, an_app
from tests.local_discord.connections import UNLIMITED_WINDOWS
from tests.scenario import river
from tests.scenario.forked import ForkedProcess

T = TypeVar("T")

Scene = Callable[[Path], Coroutine[Any, Any, T]]
"""What is played in a folder of its own; it returns what was seen."""

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
        self._process: ForkedProcess | None = None
        self._log_start = 0

    @property
    def log(self) -> str:
        """The standard error of all its runs so far."""
        return self.log_path.read_text(encoding="utf-8") if self.log_path.exists() else ""

    async def start(self, *options: str) -> None:
        """Start the bot, and wait until the gateway has greeted each of its shards."""
        world, gateway = self.discord.world, self.discord.gateway
        expected_count = gateway.identify_count + world.shard_count
        self.begin(*options)
        assert self._process
        end = asyncio.create_task(self._process.wait())
        end.add_done_callback(lambda _: world.changes.notify())
        await self.discord.wait_for(
            lambda: gateway.identify_count >= expected_count or end.done(), START_SECONDS
        )
        assert not end.done(), self.log

    def begin(self, *options: str) -> None:
        """Start the bot without waiting for anything."""
        self._log_start = len(self.log)
        self._process = self._spawn("run", *options)

    async def wait_until_ready(self) -> None:
        """Wait until the last start of the bot is ready to post digests and alerts."""
        await self.wait_for_log(READY)

    async def wait_for_log(self, text: str) -> None:
        """Wait until the last start of the bot has logged a text."""
        async with asyncio.timeout(START_SECONDS):
            while text not in self.log[self._log_start :]:  # noqa: ASYNC110 - another process writes it
                await asyncio.sleep(0.05)

    @property
    def pid(self) -> int:
        """The id of the bot's process."""
        assert self._process
        return self._process.pid

    def send(self, signal_number: signal.Signals) -> None:
        """Send the bot a signal."""
        assert self._process
        self._process.send_signal(signal_number)

    async def wait_for_exit(self) -> int:
        """Wait until the bot has ended, and return its exit code."""
        assert self._process
        return await asyncio.wait_for(self._process.wait(), END_SECONDS)

    async def kill(self) -> None:
        """Kill the bot with SIGKILL."""
        self.send(signal.SIGKILL)
        await self.wait_for_exit()

    async def run(self, *arguments: str) -> int:
        """Run another command on the same data folder, and return its exit code."""
        process = self._spawn(*arguments)
        try:
            return await asyncio.wait_for(process.wait(), START_SECONDS)
        finally:
            await process.stop()

    async def close(self) -> None:
        """End the bot if it runs."""
        if self._process:
            await self._process.stop()

    def _spawn(self, *arguments: str) -> ForkedProcess:
        prefixes = ("DATELINE_", "DISCORD_TOKEN")
        bare = {name: text for name, text in os.environ.items() if not name.startswith(prefixes)}
        environment = {
            "DISCORD_TOKEN": TOKEN,
            "DATELINE_DATA_DIR": str(self.data_dir),
            "DATELINE_DISCORD__API_URL": self.discord.api_url,
            **self._settings,
        }
        return ForkedProcess(arguments, bare | environment, self.log_path)


@asynccontextmanager
async def prepare_program(
    folder: Path,
    articles: Sequence[Article] = river.ARTICLES,
    *,
    shards: int = 1,
    settings: Mapping[str, str] = MappingProxyType({}),
) -> AsyncIterator[Program]:
    """Prepare the program with a library of these articles; it is not started yet."""
    await _fill(folder, articles)
    async with LocalDiscord.start(
        windows=UNLIMITED_WINDOWS, openapi=find_openapi(), shard_count=shards
    ) as discord:
        program = Program(discord, folder, settings)
        try:
            yield program
        finally:
            await program.close()


@asynccontextmanager
async def start_program(
    folder: Path, articles: Sequence[Article] = river.ARTICLES
) -> AsyncIterator[Program]:
    """Start the bot with a library of these articles, and wait until it is connected."""
    async with prepare_program(folder, articles) as program:
        await program.start()
        yield program


class Play(Protocol):
    """A player that runs each scene once."""

    async def __call__(self, scene: Scene[T]) -> T:
        """Return the result of the scene, once it has ended."""


@asynccontextmanager
async def play_side_by_side(folder: Path, *scenes: Scene[Any]) -> AsyncIterator[Play]:
    """Play all scenes at the same time, because they spend most of it waiting."""

    async def play_in_folder(scene: Scene[Any]) -> object:
        scene_folder = folder / scene.__name__
        scene_folder.mkdir()
        return await scene(scene_folder)

    tasks = {scene: asyncio.create_task(play_in_folder(scene)) for scene in scenes}

    async def play(scene: Scene[T]) -> T:
        return cast(T, await tasks[scene])

    try:
        yield play
    finally:
        for task in tasks.values():
            task.cancel()
        await asyncio.gather(*tasks.values(), return_exceptions=True)


def find_openapi() -> Path | None:
    """Return the path of Discord's description of its API, or None without a copy."""
    default_path = PROJECT.parent / "shared" / "discord" / "openapi.json"
    path = Path(os.environ.get("DISCORD_OPENAPI", default_path))
    return path if path.is_file() else None


async def _fill(folder: Path, articles: Iterable[Article]) -> None:
    path = a_json_lines_file(folder / "articles.jsonl", articles)
    async with an_app(folder / "data") as app:
        outcomes = await app.services.library.add_articles([path])
        assert not [outcome.reason for outcome in outcomes if outcome.reason]
        await app.services.library.refresh_and_save_index()


@contextmanager
def hide_shown_answers(program: Program) -> Iterator[None]:
    """Rename the table of shown answers until the end of the block, so that queries fail."""
    with closing(sqlite3.connect(program.data_dir / DATABASE_FILE)) as connection:
        connection.execute("ALTER TABLE answers_shown RENAME TO away")
        try:
            yield
        finally:
            connection.execute("ALTER TABLE away RENAME TO answers_shown")


def add_member(discord: LocalDiscord, *, moderates: bool = False) -> Person:
    """Add a new person to all servers."""
    world = discord.world
    user = world.add_user(f"guest-{len(world.users)}")
    for guild in tuple(world.guilds.values()):
        roles = tuple(role.id for role in guild.roles if moderates and role.name == "Moderators")
        world.guilds[guild.id] = replace(guild, members={**guild.members, user.id: roles})
    return Person(world, user)


def mention_bot(discord: LocalDiscord) -> str:
    """Return the text that mentions the bot."""
    return f"<@{discord.world.bot.id}>"


async def ask_by_mention(
    discord: LocalDiscord, person: Person, channel: Channel, question: str
) -> Message:
    """Mention the bot with a question, and return its answer."""
    message = person.post(channel, f"{mention_bot(discord)} {question}")
    return await person.wait_for_reply(message, timeout=ANSWER_SECONDS)


async def ask_directly(person: Person, question: str) -> Message:
    """Ask in a direct message, and return the answer."""
    return await person.wait_for_reply(person.send_direct_message(question), timeout=ANSWER_SECONDS)


async def ask_by_command(
    person: Person, channel: Channel, question: str, **options: object
) -> Message:
    """Ask with `/ask`, and return the answer."""
    return await run_command(person, channel, "ask", question=question, **options)


async def run_command(person: Person, channel: Channel, name: str, /, **options: object) -> Message:
    """Run a slash command, and return the answer."""
    interaction = await person.run_command(name, channel=channel, **options)
    return await person.wait_for_answer(interaction, timeout=ANSWER_SECONDS)


async def press_button(person: Person, message: Message, button: str) -> Message:
    """Press a button, and return the answer."""
    interaction = await person.press(message, button)
    return await person.wait_for_answer(interaction, timeout=ANSWER_SECONDS)


def read(message: Message) -> str:
    """Return the words of a message as a person reads them, without markdown and escapes."""
    words = _MARKUP.sub(lambda match: match["escaped"] or "", message.text)
    return _ISOLATES.sub("", words)
