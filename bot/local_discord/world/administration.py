"""What befalls a guild from outside a conversation: permissions, deletions, outages, leavings."""

from collections.abc import Mapping
from dataclasses import replace

from bot.local_discord import json_objects as wire
from bot.local_discord.world.records import Channel, Guild, Overwrite, Permission, User
from bot.local_discord.world.world import Event, World


def deny(world: World, channel: Channel, permission: Permission) -> Channel:
    """A channel in which the bot may no longer do something."""
    return _overwrite(world, channel, Overwrite(id=world.bot.id, deny=permission, is_role=False))


def grant(world: World, channel: Channel, permission: Permission) -> Channel:
    """A channel in which the bot may do something, whatever its roles say."""
    return _overwrite(world, channel, Overwrite(id=world.bot.id, allow=permission, is_role=False))


def install(world: World, user: User) -> None:
    """A person installs the application for themselves."""
    world.installers.add(user.id)


def close_direct_messages(world: World, user: User) -> None:
    """A person takes direct messages no longer."""
    world.users[user.id] = replace(user, takes_direct_messages=False)


def delete_channel(world: World, channel: Channel) -> None:
    """Delete a channel with its messages."""
    for message in tuple(world.history(channel.id)):
        del world.messages[message.id]
    del world.channels[channel.id]
    kind = "THREAD" if channel.is_thread else "CHANNEL"
    data = wire.channel_object(channel)
    world.tell(Event(name=f"{kind}_DELETE", guild_id=channel.guild_id, data=data))


def lock(world: World, thread: Channel) -> Channel:
    """A thread that only moderators write in, archived."""
    changed = world.change_channel(thread, archived=True, locked=True)
    data = wire.channel_object(changed)
    world.tell(Event(name="THREAD_UPDATE", guild_id=changed.guild_id, data=data))
    return changed


def remove_bot(world: World, guild: Guild) -> None:
    """The bot is no longer in the guild."""
    _keep_members(world, guild, {m: r for m, r in guild.members.items() if m != world.bot.id})
    world.tell(Event(name="GUILD_DELETE", guild_id=guild.id, data={"id": str(guild.id)}))


def add_bot(world: World, guild: Guild) -> None:
    """The bot is in the guild again."""
    joined = _keep_members(world, guild, {**guild.members, world.bot.id: ()})
    data = wire.guild_object(world, joined)
    del data["unavailable"]
    world.tell(Event(name="GUILD_CREATE", guild_id=guild.id, data=data))


def take_down(world: World, guild: Guild) -> None:
    """The guild can't be reached: an outage, not a leaving."""
    world.unreachable.add(guild.id)
    world.tell(Event(name="GUILD_DELETE", guild_id=guild.id, data=wire.unavailable(guild)))


def bring_back(world: World, guild: Guild) -> None:
    """The guild can be reached again."""
    world.unreachable.discard(guild.id)
    data = wire.guild_object(world, guild)
    world.tell(Event(name="GUILD_CREATE", guild_id=guild.id, data=data))


def _overwrite(world: World, channel: Channel, overwrite: Overwrite) -> Channel:
    kept = tuple(before for before in channel.overwrites if before.id != overwrite.id)
    changed = world.change_channel(channel, overwrites=(*kept, overwrite))
    data = wire.channel_object(changed)
    world.tell(Event(name="CHANNEL_UPDATE", guild_id=changed.guild_id, data=data))
    return changed


def _keep_members(world: World, guild: Guild, members: Mapping[int, tuple[int, ...]]) -> Guild:
    changed = replace(guild, members=members)
    world.guilds[guild.id] = changed
    return changed
