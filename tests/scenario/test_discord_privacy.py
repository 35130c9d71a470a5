"""What is kept about people and servers, and that nothing is left of those who are forgotten."""

import asyncio
import re
import signal
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from bot.local_discord.world import administration as moderation
from bot.local_discord.world.person import Person
from bot.local_discord.world.records import Channel, Guild, Message
from bot.runtime.pseudonyms import Pseudonymizer
from bot.store.database import DATABASE_NAME
from tests.scenario import river
from tests.scenario.starting import (
    ANSWER_SECONDS,
    Play,
    Program,
    a_member,
    mentioned,
    prepared,
    pressed,
    read,
    side_by_side,
    slashed,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

AT_ONCE = {"DATELINE_PRIVACY__LEFT_SERVER_DAYS": "0"}
NOTICE_SECONDS = 10.0
ABOUT_SERVERS = ("answers_shown", "servers", "servers_left", "subscriptions")


async def commanded(person: Person, channel: Channel, name: str, **options: object) -> Message:
    """The answer to a command."""
    acted = await person.run_command(name, channel=channel, **options)
    return await person.wait_for_answer(acted, timeout=ANSWER_SECONDS)


async def used_by_all(program: Program) -> Person:
    """A person did all that leaves something behind, in a server whose settings were all set."""
    discord = program.discord
    general, asker, mod = (
        discord.find_channel("general"),
        a_member(discord),
        discord.find_person("mod"),
    )
    await commanded(mod, general, "settings answers", excerpts=2, visible=True)
    await commanded(mod, general, "settings zone", zone="Asia/Kolkata")
    await commanded(mod, general, "settings channels add", channel_=general)
    await commanded(mod, general, "digest set", channel_=general, time="03:07", topics="flood")
    answer = await mentioned(discord, asker, general, river.QUESTION)
    for button in ("More", "In context", "Why this?", "👍"):
        await pressed(asker, answer, button)
    downs = [button.custom_id for button in answer.buttons if button.label == "👎"]
    await pressed(asker, answer, downs[-1] or "")
    await slashed(asker, general, river.DATED_QUESTION, after="2025", before="April 2025")
    await commanded(asker, general, "search", terms="river rose")
    await commanded(asker, general, "article", title="Bremen")
    await commanded(asker, general, "timeline", topic="river")
    await commanded(asker, general, "latest")
    await commanded(asker, asker.direct_channel, "ask", question=river.QUESTION)
    return asker


def every_text(database: Path) -> Iterator[str]:
    """Each value of each table."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        names = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        for (name,) in names.fetchall():
            for row in connection.execute(f'SELECT * FROM "{name}"'):  # noqa: S608
                yield from map(str, row)


def every_byte(database: Path) -> bytes:
    """The database's files, the log beside it included."""
    return b"".join(path.read_bytes() for path in sorted(database.parent.glob(f"{database.name}*")))


def traces(program: Program, person: Person, server: Guild) -> list[str]:
    """What would tell of the person or the server, and stands in the database."""
    database = program.data_dir / DATABASE_NAME
    world = program.discord.world
    channels = [channel.id for channel in world.channels.values() if channel.guild_id == server.id]
    telling = [
        Pseudonymizer.from_folder(program.data_dir).pseudonymize(person.id),
        *map(str, (person.id, server.id, person.direct_channel.id, *channels)),
    ]
    texts, raw = "\n".join(every_text(database)), every_byte(database)
    numbers = [str(number) for number in (person.id, server.id) if number.to_bytes(8, "big") in raw]
    return [each for each in telling if each in texts or each.encode() in raw] + numbers


async def seen(is_so: Callable[[], bool]) -> None:
    """Waits until it is so, at most NOTICE_SECONDS."""
    until = time.perf_counter() + NOTICE_SECONDS
    while not is_so() and time.perf_counter() < until:  # noqa: ASYNC110 - a process makes it so
        await asyncio.sleep(0.1)


def rows_about(program: Program, server: Guild) -> dict[str, int]:
    """How many rows of each table are about the server."""
    database = program.data_dir / DATABASE_NAME
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        counts = {
            table: connection.execute(
                f"SELECT count(*) FROM {table} WHERE guild = ?",  # noqa: S608
                (str(server.id),),
            ).fetchone()[0]
            for table in ABOUT_SERVERS
        }
    return {table: count for table, count in counts.items() if count}


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What a scene left in which first a person and then a server was forgotten.

    Attributes:
        pseudonym: What the person is called in the database.
        server: The id of the server.
        told: What the person was told.
        before: The traces before.
        after_person: Those after the person was forgotten.
        after: Those in the end.
        log: What the bot logged.
    """

    pseudonym: str
    server: str
    told: str
    before: Sequence[str]
    after_person: Sequence[str]
    after: Sequence[str]
    log: str


async def both_forgotten(folder: Path) -> Forgotten:
    """A person had all about them deleted, and the bot left the server and ended."""
    async with prepared(folder, settings=AT_ONCE) as program:
        await program.start()
        harbour = program.discord.find_guild()
        asker = await used_by_all(program)
        before = traces(program, asker, harbour)

        told = await commanded(asker, asker.direct_channel, "privacy delete")
        after_person = traces(program, asker, harbour)
        moderation.remove_bot(program.discord.world, harbour)
        await seen(lambda: not traces(program, asker, harbour))
        program.send(signal.SIGTERM)
        await program.exit_code()
    return Forgotten(
        pseudonym=Pseudonymizer.from_folder(program.data_dir).pseudonymize(asker.id),
        server=str(harbour.id),
        told=read(told),
        before=before,
        after_person=after_person,
        after=traces(program, asker, harbour),
        log=program.log,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How many rows of each table were about a server, as the bot lost it and came back."""

    before: Mapping[str, int]
    after_outage: Mapping[str, int]
    after_leaving: Mapping[str, int]
    once_back: Mapping[str, int]


async def left_and_back(folder: Path) -> Kept:
    """A server could not be reached for a moment; then the bot left it, and came back."""
    async with prepared(folder) as program:
        await program.start()
        world, harbour = program.discord.world, program.discord.find_guild()
        await used_by_all(program)

        before = rows_about(program, harbour)
        moderation.start_outage(world, harbour)
        moderation.end_outage(world, harbour)
        await mentioned(
            program.discord,
            a_member(program.discord),
            program.discord.find_channel("general", "Lighthouse"),
            river.QUESTION,
        )
        after_outage = rows_about(program, harbour)
        moderation.remove_bot(world, harbour)
        await seen(lambda: "servers_left" in rows_about(program, harbour))
        after_leaving = rows_about(program, harbour)
        moderation.add_bot(world, program.discord.find_guild())
        await seen(lambda: rows_about(program, harbour) == before)
        once_back = rows_about(program, harbour)
    return Kept(
        before=before, after_outage=after_outage, after_leaving=after_leaving, once_back=once_back
    )


async def left_while_off(folder: Path) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """Rows about the server that was left while the bot was off, and about one out of reach."""
    async with prepared(folder, shards=2) as program:
        await program.start()
        discord = program.discord
        harbour, lighthouse = discord.find_guild("Harbour"), discord.find_guild("Lighthouse")
        await used_by_all(program)
        await mentioned(
            discord,
            a_member(discord),
            discord.find_channel("general", "Lighthouse"),
            river.QUESTION,
        )
        await program.kill()

        moderation.remove_bot(discord.world, discord.find_guild("Harbour"))
        moderation.start_outage(discord.world, discord.find_guild("Lighthouse"))
        await program.start()
        await seen(lambda: "servers_left" in rows_about(program, harbour))
    return rows_about(program, harbour), rows_about(program, lighthouse)


async def left_while_a_shard_was_away(folder: Path) -> Mapping[str, int]:
    """Rows about a server that the bot left when its shard could not be told."""
    async with prepared(folder, settings=AT_ONCE) as program:
        await program.start()
        discord = program.discord
        harbour = discord.find_guild()
        await used_by_all(program)

        discord.world.listeners.remove(discord.gateway.dispatch)
        moderation.remove_bot(discord.world, harbour)
        discord.world.listeners.append(discord.gateway.dispatch)
        discord.gateway.invalidate_sessions()
        await seen(lambda: not rows_about(program, harbour))
    return rows_about(program, harbour)


@dataclass(frozen=True, slots=True, kw_only=True)
class Demanded:
    """What a scene left in which an operator had a server forgotten.

    Attributes:
        server: The id of the server.
        code: How the command ended.
        left: How many rows were about the server by then.
        is_in_files: Whether its id stood in the database's files.
        answer: What the bot answered there later.
        log: What both logged.
    """

    server: str
    code: int
    left: Mapping[str, int]
    is_in_files: bool
    answer: str
    log: str


async def forgotten_on_demand(folder: Path) -> Demanded:
    """An operator had a server forgotten while the bot ran, and it was asked there again."""
    async with prepared(folder) as program:
        await program.start()
        harbour = program.discord.find_guild()
        await used_by_all(program)

        code = await program.run("forget-server", str(harbour.id))
        left = rows_about(program, harbour)
        is_in_files = str(harbour.id).encode() in every_byte(program.data_dir / DATABASE_NAME)
        asker, books = a_member(program.discord), program.discord.find_channel("books")
        answer = await mentioned(program.discord, asker, books, river.QUESTION)
    return Demanded(
        server=str(harbour.id),
        code=code,
        left=left,
        is_in_files=is_in_files,
        answer=read(answer),
        log=program.log,
    )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def play(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Play]:
    folder = tmp_path_factory.mktemp("privacy")
    scenes = (
        both_forgotten,
        left_and_back,
        left_while_off,
        left_while_a_shard_was_away,
        forgotten_on_demand,
    )
    async with side_by_side(folder, *scenes) as play:
        yield play


async def test_nothing_is_left_of_a_person_and_a_server_once_both_are_forgotten(
    play: Play,
) -> None:
    scene = await play(both_forgotten)

    assert {scene.pseudonym, scene.server} <= set(scene.before)
    assert re.fullmatch(r"Deleted: \d answers and 2 votes\.\n.*", scene.told)
    assert scene.pseudonym not in scene.after_person
    assert scene.after == []
    assert "Traceback" not in scene.log


async def test_a_server_is_kept_for_a_while_after_the_bot_left_and_for_good_once_it_is_back(
    play: Play,
) -> None:
    rows = await play(left_and_back)

    assert rows.before.keys() == {"answers_shown", "servers", "subscriptions"}
    assert rows.after_outage == rows.before
    assert rows.after_leaving == {**rows.before, "servers_left": 1}
    assert rows.once_back == rows.before


async def test_a_server_that_was_left_while_the_bot_was_off_counts_as_left_from_its_start(
    play: Play,
) -> None:
    harbour, lighthouse = await play(left_while_off)

    assert harbour["servers_left"] == 1
    assert lighthouse == {"answers_shown": 1}


async def test_a_server_that_was_left_while_a_shard_was_away_counts_as_left(play: Play) -> None:
    assert await play(left_while_a_shard_was_away) == {}


async def test_a_server_is_forgotten_on_demand_while_the_bot_runs(play: Play) -> None:
    scene = await play(forgotten_on_demand)

    assert (scene.code, scene.left, scene.is_in_files) == (0, {}, False)
    assert f"Nothing is kept about the server {scene.server} now" in scene.log
    assert river.TOLD["fulda"] in scene.answer
