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
from bot.model.activity import ActivityState
from bot.model.delivery import Delivery, DeliveryState
from bot.store.database import DATABASE_FILE, Database
from bot.store.deliveries import DeliveryStore
from bot.store.subscriptions import SubscriptionStore
from tests.builders import an_article
from tests.digest.builders import a_subscription
from tests.scenario.starting import (
    Play,
    Program,
    play_side_by_side,
    prepare_program,
    read,
    run_command,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

NINE = datetime(2026, 3, 4, 9, tzinfo=UTC)
"""When all of them are due; what they tell came in the day before."""

POLLED = ("general", "books", "a-thread", "lounge")

NEWS = "The lighthouse of Brest was repainted in one night by forty volunteers from the harbour."
ARTICLE = an_article(NEWS, id="brest", title="Brest", published_on=date(2026, 3, 3))
BEGUN = datetime(2026, 3, 3, 11, tzinfo=UTC)

SECONDS = 30.0
LEAD_SECONDS = 6
"""How long before they are due the bot is started, so that it is ready by then."""

SETTLE_SECONDS = 2.0
"""After so long nothing more is posted: what is due is looked for twice a second."""


async def subscribe(
    program: Program, name: str, at: time_of_day = time_of_day(9), **others: object
) -> None:
    """Add a digest in the channel of this name, of the same name."""
    channel = program.discord.find_channel(name)
    subscription = a_subscription(
        guild=str(channel.guild_id),
        channel=str(channel.id),
        name=name,
        time_of_day=at,
        begins_at=BEGUN,
    )
    async with Database.open(program.data_dir / DATABASE_FILE) as database:
        subscription = replace(subscription, **others)  # type: ignore[arg-type]  # one field's type each
        assert await SubscriptionStore(database).add(subscription, limit=99)


async def find_delivery(program: Program, name: str) -> Delivery | None:
    """Return the delivery of the digest in that channel on the day."""
    guild = str(program.discord.find_guild().id)
    async with Database.open(program.data_dir / DATABASE_FILE) as database:
        (digest,) = [
            subscription
            for subscription in await SubscriptionStore(database).find_by_guild(guild)
            if subscription.name == name
        ]
        return await DeliveryStore(database).find_by_day(digest.id, NINE.date())


async def get_state(program: Program, name: str) -> ActivityState:
    """Return the state of the digest of this name."""
    guild = str(program.discord.find_guild().id)
    async with Database.open(program.data_dir / DATABASE_FILE) as database:
        digests = await SubscriptionStore(database).find_by_guild(guild)
    return next(digest.state for digest in digests if digest.name == name)


async def start(program: Program, *, seconds: float) -> None:
    """Start the bot so many seconds before or after the digests are due."""
    await program.start("--as-of", (NINE + timedelta(seconds=seconds)).isoformat())


def find_digests(discord: LocalDiscord, name: str) -> Sequence[Message]:
    """Return the digests that stand in the channel."""
    messages = discord.get_messages(discord.find_channel(name))
    return [message for message in messages if any(map(is_of_digest, message.buttons))]


def is_of_digest(button: MessageButton) -> bool:
    """Return whether the button stands below a digest."""
    return (button.custom_id or "").startswith("d:digest:")


async def wait_for_digest(discord: LocalDiscord, name: str) -> Message:
    """Wait for the first digest in the channel, and return it."""
    return (await discord.wait_for(lambda: find_digests(discord, name), SECONDS))[0]


async def wait_for_status(discord: LocalDiscord, channel: Channel, status: int) -> None:
    """Wait until a request to post in the channel got this status."""
    path = f"/channels/{channel.id}/messages"
    await discord.wait_for(
        lambda: any(
            (exchange.method, exchange.path, exchange.status) == ("POST", path, status)
            for exchange in discord.world.exchanges
        ),
        SECONDS,
    )


async def wait_for_records(program: Program, *names: str) -> None:
    """Wait until the message of each of the digests is recorded."""
    for name in names:
        deadline = time.perf_counter() + SECONDS
        while not ((delivery := await find_delivery(program, name)) and delivery.message_id):
            assert time.perf_counter() < deadline, name
            await asyncio.sleep(0.2)


def post_route(discord: LocalDiscord, name: str) -> str:
    return f"POST /channels/{discord.find_channel(name).id}/messages"


async def kill_in_the_middle(folder: Path) -> Program:
    """Kill the bot while each of its digests is at another point."""
    async with prepare_program(folder, [ARTICLE]) as program:
        discord = program.discord
        await subscribe(program, "stage", time_of_day(9, 0, 30))
        for name in ("general", "books", "a-thread", "no-history"):
            await subscribe(program, name)
        discord.faults.fail_with(503, post_route(discord, "general"), times=99)
        discord.faults.fail_after_executing(503, post_route(discord, "books"), times=99)
        discord.faults.fail_after_executing(503, post_route(discord, "no-history"), times=99)
        await start(program, seconds=-LEAD_SECONDS)
        await wait_for_status(discord, discord.find_channel("general"), 503)
        await wait_for_digest(discord, "books")
        await wait_for_digest(discord, "no-history")
        await wait_for_records(program, "a-thread")
        await program.kill()
        discord.faults.clear()
        discord.clock.advance(NONCE_SECONDS)
        await start(program, seconds=60)
        await wait_for_records(program, "general", "books", "a-thread", "stage")
        await asyncio.sleep(SETTLE_SECONDS)
    return program


async def disturb_the_network(folder: Path) -> Program:
    """Post each digest with another failure of the network or of its channel."""
    async with prepare_program(folder, [ARTICLE]) as program:
        discord = program.discord
        role = discord.find_guild().roles[1]
        for name in ("general", "books", "a-thread", "lounge", "read-only"):
            await subscribe(program, name)
        await subscribe(program, "announcements", mention_role=str(role.id))
        discord.faults.fail_after_executing(500, post_route(discord, "general"))
        discord.faults.delay(8.5, post_route(discord, "books"))
        discord.faults.drop_response(post_route(discord, "a-thread"))
        await start(program, seconds=-LEAD_SECONDS)
        await program.wait_until_ready()
        discord.gateway.drop_connections()
        await wait_for_records(program, "general", "books", "a-thread", "lounge", "announcements")
        await asyncio.sleep(SETTLE_SECONDS)
    return program


async def poll_twice(folder: Path) -> Program:
    """Run two bots on one database."""
    async with prepare_program(folder, [ARTICLE]) as program:
        for name in POLLED:
            await subscribe(program, name)
        other = Program(program.discord, folder / "other", {})
        other.data_dir.mkdir(parents=True)
        (other.data_dir / DATABASE_FILE).symlink_to(program.data_dir / DATABASE_FILE)
        try:
            await asyncio.gather(*(start(bot, seconds=-LEAD_SECONDS) for bot in (program, other)))
            await asyncio.gather(program.wait_until_ready(), other.wait_until_ready())
            await wait_for_records(program, *POLLED)
            await asyncio.sleep(SETTLE_SECONDS)
        finally:
            await other.close()
    return program


async def set_the_clock(folder: Path) -> Program:
    """Restart the bot with its clock set back and forward."""
    async with prepare_program(folder, [ARTICLE]) as program:
        await subscribe(program, "general")
        await start(program, seconds=1)
        await wait_for_records(program, "general")
        for seconds in (-7200, 50_000, 60):
            await program.kill()
            await start(program, seconds=seconds)
            await program.wait_until_ready()
            await asyncio.sleep(SETTLE_SECONDS)
    return program


async def change_the_zone(folder: Path) -> Program:
    """Kill the bot with an open claim, and change the time zone of the digest."""
    async with prepare_program(folder, [ARTICLE]) as program:
        await subscribe(program, "general")
        discord = program.discord
        discord.faults.fail_after_executing(503, post_route(discord, "general"), times=99)
        await start(program, seconds=-3)
        await wait_for_digest(discord, "general")
        await program.kill()
        discord.faults.clear()
        discord.clock.advance(NONCE_SECONDS)
        mod = discord.find_person("mod")
        await start(program, seconds=60)
        await run_command(
            mod,
            discord.find_channel("books"),
            "digest set",
            channel_=discord.find_channel("general"),
            time="09:00",
            name="general",
            timezone="Pacific/Honolulu",
        )
        await wait_for_records(program, "general")
        await asyncio.sleep(SETTLE_SECONDS)
    return program


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def play(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Play]:
    folder = tmp_path_factory.mktemp("digests")
    scenes = (
        kill_in_the_middle,
        disturb_the_network,
        poll_twice,
        set_the_clock,
        change_the_zone,
    )
    async with play_side_by_side(folder, *scenes) as play:
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
    program = await play(kill_in_the_middle)

    delivery = await find_delivery(program, name)
    (message,) = find_digests(program.discord, name)

    assert delivery
    assert (delivery.state, delivery.message_id) == (DeliveryState.POSTED, str(message.id))
    assert NEWS in read(message)
    assert [button.custom_id for button in message.buttons if button.label == "Why these?"] == [
        f"d:digest:{delivery.key}"
    ]


async def test_a_bot_that_was_killed_and_may_not_read_history_posts_nothing_again(
    play: Play,
) -> None:
    program = await play(kill_in_the_middle)

    delivery = await find_delivery(program, "no-history")
    assert delivery
    assert delivery.state is DeliveryState.UNCERTAIN
    assert "Read Message History" in (delivery.reason or "")
    assert len(find_digests(program.discord, "no-history")) == 1


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
    program = await play(disturb_the_network)

    delivery = await find_delivery(program, name)
    (message,) = find_digests(program.discord, name)

    assert delivery
    assert (delivery.state, delivery.message_id) == (DeliveryState.POSTED, str(message.id))


async def test_a_lone_digest_is_posted_within_5_s(play: Play) -> None:
    program = await play(disturb_the_network)

    delivery = await find_delivery(program, "lounge")
    assert delivery
    assert delivery.posted_at
    assert timedelta(0) <= delivery.posted_at - NINE < timedelta(seconds=5)


async def test_an_announcement_is_published_and_mentions_the_one_role(play: Play) -> None:
    program = await play(disturb_the_network)

    (message,) = find_digests(program.discord, "announcements")
    role = program.discord.find_guild().roles[1]
    assert MessageFlag.CROSSPOSTED in message.flags
    assert (message.pings.users, message.pings.roles) == ((), (role.id,))
    assert not message.pings.includes_everyone


async def test_a_closed_channel_pauses_its_digest_and_notifies_admins_once(
    play: Play,
) -> None:
    program = await play(disturb_the_network)

    messages = program.discord.world.messages.values()
    notices = [message for message in messages if "“read-only” is paused" in read(message)]
    delivery = await find_delivery(program, "read-only")
    assert delivery
    assert delivery.state is DeliveryState.FAILED
    assert await get_state(program, "read-only") is ActivityState.SUSPENDED
    assert len(notices) == 1


async def test_two_pollers_on_one_database_post_one_message(play: Play) -> None:
    program = await play(poll_twice)

    counts = {name: len(find_digests(program.discord, name)) for name in POLLED}
    assert counts == dict.fromkeys(POLLED, 1)


async def test_a_clock_set_back_and_forward_brings_one_message_a_day(play: Play) -> None:
    program = await play(set_the_clock)

    assert len(find_digests(program.discord, "general")) == 1


async def test_a_zone_that_changes_while_a_claim_is_open_brings_one_message(play: Play) -> None:
    program = await play(change_the_zone)

    assert len(find_digests(program.discord, "general")) == 1
