"""Data stored about people and servers, and its complete deletion."""

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
from bot.local_discord.world.records import Guild
from bot.runtime.pseudonyms import Pseudonymizer
from bot.store.database import DATABASE_FILE
from tests.scenario import river
from tests.scenario.starting import (
    Play,
    Program,
    add_member,
    ask_by_command,
    ask_by_mention,
    play_side_by_side,
    prepare_program,
    press_button,
    read,
    run_command,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

AT_ONCE = {"DATELINE_PRIVACY__LEFT_SERVER_DAYS": "0"}
NOTICE_SECONDS = 30.0
ABOUT_SERVERS = ("answers_shown", "servers", "servers_left", "subscriptions")


async def leave_traces(program: Program) -> Person:
    """Have a new person leave every kind of stored data, in a server with all settings set."""
    discord = program.discord
    general, asker, mod = (
        discord.find_channel("general"),
        add_member(discord),
        discord.find_person("mod"),
    )
    await run_command(mod, general, "settings answers", excerpts=2, visible=True)
    await run_command(mod, general, "settings zone", zone="Asia/Kolkata")
    await run_command(mod, general, "settings channels add", channel_=general)
    await run_command(mod, general, "digest set", channel_=general, time="03:07", topics="flood")
    answer = await ask_by_mention(discord, asker, general, river.QUESTION)
    for button in ("More", "In context", "Why this?", "👍"):
        await press_button(asker, answer, button)
    downs = [button.custom_id for button in answer.buttons if button.label == "👎"]
    await press_button(asker, answer, downs[-1] or "")
    await ask_by_command(asker, general, river.DATED_QUESTION, after="2025", before="April 2025")
    await run_command(asker, general, "search", terms="river rose")
    await run_command(asker, general, "article", title="Bremen")
    await run_command(asker, general, "timeline", topic="river")
    await run_command(asker, general, "latest")
    await run_command(asker, asker.direct_channel, "ask", question=river.QUESTION)
    return asker


def read_values(database: Path) -> Iterator[str]:
    """Yield each value of each table."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        names = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        for (name,) in names.fetchall():
            for row in connection.execute(f'SELECT * FROM "{name}"'):  # noqa: S608
                yield from map(str, row)


def read_bytes(database: Path) -> bytes:
    """Return the bytes of the database's files, with the log beside it."""
    return b"".join(path.read_bytes() for path in sorted(database.parent.glob(f"{database.name}*")))


def find_traces(program: Program, person: Person, server: Guild) -> list[str]:
    """Return the identifiers of the person and the server that are still in the database."""
    database = program.data_dir / DATABASE_FILE
    world = program.discord.world
    channels = [channel.id for channel in world.channels.values() if channel.guild_id == server.id]
    identifiers = [
        Pseudonymizer.from_folder(program.data_dir).pseudonymize(person.id),
        *map(str, (person.id, server.id, person.direct_channel.id, *channels)),
    ]
    texts, raw = "\n".join(read_values(database)), read_bytes(database)
    numbers = [str(number) for number in (person.id, server.id) if number.to_bytes(8, "big") in raw]
    return [
        identifier
        for identifier in identifiers
        if identifier in texts or identifier.encode() in raw
    ] + numbers


async def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait until the condition is true, at most NOTICE_SECONDS."""
    deadline = time.perf_counter() + NOTICE_SECONDS
    while not is_so() and time.perf_counter() < deadline:  # noqa: ASYNC110 - a process makes it so
        await asyncio.sleep(0.1)


def count_rows(program: Program, server: Guild) -> dict[str, int]:
    """Count the rows of each table that are about the server."""
    database = program.data_dir / DATABASE_FILE
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
class Deletions:
    """The results of a scene that deletes first a person's data and then a server's.

    Attributes:
        pseudonym: The person's name in the database.
        server: The id of the server.
        confirmation: The answer to /privacy delete.
        before: The traces before.
        after_person: The traces after the person's data was deleted.
        after: The traces at the end.
        log: The bot's log.
    """

    pseudonym: str
    server: str
    confirmation: str
    before: Sequence[str]
    after_person: Sequence[str]
    after: Sequence[str]
    log: str


async def forget_both(folder: Path) -> Deletions:
    """Delete a person's data, remove the bot from the server, and stop it."""
    async with prepare_program(folder, settings=AT_ONCE) as program:
        await program.start()
        harbour = program.discord.find_guild()
        asker = await leave_traces(program)
        before = find_traces(program, asker, harbour)

        confirmation = await run_command(asker, asker.direct_channel, "privacy delete")
        after_person = find_traces(program, asker, harbour)
        moderation.remove_bot(program.discord.world, harbour)
        await wait_until(lambda: not find_traces(program, asker, harbour))
        program.send(signal.SIGTERM)
        await program.wait_for_exit()
    return Deletions(
        pseudonym=Pseudonymizer.from_folder(program.data_dir).pseudonymize(asker.id),
        server=str(harbour.id),
        confirmation=read(confirmation),
        before=before,
        after_person=after_person,
        after=find_traces(program, asker, harbour),
        log=program.log,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RowCounts:
    """The number of rows about a server in each table, at each stage of a scene."""

    before: Mapping[str, int]
    after_outage: Mapping[str, int]
    after_leaving: Mapping[str, int]
    once_back: Mapping[str, int]


async def leave_and_come_back(folder: Path) -> RowCounts:
    """Make a server unavailable for a moment; then remove the bot, and add it again."""
    async with prepare_program(folder) as program:
        await program.start()
        world, harbour = program.discord.world, program.discord.find_guild()
        await leave_traces(program)

        before = count_rows(program, harbour)
        moderation.start_outage(world, harbour)
        moderation.end_outage(world, harbour)
        await ask_by_mention(
            program.discord,
            add_member(program.discord),
            program.discord.find_channel("general", "Lighthouse"),
            river.QUESTION,
        )
        after_outage = count_rows(program, harbour)
        moderation.remove_bot(world, harbour)
        await wait_until(lambda: "servers_left" in count_rows(program, harbour))
        after_leaving = count_rows(program, harbour)
        moderation.add_bot(world, program.discord.find_guild())
        await wait_until(lambda: count_rows(program, harbour) == before)
        once_back = count_rows(program, harbour)
    return RowCounts(
        before=before, after_outage=after_outage, after_leaving=after_leaving, once_back=once_back
    )


async def leave_while_off(folder: Path) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """Return the rows about a server left while the bot was off, and about one out of reach."""
    async with prepare_program(folder, shards=2) as program:
        await program.start()
        discord = program.discord
        harbour, lighthouse = discord.find_guild("Harbour"), discord.find_guild("Lighthouse")
        await leave_traces(program)
        await ask_by_mention(
            discord,
            add_member(discord),
            discord.find_channel("general", "Lighthouse"),
            river.QUESTION,
        )
        await program.kill()

        moderation.remove_bot(discord.world, discord.find_guild("Harbour"))
        moderation.start_outage(discord.world, discord.find_guild("Lighthouse"))
        await program.start()
        await wait_until(lambda: "servers_left" in count_rows(program, harbour))
    return count_rows(program, harbour), count_rows(program, lighthouse)


async def leave_while_a_shard_is_away(folder: Path) -> Mapping[str, int]:
    """Remove the bot while its shard gets no events, and return the rows about the server."""
    async with prepare_program(folder, settings=AT_ONCE) as program:
        await program.start()
        discord = program.discord
        harbour = discord.find_guild()
        await leave_traces(program)

        discord.world.listeners.remove(discord.gateway.dispatch)
        moderation.remove_bot(discord.world, harbour)
        discord.world.listeners.append(discord.gateway.dispatch)
        discord.gateway.invalidate_sessions()
        await wait_until(lambda: not count_rows(program, harbour))
    return count_rows(program, harbour)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgottenServer:
    """The results of a scene in which an operator deletes a server's data.

    Attributes:
        server: The id of the server.
        code: The exit code of the command.
        row_counts: The number of rows about the server after the command.
        is_in_files: Whether its id stood in the database's files.
        answer: The bot's later answer in the server.
        log: The log of the bot and the command.
    """

    server: str
    code: int
    row_counts: Mapping[str, int]
    is_in_files: bool
    answer: str
    log: str


async def forget_on_demand(folder: Path) -> ForgottenServer:
    """Delete a server's data while the bot runs, and ask a question there again."""
    async with prepare_program(folder) as program:
        await program.start()
        harbour = program.discord.find_guild()
        await leave_traces(program)

        code = await program.run("forget-server", str(harbour.id))
        row_counts = count_rows(program, harbour)
        is_in_files = str(harbour.id).encode() in read_bytes(program.data_dir / DATABASE_FILE)
        asker, books = add_member(program.discord), program.discord.find_channel("books")
        answer = await ask_by_mention(program.discord, asker, books, river.QUESTION)
    return ForgottenServer(
        server=str(harbour.id),
        code=code,
        row_counts=row_counts,
        is_in_files=is_in_files,
        answer=read(answer),
        log=program.log,
    )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def play(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Play]:
    folder = tmp_path_factory.mktemp("privacy")
    scenes = (
        forget_both,
        leave_and_come_back,
        leave_while_off,
        leave_while_a_shard_is_away,
        forget_on_demand,
    )
    async with play_side_by_side(folder, *scenes) as play:
        yield play


async def test_nothing_is_left_of_a_person_and_a_server_once_both_are_forgotten(
    play: Play,
) -> None:
    scene = await play(forget_both)

    assert {scene.pseudonym, scene.server} <= set(scene.before)
    assert re.fullmatch(r"Deleted: \d answers and 2 votes\.\n.*", scene.confirmation)
    assert scene.pseudonym not in scene.after_person
    assert scene.after == []
    assert "Traceback" not in scene.log


async def test_a_server_is_kept_for_a_while_after_the_bot_left_and_for_good_once_it_is_back(
    play: Play,
) -> None:
    rows = await play(leave_and_come_back)

    assert rows.before.keys() == {"answers_shown", "servers", "subscriptions"}
    assert rows.after_outage == rows.before
    assert rows.after_leaving == {**rows.before, "servers_left": 1}
    assert rows.once_back == rows.before


async def test_a_server_that_was_left_while_the_bot_was_off_counts_as_left_from_its_start(
    play: Play,
) -> None:
    harbour, lighthouse = await play(leave_while_off)

    assert harbour["servers_left"] == 1
    assert lighthouse == {"answers_shown": 1}


async def test_a_server_that_was_left_while_a_shard_was_away_counts_as_left(play: Play) -> None:
    assert await play(leave_while_a_shard_is_away) == {}


async def test_a_server_is_forgotten_on_demand_while_the_bot_runs(play: Play) -> None:
    scene = await play(forget_on_demand)

    assert (scene.code, scene.row_counts, scene.is_in_files) == (0, {}, False)
    assert f"Nothing is stored about the server {scene.server} now." in scene.log
    assert river.QUOTES["fulda"] in scene.answer
