"""Logging in, losing the connection, and the events of each shard."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import discord
import pytest

from bot.local_discord.gateway.connection import (
    MAX_REPLAY_EVENTS,
    MAX_SENDS,
    SEND_WINDOW_SECONDS,
    CloseCode,
    GatewaySession,
    Opcode,
)
from bot.local_discord.gateway.gateway import ACK_DELAY_SECONDS
from bot.local_discord.server import TOKEN, LocalDiscord
from bot.local_discord.world.constants import PRIVILEGED_INTENTS
from tests.local_discord.connections import UNLIMITED_WINDOWS, connect, point_discord_py_at
from tests.local_discord.sample_bot import UNPRIVILEGED_INTENTS, SampleBot

IDENTITY = {"token": TOKEN, "intents": UNPRIVILEGED_INTENTS.value, "properties": {}}


class RawConnection:
    """A connection to the gateway that sends any frame."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket

    async def send(self, op: int, data: Any = None) -> None:
        await self._socket.send_json({"op": op, "d": data})

    async def send_text(self, text: str) -> None:
        await self._socket.send_str(text)

    async def send_bytes(self) -> None:
        await self._socket.send_bytes(b"{}")

    async def receive(self) -> Any:
        return await self._socket.receive_json()

    async def wait_for_close_code(self) -> int | None:
        while not self._socket.closed:
            await self._socket.receive()
        return self._socket.close_code


@asynccontextmanager
async def open_raw_connection(local: LocalDiscord) -> AsyncIterator[RawConnection]:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(local.world.gateway_url) as socket,
    ):
        connection = RawConnection(socket)
        assert (await connection.receive())["op"] == Opcode.HELLO
        yield connection


async def test_a_bot_is_ready_with_its_guilds_and_channels(
    local: LocalDiscord, bot: SampleBot
) -> None:
    await bot.wait_until_ready()

    harbour = bot.get_guild(local.find_guild().id)
    assert harbour is not None
    assert {guild.name for guild in bot.guilds} == {"Harbour", "Lighthouse"}
    assert [forum.name for forum in harbour.forums] == ["questions"]
    assert {thread.name for thread in harbour.threads} == {"a-post", "a-thread", "locked-thread"}
    assert [channel.name for channel in harbour.voice_channels] == ["lounge"]
    assert [channel.name for channel in harbour.stage_channels] == ["stage"]
    assert harbour.me.id == local.world.bot.id


async def test_permissions_are_the_same_to_the_bot_as_here(
    local: LocalDiscord, bot: SampleBot
) -> None:
    await bot.wait_until_ready()

    harbour = bot.get_guild(local.find_guild().id)
    assert harbour is not None
    names = {c.name: c.permissions_for(harbour.me) for c in harbour.text_channels}
    assert not names["staff"].read_messages
    assert not names["read-only"].send_messages
    assert names["general"].send_messages


async def test_a_wrong_token_ends_the_login(local: LocalDiscord) -> None:
    client = SampleBot()

    with pytest.raises(discord.LoginFailure):
        await client.start("wrong")

    await client.close()
    assert not local.gateway.connected_sessions


async def test_intents_that_were_not_granted_end_the_connection(local: LocalDiscord) -> None:
    client = SampleBot(discord.Intents(guilds=True, guild_messages=True, message_content=True))

    with pytest.raises(discord.PrivilegedIntentsRequired):
        await client.start(TOKEN)

    await client.close()
    assert not local.gateway.connected_sessions


async def test_a_granted_content_intent_shows_every_word() -> None:
    granted = discord.Intents(guilds=True, guild_messages=True, message_content=True)
    async with LocalDiscord.start(
        windows=UNLIMITED_WINDOWS, privileged_intents=PRIVILEGED_INTENTS
    ) as local:
        client = SampleBot(granted)
        with point_discord_py_at(local):
            async with connect(client, local):
                anna = local.find_person("anna")
                reply = await anna.wait_for_reply(
                    anna.post(local.find_channel("general"), "between us")
                )

    assert reply.content == "echo between us"


async def test_without_an_intent_its_messages_do_not_come(local: LocalDiscord) -> None:
    client = SampleBot(discord.Intents(guilds=True, guild_messages=True))
    async with connect(client, local):
        anna = local.find_person("anna")
        anna.send_direct_message("unheard")

        await anna.wait_for_reply(anna.post(local.find_channel("general"), "heard"))

    human_messages = [message for message in client.received_messages if not message.author.bot]
    assert [message.guild is None for message in human_messages] == [False]


async def test_without_the_guilds_intent_no_guild_is_told(local: LocalDiscord) -> None:
    async with open_raw_connection(local) as connection:
        await connection.send(Opcode.IDENTIFY, {**IDENTITY, "intents": 0})
        assert (await connection.receive())["t"] == "READY"

        await connection.send(Opcode.HEARTBEAT, 1)

        assert (await connection.receive())["op"] == Opcode.HEARTBEAT_ACK


async def test_a_heartbeat_is_answered_after_discord_py_noted_that_it_sent_it(
    local: LocalDiscord,
) -> None:
    async with open_raw_connection(local) as connection:
        started = time.perf_counter()
        await connection.send(Opcode.HEARTBEAT, 1)

        assert (await connection.receive())["op"] == Opcode.HEARTBEAT_ACK
        assert time.perf_counter() - started >= ACK_DELAY_SECONDS


async def test_a_channel_that_the_bot_can_not_see_is_silent(
    local: LocalDiscord, bot: SampleBot
) -> None:
    mod = local.find_person("mod")

    mod.post(local.find_channel("staff"), f"<@{local.world.bot.id}> unheard")
    await mod.wait_for_reply(mod.post(local.find_channel("general"), "heard"))

    assert {message.channel.id for message in bot.received_messages} == {
        local.find_channel("general").id
    }


async def test_a_dropped_connection_resumes_and_loses_no_message(
    local: LocalDiscord, bot: SampleBot
) -> None:
    anna = local.find_person("anna")

    local.gateway.drop_connections()
    missed = anna.send_direct_message("while you were away")
    reply = await anna.wait_for_reply(missed)

    assert reply.content == "echo while you were away"
    assert (local.gateway.identify_count, local.gateway.resume_count) == (1, 1)
    assert len([message for message in bot.received_messages if message.id == missed.id]) == 1


@pytest.mark.usefixtures("bot")
async def test_a_bot_that_is_asked_to_reconnect_resumes(local: LocalDiscord) -> None:
    local.gateway.ask_to_reconnect()

    await local.wait_for(lambda: local.gateway.resume_count)

    assert local.gateway.identify_count == 1


@pytest.mark.usefixtures("bot")
async def test_an_invalid_session_is_identified_anew(local: LocalDiscord) -> None:
    local.gateway.invalidate_sessions()

    await local.wait_for(lambda: local.gateway.identify_count == 2)

    assert local.gateway.resume_count == 0


async def test_a_bot_that_leaves_gives_up_its_session(local: LocalDiscord) -> None:
    client = SampleBot()
    async with connect(client, local):
        session = local.gateway.connected_sessions[0]

    async with open_raw_connection(local) as connection:
        await connection.send(Opcode.RESUME, {"token": TOKEN, "session_id": session.id, "seq": 1})

        frame = await connection.receive()

    assert (frame["op"], frame["d"]) == (Opcode.INVALID_SESSION, False)


async def test_events_that_are_no_longer_kept_make_a_session_invalid() -> None:
    session = GatewaySession(intents=0, shard_number=0, shard_count=1)
    for _ in range(MAX_REPLAY_EVENTS + 1):
        session.dispatch("TYPING_START", {})

    assert session.get_missed_frames(0) is None
    assert session.get_missed_frames(MAX_REPLAY_EVENTS) is not None


async def test_each_shard_is_told_of_its_own_guilds() -> None:
    async with LocalDiscord.start(windows=UNLIMITED_WINDOWS, shard_count=2) as local:
        client = SampleBot()
        with point_discord_py_at(local):
            async with connect(client, local):
                anna = local.find_person("anna")
                for guild in ("Harbour", "Lighthouse"):
                    await anna.wait_for_reply(
                        anna.post(local.find_channel("general", guild), "hello")
                    )
                await anna.wait_for_reply(anna.send_direct_message("hello"))
                await client.wait_until_ready()
                shards = {guild.name: guild.shard_id for guild in client.guilds}

    assert sorted(shards.values()) == [0, 1]
    assert len([m for m in client.received_messages if not m.author.bot]) == 3


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ((Opcode.IDENTIFY, {**IDENTITY, "token": "wrong"}), CloseCode.AUTHENTICATION_FAILED),
        ((Opcode.RESUME, {"token": "wrong"}), CloseCode.AUTHENTICATION_FAILED),
        ((Opcode.IDENTIFY, {**IDENTITY, "shard": [2, 2]}), CloseCode.INVALID_SHARD),
        (
            (Opcode.IDENTIFY, {**IDENTITY, "intents": PRIVILEGED_INTENTS}),
            CloseCode.DISALLOWED_INTENTS,
        ),
        ((Opcode.PRESENCE_UPDATE, {}), CloseCode.NOT_AUTHENTICATED),
        ((5, {}), CloseCode.UNKNOWN_OPCODE),
    ],
)
async def test_the_gateway_closes_with_discords_code(
    local: LocalDiscord, frame: tuple[int, Any], code: CloseCode
) -> None:
    async with open_raw_connection(local) as connection:
        await connection.send(*frame)

        assert await connection.wait_for_close_code() == code


async def test_identifying_twice_closes_the_connection(local: LocalDiscord) -> None:
    async with open_raw_connection(local) as connection:
        await connection.send(Opcode.IDENTIFY, IDENTITY)
        await connection.send(Opcode.PRESENCE_UPDATE, {})

        await connection.send(Opcode.IDENTIFY, IDENTITY)

        assert await connection.wait_for_close_code() == CloseCode.ALREADY_AUTHENTICATED


@pytest.mark.parametrize("text", ["no json", "[]", "{}"])
async def test_what_is_no_frame_closes_the_connection(local: LocalDiscord, text: str) -> None:
    async with open_raw_connection(local) as connection:
        await connection.send_text(text)

        assert await connection.wait_for_close_code() == CloseCode.DECODE_ERROR


async def test_bytes_close_the_connection(local: LocalDiscord) -> None:
    async with open_raw_connection(local) as connection:
        await connection.send_bytes()

        assert await connection.wait_for_close_code() == CloseCode.DECODE_ERROR


async def test_too_many_frames_in_a_minute_close_the_connection(local: LocalDiscord) -> None:
    async with open_raw_connection(local) as connection:
        for _ in range(MAX_SENDS):
            await connection.send(Opcode.HEARTBEAT)
        local.clock.advance(SEND_WINDOW_SECONDS)
        for _ in range(MAX_SENDS + 1):
            await connection.send(Opcode.HEARTBEAT)

        assert await connection.wait_for_close_code() == CloseCode.RATE_LIMITED


async def test_events_after_a_connection_closed_are_dropped(local: LocalDiscord) -> None:
    async with open_raw_connection(local) as connection:
        await connection.send_text(json.dumps({"op": Opcode.IDENTIFY, "d": IDENTITY}))
        await local.wait_for(lambda: local.gateway.connected_sessions)

    await asyncio.wait_for(local.wait_for(lambda: not local.gateway.connected_sessions), 2)
    local.find_person("anna").send_direct_message("to nobody")

    assert local.gateway.connected_sessions == ()
