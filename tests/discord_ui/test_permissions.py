from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import discord
import pytest

from bot.discord_ui.permissions import (
    REQUIRED_PERMISSIONS,
    build_install_link,
    build_invite_link,
    get_required_permissions,
    list_missing_permissions,
)
from bot.local_discord.world.constants import Permission
from bot.local_discord.world.permissions import compute_permissions
from bot.local_discord.world.records import Channel, Message
from bot.local_discord.world.world import Exchange
from tests.discord_ui.conftest import QUESTION, RunningBot

TEXT_PLACES = ("general", "a-thread", "a-post")


def allow_only(bot: RunningBot, allowed: Permission) -> None:
    """Give the bot only these permissions in the server, and make everybody else a moderator."""
    world, guild = bot.local.world, bot.local.find_guild()
    everyone, moderators, bot_role = guild.roles
    role = replace(bot_role, permissions=allowed)
    people = dict.fromkeys(guild.members, (moderators.id,))
    world.guilds[guild.id] = replace(
        guild,
        roles=(replace(everyone, permissions=Permission.NONE), moderators, role),
        members={**people, world.bot.id: (role.id,)},
    )


def build_permissions_without(*names: str) -> Permission:
    """Return the permissions of the invite link, except these."""
    kept = [name for name in REQUIRED_PERMISSIONS if name not in names]
    return Permission(discord.Permissions(**dict.fromkeys(kept, True)).value)


async def wait_for_answer(bot: RunningBot, channel: Channel) -> Message:
    """Return the bot's reply to a mention in the channel."""
    return await bot.anna.wait_for_reply(bot.anna.post(channel, bot.format_mention()), timeout=2)


async def is_refused(bot: RunningBot, channel: Channel) -> bool:
    """Wait until Discord refuses the bot's reply to a mention in the channel."""
    exchange = Exchange("POST", f"/channels/{channel.id}/messages", 403)
    bot.anna.post(channel, bot.format_mention())
    await bot.local.wait_for(lambda: exchange in bot.local.world.exchanges, 2)
    return True


def test_the_link_asks_for_the_permissions_in_use_and_nothing_else() -> None:
    asked = parse_qs(urlsplit(build_invite_link(5)).query)

    assert asked["client_id"] == ["5"]
    assert asked["scope"] == ["bot applications.commands"]
    assert Permission(int(asked["permissions"][0])) == (
        Permission.VIEW_CHANNEL
        | Permission.SEND_MESSAGES
        | Permission.SEND_MESSAGES_IN_THREADS
        | Permission.READ_MESSAGE_HISTORY
        | Permission.ATTACH_FILES
    )


def test_the_link_for_oneself_asks_for_no_bot() -> None:
    asked = parse_qs(urlsplit(build_install_link(5)).query)

    assert (asked["scope"], asked["integration_type"]) == (["applications.commands"], ["1"])


def test_missing_permissions_have_discords_names() -> None:
    held = get_required_permissions()
    held.update(attach_files=False, send_messages_in_threads=False)

    assert list_missing_permissions(held) == ("Send Messages In Threads", "Attach Files")
    assert list_missing_permissions(get_required_permissions()) == ()


@pytest.mark.parametrize("name", TEXT_PLACES)
async def test_with_them_a_mention_is_replied_to_wherever_people_write(
    bot: RunningBot, name: str
) -> None:
    allow_only(bot, build_permissions_without())
    channel = bot.local.find_channel(name)

    answer = await wait_for_answer(bot, channel)

    assert "metres" in answer.text
    assert (
        compute_permissions(bot.local.world, bot.local.world.bot.id, channel)
        == build_permissions_without()
    )


async def test_without_seeing_the_channel_nothing_is_heard(bot: RunningBot) -> None:
    allow_only(bot, build_permissions_without("view_channel"))

    with pytest.raises(TimeoutError):
        await bot.anna.wait_for_reply(bot.anna.post(bot.general, bot.format_mention()), timeout=0.3)


@pytest.mark.parametrize(
    ("missing", "name"), [("send_messages", "general"), ("send_messages_in_threads", "a-thread")]
)
async def test_without_sending_no_mention_is_answered(
    bot: RunningBot, missing: str, name: str
) -> None:
    allow_only(bot, build_permissions_without(missing))

    assert await is_refused(bot, bot.local.find_channel(name))


@pytest.mark.parametrize("missing", REQUIRED_PERMISSIONS)
async def test_a_command_is_answered_whatever_is_missing(bot: RunningBot, missing: str) -> None:
    allow_only(bot, build_permissions_without(missing))

    answer = await bot.ask()

    assert "metres" in answer.text


async def test_without_history_an_answer_is_no_reply(bot: RunningBot) -> None:
    allow_only(bot, build_permissions_without("read_message_history"))

    assert await is_refused(bot, bot.general)
    message = await bot.local.wait_for(
        lambda: next(
            (message for message in bot.local.get_messages(bot.general) if message.text), None
        )
    )
    assert message.reply_to_id is None


async def test_without_attaching_files_there_is_no_chart(bot: RunningBot) -> None:
    allow_only(bot, build_permissions_without("attach_files"))

    action = await bot.anna.run_command("trend", channel=bot.general, terms=QUESTION)
    answer = await bot.anna.wait_for_answer(action)

    assert not answer.attachments


async def test_with_attaching_files_there_is_one(bot: RunningBot) -> None:
    allow_only(bot, build_permissions_without())

    action = await bot.anna.run_command("trend", channel=bot.general, terms="river")
    answer = await bot.anna.wait_for_answer(action)

    assert answer.attachments
