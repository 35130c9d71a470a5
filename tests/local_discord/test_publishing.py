"""Announcement channels, the last message of a channel, and faults after the deed."""

import discord
import pytest

from bot.local_discord.server import LocalDiscord
from bot.local_discord.world import administration as moderation
from bot.local_discord.world.constants import MessageFlag, Permission
from bot.local_discord.world.records import Message
from tests.local_discord.sample_bot import SampleBot
from tests.local_discord.starting import asked

MESSAGES = "POST /channels/*/messages"


async def sent(bot: SampleBot, local: LocalDiscord, name: str) -> discord.Message:
    return await bot.get_partial_messageable(local.find_channel(name).id).send("news")


def only_message(local: LocalDiscord, name: str) -> Message:
    (message,) = local.get_messages(local.find_channel(name))
    return message


async def test_a_message_of_an_announcement_channel_is_published_once(
    local: LocalDiscord, bot: SampleBot
) -> None:
    message = await sent(bot, local, "announcements")

    await message.publish()

    assert MessageFlag.CROSSPOSTED in only_message(local, "announcements").flags
    with pytest.raises(discord.HTTPException) as refused:
        await message.publish()
    assert refused.value.code == 40033


async def test_a_message_of_another_channel_is_not_published(
    local: LocalDiscord, bot: SampleBot
) -> None:
    message = await sent(bot, local, "general")

    with pytest.raises(discord.HTTPException) as refused:
        await message.publish()

    assert refused.value.code == 50024
    assert MessageFlag.CROSSPOSTED not in only_message(local, "general").flags


async def test_the_bots_own_message_is_published_only_where_it_may_send(
    local: LocalDiscord, bot: SampleBot
) -> None:
    message = await sent(bot, local, "announcements")
    moderation.deny_permission(
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

    refused = await asked(local, "POST", path)
    moderation.grant_permission(local.world, channel, Permission.MANAGE_MESSAGES)
    taken = await asked(local, "POST", path)

    assert (refused[0], refused[1]["code"]) == (403, 50013)
    assert (taken[0], taken[1]["flags"]) == (200, 1)


async def test_a_channel_names_its_last_message(local: LocalDiscord, bot: SampleBot) -> None:
    await bot.wait_until_ready()
    place = moderation.deny_permission(
        local.world, local.find_channel("general"), Permission.SEND_MESSAGES
    )
    before = await bot.fetch_channel(place.id)
    message = local.find_person("anna").post(place, "hello")

    after = await bot.fetch_channel(place.id)

    assert isinstance(before, discord.TextChannel)
    assert isinstance(after, discord.TextChannel)
    assert before.last_message_id is None
    assert after.last_message_id == message.id


async def test_a_guild_that_comes_back_names_the_last_messages(
    local: LocalDiscord, bot: SampleBot
) -> None:
    await bot.wait_until_ready()
    guild, general = local.find_guild("Lighthouse"), local.find_channel("general", "Lighthouse")
    moderation.start_outage(local.world, guild)
    message = local.find_person("anna").post(general, "hello")

    moderation.end_outage(local.world, guild)
    await bot.wait_for("guild_available", timeout=2)

    known = bot.get_channel(general.id)
    assert isinstance(known, discord.TextChannel)
    assert known.last_message_id == message.id


async def test_a_fault_after_the_deed_leaves_the_message(
    local: LocalDiscord, bot: SampleBot
) -> None:
    local.faults.fail_after_executing(503, MESSAGES)

    with pytest.raises(discord.DiscordServerError):
        await sent(bot, local, "general")

    assert only_message(local, "general").content == "news"


async def test_a_fault_before_the_deed_outweighs_one_after_it(
    local: LocalDiscord, bot: SampleBot
) -> None:
    local.faults.fail_after_executing(503, MESSAGES)
    local.faults.fail_with(503, MESSAGES)

    with pytest.raises(discord.DiscordServerError):
        await sent(bot, local, "general")

    assert local.get_messages(local.find_channel("general")) == ()
