"""The commands that a bot creates in a day."""

from bot.local_discord.server import LocalDiscord
from bot.local_discord.world.records import Json
from tests.local_discord.connections import send_request

DAY_SECONDS = 24 * 60 * 60


def build_commands(prefix: str, count: int) -> list[Json]:
    return [{"name": f"{prefix}-{number}", "description": "x"} for number in range(count)]


async def put(local: LocalDiscord, commands: list[Json], scope: str = "") -> tuple[int, Json]:
    path = f"/applications/{local.world.application_id}{scope}/commands"
    status, payload = await send_request(local, "PUT", path, json=commands)
    return status, payload if isinstance(payload, dict) else {}


async def test_only_two_hundred_commands_are_created_in_a_day(local: LocalDiscord) -> None:
    first, second = build_commands("a", 100), build_commands("b", 100)
    await put(local, first)
    local.clock.advance(3600)
    await put(local, second)

    status, payload = await put(local, build_commands("c", 1))
    unchanged = await put(local, second)
    local.clock.advance(DAY_SECONDS - 3600)
    next_day = await put(local, build_commands("c", 1))

    assert (status, payload["code"]) == (400, 30034)
    assert DAY_SECONDS - 3700 < payload["retry_after"] <= DAY_SECONDS - 3600
    assert unchanged[0] == 200
    assert next_day[0] == 200


async def test_each_guild_has_two_hundred_of_its_own(local: LocalDiscord) -> None:
    scope = f"/guilds/{local.find_guild().id}"
    for prefix in "ab":
        await put(local, build_commands(prefix, 100), scope)

    assert (await put(local, build_commands("c", 1), scope))[0] == 400
    assert (await put(local, build_commands("c", 1)))[0] == 200


async def test_what_is_refused_changes_no_command(local: LocalDiscord) -> None:
    for prefix in "ab":
        await put(local, build_commands(prefix, 100))

    await put(local, build_commands("c", 1))

    assert len(local.world.commands[None]) == 100
