"""Alerts, posted by the real program: once, whatever ends or fails, and no more than that."""

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
from bot.runtime.clock import read_system_clock
from bot.store.database import DATABASE_FILE
from tests.builders import a_json_lines_file, an_article
from tests.scenario.starting import (
    Play,
    Program,
    Scene,
    add_member,
    play_side_by_side,
    prepare_program,
    press_button,
    read,
    run_command,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

ADD = "Add this alert"
POST_SECONDS = 20.0
SETTLE_SECONDS = 2.0
"""In so long a second message would come: the alerts are looked through each second."""


def make_news(number: int = 1) -> Article:
    return an_article(
        f"Since Monday the river rose by {number} metres at the old bridge of Halle.",
        id=f"news-{number}",
        title=f"News {number}",
        published_on=read_system_clock().date(),
    )


async def add_alert(
    program: Program, person: Person, where: str, *, channel: Channel | None = None
) -> None:
    """Add an alert of the person."""
    place = channel or program.discord.find_channel("general")
    preview = await run_command(person, place, "alerts add", query="river bridge", where=where)
    confirmation = await press_button(person, preview, ADD)
    assert "Alert added" in read(confirmation)


async def ingest(program: Program, *articles: Article) -> None:
    """Add the articles from another process."""
    path = a_json_lines_file(program.data_dir.parent / "news.jsonl", articles)
    assert await program.run("ingest", str(path)) == 0


def find_posts(program: Program, channel: Channel) -> list[Message]:
    """Return the bot's posts in the channel that answer no command."""
    messages = program.discord.get_messages(channel)
    return [
        message
        for message in messages
        if message.author_id == program.discord.world.bot.id and not message.interaction_metadata
    ]


async def wait_for_post(program: Program, channel: Channel) -> None:
    """Wait until the bot has posted something there."""
    await program.discord.wait_for(lambda: bool(find_posts(program, channel)), POST_SECONDS)


def list_states(program: Program) -> list[str]:
    """Return the state of each message, in the order of the claims."""
    database = program.data_dir / DATABASE_FILE
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        rows = connection.execute("SELECT state FROM alert_messages ORDER BY claimed_at")
        return [state for (state,) in rows]


async def wait_for_states(program: Program, *states: str) -> None:
    """Wait until the messages are in these states."""
    async with asyncio.timeout(POST_SECONDS):
        while list_states(program) != [*states]:  # noqa: ASYNC110 - another process writes them
            await asyncio.sleep(0.05)


async def start_later(program: Program, by: timedelta) -> None:
    """Start the bot with its clock ahead by this much."""
    await program.start("--as-of", (read_system_clock() + by).isoformat())


@dataclass(frozen=True, slots=True, kw_only=True)
class Posts:
    """The posts after a scene.

    Attributes:
        program: The bot, which has ended.
        direct: The posts in a person's direct messages.
        in_channel: The posts in a channel.
    """

    program: Program
    direct: list[Message]
    in_channel: list[Message]


async def post_to_both(folder: Path) -> Posts:
    """Post an alert to a person and a channel, and revise the article after the cooldown."""
    async with prepare_program(folder) as program:
        await program.start()
        discord = program.discord
        asker, mod, general = (
            add_member(discord),
            discord.find_person("mod"),
            discord.find_channel("general"),
        )
        await add_alert(program, asker, "me")
        await add_alert(program, mod, "this channel")

        await ingest(program, make_news())
        await wait_for_post(program, asker.direct_channel)
        await wait_for_post(program, general)
        await asyncio.sleep(SETTLE_SECONDS)
        await program.kill()
        await start_later(program, COOLDOWN)
        await program.wait_until_ready()
        await ingest(program, replace(make_news(), body="The river at the bridge fell again."))
        await asyncio.sleep(SETTLE_SECONDS)
    return Posts(
        program=program,
        direct=find_posts(program, asker.direct_channel),
        in_channel=find_posts(program, general),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PostsAfterKill:
    """The number of messages when the bot was killed, and the messages at the end."""

    count_before: int
    messages: list[Message]


async def kill_before_the_post(folder: Path) -> PostsAfterKill:
    """Kill the bot after it claimed a message that Discord refused."""
    async with prepare_program(folder) as program:
        channel = program.discord.find_person("mod").direct_channel
        program.discord.faults.fail_with(503, post_route(channel), times=99)
        return await kill_and_restart(program, "me", channel)


async def kill_before_the_record(folder: Path) -> PostsAfterKill:
    """Kill the bot after Discord stored a message but its response was lost."""
    async with prepare_program(folder) as program:
        channel = program.discord.find_channel("general")
        program.discord.faults.drop_response(post_route(channel), times=99)
        return await kill_and_restart(program, "this channel", channel, is_taken=True)


async def kill_and_restart(
    program: Program, where: str, channel: Channel, *, is_taken: bool = False
) -> PostsAfterKill:
    """Kill the bot with a claimed message, restart it, and return the posts."""
    discord = program.discord
    await program.start()
    await add_alert(program, discord.find_person("mod"), where)
    await ingest(program, make_news())
    await wait_for_states(program, "claimed")
    if is_taken:
        await wait_for_post(program, channel)
    await program.kill()
    count_before = len(find_posts(program, channel))
    discord.faults.clear()
    discord.clock.advance(NONCE_SECONDS)
    await start_later(program, LEASE)
    await wait_for_states(program, "posted")
    await asyncio.sleep(SETTLE_SECONDS)
    return PostsAfterKill(count_before=count_before, messages=find_posts(program, channel))


def post_route(channel: Channel) -> str:
    return f"POST /channels/{channel.id}/messages"


@dataclass(frozen=True, slots=True, kw_only=True)
class PausedAlerts:
    """The results of a scene with three alerts, two of them without a place to post.

    Attributes:
        log: The bot's log.
        person: A person with closed direct messages.
        messages: The posts in the third place.
        own_list: The person's list of alerts.
        server_list: The server's.
    """

    log: str
    person: Person
    messages: list[Message]
    own_list: Message
    server_list: Message


async def refuse_two_posts(folder: Path) -> PausedAlerts:
    """Fire three alerts; two of them can't be posted."""
    async with prepare_program(folder) as program:
        await program.start()
        discord = program.discord
        asker, mod, books = (
            add_member(discord),
            discord.find_person("mod"),
            discord.find_channel("books"),
        )
        general = discord.find_channel("general")
        await add_alert(program, asker, "me")
        await add_alert(program, mod, "this channel", channel=books)
        await add_alert(program, mod, "this channel")
        moderation.close_direct_messages(discord.world, asker.user)
        moderation.delete_channel(discord.world, books)

        await ingest(program, make_news())
        await wait_for_post(program, general)
        await asyncio.sleep(SETTLE_SECONDS)
        own_list = await run_command(asker, general, "alerts list")
        server_list = await run_command(mod, general, "alerts list")
    return PausedAlerts(
        log=program.log,
        person=asker,
        messages=find_posts(program, general),
        own_list=own_list,
        server_list=server_list,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion:
    """The results of a scene that notifies a person and then deletes their data.

    Attributes:
        shown: The answer to /privacy show.
        confirmation: The answer to /privacy delete.
        traces: Bytes that would identify them in the database.
        before: The database's bytes before.
        after: Those after.
    """

    shown: Message
    confirmation: Message
    traces: tuple[bytes, ...]
    before: bytes
    after: bytes


async def delete_personal_data(folder: Path) -> Deletion:
    """Notify a person, and delete all data stored about them."""
    async with prepare_program(folder) as program:
        await program.start()
        asker, general = add_member(program.discord), program.discord.find_channel("general")
        await add_alert(program, asker, "me")
        await ingest(program, make_news())
        await wait_for_post(program, asker.direct_channel)
        await wait_for_states(program, "posted")
        database = program.data_dir / DATABASE_FILE

        shown = await run_command(asker, general, "privacy show")
        before = _read_bytes(database)
        confirmation = await run_command(asker, general, "privacy delete")
        after = _read_bytes(database)
    return Deletion(
        shown=shown,
        confirmation=confirmation,
        traces=(b"river bridge", str(asker.direct_channel.id).encode()),
        before=before,
        after=after,
    )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def play(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Play]:
    folder = tmp_path_factory.mktemp("alerts")
    scenes = (
        post_to_both,
        kill_before_the_post,
        kill_before_the_record,
        refuse_two_posts,
        delete_personal_data,
    )
    async with play_side_by_side(folder, *scenes) as play:
        yield play


async def test_a_person_and_a_channel_are_notified_once_of_a_new_article(play: Play) -> None:
    posts = await play(post_to_both)

    messages = (*posts.direct, *posts.in_channel)
    assert [read(message).splitlines()[0] for message in messages] == [
        "1 new article for your alert",
        "1 new article for this channel's alert",
    ]
    assert all(make_news().body in read(message) for message in messages)
    assert not any(message.pings.users or message.pings.includes_everyone for message in messages)
    assert "Traceback" not in posts.program.log


@pytest.mark.parametrize(
    ("scene", "is_taken"),
    [(kill_before_the_post, False), (kill_before_the_record, True)],
    ids=["claim and post", "post and record"],
)
async def test_one_killed_between_two_steps_leaves_one_message(
    play: Play,
    scene: Scene[PostsAfterKill],
    is_taken: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    result = await play(scene)

    assert result.count_before == is_taken
    assert len(result.messages) == 1
    assert make_news().body in read(result.messages[0])


async def test_an_alert_that_can_not_be_posted_is_paused_and_says_why(play: Play) -> None:
    result = await play(refuse_two_posts)

    assert len(result.messages) == 1
    assert "paused by the bot. Direct messages from me are blocked." in read(result.own_list)
    assert "paused by the bot. The channel no longer exists." in read(result.server_list)
    assert str(result.person.direct_channel.id) not in result.log


async def test_nothing_of_a_person_s_alert_is_left_once_they_have_it_deleted(play: Play) -> None:
    result = await play(delete_personal_data)

    assert "“river bridge”" in read(result.shown)
    assert "1 alert" in read(result.confirmation)
    assert all(trace in result.before for trace in result.traces)
    assert not any(trace in result.after for trace in result.traces)


def _read_bytes(database: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(database.parent.glob(f"{database.name}*")))
