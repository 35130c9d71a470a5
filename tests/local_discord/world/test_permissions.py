"""The permissions of a member in a channel."""

from dataclasses import replace

import pytest

from bot.local_discord.world import administration
from bot.local_discord.world.clock import AdjustableClock
from bot.local_discord.world.constants import ChannelType, Permission
from bot.local_discord.world.default_world import add_channel, add_default_world
from bot.local_discord.world.permissions import ALL_PERMISSIONS, compute_permissions
from bot.local_discord.world.records import Channel, Guild, Overwrite
from bot.local_discord.world.world import World

VIEW = Permission.VIEW_CHANNEL
SEND = Permission.SEND_MESSAGES


@pytest.fixture
def world() -> World:
    world = World(AdjustableClock(), token="token")  # noqa: S106 - of no use
    add_default_world(world)
    return world


def get_harbour(world: World) -> Guild:
    return world.find_guild("Harbour")


def find_channel(world: World, name: str) -> Channel:
    return world.find_channel(name, "Harbour")


def get_permissions(world: World, name: str, channel_name: str) -> Permission:
    return compute_permissions(world, world.find_user(name).id, find_channel(world, channel_name))


def test_everyone_may_what_the_guild_gives_to_all(world: World) -> None:
    permissions = get_permissions(world, "anna", "books")

    assert VIEW | SEND in permissions
    assert Permission.MANAGE_MESSAGES not in permissions


def test_an_owner_and_an_administrator_may_everything(world: World) -> None:
    guild = get_harbour(world)
    moderator = guild.roles[1].id
    bo = world.find_user("bo")
    world.guilds[guild.id] = replace(guild, members={**guild.members, bo.id: (moderator,)})

    assert (
        get_permissions(world, "mod", "staff")
        == get_permissions(world, "bo", "staff")
        == ALL_PERMISSIONS
    )


@pytest.mark.parametrize(
    ("name", "permissions"),
    [
        ("anna", Permission.SEND_MESSAGES),
        ("bo", Permission.VIEW_CHANNEL),
        ("cleo", Permission.NONE),
        ("Dateline", Permission.ATTACH_FILES),
    ],
)
def test_a_group_is_open_to_its_members_and_the_bot_only_answers_in_it(
    world: World, name: str, permissions: Permission
) -> None:
    user, group = world.find_user(name), world.find_group("picnic")

    found = compute_permissions(world, user.id, group)

    assert permissions in found
    assert (VIEW in found) is (user.id in group.member_ids)


def test_who_is_not_in_the_guild_may_nothing(world: World) -> None:
    assert get_permissions(world, "cleo", "books") == Permission.NONE


def test_a_guild_that_is_gone_gives_nothing(world: World) -> None:
    stray = replace(find_channel(world, "books"), guild_id=7)

    assert compute_permissions(world, world.find_user("anna").id, stray) == Permission.NONE


def test_without_seeing_the_channel_nothing_is_allowed(world: World) -> None:
    assert get_permissions(world, "anna", "staff") == Permission.NONE


def test_a_members_overwrite_outdoes_everyones(world: World) -> None:
    administration.grant_permission(world, find_channel(world, "read-only"), SEND)

    assert SEND in compute_permissions(world, world.bot.id, find_channel(world, "read-only"))
    assert SEND not in get_permissions(world, "anna", "read-only")


def test_of_two_roles_one_allowing_is_enough(world: World) -> None:
    guild = get_harbour(world)
    anna = world.find_user("anna")
    world.guilds[guild.id] = replace(guild, members={**guild.members, anna.id: (11, 12)})
    overwrites = (Overwrite(id=11, deny=SEND), Overwrite(id=12, allow=SEND))

    books = replace(find_channel(world, "books"), overwrites=overwrites)

    assert SEND in compute_permissions(world, anna.id, books)


def test_a_thread_takes_the_permissions_of_its_parent(world: World) -> None:
    parent = find_channel(world, "staff")
    add_channel(world, get_harbour(world), "inner", ChannelType.PUBLIC_THREAD, parent=parent)

    assert get_permissions(world, "anna", "inner") == Permission.NONE


def test_where_people_speak_connecting_is_needed_too(world: World) -> None:
    denied = add_channel(
        world, get_harbour(world), "deaf", ChannelType.VOICE, deny=Permission.CONNECT
    )

    assert compute_permissions(world, world.find_user("anna").id, denied) == Permission.NONE


def test_direct_messages_are_between_two(world: World) -> None:
    direct = world.open_direct_channel(world.find_user("anna"))

    assert SEND in compute_permissions(world, world.bot.id, direct)
    assert compute_permissions(world, world.find_user("bo").id, direct) == Permission.NONE
