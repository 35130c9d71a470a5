"""Questions in every kind of channel, and in channels with missing permissions."""

from collections.abc import AsyncIterator
from http import HTTPStatus

import pytest
import pytest_asyncio

from bot.local_discord.server import LocalDiscord
from bot.local_discord.world.constants import ChannelType
from bot.local_discord.world.default_world import add_channel
from bot.local_discord.world.records import Channel
from bot.local_discord.world.world import Exchange
from tests.scenario import river
from tests.scenario.starting import (
    ANSWER_SECONDS,
    Program,
    add_member,
    ask_by_command,
    ask_by_mention,
    mention_bot,
    prepare_program,
    read,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

OPEN = ["general", "books", "announcements", "a-post", "a-thread", "old-thread", "lounge", "stage"]
MUTE = ["read-only", "closed-thread", "locked-thread"]
"""The bot sees what is said there, and may say nothing."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def program(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Program]:
    async with prepare_program(tmp_path_factory.mktemp("places")) as program:
        discord = program.discord
        parent, owner = discord.find_channel("no-threads"), discord.find_person("mod").user
        kind = ChannelType.PUBLIC_THREAD
        add_channel(
            discord.world, discord.find_guild(), "closed-thread", kind, parent=parent, owner=owner
        )
        await program.start()
        yield program


@pytest.fixture
def discord(program: Program) -> LocalDiscord:
    return program.discord


@pytest.mark.parametrize("name", OPEN)
async def test_a_mention_is_answered_in_channels_of_every_kind(
    discord: LocalDiscord, name: str
) -> None:
    answer = await ask_by_mention(
        discord, add_member(discord), discord.find_channel(name), river.QUESTION
    )

    assert river.QUOTES["fulda"] in read(answer)


@pytest.mark.parametrize("name", [*OPEN, *MUTE, "no-history", "staff"])
async def test_a_command_is_answered_wherever_it_can_be_sent(
    discord: LocalDiscord, name: str
) -> None:
    asker = add_member(discord, moderates=True)

    answer = await ask_by_command(asker, discord.find_channel(name), river.QUESTION)

    assert river.QUOTES["fulda"] in read(answer)


async def test_a_mention_that_can_not_be_replied_to_is_answered_below_it(
    discord: LocalDiscord,
) -> None:
    asker, channel = add_member(discord, moderates=True), discord.find_channel("no-history")

    question = asker.post(channel, f"{mention_bot(discord)} {river.QUESTION}")
    answer = await discord.wait_for(
        lambda: next(
            (
                message
                for message in discord.get_messages(channel)
                if message.id > question.id and message.text
            ),
            None,
        ),
        ANSWER_SECONDS,
    )

    assert river.QUOTES["fulda"] in read(answer)


async def ask_in_vain(discord: LocalDiscord, channel: Channel) -> None:
    """Mention the bot, and wait until the answer to it was refused."""
    refused = Exchange("POST", f"/channels/{channel.id}/messages", HTTPStatus.FORBIDDEN)
    before = discord.world.exchanges.count(refused)
    add_member(discord, moderates=True).post(channel, f"{mention_bot(discord)} {river.QUESTION}")
    await discord.wait_for(lambda: discord.world.exchanges.count(refused) > before, ANSWER_SECONDS)


@pytest.mark.parametrize("name", MUTE)
async def test_that_the_bot_may_not_answer_is_logged_once_for_each_place(
    program: Program, name: str
) -> None:
    discord, channel = program.discord, program.discord.find_channel(name)
    before = program.log

    await ask_in_vain(discord, channel)
    await ask_in_vain(discord, channel)
    await ask_by_mention(
        discord, add_member(discord), discord.find_channel("general"), river.QUESTION
    )

    log = program.log.removeprefix(before)
    assert log.count("Reply not sent: refused by Discord") == 1
    assert f"channel={channel.id}" in log
    assert "Traceback" not in log


async def test_what_is_said_where_the_bot_sees_nothing_is_left_alone(
    discord: LocalDiscord,
) -> None:
    staff = discord.find_channel("staff")
    asker = add_member(discord, moderates=True)

    asker.post(staff, f"{mention_bot(discord)} {river.QUESTION}")
    await ask_by_mention(discord, asker, discord.find_channel("general"), river.QUESTION)

    assert not [exchange for exchange in discord.world.exchanges if str(staff.id) in exchange.path]
