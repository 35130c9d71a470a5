"""The permissions of a member in a channel, computed as by Discord."""

from collections.abc import Sized
from functools import reduce
from operator import or_

from bot.local_discord.errors import MISSING_ACCESS, MISSING_PERMISSIONS, ApiError
from bot.local_discord.world.constants import ChannelType, Permission
from bot.local_discord.world.records import Channel, Guild, Interaction, Overwrite
from bot.local_discord.world.world import World

ALL_PERMISSIONS = reduce(or_, Permission)
DIRECT_MESSAGE_PERMISSIONS = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.USE_APPLICATION_COMMANDS
)
APPLICATION_PERMISSIONS = (
    Permission.ATTACH_FILES | Permission.EMBED_LINKS | Permission.MENTION_EVERYONE
)
"""The permissions of an application in its responses where it is no member, as in groups."""


def compute_permissions(world: World, user_id: int, channel: Channel) -> Permission:
    """Return the permissions of a user in a channel; a thread has those of its parent."""
    if channel.type is ChannelType.GROUP_DM:
        if user_id == world.bot.id:
            return APPLICATION_PERMISSIONS
        return DIRECT_MESSAGE_PERMISSIONS if user_id in channel.member_ids else Permission.NONE
    if channel.guild_id is None:
        is_participant = user_id in {channel.recipient_id, world.bot.id}
        return DIRECT_MESSAGE_PERMISSIONS if is_participant else Permission.NONE
    guild = world.guilds.get(channel.guild_id)
    if guild is None or user_id not in guild.members:
        return Permission.NONE
    base = compute_guild_permissions(guild, user_id)
    if base == ALL_PERMISSIONS:
        return ALL_PERMISSIONS
    overwrite_channel = (
        world.channels.get(channel.parent_id or 0, channel) if channel.is_thread else channel
    )
    return _restrict_to_visible(
        _apply_overwrites(base, guild, user_id, overwrite_channel.overwrites),
        overwrite_channel.type,
    )


def compute_guild_permissions(guild: Guild, user_id: int) -> Permission:
    """Return the permissions that the roles of a member give in a guild."""
    base = _combine_role_permissions(guild, user_id)
    has_all = Permission.ADMINISTRATOR in base or user_id == guild.owner_id
    return ALL_PERMISSIONS if has_all else base


def get_send_permission(channel: Channel) -> Permission:
    """Return the permission that sending messages in a channel needs."""
    return Permission.SEND_MESSAGES_IN_THREADS if channel.is_thread else Permission.SEND_MESSAGES


def require_permission(world: World, channel: Channel, needed: Permission) -> None:
    """Raise ApiError if the bot lacks a permission in a channel.

    Raises:
        ApiError: 50001 if the bot can't see the channel, else 50013.
    """
    permissions = compute_permissions(world, world.bot.id, channel)
    if Permission.VIEW_CHANNEL not in permissions:
        raise ApiError(MISSING_ACCESS)
    if needed not in permissions:
        raise ApiError(MISSING_PERMISSIONS)


def may_answer_publicly(world: World, interaction: Interaction) -> bool:
    """Return whether everyone may see the responses to an interaction.

    Without Use External Apps, a member gets ephemeral ones from an application that the guild has
    not installed.
    """
    if interaction.channel.guild_id is None or not interaction.is_by_user_install:
        return True
    permissions = compute_permissions(world, interaction.user.id, interaction.channel)
    return Permission.USE_EXTERNAL_APPS in permissions


def require_attach_files(world: World, channel: Channel, uploads: Sized) -> None:
    """Raise ApiError if there are files and the bot may not send any, even in a response.

    Raises:
        ApiError: 50013.
    """
    permissions = compute_permissions(world, world.bot.id, world.channels.get(channel.id, channel))
    if uploads and Permission.ATTACH_FILES not in permissions:
        raise ApiError(MISSING_PERMISSIONS)


def _combine_role_permissions(guild: Guild, user_id: int) -> Permission:
    role_ids = {guild.id, *guild.members[user_id]}
    return reduce(
        or_, (role.permissions for role in guild.roles if role.id in role_ids), Permission.NONE
    )


def _apply_overwrites(
    base: Permission, guild: Guild, user_id: int, overwrites: tuple[Overwrite, ...]
) -> Permission:
    """Apply the overwrite of @everyone, then those of all roles, then the member's own."""
    roles = guild.members[user_id]
    for target_ids in ({guild.id}, set(roles), {user_id}):
        applicable = [overwrite for overwrite in overwrites if overwrite.id in target_ids]
        base &= ~reduce(or_, (overwrite.deny for overwrite in applicable), Permission.NONE)
        base |= reduce(or_, (overwrite.allow for overwrite in applicable), Permission.NONE)
    return base


def _restrict_to_visible(permissions: Permission, channel_type: ChannelType) -> Permission:
    """Drop all permissions if View Channel is missing, or Connect in a voice or stage channel."""
    needed = Permission.VIEW_CHANNEL
    if channel_type in {ChannelType.VOICE, ChannelType.STAGE}:
        needed |= Permission.CONNECT
    return permissions if needed in permissions else Permission.NONE
