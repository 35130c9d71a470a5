"""Alerts, told by the real program: once, whatever ends or fails, and no more than was asked for."""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.app import DATABASE_NAME
from bot.digest.delivery import LEASE
from bot.local_discord import moderation
from bot.local_discord.people import Person
from bot.local_discord.values import Channel, Message
from bot.retrieval.article import Article
from tests.builders import a_json_lines_file, an_article
from tests.scenario.starting import ANSWER_SECONDS, Program, a_member, prepared, pressed, read

ADD = "Add this alert"
TOLD_SECONDS = 20.0 + LEASE.total_seconds()
MESSAGES = "POST /channels/*/messages"
SETTLED = 1.5
"""Seconds in which a second message would come: the alerts are looked through each second."""


def news(number: int = 1) -> Article:
    return an_article(
        f"Since Monday the river rose by {number} metres at the old bridge of Halle.",
        id=f"news-{number}",
        title=f"News {number}",
        published_on=datetime.now(UTC).date(),  # noqa: TID251 - the program's clock
    )


async def commanded(person: Person, channel: Channel, name: str, **options: object) -> Message:
    """The answer to a command."""
    acted = await person.slash(name, channel=channel, **options)
    return await person.answer_to(acted, timeout=ANSWER_SECONDS)


async def with_alert(
    program: Program, person: Person, where: str, *, channel: Channel | None = None
) -> None:
    """The person adds an alert."""
    place = channel or program.discord.channel("general")
    shown = await commanded(person, place, "alerts add", query="river bridge", where=where)
    said = await pressed(person, shown, ADD)
    assert "Added" in read(said)


async def come_in(program: Program, *articles: Article) -> None:
    """Another process takes the articles in."""
    path = a_json_lines_file(program.data_dir.parent / "news.jsonl", articles)
    assert await program.run("ingest", str(path)) == 0


def told(program: Program, channel: Channel) -> list[Message]:
    """What the bot posted there by itself."""
    messages = program.discord.messages(channel)
    return [m for m in messages if m.author_id == program.discord.world.bot.id and not m.cause]


async def once_told(program: Program, channel: Channel) -> list[Message]:
    """What stands there once something was told, and some time after."""
    await program.discord.wait_for(lambda: bool(told(program, channel)), TOLD_SECONDS)
    await asyncio.sleep(SETTLED)
    return told(program, channel)


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


async def test_a_person_and_a_channel_are_told_once_of_what_came_in(tmp_path: Path) -> None:
    async with prepared(tmp_path) as program:
        await program.start()
        discord = program.discord
        asker, mod, general = a_member(discord), discord.member("mod"), discord.channel("general")
        await with_alert(program, asker, "me")
        await with_alert(program, mod, "this channel")

        await come_in(program, news())
        own = await once_told(program, asker.direct_messages)
        of_server = await once_told(program, general)
        await program.kill()
        await program.start()
        await come_in(program, replace(news(), body="The river at the bridge fell again."))
        await asyncio.sleep(SETTLED)

    assert [read(each).splitlines()[0] for each in (*own, *of_server)] == [
        "1 new article for your alert",
        "1 new article for this channel's alert",
    ]
    assert all(news().body in read(each) for each in (*own, *of_server))
    assert not any(each.pings.users or each.pings.everyone for each in (*own, *of_server))
    assert len(told(program, general)) == len(told(program, asker.direct_messages)) == 1
    assert "Traceback" not in program.log


@pytest.mark.parametrize(
    ("where", "is_taken"),
    [("me", False), ("this channel", True)],
    ids=["claim and post", "post and record"],
)
async def test_one_killed_between_two_steps_leaves_one_message(
    tmp_path: Path,
    where: str,
    is_taken: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    async with prepared(tmp_path) as program:
        await program.start()
        discord = program.discord
        mod = discord.member("mod")
        channel = mod.direct_messages if where == "me" else discord.channel("general")
        await with_alert(program, mod, where)
        if is_taken:
            discord.faults.lose_answer(MESSAGES, times=9)
        else:
            discord.faults.delay(30.0, MESSAGES)

        await come_in(program, news())
        await become(program, "claimed")
        if is_taken:
            await discord.wait_for(lambda: bool(told(program, channel)), TOLD_SECONDS)
        await program.kill()
        before = len(told(program, channel))
        discord.faults.clear()
        await program.start()
        messages = await once_told(program, channel)
        await become(program, "posted")

    assert before == is_taken
    assert len(messages) == 1
    assert news().body in read(messages[0])


async def test_where_nothing_may_be_posted_the_alert_is_paused_and_says_why(
    tmp_path: Path,
) -> None:
    async with prepared(tmp_path) as program:
        await program.start()
        discord = program.discord
        asker, mod, books = a_member(discord), discord.member("mod"), discord.channel("books")
        await with_alert(program, asker, "me")
        await with_alert(program, mod, "this channel", channel=books)
        await with_alert(program, mod, "this channel")
        moderation.close_direct_messages(discord.world, asker.user)
        moderation.delete_channel(discord.world, books)

        await come_in(program, news())
        messages = await once_told(program, discord.channel("general"))
        own = await commanded(asker, discord.channel("general"), "alerts list")
        of_server = await commanded(mod, discord.channel("general"), "alerts list")

    assert len(messages) == 1
    assert "paused by me: Direct messages from me are not taken there." in read(own)
    assert "paused by me: The channel is gone." in read(of_server)
    assert str(asker.direct_messages.id) not in program.log


async def test_nothing_of_a_person_s_alert_is_left_once_they_have_it_deleted(
    tmp_path: Path,
) -> None:
    async with prepared(tmp_path) as program:
        await program.start()
        asker, general = a_member(program.discord), program.discord.channel("general")
        await with_alert(program, asker, "me")
        await come_in(program, news())
        await once_told(program, asker.direct_messages)
        database = program.data_dir / DATABASE_NAME

        shown = await commanded(asker, general, "privacy show")
        before = _bytes(database)
        forgotten = await commanded(asker, general, "privacy delete")
        after = _bytes(database)

    assert "“river bridge”" in read(shown)
    assert "1 alert" in read(forgotten)
    traces = (b"river bridge", str(asker.direct_messages.id).encode())
    assert all(trace in before for trace in traces)
    assert not any(trace in after for trace in traces)


def _bytes(database: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(database.parent.glob(f"{database.name}*")))
