import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import discord
import pytest
import yarl
from discord.gateway import DiscordWebSocket

from bot.discord_ui import client as client_module
from bot.discord_ui.client import HEARTBEAT_PARTS, INTENTS, Client
from bot.discord_ui.connecting import ConnectionAttempts
from bot.local_discord.gateway.connection import GatewaySession, Opcode
from bot.local_discord.gateway.gateway import Gateway
from bot.local_discord.server import TOKEN
from bot.model.delivery import DeliveryState, DigestClaim
from bot.runtime.heartbeats import start_heartbeats
from bot.wiring import build_deliveries
from tests.digest.builders import a_subscription
from tests.discord_ui.conftest import ARTICLES, RunningBot, start_bot
from tests.local_discord.connections import COMPRESSIONS, connect, use_compression


def count_syncs(bot: RunningBot) -> int:
    """Return how often the commands were registered."""
    return sum(made.method == "PUT" for made in bot.local.world.exchanges)


@asynccontextmanager
async def build_another_client(bot: RunningBot, folder: Path) -> AsyncIterator[Client]:
    """Close the client of the bot, and yield another one that waits for nothing."""
    await bot.client.close()
    # A folder of its own: the first client may still be writing its last heartbeat.
    own_folder = tempfile.mkdtemp(dir=folder)
    async with start_heartbeats(Path(own_folder), HEARTBEAT_PARTS, bot.clock.now) as heartbeats:
        client = Client(bot.context, heartbeats, partial(build_deliveries, bot.app))
        client._attempts = ConnectionAttempts(client._report_disconnected, sleep=skip_pause)  # noqa: SLF001 - pauses are random
        yield client


async def skip_pause(_seconds: float) -> None:
    await asyncio.sleep(0)


async def skip_identify_pause(*_: object, **__: object) -> None:
    """Identify at once; discord.py waits for 5 s before it identifies again."""


async def run_again(bot: RunningBot, folder: Path) -> None:
    """Close the client, and run another one for a moment."""
    async with build_another_client(bot, folder) as client, connect(client, bot.local):
        return


def get_session(bot: RunningBot) -> GatewaySession:
    return bot.local.gateway.connected_sessions[0]


def test_no_intent_is_privileged() -> None:
    privileged = discord.Intents(members=True, presences=True, message_content=True)

    assert not INTENTS.value & privileged.value


async def test_commands_are_registered_only_when_they_have_changed(
    bot: RunningBot, tmp_path: Path
) -> None:
    await run_again(bot, tmp_path)
    unchanged = count_syncs(bot)
    (tmp_path / "commands.sha256").write_bytes(b"\xff")
    await run_again(bot, tmp_path)

    assert (unchanged, count_syncs(bot)) == (1, 2)


async def test_the_bot_starts_at_the_daily_limit_and_registers_its_commands_later(
    bot: RunningBot,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.discord_ui.client._REGISTRATION_PAUSE_SECONDS", 0.05)
    (tmp_path / "commands.sha256").unlink()
    world = bot.local.world
    world.commands[None] = ()
    world.commands_created_at[None] = [bot.local.clock.now()] * 200

    async with build_another_client(bot, tmp_path) as client, connect(client, bot.local):
        answer = await bot.mention()
        commands_at_limit = world.commands[None]
        bot.local.clock.advance(24 * 60 * 60)
        await bot.local.wait_for(lambda: world.commands[None])
        asked = await bot.ask()

    assert "river" in answer.text
    assert "river" in asked.text
    assert commands_at_limit == ()
    log = capsys.readouterr().out
    assert "Commands not registered, those registered before still work." in log
    assert "reason='Max number of daily application command creates has been reached (200)'" in log


async def test_the_loops_end_with_the_client(bot: RunningBot) -> None:
    loops = bot.client._loops  # noqa: SLF001 - the client owns it

    await bot.client.close()

    assert loops
    assert all(loop.done() for loop in loops)


async def test_the_gateway_shows_life_only_while_it_is_connected(bot: RunningBot) -> None:
    await bot.client.wait_until_ready()
    before = await bot.client._is_connected()  # noqa: SLF001 - one round of the loop
    await bot.client.close()

    assert before
    assert not await bot.client._is_connected()  # noqa: SLF001


async def test_a_failure_in_the_background_is_logged(
    bot: RunningBot, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr(bot.client, "on_message", broken)
    bot.anna.post(bot.general, "x")
    await bot.local.wait_for(lambda: True)
    await bot.anna.run_command("ask", channel=bot.general, question="river")

    assert "Discord event handler failed" in capsys.readouterr().out


@pytest.mark.parametrize("name", COMPRESSIONS)
async def test_the_bot_reads_a_compressed_gateway(tmp_path: Path, name: str) -> None:
    with use_compression(name) as sizes:
        async with start_bot(tmp_path, ARTICLES) as bot:
            answer = await bot.mention()
            await bot.client.wait_until_ready()
            guilds = {guild.name for guild in bot.client.guilds}

    assert "river" in answer.text
    assert guilds == {"Harbour", "Lighthouse"}
    assert sizes


async def test_a_dropped_connection_loses_no_question(bot: RunningBot) -> None:
    bot.local.gateway.drop_connections()

    answer = await bot.mention()

    assert "river" in answer.text


async def test_a_lost_session_starts_again_at_the_address_that_discord_gave(
    bot: RunningBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL("ws://elsewhere"))

    await run_again(bot, tmp_path)

    assert yarl.URL(bot.local.world.gateway_url) == DiscordWebSocket.DEFAULT_GATEWAY


async def test_digests_wait_until_the_permissions_are_known(
    bot: RunningBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds: list[bool] = []

    async def round_() -> None:
        rounds.append(bot.client.is_ready())

    monkeypatch.setattr(bot.client.digest_delivery, "run_round", round_)
    early = await bot.client._deliver_digests()  # noqa: SLF001 - one round of the loop
    await bot.client.wait_until_ready()
    late = await bot.client._deliver_digests()  # noqa: SLF001

    assert (early, late) == (True, True)
    assert rounds
    assert all(rounds)


async def test_old_deliveries_are_purged(bot: RunningBot) -> None:
    # A server that the bot is in; data of other servers is deleted, too.
    guild = str(bot.general.guild_id)
    subscription = await bot.app.subscriptions.add(a_subscription(guild=guild), limit=1)
    assert subscription
    for key in ("old", "next", "last"):
        claim = DigestClaim(
            subscription=subscription,
            last_id=await bot.app.deliveries.get_last_id(subscription.id),
            local_day=bot.clock.now.date(),
            window_starts_at=bot.clock.now,
            window_ends_at=bot.clock.now,
            key=key,
            after_message_id=None,
            decisions=(),
            state=DeliveryState.EMPTY,
        )
        assert await bot.app.deliveries.claim(claim, bot.clock.now)
        bot.clock.advance(days=1)

    bot.clock.advance(days=27)
    await bot.client._purge()  # noqa: SLF001 - one round of the loop
    kept = await bot.app.deliveries.get_history(subscription.id, 9)
    bot.clock.advance(days=3)
    await bot.client._purge()  # noqa: SLF001
    left = await bot.app.deliveries.get_history(subscription.id, 9)

    assert [answer.key for answer in kept] == ["last", "next", "old"]
    assert [answer.key for answer in left] == ["last", "next"]


@pytest.mark.parametrize(
    ("route", "status"),
    [
        ("GET /users/@me", 503),
        ("GET /oauth2/applications/@me", 403),
        ("GET /gateway/bot", 400),
    ],
)
async def test_a_start_that_discord_refuses_is_repeated_with_its_reason(
    bot: RunningBot, tmp_path: Path, route: str, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    bot.local.faults.fail_with(status, route, times=3, code=50_001)

    await run_again(bot, tmp_path)

    log = capsys.readouterr().out
    (line,) = (line for line in log.splitlines() if "trying again" in line)
    assert "Discord refuses the connection" in line
    assert f"reason='{status}: Failed on purpose'" in line
    assert f"status={status}" in line
    assert "Traceback" not in log


async def test_a_start_without_a_connection_is_repeated(bot: RunningBot, tmp_path: Path) -> None:
    bot.local.faults.drop_response("GET /users/@me", times=3)
    identified = bot.local.gateway.identify_count

    await run_again(bot, tmp_path)

    assert bot.local.gateway.identify_count == identified + 1


async def test_a_gateway_that_closes_early_is_tried_again(
    bot: RunningBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect_socket, failures = DiscordWebSocket.from_client, [OSError(), TimeoutError()]

    async def fail_at_first(*args: object, **options: object) -> DiscordWebSocket:
        if failures:
            raise failures.pop()
        return await connect_socket(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(DiscordWebSocket, "from_client", fail_at_first)

    await run_again(bot, tmp_path)

    assert not failures


async def test_the_bot_starts_with_the_registered_commands_if_discord_refuses_new_ones(
    bot: RunningBot, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "commands.sha256").unlink()
    bot.local.faults.fail_with(400, "PUT /applications/*/commands", code=30034)

    async with build_another_client(bot, tmp_path) as client, connect(client, bot.local):
        answer = await bot.ask()

    log = capsys.readouterr().out
    assert "river" in answer.text
    assert "Commands not registered, those registered before still work." in log
    assert "code=30034 reason='400: Failed on purpose' status=400" in log
    assert not (tmp_path / "commands.sha256").exists()


async def test_commands_are_registered_although_their_fingerprint_can_not_be_saved(
    bot: RunningBot, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "commands.sha256").unlink()
    (tmp_path / "commands.sha256").mkdir()

    async with build_another_client(bot, tmp_path) as client, connect(client, bot.local):
        await bot.ask()

    log = capsys.readouterr().out
    assert "Commands registered" in log
    assert "Can't save which commands are registered" in log
    assert "not registered" not in log


async def test_commands_that_discord_refused_are_registered_later(
    bot: RunningBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "commands.sha256").unlink()
    monkeypatch.setattr(client_module, "_REGISTRATION_PAUSE_SECONDS", 0)
    bot.local.faults.fail_with(400, "PUT /applications/*/commands", code=30034)
    before = count_syncs(bot)

    async with build_another_client(bot, tmp_path) as client, connect(client, bot.local):
        await bot.local.wait_for(lambda: count_syncs(bot) == before + 2)
        await bot.ask()

    assert (tmp_path / "commands.sha256").exists()


async def test_the_bot_starts_while_discord_delays_the_registration(
    bot: RunningBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "commands.sha256").unlink()
    monkeypatch.setattr(client_module, "_REGISTRATION_SECONDS", 0.01)
    bot.local.faults.fail_with(429, "PUT /applications/*/commands", retry_after=86_400)

    async with build_another_client(bot, tmp_path) as client, connect(client, bot.local):
        answer = await bot.ask()

    assert "river" in answer.text
    assert "Commands not registered yet" in capsys.readouterr().out


MALFORMED_EVENTS: Mapping[str, object] = {
    "GUILD_ROLE_CREATE": {},
    "GUILD_ROLE_UPDATE": {"role": None},
    "CHANNEL_CREATE": {"id": "x"},
    "GUILD_CREATE": {"id": "77", "roles": [{}]},
    "MESSAGE_CREATE": {"channel_id": "5"},
    "MESSAGE_DELETE": {},
    "INTERACTION_CREATE": {"id": "1"},
    "GUILD_DELETE": [],
}


async def test_an_event_in_an_unknown_form_is_skipped_and_logged_once(
    bot: RunningBot, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, data in [*MALFORMED_EVENTS.items()] * 2:
        get_session(bot).dispatch(name, data)  # type: ignore[arg-type] # they are malformed

    answer = await bot.mention()

    log = capsys.readouterr().out
    assert "river" in answer.text
    assert log.count("Event skipped: Discord sent it in an unknown form") == len(MALFORMED_EVENTS)
    assert all(f"part={name}" in log for name in MALFORMED_EVENTS)
    assert "Traceback" not in log
    assert bot.local.gateway.identify_count == 1


UNREADABLE_FRAMES = (
    json.dumps({"op": Opcode.DISPATCH, "t": "READY", "s": 1, "d": {}}),
    json.dumps({"op": Opcode.DISPATCH, "t": "READY", "d": {"session_id": "1"}}),
    json.dumps({"op": Opcode.HELLO, "d": {}}),
    '{"op": 0',
    "[]",
)


async def test_a_frame_that_can_not_be_read_leads_to_a_new_connection(
    bot: RunningBot, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bot.client, "before_identify_hook", skip_identify_pause)
    (shard,) = bot.client._AutoShardedClient__shards.values()  # type: ignore[attr-defined] # noqa: SLF001
    shard._sleep = skip_pause  # noqa: SLF001 - its pause is random
    gateway = bot.local.gateway

    for count, frame in enumerate(UNREADABLE_FRAMES, start=2):
        connection = get_session(bot).connection
        assert connection
        connection.send_raw(frame)
        await bot.local.wait_for(partial(reaches, gateway, count))

    answer = await bot.mention()
    log = capsys.readouterr().out
    assert "river" in answer.text
    assert log.count("Discord sent something unreadable, reconnecting") == len(UNREADABLE_FRAMES)
    assert "Traceback" not in log


def reaches(gateway: Gateway, identify_count: int) -> bool:
    """Return whether the bot has identified so often and has one connection left."""
    return gateway.identify_count == identify_count and len(gateway.connected_sessions) == 1


async def test_a_stop_is_not_swallowed_by_a_reconnection(
    bot: RunningBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = asyncio.Event()

    async def hang(*_: object, **__: object) -> None:
        begun.set()
        await asyncio.Event().wait()

    async with build_another_client(bot, tmp_path) as client:
        running = asyncio.create_task(client.start(TOKEN))
        await bot.local.wait_for(lambda: bot.local.gateway.connected_sessions)
        monkeypatch.setattr(DiscordWebSocket, "from_client", hang)
        bot.local.gateway.drop_connections()
        await asyncio.wait_for(begun.wait(), 5)
        running.cancel()
        done, _ = await asyncio.wait([running], timeout=4)

    assert done
    assert client.is_closed()


async def test_a_closing_bot_begins_nothing_new(
    bot: RunningBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []

    async def note() -> None:
        begun.append("ready")

    monkeypatch.setattr(bot.client, "on_ready", note)
    await bot.client.close()
    bot.client.dispatch("ready")
    await asyncio.sleep(0)

    assert not begun


async def test_a_closing_bot_waits_for_the_servers_to_be_looked_through(
    bot: RunningBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, ended = list[str](), list[str]()

    async def forget() -> None:
        begun.append("forget")
        await asyncio.sleep(0.05)
        ended.append("forget")

    await bot.client.wait_until_ready()
    monkeypatch.setattr(bot.client, "_forget_left_guilds", forget)
    bot.client.dispatch("ready")
    await bot.client.close()

    assert begun
    assert begun == ended
