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
from tests.discord_ui.conftest import Place
from tests.local_discord.connections import connect


def syncs(place: Place) -> int:
    """How often the commands were registered."""
    return sum(made.method == "PUT" for made in place.local.world.exchanges)


async def restarted(place: Place, folder: Path) -> None:
    """Closes the client, and runs another one for a moment."""
    await place.client.close()
    async with (
        start_heartbeats(folder, HEARTBEAT_PARTS, place.clock.now) as heartbeats,
        connect(Client(place.desk, heartbeats, partial(build_deliveries, place.app)), place.local),
    ):
        return


def test_no_intent_is_privileged() -> None:
    privileged = discord.Intents(members=True, presences=True, message_content=True)

    assert not INTENTS.value & privileged.value


async def test_commands_are_registered_only_when_they_have_changed(
    place: Place, tmp_path: Path
) -> None:
    await restarted(place, tmp_path)
    unchanged = syncs(place)
    (tmp_path / "commands.sha256").write_bytes(b"\xff")
    await restarted(place, tmp_path)

    assert (unchanged, syncs(place)) == (1, 2)


async def test_the_loops_end_with_the_client(place: Place) -> None:
    loops = place.client._loops  # noqa: SLF001 - what it owns

    await place.client.close()

    assert loops
    assert all(loop.done() for loop in loops)


async def test_the_gateway_shows_life_only_while_it_is_connected(place: Place) -> None:
    await place.client.wait_until_ready()
    before = await place.client._is_connected()  # noqa: SLF001 - one round of the loop
    await place.client.close()

    assert before
    assert not await place.client._is_connected()  # noqa: SLF001


async def test_what_breaks_where_nobody_waits_is_logged(
    place: Place, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr(place.client, "on_message", broken)
    place.anna.post(place.general, "x")
    await place.local.wait_for(lambda: True)
    await place.anna.run_command("ask", channel=place.general, question="river")

    assert "An event of Discord could not be handled" in capsys.readouterr().out


async def test_a_dropped_connection_loses_no_question(place: Place) -> None:
    place.local.gateway.drop_connections()

    answer = await place.mentioned()

    assert "river" in answer.text


async def test_a_session_that_is_lost_is_begun_anew_where_discord_said(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL("ws://elsewhere"))

    await restarted(place, tmp_path)

    assert yarl.URL(place.local.world.gateway_url) == DiscordWebSocket.DEFAULT_GATEWAY


async def test_digests_wait_until_it_is_known_where_the_bot_may_speak(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds: list[bool] = []

    async def round_() -> None:
        rounds.append(place.client.is_ready())

    monkeypatch.setattr(place.client.digest_delivery, "run_round", round_)
    early = await place.client._deliver_digests()  # noqa: SLF001 - one round of the loop
    await place.client.wait_until_ready()
    late = await place.client._deliver_digests()  # noqa: SLF001

    assert (early, late) == (True, True)
    assert rounds
    assert all(rounds)


async def test_old_deliveries_are_purged(place: Place) -> None:
    # A server that the bot is in: what is kept of others is deleted, too.
    guild = str(place.general.guild_id)
    subscription = await place.app.subscriptions.add(a_subscription(guild=guild), limit=1)
    assert subscription
    for key in ("old", "next", "last"):
        claim = DigestClaim(
            subscription=subscription,
            last_id=await place.app.deliveries.get_last_id(subscription.id),
            local_day=place.clock.now.date(),
            window_start=place.clock.now,
            window_end=place.clock.now,
            key=key,
            after_message_id=None,
            decisions=(),
            state=DeliveryState.EMPTY,
        )
        assert await place.app.deliveries.claim(claim, place.clock.now)
        place.clock.pass_by(days=1)

    place.clock.pass_by(days=27)
    await place.client._purge()  # noqa: SLF001 - one round of the loop
    kept = await place.app.deliveries.get_history(subscription.id, 9)
    place.clock.pass_by(days=3)
    await place.client._purge()  # noqa: SLF001
    left = await place.app.deliveries.get_history(subscription.id, 9)

    assert [each.key for each in kept] == ["last", "next", "old"]
    assert [each.key for each in left] == ["last", "next"]
