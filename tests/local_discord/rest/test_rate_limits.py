"""Rate limits, and the answer to a bot that sends too many requests."""

from bot.local_discord.rest.rate_limits import (
    GLOBAL_WINDOW,
    WINDOWS,
    RateLimitBuckets,
    RateLimitWindow,
)
from bot.local_discord.server import LocalDiscord
from bot.local_discord.world.clock import AdjustableClock
from tests.local_discord.connections import connect, point_discord_py_at, send_request
from tests.local_discord.sample_bot import SampleBot

POST = "POST /channels/{channel}/messages"
ROUTE = "/channels/{channel}/messages"
FIRST_CHANNEL, SECOND_CHANNEL = {"channel": "1"}, {"channel": "2"}


def test_a_bucket_takes_its_limit_and_then_says_how_long_to_wait() -> None:
    limits = RateLimitBuckets(AdjustableClock(), {POST: RateLimitWindow(2, 5.0)})

    verdicts = [limits.check("POST", ROUTE, FIRST_CHANNEL) for _ in range(3)]

    assert [verdict.retry_after is None for verdict in verdicts] == [True, True, False]
    assert [verdict.headers["X-RateLimit-Remaining"] for verdict in verdicts] == ["1", "0", "0"]
    assert 4.9 < (verdicts[2].retry_after or 0) <= 5.0
    assert verdicts[2].headers["X-RateLimit-Scope"] == "user"
    assert "Via" in verdicts[2].headers
    assert verdicts[2].body["global"] is False


def test_each_channel_has_a_bucket_of_its_own_under_one_name() -> None:
    limits = RateLimitBuckets(AdjustableClock(), {POST: RateLimitWindow(1, 5.0)})

    first, second = (
        limits.check("POST", ROUTE, channel) for channel in (FIRST_CHANNEL, SECOND_CHANNEL)
    )

    assert first.retry_after is second.retry_after is None
    assert first.headers["X-RateLimit-Bucket"] == second.headers["X-RateLimit-Bucket"]


def test_a_window_begins_anew_when_its_seconds_are_over() -> None:
    clock = AdjustableClock()
    limits = RateLimitBuckets(clock, {POST: RateLimitWindow(1, 5.0)})
    limits.check("POST", ROUTE, FIRST_CHANNEL)

    clock.advance(5.0)

    assert limits.check("POST", ROUTE, FIRST_CHANNEL).retry_after is None


def test_all_requests_together_are_limited_but_for_those_of_interactions() -> None:
    limits = RateLimitBuckets(AdjustableClock(), default_window=RateLimitWindow(1000, 1.0))
    for _ in range(GLOBAL_WINDOW.limit):
        limits.check("GET", "/users/@me", {})

    refused = limits.check("GET", "/users/@me", {})
    callback = "/interactions/{interaction}/{token}/callback"
    exempt = [
        limits.check("POST", callback, {"token": "a"}),
        limits.check("POST", "/webhooks/{application}/{token}", {"token": "a"}),
    ]

    assert refused.is_global
    assert refused.headers["X-RateLimit-Global"] == "true"
    assert refused.headers["X-RateLimit-Scope"] == "global"
    assert [verdict.retry_after for verdict in exempt] == [None, None]


async def test_who_asks_too_often_is_answered_429() -> None:
    async with LocalDiscord.start(windows={POST: RateLimitWindow(1, 60.0)}) as local:
        path = f"/channels/{local.find_channel('general').id}/messages"
        await send_request(local, "POST", path, json={"content": "one"})

        status, payload = await send_request(local, "POST", path, json={"content": "two"})

    assert (status, payload["message"]) == (429, "You are being rate limited.")
    assert payload["retry_after"] > 59


async def test_discord_py_waits_for_the_bucket_by_itself() -> None:
    windows = {**WINDOWS, POST: RateLimitWindow(2, 0.3)}
    async with LocalDiscord.start(windows=windows) as local:
        client = SampleBot()
        with point_discord_py_at(local):
            async with connect(client, local):
                channel = client.get_partial_messageable(local.find_channel("general").id)
                for number in range(4):
                    await channel.send(str(number))

    sent = [exchange.status for exchange in local.world.exchanges if exchange.method == "POST"]
    assert sent == [200] * 4
