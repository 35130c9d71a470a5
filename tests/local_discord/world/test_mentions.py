"""Whom a message pings."""

from dataclasses import replace

import pytest

from bot.local_discord.world.clock import AdjustableClock
from bot.local_discord.world.default_world import add_default_world
from bot.local_discord.world.mentions import resolve_pings
from bot.local_discord.world.records import Guild, Pings
from bot.local_discord.world.world import World


@pytest.fixture
def guild() -> Guild:
    world = World(AdjustableClock(), token="token")  # noqa: S106 - of no use
    add_default_world(world)
    return world.find_guild("Harbour")


@pytest.mark.parametrize(
    ("text", "allowed", "expected"),
    [
        ("<@1> <@!2> <@3>", None, Pings(users=(1, 2, 9))),
        ("<@1> <@2>", {"parse": []}, Pings()),
        ("<@1> <@2>", {"users": ["2"]}, Pings(users=(2,))),
        ("<@1>", {"parse": ["users"], "replied_user": True}, Pings(users=(1, 9))),
        ("@everyone", {"parse": ["everyone"]}, Pings(includes_everyone=True)),
        ("@here", {"parse": ["everyone"]}, Pings(includes_everyone=True)),
        ("@everyone", {"parse": ["users"]}, Pings()),
    ],
)
def test_pings_are_what_is_mentioned_and_allowed(
    text: str, allowed: dict[str, object] | None, expected: Pings
) -> None:
    pings = resolve_pings(
        text, allowed, known_users=(1, 2), guild=None, can_mention_everyone=True, replied_to=9
    )

    assert pings == expected


def test_a_role_pings_where_its_author_may_ping_all(guild: Guild) -> None:
    role = guild.roles[1].id
    text = f"<@&{role}> <@&{guild.id}> @everyone"

    def resolve(*, may_ping_all: bool) -> Pings:
        return resolve_pings(
            text,
            None,
            known_users=(),
            guild=guild,
            can_mention_everyone=may_ping_all,
            replied_to=None,
        )

    assert resolve(may_ping_all=True) == Pings(roles=(role,), includes_everyone=True)
    assert resolve(may_ping_all=False) == Pings()


def test_a_role_that_all_may_mention_pings_whoever_writes(guild: Guild) -> None:
    everyone, moderators, _ = guild.roles
    guild = replace(guild, roles=(everyone, replace(moderators, is_mentionable=True)))

    pings = resolve_pings(
        f"<@&{moderators.id}>",
        None,
        known_users=(),
        guild=guild,
        can_mention_everyone=False,
        replied_to=None,
    )

    assert pings == Pings(roles=(moderators.id,))
