"""What is kept about people and servers, and that nothing is left of those who are forgotten."""

import asyncio
import re
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from bot.app import DATABASE_NAME
from bot.local_discord import moderation
from bot.local_discord.people import Person
from bot.local_discord.values import Channel, Guild, Message
from bot.people.pseudonyms import Pseudonyms
from tests.scenario import river
from tests.scenario.starting import (
    ANSWER_SECONDS,
    Program,
    a_member,
    mentioned,
    prepared,
    pressed,
    read,
    slashed,
)

AT_ONCE = {"DATELINE_PRIVACY__LEFT_SERVER_DAYS": "0"}
NOTICE_SECONDS = 10.0
ABOUT_SERVERS = ("answers_shown", "servers", "servers_left", "subscriptions")


async def commanded(person: Person, channel: Channel, name: str, **options: object) -> Message:
    """The answer to a command."""
    acted = await person.slash(name, channel=channel, **options)
    return await person.answer_to(acted, timeout=ANSWER_SECONDS)


async def used_by_all(program: Program) -> Person:
    """A person did all that leaves something behind, in a server whose settings were all set."""
    discord = program.discord
    general, asker, mod = discord.channel("general"), a_member(discord), discord.member("mod")
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
    await commanded(asker, asker.direct_messages, "ask", question=river.QUESTION)
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
        Pseudonyms.of_folder(program.data_dir).of(person.id),
        *map(str, (person.id, server.id, person.direct_messages.id, *channels)),
    ]
    texts, raw = "\n".join(every_text(database)), every_byte(database)
    numbers = [str(number) for number in (person.id, server.id) if number.to_bytes(8, "big") in raw]
    return [each for each in telling if each in texts or each.encode() in raw] + numbers


async def seen(is_so: Callable[[], bool]) -> bool:
    """Whether it is so in the end, at most NOTICE_SECONDS later."""
    for _ in range(int(NOTICE_SECONDS / 0.1)):
        if is_so():
            return True
        await asyncio.sleep(0.1)
    return False


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


async def test_nothing_is_left_of_a_person_and_a_server_once_both_are_forgotten(
    tmp_path: Path,
) -> None:
    async with prepared(tmp_path, settings=AT_ONCE) as program:
        await program.start()
        harbour = program.discord.guild()
        asker = await used_by_all(program)
        before = traces(program, asker, harbour)

        told = await commanded(asker, asker.direct_messages, "privacy delete")
        after_person = traces(program, asker, harbour)
        moderation.remove_bot(program.discord.world, harbour)
        is_forgotten = await seen(lambda: not traces(program, asker, harbour))
        program.send(signal.SIGTERM)
        await program.exit_code()

    pseudonym = Pseudonyms.of_folder(program.data_dir).of(asker.id)
    assert {pseudonym, str(harbour.id)} <= set(before)
    assert re.fullmatch(r"Deleted: \d answers and 2 votes\.\n.*", read(told))
    assert pseudonym not in after_person
    assert is_forgotten
    assert traces(program, asker, harbour) == []
    assert "Traceback" not in program.log


async def test_a_server_is_kept_for_a_while_after_the_bot_left_and_for_good_once_it_is_back(
    tmp_path: Path,
) -> None:
    async with prepared(tmp_path) as program:
        await program.start()
        world, harbour = program.discord.world, program.discord.guild()
        await used_by_all(program)

        before = rows_about(program, harbour)
        moderation.take_down(world, harbour)
        moderation.bring_back(world, harbour)
        await mentioned(
            program.discord,
            a_member(program.discord),
            program.discord.channel("general", "Lighthouse"),
            river.QUESTION,
        )
        after_outage = rows_about(program, harbour)
        moderation.remove_bot(world, harbour)
        is_marked = await seen(lambda: "servers_left" in rows_about(program, harbour))
        after_leaving = rows_about(program, harbour)
        moderation.add_bot(world, program.discord.guild())
        is_back = await seen(lambda: rows_about(program, harbour) == before)

    assert before.keys() == {"answers_shown", "servers", "subscriptions"}
    assert after_outage == before
    assert is_marked
    assert after_leaving == {**before, "servers_left": 1}
    assert is_back


async def test_a_server_that_was_left_while_the_bot_was_off_counts_as_left_from_its_start(
    tmp_path: Path,
) -> None:
    async with prepared(tmp_path, shards=2) as program:
        await program.start()
        discord = program.discord
        harbour, lighthouse = discord.guild("Harbour"), discord.guild("Lighthouse")
        await used_by_all(program)
        await mentioned(
            discord, a_member(discord), discord.channel("general", "Lighthouse"), river.QUESTION
        )
        await program.kill()

        moderation.remove_bot(discord.world, discord.guild("Harbour"))
        moderation.take_down(discord.world, discord.guild("Lighthouse"))
        await program.start()
        is_marked = await seen(lambda: "servers_left" in rows_about(program, harbour))

    assert is_marked
    assert rows_about(program, lighthouse) == {"answers_shown": 1}


async def test_a_server_that_was_left_while_a_shard_was_away_counts_as_left(
    tmp_path: Path,
) -> None:
    async with prepared(tmp_path, settings=AT_ONCE) as program:
        await program.start()
        discord = program.discord
        harbour = discord.guild()
        await used_by_all(program)

        discord.world.watchers.remove(discord.gateway.tell)
        moderation.remove_bot(discord.world, harbour)
        discord.world.watchers.append(discord.gateway.tell)
        discord.gateway.invalidate()
        is_forgotten = await seen(lambda: not rows_about(program, harbour))

    assert is_forgotten


async def test_a_server_is_forgotten_on_demand_while_the_bot_runs(tmp_path: Path) -> None:
    async with prepared(tmp_path) as program:
        await program.start()
        harbour = program.discord.guild()
        await used_by_all(program)

        code = await program.run("forget-server", str(harbour.id))
        left = rows_about(program, harbour)
        in_files = str(harbour.id).encode() in every_byte(program.data_dir / DATABASE_NAME)
        asker, general = a_member(program.discord), program.discord.channel("books")
        answer = await mentioned(program.discord, asker, general, river.QUESTION)

    assert (code, left, in_files) == (0, {}, False)
    assert f"Nothing is kept about the server {harbour.id} now" in program.log
    assert river.TOLD["fulda"] in read(answer)
