from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import discord
import pytest
import yarl
from discord.gateway import DiscordWebSocket

from bot.discord_ui.client import HEARTBEAT_PARTS, INTENTS, Client
from bot.model.delivery import DeliveryState, DigestClaim
from bot.runtime.heartbeats import start_heartbeats
from bot.wiring import build_deliveries
from tests.digest.builders import a_subscription
from tests.discord_ui.conftest import ARTICLES, RunningBot, start_bot
from tests.local_discord.connections import COMPRESSIONS, connect, use_compression


def count_syncs(bot: RunningBot) -> int:
    """Return how often the commands were registered."""
    return sum(made.method == "PUT" for made in bot.local.world.exchanges)


async def run_again(bot: RunningBot, folder: Path) -> None:
    """Close the client, and run another one for a moment."""
    await bot.client.close()
    async with start_client(bot, folder):
        return


@asynccontextmanager
async def start_client(bot: RunningBot, folder: Path) -> AsyncIterator[None]:
    """Run another client, in place of the one that is closed."""
    async with (
        start_heartbeats(folder, HEARTBEAT_PARTS, bot.clock.now) as heartbeats,
        connect(Client(bot.context, heartbeats, partial(build_deliveries, bot.app)), bot.local),
    ):
        yield


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
    await bot.client.close()
    (tmp_path / "commands.sha256").unlink()
    world = bot.local.world
    world.commands[None] = ()
    world.commands_created_at[None] = [bot.local.clock.now()] * 200

    async with start_client(bot, tmp_path):
        answer = await bot.mention()
        commands_at_limit = world.commands[None]
        bot.local.clock.advance(24 * 60 * 60)
        await bot.local.wait_for(lambda: world.commands[None])
        asked = await bot.ask()

    assert "river" in answer.text
    assert "river" in asked.text
    assert commands_at_limit == ()
    assert "Commands not registered: Discord's daily limit is reached" in capsys.readouterr().out


async def test_the_bot_starts_while_discord_delays_the_registration(
    bot: RunningBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.discord_ui.client._REGISTRATION_SECONDS", 0.05)
    await bot.client.close()
    (tmp_path / "commands.sha256").unlink()
    bot.local.faults.fail_with(429, "PUT /applications/*", retry_after=0.3)

    async with start_client(bot, tmp_path):
        synced_before = count_syncs(bot)
        answer = await bot.mention()
        await bot.local.wait_for(lambda: count_syncs(bot) > synced_before)

    assert "river" in answer.text


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
