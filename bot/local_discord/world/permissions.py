"""What a member may do in a channel, as Discord computes it."""

from collections.abc import Sized
from functools import reduce
from operator import or_

from bot.local_discord import errors as refusals
from bot.local_discord.world.records import Channel, ChannelKind, Guild, Overwrite, Permission
from bot.local_discord.world.world import World

EVERYTHING = reduce(or_, Permission)
IN_DIRECT_MESSAGES = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.USE_APPLICATION_COMMANDS
)


def permissions_of(world: World, user_id: int, channel: Channel) -> Permission:
    """What a user may do in a channel; a thread takes the permissions of its parent."""
    if channel.guild_id is None:
        is_theirs = user_id in {channel.recipient_id, world.bot.id}
        return IN_DIRECT_MESSAGES if is_theirs else Permission.NONE
    guild = world.guilds.get(channel.guild_id)
    if guild is None or user_id not in guild.members:
        return Permission.NONE
    base = permissions_in(guild, user_id)
    if base == EVERYTHING:
        return EVERYTHING
    place = world.channels.get(channel.parent_id or 0, channel) if channel.is_thread else channel
    return _visible(_overwritten(base, guild, user_id, place.overwrites), place.kind)


def permissions_in(guild: Guild, user_id: int) -> Permission:
    """What a member may do in a guild, before its channels change that."""
    base = _of_roles(guild, user_id)
    is_above_all = Permission.ADMINISTRATOR in base or user_id == guild.owner_id
    return EVERYTHING if is_above_all else base


def demand(world: World, channel: Channel, needed: Permission) -> None:
    """Nothing, where the bot may do this.

    Raises:
        Refused: 50001 where the bot can't see the channel, 50013 where it lacks what is needed.
    """
    held = permissions_of(world, world.bot.id, channel)
    if Permission.VIEW_CHANNEL not in held:
        raise refusals.missing_access()
    if needed not in held:
        raise refusals.missing_permissions()


def demand_files(world: World, channel: Channel, uploads: Sized) -> None:
    """Nothing, where the bot may now send these files, be it in answer to an interaction.

    Raises:
        Refused: 50013 where there are any, and it lacks Attach Files.
    """
    held = permissions_of(world, world.bot.id, world.channels.get(channel.id, channel))
    if uploads and Permission.ATTACH_FILES not in held:
        raise refusals.missing_permissions()


def _of_roles(guild: Guild, user_id: int) -> Permission:
    held = {guild.id, *guild.members[user_id]}
    return reduce(
        or_, (role.permissions for role in guild.roles if role.id in held), Permission.NONE
    )


def _overwritten(
    base: Permission, guild: Guild, user_id: int, overwrites: tuple[Overwrite, ...]
) -> Permission:
    """Everyone's overwrite first, then those of all roles together, then the member's own."""
    roles = guild.members[user_id]
    for group in ({guild.id}, set(roles), {user_id}):
        inside = [overwrite for overwrite in overwrites if overwrite.id in group]
        base &= ~reduce(or_, (overwrite.deny for overwrite in inside), Permission.NONE)
        base |= reduce(or_, (overwrite.allow for overwrite in inside), Permission.NONE)
    return base


def _visible(held: Permission, kind: ChannelKind) -> Permission:
    """Nothing without View Channel; nor, where people speak, without Connect."""
    needed = Permission.VIEW_CHANNEL
    if kind in {ChannelKind.VOICE, ChannelKind.STAGE}:
        needed |= Permission.CONNECT
    return held if needed in held else Permission.NONE
