"""Announcement channels, the last message of a channel, and faults after a request is carried out."""

import discord
import pytest

from bot.local_discord.server import LocalDiscord
from bot.local_discord.world import administration
from bot.local_discord.world.constants import MessageFlag, Permission
from bot.local_discord.world.records import Message
from tests.local_discord.connections import send_request
from tests.local_discord.sample_bot import SampleBot

MESSAGES = "POST /channels/*/messages"


async def send_news(bot: SampleBot, local: LocalDiscord, name: str) -> discord.Message:
    return await bot.get_partial_messageable(local.find_channel(name).id).send("news")


def get_only_message(local: LocalDiscord, name: str) -> Message:
    (message,) = local.get_messages(local.find_channel(name))
    return message


async def test_a_message_of_an_announcement_channel_is_published_once(
    local: LocalDiscord, bot: SampleBot
) -> None:
    message = await send_news(bot, local, "announcements")

    await message.publish()

    assert MessageFlag.CROSSPOSTED in get_only_message(local, "announcements").flags
    with pytest.raises(discord.HTTPException) as refusal:
        await message.publish()
    assert refusal.value.code == 40033


async def test_a_message_of_another_channel_is_not_published(
    local: LocalDiscord, bot: SampleBot
) -> None:
    message = await send_news(bot, local, "general")

    with pytest.raises(discord.HTTPException) as refusal:
        await message.publish()

    assert refusal.value.code == 50024
    assert MessageFlag.CROSSPOSTED not in get_only_message(local, "general").flags


async def test_the_bots_own_message_is_published_only_where_it_may_send(
    local: LocalDiscord, bot: SampleBot
) -> None:
    message = await send_news(bot, local, "announcements")
    administration.deny_permission(
        local.world, local.find_channel("announcements"), Permission.SEND_MESSAGES
    )

    with pytest.raises(discord.Forbidden):
        await message.publish()


async def test_a_message_of_others_is_published_only_by_who_manages_messages(
    local: LocalDiscord,
) -> None:
    channel = local.find_channel("announcements")
    message = local.find_person("anna").post(channel, "hear, hear")
    path = f"/channels/{channel.id}/messages/{message.id}/crosspost"

    refused = await send_request(local, "POST", path)
    administration.grant_permission(local.world, channel, Permission.MANAGE_MESSAGES)
    taken = await send_request(local, "POST", path)

    assert (refused[0], refused[1]["code"]) == (403, 50013)
    assert (taken[0], taken[1]["flags"]) == (200, 1)


async def test_a_channel_names_its_last_message(local: LocalDiscord, bot: SampleBot) -> None:
    await bot.wait_until_ready()
    channel = administration.deny_permission(
        local.world, local.find_channel("general"), Permission.SEND_MESSAGES
    )
    before = await bot.fetch_channel(channel.id)
    message = local.find_person("anna").post(channel, "hello")

    after = await bot.fetch_channel(channel.id)

    assert isinstance(before, discord.TextChannel)
    assert isinstance(after, discord.TextChannel)
    assert before.last_message_id is None
    assert after.last_message_id == message.id


async def test_a_guild_that_comes_back_names_the_last_messages(
    local: LocalDiscord, bot: SampleBot
) -> None:
    await bot.wait_until_ready()
    guild, general = local.find_guild("Lighthouse"), local.find_channel("general", "Lighthouse")
    administration.start_outage(local.world, guild)
    message = local.find_person("anna").post(general, "hello")

    administration.end_outage(local.world, guild)
    await bot.wait_for("guild_available", timeout=2)

    channel = bot.get_channel(general.id)
    assert isinstance(channel, discord.TextChannel)
    assert channel.last_message_id == message.id


async def test_a_fault_after_the_deed_leaves_the_message(
    local: LocalDiscord, bot: SampleBot
) -> None:
    local.faults.fail_after_executing(503, MESSAGES)

    with pytest.raises(discord.DiscordServerError):
        await send_news(bot, local, "general")

    assert get_only_message(local, "general").content == "news"


async def test_a_fault_before_the_deed_outweighs_one_after_it(
    local: LocalDiscord, bot: SampleBot
) -> None:
    local.faults.fail_after_executing(503, MESSAGES)
    local.faults.fail_with(503, MESSAGES)

    with pytest.raises(discord.DiscordServerError):
        await send_news(bot, local, "general")

    assert local.get_messages(local.find_channel("general")) == ()
