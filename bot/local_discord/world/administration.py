"""Changes to guilds and users: permissions, installs, deletions, membership and outages."""

from collections.abc import Mapping
from dataclasses import replace

from bot.local_discord.world.constants import Permission
from bot.local_discord.world.json_objects import (
    channel_to_json,
    guild_to_json,
    unavailable_guild_to_json,
)
from bot.local_discord.world.records import Channel, Guild, Overwrite, User
from bot.local_discord.world.world import Event, World


def deny_permission(world: World, channel: Channel, permission: Permission) -> Channel:
    """Deny a permission to the bot in a channel."""
    return _set_overwrite(
        world, channel, Overwrite(id=world.bot.id, deny=permission, is_role=False)
    )


def grant_permission(world: World, channel: Channel, permission: Permission) -> Channel:
    """Grant a permission to the bot in a channel, whatever its roles say."""
    return _set_overwrite(
        world, channel, Overwrite(id=world.bot.id, allow=permission, is_role=False)
    )


def install_for_user(world: World, user: User) -> None:
    """Install the application for a user."""
    world.installer_ids.add(user.id)


def close_direct_messages(world: World, user: User) -> None:
    """Close a user to direct messages."""
    world.users[user.id] = replace(user, takes_direct_messages=False)


def delete_channel(world: World, channel: Channel) -> None:
    """Delete a channel and its messages."""
    for message in tuple(world.iterate_messages(channel.id)):
        del world.messages[message.id]
    del world.channels[channel.id]
    event_prefix = "THREAD" if channel.is_thread else "CHANNEL"
    data = channel_to_json(channel)
    world.emit(Event(name=f"{event_prefix}_DELETE", guild_id=channel.guild_id, data=data))


def lock_thread(world: World, thread: Channel) -> Channel:
    """Archive a thread and lock it to all but moderators."""
    changed = world.update_channel(thread, is_archived=True, is_locked=True)
    data = channel_to_json(changed)
    world.emit(Event(name="THREAD_UPDATE", guild_id=changed.guild_id, data=data))
    return changed


def remove_bot(world: World, guild: Guild) -> None:
    """Remove the bot from a guild."""
    members = dict(guild.members)
    members.pop(world.bot.id, None)
    _set_members(world, guild, members)
    world.emit(Event(name="GUILD_DELETE", guild_id=guild.id, data={"id": str(guild.id)}))


def add_bot(world: World, guild: Guild) -> None:
    """Add the bot to a guild."""
    changed = _set_members(world, guild, {**guild.members, world.bot.id: ()})
    data = guild_to_json(world, changed)
    del data["unavailable"]  # its presence would tell discord.py that an outage is over
    world.emit(Event(name="GUILD_CREATE", guild_id=guild.id, data=data))


def start_outage(world: World, guild: Guild) -> None:
    """Make a guild unavailable; the bot stays a member.

    The event has the name of a removal, GUILD_DELETE; only `unavailable: true` tells them apart.
    """
    world.unavailable_guild_ids.add(guild.id)
    world.emit(Event(name="GUILD_DELETE", guild_id=guild.id, data=unavailable_guild_to_json(guild)))


def end_outage(world: World, guild: Guild) -> None:
    """Make a guild available again."""
    world.unavailable_guild_ids.discard(guild.id)
    data = guild_to_json(world, guild)
    world.emit(Event(name="GUILD_CREATE", guild_id=guild.id, data=data))


def _set_overwrite(world: World, channel: Channel, overwrite: Overwrite) -> Channel:
    other_overwrites = tuple(
        existing for existing in channel.overwrites if existing.id != overwrite.id
    )
    changed = world.update_channel(channel, overwrites=(*other_overwrites, overwrite))
    data = channel_to_json(changed)
    world.emit(Event(name="CHANNEL_UPDATE", guild_id=changed.guild_id, data=data))
    return changed


def _set_members(world: World, guild: Guild, members: Mapping[int, tuple[int, ...]]) -> Guild:
    changed = replace(guild, members=members)
    world.guilds[guild.id] = changed
    return changed
