import json

import pytest

from bot.discord_ui.guild_registry import GuildRegistry

FIRST, SECOND, THIRD = (str(number << 22) for number in (2, 3, 4))


def ready(*guilds: str, shard: int = 0, shards: int = 1, **other: object) -> str:
    """Return Discord's READY frame for a shard with these servers."""
    named = [{"id": guild, "unavailable": True} for guild in guilds]
    return json.dumps({"t": "READY", "d": {"shard": [shard, shards], "guilds": named}, **other})


def test_the_bot_is_in_the_servers_that_discord_named_to_its_shard() -> None:
    homes = GuildRegistry()

    homes.handle_frame(ready(FIRST))

    assert homes.contains(FIRST)
    assert not homes.contains(SECOND)


def test_nothing_is_known_of_the_servers_of_a_shard_that_has_not_begun() -> None:
    homes = GuildRegistry()

    homes.handle_frame(ready(FIRST, shard=0, shards=2))

    assert homes.contains(SECOND)
    assert not homes.contains(THIRD)


def test_a_new_session_of_a_shard_names_all_its_servers() -> None:
    homes = GuildRegistry()
    homes.handle_frame(ready(FIRST, THIRD, shards=2))
    homes.handle_frame(ready(SECOND, shard=1, shards=2))

    homes.handle_frame(ready(THIRD, shards=2))

    assert [homes.contains(guild) for guild in (FIRST, SECOND, THIRD)] == [False, True, True]


def test_the_bot_enters_and_leaves() -> None:
    homes = GuildRegistry()
    homes.handle_frame(ready(FIRST))

    homes.remove(int(FIRST))
    homes.add(int(SECOND))

    assert [homes.contains(guild) for guild in (FIRST, SECOND)] == [False, True]


@pytest.mark.parametrize(
    "frame",
    [
        json.dumps({"t": "RESUMED", "d": {}}),
        json.dumps({"t": "MESSAGE_CREATE", "d": {"content": '"t":"READY"'}}),
        json.dumps({"t": "OTHER", "d": {"t": "READY"}}),
    ],
    ids=["another event", "typed by a person", "inside another event"],
)
def test_other_frames_tell_nothing(frame: str) -> None:
    homes = GuildRegistry()

    homes.handle_frame(frame)

    assert homes.contains(FIRST)


@pytest.mark.parametrize(
    "frame",
    [
        '{"t": "READY"}',
        '{"t": "READY", "d": null}',
        '{"t": "READY", "d": {"guilds": []}}',
        '{"t": "READY", "d": {"shard": [0], "guilds": []}}',
        '{"t": "READY", "d": {"shard": ["a", "b"], "guilds": []}}',
        '{"t": "READY", "d": {"shard": [0, 1]}}',
        '{"t": "READY", "d": {"shard": [0, 1], "guilds": [{}]}}',
        '{"t": "READY", "d": {"shard": [0, 1], "guilds": [null]}}',
        '{"t": "READY", ',
        '[{"t": "READY"}]',
    ],
)
def test_a_ready_event_with_missing_fields_changes_nothing(frame: str) -> None:
    homes = GuildRegistry()
    homes.handle_frame(ready(FIRST))

    homes.handle_frame(frame)

    assert [homes.contains(guild) for guild in (FIRST, SECOND)] == [True, False]


def test_an_event_before_the_ready_event_tells_nothing_about_other_servers() -> None:
    homes = GuildRegistry()

    homes.add(int(FIRST))
    homes.remove(int(SECOND))

    assert homes.contains(FIRST)
    assert homes.contains(THIRD)
