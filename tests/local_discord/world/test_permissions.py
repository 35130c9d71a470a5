"""What a member may do in a channel."""

from dataclasses import replace

import pytest

from bot.local_discord.world import administration as moderation
from bot.local_discord.world.clock import Clock
from bot.local_discord.world.constants import ChannelType, Permission
from bot.local_discord.world.default_world import add_channel, add_default_world
from bot.local_discord.world.mentions import resolve_pings
from bot.local_discord.world.permissions import ALL_PERMISSIONS, compute_permissions
from bot.local_discord.world.records import Channel, Guild, Overwrite, Pings, User
from bot.local_discord.world.world import World

VIEW = Permission.VIEW_CHANNEL
SEND = Permission.SEND_MESSAGES


@pytest.fixture
def world() -> World:
    world = World(Clock(), token="token")  # noqa: S106 - of no use
    add_default_world(world)
    return world


def user(world: World, name: str) -> User:
    return next(user for user in world.users.values() if user.name == name)


def channel(world: World, name: str) -> Channel:
    return next(channel for channel in world.channels.values() if channel.name == name)


def harbour(world: World) -> Guild:
    return next(iter(world.guilds.values()))


def held(world: World, name: str, where: str) -> Permission:
    return compute_permissions(world, user(world, name).id, channel(world, where))


def test_everyone_may_what_the_guild_gives_to_all(world: World) -> None:
    may = held(world, "anna", "books")

    assert VIEW | SEND in may
    assert Permission.MANAGE_MESSAGES not in may


def test_an_owner_and_an_administrator_may_everything(world: World) -> None:
    guild = harbour(world)
    moderator = guild.roles[1].id
    bo = user(world, "bo")
    world.guilds[guild.id] = replace(guild, members={**guild.members, bo.id: (moderator,)})

    assert held(world, "mod", "staff") == held(world, "bo", "staff") == ALL_PERMISSIONS


def test_who_is_not_in_the_guild_may_nothing(world: World) -> None:
    assert held(world, "cleo", "books") == Permission.NONE


def test_a_guild_that_is_gone_gives_nothing(world: World) -> None:
    stray = replace(channel(world, "books"), guild_id=7)

    assert compute_permissions(world, user(world, "anna").id, stray) == Permission.NONE


def test_without_seeing_the_channel_nothing_is_allowed(world: World) -> None:
    assert held(world, "anna", "staff") == Permission.NONE


def test_a_members_overwrite_outdoes_everyones(world: World) -> None:
    moderation.grant_permission(world, channel(world, "read-only"), SEND)

    assert SEND in compute_permissions(world, world.bot.id, channel(world, "read-only"))
    assert SEND not in held(world, "anna", "read-only")


def test_of_two_roles_one_allowing_is_enough(world: World) -> None:
    guild = harbour(world)
    anna = user(world, "anna")
    world.guilds[guild.id] = replace(guild, members={**guild.members, anna.id: (11, 12)})
    overwrites = (Overwrite(id=11, deny=SEND), Overwrite(id=12, allow=SEND))

    books = replace(channel(world, "books"), overwrites=overwrites)

    assert SEND in compute_permissions(world, anna.id, books)


def test_a_thread_takes_the_permissions_of_its_parent(world: World) -> None:
    parent = channel(world, "staff")
    add_channel(world, harbour(world), "inner", ChannelType.PUBLIC_THREAD, parent=parent)

    assert held(world, "anna", "inner") == Permission.NONE


def test_where_people_speak_connecting_is_needed_too(world: World) -> None:
    denied = add_channel(world, harbour(world), "deaf", ChannelType.VOICE, deny=Permission.CONNECT)

    assert compute_permissions(world, user(world, "anna").id, denied) == Permission.NONE


def test_direct_messages_are_between_two(world: World) -> None:
    direct = world.open_direct_channel(user(world, "anna"))

    assert SEND in compute_permissions(world, world.bot.id, direct)
    assert compute_permissions(world, user(world, "bo").id, direct) == Permission.NONE


@pytest.mark.parametrize(
    ("text", "allowed", "expected"),
    [
        ("<@1> <@!2> <@3>", None, Pings(users=(1, 2, 9))),
        ("<@1> <@2>", {"parse": []}, Pings()),
        ("<@1> <@2>", {"users": ["2"]}, Pings(users=(2,))),
        ("<@1>", {"parse": ["users"], "replied_user": True}, Pings(users=(1, 9))),
        ("@everyone", {"parse": ["everyone"]}, Pings(everyone=True)),
        ("@here", {"parse": ["everyone"]}, Pings(everyone=True)),
        ("@everyone", {"parse": ["users"]}, Pings()),
    ],
)
def test_pings_are_what_is_mentioned_and_allowed(
    text: str, allowed: dict[str, object] | None, expected: Pings
) -> None:
    found = resolve_pings(
        text, allowed, known_users=(1, 2), guild=None, can_mention_everyone=True, replied_to=9
    )

    assert found == expected


def test_a_role_pings_where_its_author_may_ping_all(world: World) -> None:
    guild = harbour(world)
    role = guild.roles[1].id
    text = f"<@&{role}> <@&{guild.id}> @everyone"

    def found(*, may_ping_all: bool) -> Pings:
        return resolve_pings(
            text,
            None,
            known_users=(),
            guild=guild,
            can_mention_everyone=may_ping_all,
            replied_to=None,
        )

    assert found(may_ping_all=True) == Pings(roles=(role,), everyone=True)
    assert found(may_ping_all=False) == Pings()


def test_a_role_that_all_may_mention_pings_whoever_writes(world: World) -> None:
    guild = harbour(world)
    everyone, moderators = guild.roles
    guild = replace(guild, roles=(everyone, replace(moderators, mentionable=True)))

    found = resolve_pings(
        f"<@&{moderators.id}>",
        None,
        known_users=(),
        guild=guild,
        can_mention_everyone=False,
        replied_to=None,
    )

    assert found == Pings(roles=(moderators.id,))
