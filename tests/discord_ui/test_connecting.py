import asyncio
import ssl
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest
from discord.gateway import DiscordWebSocket, ReconnectWebSocket
from discord.shard import EventItem, EventType

from bot.discord_ui.connecting import (
    ConnectionAttempts,
    PersistentShard,
    build_backoff,
    describe_failure,
)
from bot.runtime import logs

HINT = "Check the network connection and the setting discord.api_url"


def build_refusal(status: int, text: str = "", code: int = 0) -> discord.HTTPException:
    response: Any = SimpleNamespace(status=status, reason="")
    return discord.HTTPException(response, {"code": code, "message": text})


def build_connector_error(error: OSError) -> aiohttp.ClientConnectorError:
    key: Any = SimpleNamespace(host="discord.com", port=443, ssl=True)
    return aiohttp.ClientConnectorError(key, error)


def build_bad_handshake(status: int) -> aiohttp.WSServerHandshakeError:
    request: Any = SimpleNamespace(real_url="")
    return aiohttp.WSServerHandshakeError(request, (), status=status)


def build_missing_gateway(cause: Exception) -> discord.GatewayNotFound:
    error = discord.GatewayNotFound()  # type: ignore[no-untyped-call] # discord.py has no types here
    error.__cause__ = cause
    return error


def build_closed_connection(code: int) -> discord.ConnectionClosed:
    socket: Any = SimpleNamespace(close_code=code)
    return discord.ConnectionClosed(socket, shard_id=0)


class Network:
    """A network whose attempts fail with the given errors, on a clock that only pauses move."""

    def __init__(self, *errors: Exception) -> None:
        self.errors: Iterator[Exception] = iter(errors)
        self.seconds = 0.0
        self.pauses: list[float] = []
        self.failure_count = self.closed_count = 0

    async def connect(self) -> str:
        for error in self.errors:
            raise error
        return "connected"

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.seconds += seconds

    async def report_failure(self) -> None:
        self.failure_count += 1

    async def report_closed(self) -> None:
        self.closed_count += 1

    def build_attempts(self) -> ConnectionAttempts:
        return ConnectionAttempts(
            self.report_failure,
            sleep=self.sleep,
            read_seconds=lambda: self.seconds,
            first_silence_seconds=0.01,
        )


def read_lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().out.splitlines()


async def test_a_bot_without_a_connection_logs_one_line_a_minute_until_it_has_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    network = Network(*[build_connector_error(OSError(111, "refused"))] * 100)

    result = await network.build_attempts().repeat(network.connect)

    lines = read_lines(capsys)
    assert result == "connected"
    assert network.failure_count == len(network.pauses) == 100
    assert all(HINT in line and "Connection refused" in line for line in lines)
    # A pause is up to 64 s, so a line can be due in the middle of one.
    assert network.seconds / 125 < len(lines) <= network.seconds / 60 + 1


async def test_the_first_failure_is_logged_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    network = Network(TimeoutError())

    await network.build_attempts().repeat(network.connect)

    (line,) = read_lines(capsys)
    assert "Can't connect to Discord, trying again." in line


async def test_an_error_that_is_not_discords_is_logged_with_its_traceback(
    capsys: pytest.CaptureFixture[str],
) -> None:
    network = Network(RuntimeError())

    result = await network.build_attempts().repeat(network.connect)

    output = capsys.readouterr().out
    assert result == "connected"
    assert "Connecting failed unexpectedly" in output
    assert "in connect" in output


def test_pauses_are_random_grow_and_stay_below_64_s() -> None:
    pauses = [build_backoff().delay() for _ in range(100)]
    backoff = build_backoff()
    grown = [backoff.delay() for _ in range(200)]

    assert max(pauses) <= 2
    assert 32 < max(grown) <= 64
    assert len({*pauses, *grown}) > 290


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (build_refusal(403, "You are banned", 40333), "Discord refuses the connection"),
        (build_refusal(503), "Discord refuses the connection"),
        (build_missing_gateway(build_refusal(400, "No", 50035)), "Discord refuses the connection"),
        (ReconnectWebSocket(0), "Can't connect to Discord"),
        (KeyError("id"), "Can't read Discord's answer"),
        (TypeError(), "Can't read Discord's answer"),
    ],
    ids=["banned", "failing", "no gateway", "closed early", "field missing", "no JSON"],
)
async def test_any_refusal_is_repeated_and_logged_in_one_line(
    error: Exception, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    network = Network(error)

    result = await network.build_attempts().repeat(network.connect)

    (line,) = read_lines(capsys)
    assert result == "connected"
    assert said in line


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        (discord.LoginFailure(), discord.LoginFailure),
        (build_refusal(401), discord.LoginFailure),
        (build_missing_gateway(build_refusal(401)), discord.LoginFailure),
        (discord.PrivilegedIntentsRequired(0), discord.PrivilegedIntentsRequired),
        (build_closed_connection(4004), discord.ConnectionClosed),
    ],
    ids=["login", "401", "401 at the gateway", "intents", "4004"],
)
async def test_a_bad_token_and_bad_intents_are_final(
    error: Exception, raised: type[Exception], capsys: pytest.CaptureFixture[str]
) -> None:
    network = Network(error)

    with pytest.raises(raised):
        await network.build_attempts().repeat(network.connect)

    assert not network.pauses
    assert not read_lines(capsys)


async def test_a_discord_that_does_not_answer_is_logged_while_the_attempt_goes_on(
    capsys: pytest.CaptureFixture[str],
) -> None:
    network, answer = Network(), asyncio.Event()
    attempts = network.build_attempts()

    waiting = asyncio.create_task(attempts.repeat(answer.wait))
    async with asyncio.timeout(5):
        while not network.failure_count:  # noqa: ASYNC110 - it is a counter
            await asyncio.sleep(0.01)
    answer.set()

    assert await waiting
    (line,) = read_lines(capsys)
    assert "Discord does not answer, still waiting" in line


async def test_an_attempt_ends_with_its_task() -> None:
    network, states = Network(), list[str]()

    async def hang() -> None:
        states.append("begun")
        try:
            await asyncio.Event().wait()
        finally:
            states.append("ended")

    waiting = asyncio.create_task(network.build_attempts().repeat(hang))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait([waiting])
    await asyncio.sleep(0)

    assert states == ["begun", "ended"]


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (
            build_refusal(400, "Max number of daily application command creates\nreached", 30034),
            {
                "status": 400,
                "code": 30034,
                "reason": "Max number of daily application command creates\nreached",
            },
        ),
        (build_refusal(502, "<!DOCTYPE html><html>"), {"status": 502, "code": 0}),
        (build_refusal(429), {"status": 429, "code": 0}),
        (build_connector_error(OSError(111, "('::1', 1)")), {"reason": "Connection refused"}),
        (
            build_connector_error(OSError(-3, "Temporary failure in name resolution")),
            {"reason": "Temporary failure in name resolution"},
        ),
        (build_connector_error(ssl.SSLError(1, "[SSL] no")), {"reason": "SSLError"}),
        (aiohttp.ServerDisconnectedError(), {"reason": "ServerDisconnectedError"}),
        (build_bad_handshake(503), {"reason": "WSServerHandshakeError", "status": 503}),
        (ReconnectWebSocket(0), {"reason": "Discord closed the connection"}),
        (KeyError("private"), {"reason": "KeyError"}),
    ],
    ids=[
        *("refused", "a page", "silent", "refused port", "no name", "ssl", "cut off"),
        *("handshake", "closed", "malformed"),
    ],
)
def test_the_reason_of_a_failure_is_discords_or_the_systems_own(
    error: Exception, expected: logs.LogFields
) -> None:
    assert describe_failure(error) == expected


class FakeClient:
    """The parts of a client that a shard uses."""

    def __init__(self) -> None:
        self._reconnect = True
        self.is_over = False
        self.loop = asyncio.get_running_loop()

    def is_closed(self) -> bool:
        return self.is_over

    def dispatch(self, *_: object) -> None:
        return


def build_shard(network: Network, put: Callable[[EventItem], None]) -> PersistentShard:
    socket: Any = SimpleNamespace(
        shard_id=3, close=network.report_closed, gateway=None, session_id=None, sequence=None
    )
    client: Any = FakeClient()
    return PersistentShard(
        socket,
        client,
        put,
        report_failure=network.report_failure,
        sleep=network.sleep,
        read_seconds=lambda: network.seconds,
    )


@pytest.mark.parametrize(
    ("error", "said", "closed_count"),
    [
        (build_connector_error(OSError(111, "refused")), "Connection to Discord failed", 0),
        (ConnectionResetError(54, "reset"), "Connection to Discord failed", 0),
        (TimeoutError(), "Connection to Discord failed", 0),
        (KeyError("session_id"), "Discord sent something unreadable", 20),
        (ValueError(), "Discord sent something unreadable", 20),
    ],
    ids=["refused", "reset", "timeout", "field missing", "no JSON"],
)
async def test_a_lost_shard_connects_again_with_one_line_for_each_attempt(
    error: Exception, said: str, closed_count: int, capsys: pytest.CaptureFixture[str]
) -> None:
    network, items = Network(), list[EventItem]()
    shard = build_shard(network, items.append)

    for _ in range(20):
        await shard._handle_disconnect(error)  # noqa: SLF001 - discord.py calls it
        await asyncio.sleep(0)

    lines = read_lines(capsys)
    assert [item.type for item in items] == [EventType.reconnect] * 20
    assert len(lines) == network.failure_count == len(network.pauses) == 20
    assert all(said in line and "shard=3" in line for line in lines)
    assert network.closed_count == closed_count


async def test_a_shard_that_fails_by_a_bug_logs_the_traceback_and_connects_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    network, items = Network(RuntimeError()), list[EventItem]()
    with pytest.raises(RuntimeError) as caught:
        await network.connect()

    await build_shard(network, items.append)._handle_disconnect(caught.value)  # noqa: SLF001 - discord.py calls it
    await asyncio.sleep(0)

    output = capsys.readouterr().out
    assert [item.type for item in items] == [EventType.reconnect]
    assert "Connection failed unexpectedly" in output
    assert "in connect" in output


async def test_a_connection_that_discord_closes_again_and_again_is_restored_with_pauses(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    network, items = Network(), list[EventItem]()
    shard = build_shard(network, items.append)

    async def connect(*_: object, **__: object) -> object:
        return shard.ws

    monkeypatch.setattr(DiscordWebSocket, "from_client", connect)

    async def receive_nothing() -> None:
        return

    monkeypatch.setattr(shard, "worker", receive_nothing)
    shard.launch()
    network.seconds += 61

    for _ in range(5):
        await shard.reidentify(ReconnectWebSocket(3))
        await asyncio.sleep(0)
    shard.launch()
    network.seconds += 61
    await shard.reidentify(ReconnectWebSocket(3))

    lines = read_lines(capsys)
    assert [item.type for item in items] == [EventType.reconnect] * 2
    assert ["trying again" in line for line in lines] == [False] * 3 + [True] * 2 + [False]
    assert len(network.pauses) == 2
    assert "reason='Discord closed the connection'" in lines[3]


async def test_the_pause_of_a_shard_holds_up_no_other_shard(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    network, items, pause = Network(), list[EventItem](), asyncio.Event()
    monkeypatch.setattr(network, "sleep", lambda _seconds: pause.wait())
    shard = build_shard(network, items.append)

    async with asyncio.timeout(1):
        await shard._handle_disconnect(TimeoutError())  # noqa: SLF001 - discord.py calls it
    items_before = items.copy()
    pause.set()
    await asyncio.sleep(0)
    await asyncio.sleep(0)

    assert not items_before
    assert [item.type for item in items] == [EventType.reconnect]


async def test_a_shard_that_is_closed_during_its_pause_does_not_reconnect(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    network, items, pause = Network(), list[EventItem](), asyncio.Event()
    monkeypatch.setattr(network, "sleep", lambda _seconds: pause.wait())
    monkeypatch.setattr(network, "report_closed", lambda **_: asyncio.sleep(0))
    shard = build_shard(network, items.append)

    async with asyncio.timeout(1):
        await shard._handle_disconnect(TimeoutError())  # noqa: SLF001 - discord.py calls it
    await shard.close()
    pause.set()
    await asyncio.sleep(0)

    assert not items


async def test_long_pauses_end_with_a_stable_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    network = Network()
    shard = build_shard(network, list[EventItem]().append)

    async def receive_nothing() -> None:
        return

    monkeypatch.setattr(shard, "worker", receive_nothing)
    await shard._handle_disconnect(KeyError("session_id"))  # noqa: SLF001 - discord.py calls it
    await asyncio.sleep(0)
    shard.launch()
    network.seconds += 61
    network.pauses.clear()

    for _ in range(30):
        await shard._handle_disconnect(TimeoutError())  # noqa: SLF001
        await asyncio.sleep(0)

    assert 8 < max(network.pauses) <= 64


@pytest.mark.parametrize("error", [ReconnectWebSocket(3), RuntimeError("Session is closed")])
async def test_a_connection_that_is_closed_before_it_begins_does_not_end_the_bot(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def close_at_once(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(DiscordWebSocket, "from_client", close_at_once)
    network, items = Network(), list[EventItem]()
    shard = build_shard(network, items.append)

    await shard.reidentify(ReconnectWebSocket(3))
    await asyncio.sleep(0)
    await shard.reconnect()
    await asyncio.sleep(0)

    assert [item.type for item in items] == [EventType.reconnect] * 2
    assert len(network.pauses) == 2


@pytest.mark.parametrize(
    ("code", "expected"), [(4004, EventType.close), (4014, EventType.terminate)]
)
async def test_a_connection_that_discord_closed_for_good_ends_the_shard(
    code: int, expected: int
) -> None:
    network, items = Network(), list[EventItem]()
    shard = build_shard(network, items.append)

    await shard._handle_disconnect(build_closed_connection(code))  # noqa: SLF001

    assert [item.type for item in items] == [expected]


async def test_a_shard_of_a_closed_client_stays_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    network, items = Network(), list[EventItem]()
    shard = build_shard(network, items.append)
    client: Any = shard._client  # noqa: SLF001 - the fake of this test
    client.is_over = True

    await shard._handle_disconnect(TimeoutError())  # noqa: SLF001

    assert not items
    assert not read_lines(capsys)
