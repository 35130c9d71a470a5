"""Faults that tests inject into the REST API."""

import time

import aiohttp
import discord
import pytest

from bot.local_discord.rest.fault_injection import FaultInjector
from bot.local_discord.server import LocalDiscord
from bot.local_discord.world import administration
from bot.local_discord.world.constants import Permission
from tests.local_discord.connections import send_request
from tests.local_discord.sample_bot import SampleBot

MESSAGES = "POST /channels/*/messages"


async def test_a_status_is_answered_as_often_as_told_and_nothing_done(
    local: LocalDiscord,
) -> None:
    path = f"/channels/{local.find_channel('general').id}/messages"
    local.faults.fail_with(503, MESSAGES, times=2)

    statuses = [
        (await send_request(local, "POST", path, json={"content": "hello"}))[0] for _ in range(3)
    ]

    assert statuses == [503, 503, 200]
    assert len(local.get_messages(local.find_channel("general"))) == 1


async def test_discord_py_raises_on_503(local: LocalDiscord, bot: SampleBot) -> None:
    local.faults.fail_with(503, MESSAGES)

    with pytest.raises(discord.DiscordServerError):
        await bot.get_partial_messageable(local.find_channel("general").id).send("hello")


async def test_discord_py_tries_again_after_429(local: LocalDiscord, bot: SampleBot) -> None:
    local.faults.fail_with(429, MESSAGES, retry_after=0.05)

    sent = await bot.get_partial_messageable(local.find_channel("general").id).send("hello")

    assert sent.content == "hello"
    assert [exchange.status for exchange in local.world.exchanges if exchange.method == "POST"] == [
        429,
        200,
    ]


async def test_a_lost_answer_leaves_its_message(local: LocalDiscord, bot: SampleBot) -> None:
    local.faults.drop_response(MESSAGES)

    with pytest.raises(aiohttp.ClientError):
        await bot.get_partial_messageable(local.find_channel("general").id).send("hello")

    assert [message.content for message in local.get_messages(local.find_channel("general"))] == [
        "hello"
    ]


async def test_a_delay_passes_before_anything_is_done(local: LocalDiscord) -> None:
    local.faults.delay(0.05, "GET /users/@me")
    started = time.perf_counter()

    await send_request(local, "GET", "/users/@me")

    assert time.perf_counter() - started >= 0.05


def test_a_fault_meets_only_the_routes_it_names() -> None:
    faults = FaultInjector()
    faults.fail_with(500, MESSAGES, times=2)

    elsewhere = list(faults.take_matching("GET", "/channels/1/messages"))
    here = list(faults.take_matching("POST", "/channels/1/messages"))

    assert elsewhere == []
    assert [(fault.status, fault.remaining_requests) for fault in here] == [(500, 1)]


def test_a_fault_without_a_route_meets_all_until_it_is_cleared() -> None:
    faults = FaultInjector()
    faults.delay(1.0, times=5)
    assert len(list(faults.take_matching("GET", "/x"))) == 1

    faults.clear()

    assert list(faults.take_matching("GET", "/x")) == []


async def test_a_guild_is_left_joined_lost_and_found(local: LocalDiscord, bot: SampleBot) -> None:
    await bot.wait_until_ready()
    guild = local.find_guild("Lighthouse")

    administration.start_outage(local.world, guild)
    administration.end_outage(local.world, guild)
    await bot.wait_for("guild_available", timeout=2)
    administration.remove_bot(local.world, guild)
    await bot.wait_for("guild_remove", timeout=2)
    left = await send_request(local, "GET", f"/guilds/{guild.id}")
    administration.add_bot(local.world, local.find_guild("Lighthouse"))
    joined = await bot.wait_for("guild_join", timeout=2)

    assert left[1]["code"] == 10004
    assert joined.id == guild.id


async def test_the_bot_hears_of_denied_permissions_and_deleted_channels(
    local: LocalDiscord, bot: SampleBot
) -> None:
    await bot.wait_until_ready()
    general, books = local.find_channel("general"), local.find_channel("books")
    local.find_person("anna").post(books, "to be deleted")

    administration.deny_permission(local.world, general, Permission.SEND_MESSAGES)
    _, after = await bot.wait_for("guild_channel_update", timeout=2)
    administration.lock_thread(local.world, local.find_channel("a-thread"))
    thread = await bot.wait_for("raw_thread_update", timeout=2)
    administration.delete_channel(local.world, books)
    deleted = await bot.wait_for("guild_channel_delete", timeout=2)
    administration.delete_channel(local.world, local.find_channel("a-post"))
    post = await bot.wait_for("raw_thread_delete", timeout=2)

    assert not after.permissions_for(after.guild.me).send_messages
    assert thread.thread_id == local.find_channel("a-thread").id
    assert (deleted.id, post.thread_type) == (books.id, discord.ChannelType.public_thread)
    assert (await send_request(local, "GET", f"/channels/{books.id}"))[1]["code"] == 10003
