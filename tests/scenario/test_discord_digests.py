"""Digests by the real program: each arrives once, whatever is killed, lost or set back meanwhile."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path

import pytest
import pytest_asyncio

from bot.local_discord.server import LocalDiscord
from bot.local_discord.world.constants import MessageFlag
from bot.local_discord.world.records import Channel, Message, MessageButton
from bot.local_discord.world.world import NONCE_SECONDS
from bot.model.delivery import Delivery, DeliveryState
from bot.model.subscription import SubscriptionState
from bot.store.database import DATABASE_NAME, Database
from bot.store.deliveries import DeliveryStore
from bot.store.subscriptions import SubscriptionStore
from tests.builders import an_article
from tests.digest.builders import a_subscription
from tests.scenario.starting import Play, Program, prepared, read, side_by_side

pytestmark = pytest.mark.asyncio(loop_scope="module")

NINE = datetime(2026, 3, 4, 9, tzinfo=UTC)
"""When all of them are due; what they tell came in the day before."""

POLLED = ("general", "books", "a-thread", "lounge")

NEWS = "The lighthouse of Brest was repainted in one night by forty volunteers from the harbour."
ARTICLE = an_article(NEWS, id="brest", title="Brest", published_on=date(2026, 3, 3))
BEGUN = datetime(2026, 3, 3, 11, tzinfo=UTC)

SECONDS = 30.0
LEAD_SECONDS = 6
"""Within so long the bot is ready, also where others start beside it."""

SETTLED_SECONDS = 2.0
"""After so long nothing more is posted: what is due is looked for twice a second."""


async def subscribe(
    program: Program, name: str, at: time_of_day = time_of_day(9), **others: object
) -> None:
    """A digest in the channel of this name, of the same name."""
    channel = program.discord.find_channel(name)
    wanted = a_subscription(
        guild=str(channel.guild_id),
        channel=str(channel.id),
        name=name,
        time_of_day=at,
        begins_at=BEGUN,
    )
    async with Database.open(program.data_dir / DATABASE_NAME) as database:
        wished = replace(wanted, **others)  # type: ignore[arg-type]  # one field's type each
        assert await SubscriptionStore(database).add(wished, limit=99)


async def row_of(program: Program, name: str) -> Delivery | None:
    """The delivery of the digest in that channel on the day."""
    guild = str(program.discord.find_guild().id)
    async with Database.open(program.data_dir / DATABASE_NAME) as database:
        (digest,) = [
            each
            for each in await SubscriptionStore(database).find_by_guild(guild)
            if each.name == name
        ]
        return await DeliveryStore(database).find_by_day(digest.id, NINE.date())


async def state_of(program: Program, name: str) -> SubscriptionState:
    guild = str(program.discord.find_guild().id)
    async with Database.open(program.data_dir / DATABASE_NAME) as database:
        digests = await SubscriptionStore(database).find_by_guild(guild)
    return next(each.state for each in digests if each.name == name)


async def start(program: Program, *, seconds: float) -> None:
    """Starts the bot so many seconds before or after the digests are due."""
    await program.start("--as-of", (NINE + timedelta(seconds=seconds)).isoformat())


def messages(discord: LocalDiscord, name: str) -> Sequence[Message]:
    """The digests that stand in the channel."""
    there = discord.get_messages(discord.find_channel(name))
    return [each for each in there if any(map(is_of_digest, each.buttons))]


def is_of_digest(button: MessageButton) -> bool:
    return (button.custom_id or "").startswith("d:digest:")


async def arrival(discord: LocalDiscord, name: str) -> Message:
    """The first message of the channel, once it is there."""
    return (await discord.wait_for(lambda: messages(discord, name), SECONDS))[0]


async def asked_for(discord: LocalDiscord, channel: Channel, status: int) -> None:
    """Somebody tried to post in the channel, and got this status."""
    path = f"/channels/{channel.id}/messages"
    await discord.wait_for(
        lambda: any(
            (each.method, each.path, each.status) == ("POST", path, status)
            for each in discord.world.exchanges
        ),
        SECONDS,
    )


async def settled(program: Program, *names: str) -> None:
    """Each of the digests has its message on record."""
    for name in names:
        until = time.perf_counter() + SECONDS
        while not ((row := await row_of(program, name)) and row.message_id):
            assert time.perf_counter() < until, name
            await asyncio.sleep(0.2)


def posting_in(discord: LocalDiscord, name: str) -> str:
    return f"POST /channels/{discord.find_channel(name).id}/messages"


async def killed(folder: Path) -> Program:
    """The bot after it was killed while its digests were each at another point."""
    async with prepared(folder, [ARTICLE]) as program:
        discord = program.discord
        await subscribe(program, "stage", time_of_day(9, 0, 30))
        for name in ("general", "books", "a-thread", "no-history"):
            await subscribe(program, name)
        discord.faults.fail_with(503, posting_in(discord, "general"), times=99)
        discord.faults.fail_after_executing(503, posting_in(discord, "books"), times=99)
        discord.faults.fail_after_executing(503, posting_in(discord, "no-history"), times=99)
        await start(program, seconds=-LEAD_SECONDS)
        await asked_for(discord, discord.find_channel("general"), 503)
        await arrival(discord, "books")
        await arrival(discord, "no-history")
        await settled(program, "a-thread")
        await program.kill()
        discord.faults.clear()
        discord.clock.advance(NONCE_SECONDS)
        await start(program, seconds=60)
        await settled(program, "general", "books", "a-thread", "stage")
        await asyncio.sleep(SETTLED_SECONDS)
    return program


async def troubled(folder: Path) -> Program:
    """The bot after each of its digests met another trouble of the network, or of its channel."""
    async with prepared(folder, [ARTICLE]) as program:
        discord = program.discord
        role = discord.find_guild().roles[1]
        for name in ("general", "books", "a-thread", "lounge", "read-only"):
            await subscribe(program, name)
        await subscribe(program, "announcements", mention_role=str(role.id))
        discord.faults.fail_after_executing(500, posting_in(discord, "general"))
        discord.faults.delay(8.5, posting_in(discord, "books"))
        discord.faults.drop_response(posting_in(discord, "a-thread"))
        await start(program, seconds=-LEAD_SECONDS)
        await program.ready()
        discord.gateway.drop_connections()
        await settled(program, "general", "books", "a-thread", "lounge", "announcements")
        await asyncio.sleep(SETTLED_SECONDS)
    return program


async def polled_twice(folder: Path) -> Program:
    """The bot after another polled its database beside it."""
    async with prepared(folder, [ARTICLE]) as program:
        for name in POLLED:
            await subscribe(program, name)
        other = Program(program.discord, folder / "other", {})
        other.data_dir.mkdir(parents=True)
        (other.data_dir / DATABASE_NAME).symlink_to(program.data_dir / DATABASE_NAME)
        try:
            await asyncio.gather(*(start(each, seconds=-LEAD_SECONDS) for each in (program, other)))
            await asyncio.gather(program.ready(), other.ready())
            await settled(program, *POLLED)
            await asyncio.sleep(SETTLED_SECONDS)
        finally:
            await other.close()
    return program


async def set_back_and_forward(folder: Path) -> Program:
    """The bot after its clock was set, earlier and later."""
    async with prepared(folder, [ARTICLE]) as program:
        await subscribe(program, "general")
        await start(program, seconds=1)
        await settled(program, "general")
        for seconds in (-7200, 50_000, 60):
            await program.kill()
            await start(program, seconds=seconds)
            await program.ready()
            await asyncio.sleep(SETTLED_SECONDS)
    return program


async def moved_to_another_zone(folder: Path) -> Program:
    """The bot after it was killed with a claim open, and the digest's zone was set anew."""
    async with prepared(folder, [ARTICLE]) as program:
        await subscribe(program, "general")
        discord = program.discord
        discord.faults.fail_after_executing(503, posting_in(discord, "general"), times=99)
        await start(program, seconds=-3)
        await arrival(discord, "general")
        await program.kill()
        discord.faults.clear()
        discord.clock.advance(NONCE_SECONDS)
        mod = discord.find_person("mod")
        await start(program, seconds=60)
        acted = await mod.run_command(
            "digest set",
            channel=discord.find_channel("books"),
            channel_=discord.find_channel("general"),
            time="09:00",
            name="general",
            timezone="Pacific/Honolulu",
        )
        await mod.wait_for_answer(acted, timeout=SECONDS)
        await settled(program, "general")
        await asyncio.sleep(SETTLED_SECONDS)
    return program


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def play(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Play]:
    folder = tmp_path_factory.mktemp("digests")
    scenes = (killed, troubled, polled_twice, set_back_and_forward, moved_to_another_zone)
    async with side_by_side(folder, *scenes) as play:
        yield play


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("stage", id="before the claim"),
        pytest.param("general", id="between claim and post"),
        pytest.param("books", id="between post and record"),
        pytest.param("a-thread", id="after the record"),
    ],
)
async def test_a_bot_that_is_killed_posts_one_message(play: Play, name: str) -> None:
    program = await play(killed)

    row = await row_of(program, name)
    (message,) = messages(program.discord, name)

    assert row
    assert (row.state, row.message_id) == (DeliveryState.POSTED, str(message.id))
    assert NEWS in read(message)
    assert [each.custom_id for each in message.buttons if each.label == "Why these?"] == [
        f"d:digest:{row.key}"
    ]


async def test_a_bot_that_was_killed_and_may_not_read_history_posts_nothing_again(
    play: Play,
) -> None:
    program = await play(killed)

    row = await row_of(program, "no-history")
    assert row
    assert row.state is DeliveryState.UNCERTAIN
    assert "message history" in (row.reason or "")
    assert len(messages(program.discord, "no-history")) == 1


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("general", id="a 500 after the message was stored"),
        pytest.param("books", id="a timeout"),
        pytest.param("a-thread", id="a lost answer"),
        pytest.param("lounge", id="a dropped gateway"),
    ],
)
async def test_trouble_with_the_network_brings_one_message(play: Play, name: str) -> None:
    program = await play(troubled)

    row = await row_of(program, name)
    (message,) = messages(program.discord, name)

    assert row
    assert (row.state, row.message_id) == (DeliveryState.POSTED, str(message.id))


async def test_a_lone_digest_is_posted_within_5_s(play: Play) -> None:
    program = await play(troubled)

    row = await row_of(program, "lounge")
    assert row
    assert row.posted_at
    assert timedelta(0) <= row.posted_at - NINE < timedelta(seconds=5)


async def test_an_announcement_is_published_and_mentions_the_one_role(play: Play) -> None:
    program = await play(troubled)

    (message,) = messages(program.discord, "announcements")
    role = program.discord.find_guild().roles[1]
    assert MessageFlag.CROSSPOSTED in message.flags
    assert (message.pings.users, message.pings.roles) == ((), (role.id,))
    assert not message.pings.everyone


async def test_a_closed_channel_pauses_its_digest_and_admins_are_told_once(
    play: Play,
) -> None:
    program = await play(troubled)

    everywhere = program.discord.world.messages.values()
    told = [each for each in everywhere if "“read-only” is paused" in read(each)]
    row = await row_of(program, "read-only")
    assert row
    assert row.state is DeliveryState.FAILED
    assert await state_of(program, "read-only") is SubscriptionState.SUSPENDED
    assert len(told) == 1


async def test_two_pollers_on_one_database_post_one_message(play: Play) -> None:
    program = await play(polled_twice)

    counts = {name: len(messages(program.discord, name)) for name in POLLED}
    assert counts == dict.fromkeys(POLLED, 1)


async def test_a_clock_set_back_and_forward_brings_one_message_a_day(play: Play) -> None:
    program = await play(set_back_and_forward)

    assert len(messages(program.discord, "general")) == 1


async def test_a_zone_that_changes_while_a_claim_is_open_brings_one_message(play: Play) -> None:
    program = await play(moved_to_another_zone)

    assert len(messages(program.discord, "general")) == 1
