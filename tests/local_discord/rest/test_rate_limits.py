"""How many requests are taken, and what those who ask too often are told."""

from bot.local_discord.rest.rate_limits import (
    GLOBAL_WINDOW,
    WINDOWS,
    RateLimitBuckets,
    RateLimitWindow,
)
from bot.local_discord.server import LocalDiscord
from bot.local_discord.world.clock import Clock, SnowflakeGenerator
from tests.local_discord.sample_bot import SampleBot
from tests.local_discord.starting import asked, connected, pointed_at

POST = "POST /channels/{channel}/messages"
ROUTE = "/channels/{channel}/messages"
HERE, THERE = {"channel": "1"}, {"channel": "2"}


def test_a_bucket_takes_its_limit_and_then_says_how_long_to_wait() -> None:
    limits = RateLimitBuckets(Clock(), {POST: RateLimitWindow(2, 5.0)})

    taken = [limits.check("POST", ROUTE, HERE) for _ in range(3)]

    assert [v.retry_after is None for v in taken] == [True, True, False]
    assert [v.headers["X-RateLimit-Remaining"] for v in taken] == ["1", "0", "0"]
    assert 4.9 < (taken[2].retry_after or 0) <= 5.0
    assert taken[2].headers["X-RateLimit-Scope"] == "user"
    assert "Via" in taken[2].headers
    assert taken[2].body["global"] is False


def test_each_channel_has_a_bucket_of_its_own_under_one_name() -> None:
    limits = RateLimitBuckets(Clock(), {POST: RateLimitWindow(1, 5.0)})

    here, there = (limits.check("POST", ROUTE, place) for place in (HERE, THERE))

    assert here.retry_after is there.retry_after is None
    assert here.headers["X-RateLimit-Bucket"] == there.headers["X-RateLimit-Bucket"]


def test_a_window_begins_anew_when_its_seconds_are_over() -> None:
    clock = Clock()
    limits = RateLimitBuckets(clock, {POST: RateLimitWindow(1, 5.0)})
    limits.check("POST", ROUTE, HERE)

    clock.advance(5.0)

    assert limits.check("POST", ROUTE, HERE).retry_after is None


def test_all_requests_together_are_limited_but_for_those_of_interactions() -> None:
    limits = RateLimitBuckets(Clock(), default_window=RateLimitWindow(1000, 1.0))
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
    assert [v.retry_after for v in exempt] == [None, None]


async def test_who_asks_too_often_is_answered_429() -> None:
    async with LocalDiscord.start(windows={POST: RateLimitWindow(1, 60.0)}) as local:
        path = f"/channels/{local.find_channel('general').id}/messages"
        await asked(local, "POST", path, json={"content": "one"})

        status, told = await asked(local, "POST", path, json={"content": "two"})

    assert (status, told["message"]) == (429, "You are being rate limited.")
    assert told["retry_after"] > 59


async def test_discord_py_waits_for_the_bucket_by_itself() -> None:
    windows = {**WINDOWS, POST: RateLimitWindow(2, 0.3)}
    async with LocalDiscord.start(windows=windows) as local:
        client = SampleBot()
        with pointed_at(local):
            async with connected(client, local):
                channel = client.get_partial_messageable(local.find_channel("general").id)
                for number in range(4):
                    await channel.send(str(number))

    sent = [exchange.status for exchange in local.world.exchanges if exchange.method == "POST"]
    assert sent == [200] * 4


def test_ids_rise_and_carry_their_time() -> None:
    clock = Clock()
    ids = SnowflakeGenerator(clock)

    made = [ids.next() for _ in range(3)]
    clock.advance(1.0)
    later = ids.next()

    assert made == sorted(set(made))
    assert (later >> 22) - (made[0] >> 22) >= 1000
