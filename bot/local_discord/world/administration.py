"""What befalls a guild from outside a conversation: permissions, deletions, outages, leavings."""

from collections.abc import Mapping
from dataclasses import replace

from bot.local_discord import json_objects as wire
from bot.local_discord.world.records import Channel, Guild, Overwrite, Permission, User
from bot.local_discord.world.world import Event, World


def deny_permission(world: World, channel: Channel, permission: Permission) -> Channel:
    """A channel in which the bot may no longer do something."""
    return _set_overwrite(
        world, channel, Overwrite(id=world.bot.id, deny=permission, is_role=False)
    )


def grant_permission(world: World, channel: Channel, permission: Permission) -> Channel:
    """A channel in which the bot may do something, whatever its roles say."""
    return _set_overwrite(
        world, channel, Overwrite(id=world.bot.id, allow=permission, is_role=False)
    )


def install_for_user(world: World, user: User) -> None:
    """A person installs the application for themselves."""
    world.installer_ids.add(user.id)


def close_direct_messages(world: World, user: User) -> None:
    """A person takes direct messages no longer."""
    world.users[user.id] = replace(user, takes_direct_messages=False)


def delete_channel(world: World, channel: Channel) -> None:
    """Delete a channel with its messages."""
    for message in tuple(world.iterate_messages(channel.id)):
        del world.messages[message.id]
    del world.channels[channel.id]
    event_prefix = "THREAD" if channel.is_thread else "CHANNEL"
    data = wire.channel_to_json(channel)
    world.emit(Event(name=f"{event_prefix}_DELETE", guild_id=channel.guild_id, data=data))


def lock_thread(world: World, thread: Channel) -> Channel:
    """A thread that only moderators write in, archived."""
    changed = world.update_channel(thread, archived=True, locked=True)
    data = wire.channel_to_json(changed)
    world.emit(Event(name="THREAD_UPDATE", guild_id=changed.guild_id, data=data))
    return changed


def remove_bot(world: World, guild: Guild) -> None:
    """The bot is no longer in the guild."""
    _set_members(
        world,
        guild,
        {
            user_id: role_ids
            for user_id, role_ids in guild.members.items()
            if user_id != world.bot.id
        },
    )
    world.emit(Event(name="GUILD_DELETE", guild_id=guild.id, data={"id": str(guild.id)}))


def add_bot(world: World, guild: Guild) -> None:
    """The bot is in the guild again."""
    changed = _set_members(world, guild, {**guild.members, world.bot.id: ()})
    data = wire.guild_to_json(world, changed)
    del data["unavailable"]
    world.emit(Event(name="GUILD_CREATE", guild_id=guild.id, data=data))


def start_outage(world: World, guild: Guild) -> None:
    """The guild can't be reached: an outage, not a leaving."""
    world.unavailable_guild_ids.add(guild.id)
    world.emit(
        Event(name="GUILD_DELETE", guild_id=guild.id, data=wire.unavailable_guild_to_json(guild))
    )


def end_outage(world: World, guild: Guild) -> None:
    """The guild can be reached again."""
    world.unavailable_guild_ids.discard(guild.id)
    data = wire.guild_to_json(world, guild)
    world.emit(Event(name="GUILD_CREATE", guild_id=guild.id, data=data))


def _set_overwrite(world: World, channel: Channel, overwrite: Overwrite) -> Channel:
    other_overwrites = tuple(
        existing for existing in channel.overwrites if existing.id != overwrite.id
    )
    changed = world.update_channel(channel, overwrites=(*other_overwrites, overwrite))
    data = wire.channel_to_json(changed)
    world.emit(Event(name="CHANNEL_UPDATE", guild_id=changed.guild_id, data=data))
    return changed


def _set_members(world: World, guild: Guild, members: Mapping[int, tuple[int, ...]]) -> Guild:
    changed = replace(guild, members=members)
    world.guilds[guild.id] = changed
    return changed
