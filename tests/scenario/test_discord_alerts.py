"""Alerts, told by the real program: once, whatever ends or fails, and no more than was asked for."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from bot.delivery.outbox import LEASE
from bot.digest.alert_rules import COOLDOWN
from bot.local_discord.world import administration as moderation
from bot.local_discord.world.person import Person
from bot.local_discord.world.records import Channel, Message
from bot.local_discord.world.world import NONCE_SECONDS
from bot.model.article import Article
from bot.runtime.clock import system_clock
from bot.store.database import DATABASE_NAME
from tests.builders import a_json_lines_file, an_article
from tests.scenario.starting import (
    ANSWER_SECONDS,
    Play,
    Program,
    Scene,
    a_member,
    prepared,
    pressed,
    read,
    side_by_side,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

ADD = "Add this alert"
TOLD_SECONDS = 20.0
SETTLED_SECONDS = 2.0
"""In so long a second message would come: the alerts are looked through each second."""


def news(number: int = 1) -> Article:
    return an_article(
        f"Since Monday the river rose by {number} metres at the old bridge of Halle.",
        id=f"news-{number}",
        title=f"News {number}",
        published_on=system_clock().date(),
    )


async def commanded(person: Person, channel: Channel, name: str, **options: object) -> Message:
    """The answer to a command."""
    acted = await person.run_command(name, channel=channel, **options)
    return await person.wait_for_answer(acted, timeout=ANSWER_SECONDS)


async def with_alert(
    program: Program, person: Person, where: str, *, channel: Channel | None = None
) -> None:
    """The person adds an alert."""
    place = channel or program.discord.find_channel("general")
    shown = await commanded(person, place, "alerts add", query="river bridge", where=where)
    said = await pressed(person, shown, ADD)
    assert "Added" in read(said)


async def come_in(program: Program, *articles: Article) -> None:
    """Another process takes the articles in."""
    path = a_json_lines_file(program.data_dir.parent / "news.jsonl", articles)
    assert await program.run("ingest", str(path)) == 0


def told(program: Program, channel: Channel) -> list[Message]:
    """What the bot posted there by itself."""
    messages = program.discord.get_messages(channel)
    return [
        m
        for m in messages
        if m.author_id == program.discord.world.bot.id and not m.interaction_metadata
    ]


async def tells(program: Program, channel: Channel) -> None:
    """Something is told there."""
    await program.discord.wait_for(lambda: bool(told(program, channel)), TOLD_SECONDS)


def claims(program: Program) -> list[str]:
    """What became of each message."""
    database = program.data_dir / DATABASE_NAME
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        rows = connection.execute("SELECT state FROM alert_messages ORDER BY claimed_at")
        return [state for (state,) in rows]


async def become(program: Program, *states: str) -> None:
    async with asyncio.timeout(TOLD_SECONDS):
        while claims(program) != [*states]:  # noqa: ASYNC110 - another process writes them
            await asyncio.sleep(0.05)


async def start_later(program: Program, by: timedelta) -> None:
    """Starts the bot when so much time is over."""
    await program.start("--as-of", (system_clock() + by).isoformat())


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a scene left.

    Attributes:
        program: The bot, which has ended.
        own: What a person was told in direct messages.
        of_server: What was told in a channel.
    """

    program: Program
    own: list[Message]
    of_server: list[Message]


async def both_told(folder: Path) -> Told:
    """What came in was told, and revised when nothing more kept the bot from telling it again."""
    async with prepared(folder) as program:
        await program.start()
        discord = program.discord
        asker, mod, general = (
            a_member(discord),
            discord.find_person("mod"),
            discord.find_channel("general"),
        )
        await with_alert(program, asker, "me")
        await with_alert(program, mod, "this channel")

        await come_in(program, news())
        await tells(program, asker.direct_channel)
        await tells(program, general)
        await asyncio.sleep(SETTLED_SECONDS)
        await program.kill()
        await start_later(program, COOLDOWN)
        await program.ready()
        await come_in(program, replace(news(), body="The river at the bridge fell again."))
        await asyncio.sleep(SETTLED_SECONDS)
    return Told(
        program=program, own=told(program, asker.direct_channel), of_server=told(program, general)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Killed:
    """How many messages stood there when the bot was killed, and which did in the end."""

    count_before: int
    messages: list[Message]


async def killed_before_the_post(folder: Path) -> Killed:
    """The bot was killed with a message claimed that Discord had not taken."""
    async with prepared(folder) as program:
        channel = program.discord.find_person("mod").direct_channel
        program.discord.faults.fail_with(503, posting_in(channel), times=99)
        return await killed(program, "me", channel)


async def killed_before_the_record(folder: Path) -> Killed:
    """The bot was killed with a message posted of which it had no word."""
    async with prepared(folder) as program:
        channel = program.discord.find_channel("general")
        program.discord.faults.drop_response(posting_in(channel), times=99)
        return await killed(program, "this channel", channel, is_taken=True)


async def killed(
    program: Program, where: str, channel: Channel, *, is_taken: bool = False
) -> Killed:
    """What became of a message that was claimed, and posted where Discord took it."""
    discord = program.discord
    await program.start()
    await with_alert(program, discord.find_person("mod"), where)
    await come_in(program, news())
    await become(program, "claimed")
    if is_taken:
        await tells(program, channel)
    await program.kill()
    before = len(told(program, channel))
    discord.faults.clear()
    discord.clock.advance(NONCE_SECONDS)
    await start_later(program, LEASE)
    await become(program, "posted")
    await asyncio.sleep(SETTLED_SECONDS)
    return Killed(count_before=before, messages=told(program, channel))


def posting_in(channel: Channel) -> str:
    return f"POST /channels/{channel.id}/messages"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What a scene left in which nothing could be posted in two of three places.

    Attributes:
        log: What the bot logged.
        person: Who takes no direct messages.
        messages: What was told in the third place.
        own: The person's list of alerts.
        of_server: The server's.
    """

    log: str
    person: Person
    messages: list[Message]
    own: Message
    of_server: Message


async def refused(folder: Path) -> Listed:
    """Alerts were told of which two could not be."""
    async with prepared(folder) as program:
        await program.start()
        discord = program.discord
        asker, mod, books = (
            a_member(discord),
            discord.find_person("mod"),
            discord.find_channel("books"),
        )
        general = discord.find_channel("general")
        await with_alert(program, asker, "me")
        await with_alert(program, mod, "this channel", channel=books)
        await with_alert(program, mod, "this channel")
        moderation.close_direct_messages(discord.world, asker.user)
        moderation.delete_channel(discord.world, books)

        await come_in(program, news())
        await tells(program, general)
        await asyncio.sleep(SETTLED_SECONDS)
        own = await commanded(asker, general, "alerts list")
        of_server = await commanded(mod, general, "alerts list")
    return Listed(
        log=program.log,
        person=asker,
        messages=told(program, general),
        own=own,
        of_server=of_server,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What a scene left in which a person was told, and had all of it deleted.

    Attributes:
        shown: What was kept, as they were shown it.
        said: What they were told of the deletion.
        traces: What would tell of them in the database.
        before: The database's bytes before.
        after: Those after.
    """

    shown: Message
    said: Message
    traces: tuple[bytes, ...]
    before: bytes
    after: bytes


async def forgotten(folder: Path) -> Forgotten:
    """A person was told, and had all that is kept of them deleted."""
    async with prepared(folder) as program:
        await program.start()
        asker, general = a_member(program.discord), program.discord.find_channel("general")
        await with_alert(program, asker, "me")
        await come_in(program, news())
        await tells(program, asker.direct_channel)
        await become(program, "posted")
        database = program.data_dir / DATABASE_NAME

        shown = await commanded(asker, general, "privacy show")
        before = _bytes(database)
        said = await commanded(asker, general, "privacy delete")
        after = _bytes(database)
    return Forgotten(
        shown=shown,
        said=said,
        traces=(b"river bridge", str(asker.direct_channel.id).encode()),
        before=before,
        after=after,
    )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def play(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Play]:
    folder = tmp_path_factory.mktemp("alerts")
    scenes = (both_told, killed_before_the_post, killed_before_the_record, refused, forgotten)
    async with side_by_side(folder, *scenes) as play:
        yield play


async def test_a_person_and_a_channel_are_told_once_of_what_came_in(play: Play) -> None:
    seen = await play(both_told)

    assert [read(each).splitlines()[0] for each in (*seen.own, *seen.of_server)] == [
        "1 new article for your alert",
        "1 new article for this channel's alert",
    ]
    assert all(news().body in read(each) for each in (*seen.own, *seen.of_server))
    assert not any(each.pings.users or each.pings.everyone for each in (*seen.own, *seen.of_server))
    assert "Traceback" not in seen.program.log


@pytest.mark.parametrize(
    ("scene", "is_taken"),
    [(killed_before_the_post, False), (killed_before_the_record, True)],
    ids=["claim and post", "post and record"],
)
async def test_one_killed_between_two_steps_leaves_one_message(
    play: Play,
    scene: Scene[Killed],
    is_taken: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    seen = await play(scene)

    assert seen.count_before == is_taken
    assert len(seen.messages) == 1
    assert news().body in read(seen.messages[0])


async def test_where_nothing_may_be_posted_the_alert_is_paused_and_says_why(play: Play) -> None:
    seen = await play(refused)

    assert len(seen.messages) == 1
    assert "paused by me: Direct messages from me are not taken there." in read(seen.own)
    assert "paused by me: The channel is gone." in read(seen.of_server)
    assert str(seen.person.direct_channel.id) not in seen.log


async def test_nothing_of_a_person_s_alert_is_left_once_they_have_it_deleted(play: Play) -> None:
    seen = await play(forgotten)

    assert "“river bridge”" in read(seen.shown)
    assert "1 alert" in read(seen.said)
    assert all(trace in seen.before for trace in seen.traces)
    assert not any(trace in seen.after for trace in seen.traces)


def _bytes(database: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(database.parent.glob(f"{database.name}*")))
