"""Users, guilds and channels as the JSON that Discord sends."""

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.local_discord.world.constants import CREATED_AT_SECONDS, ChannelType, Intent
from bot.local_discord.world.records import Channel, Guild, Json, Overwrite, Role, User
from bot.local_discord.world.world import World

APPLICATION_FLAG_BY_INTENT = {
    Intent.GUILD_MEMBERS: 1 << 15,
    Intent.GUILD_PRESENCES: 1 << 13,
    Intent.MESSAGE_CONTENT: 1 << 19,
}
"""The flag of an application in up to 100 guilds for each privileged intent granted to it."""


def format_timestamp(seconds: float) -> str:
    """Return an instant in ISO 8601."""
    return datetime.fromtimestamp(seconds, UTC).isoformat()


CREATED_TIMESTAMP = format_timestamp(CREATED_AT_SECONDS)


def user_to_json(user: User) -> Json:
    """Return a user as JSON."""
    return {
        "id": str(user.id),
        "username": user.name,
        "discriminator": "0",
        "global_name": user.name.title(),
        "avatar": None,
        "bot": user.is_bot,
        "flags": 0,
        "public_flags": 0,
    }


def member_to_json(world: World, guild: Guild, user_id: int, *, with_user: bool = True) -> Json:
    """Return a member as JSON; messages carry it without the user. Roles are ids."""
    member: Json = {
        "roles": [str(role_id) for role_id in guild.members[user_id]],
        "joined_at": CREATED_TIMESTAMP,
        "nick": None,
        "avatar": None,
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
        "communication_disabled_until": None,
    }
    return {**member, "user": user_to_json(world.users[user_id])} if with_user else member


def application_to_json(world: World) -> Json:
    """Return the bot's application as JSON."""
    owner = next((user for user in world.users.values() if not user.is_bot), world.bot)
    return {
        "id": str(world.application_id),
        "name": world.bot.name,
        "icon": None,
        "description": "",
        "summary": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "owner": user_to_json(owner),
        "team": None,
        "flags": _compute_application_flags(world),
        "interactions_endpoint_url": None,
        "integration_types_config": {
            str(integration_type): {} for integration_type in world.integration_types
        },
        "bot": user_to_json(world.bot),
    }


def _compute_application_flags(world: World) -> int:
    return sum(
        flag
        for intent, flag in APPLICATION_FLAG_BY_INTENT.items()
        if world.privileged_intents & intent
    )


def guild_to_json(world: World, guild: Guild) -> Json:
    """Return a guild as JSON for GUILD_CREATE; of its members, only the bot is listed.

    discord.py needs `unavailable: false`, the role @everyone, and the bot among the members. An
    exception in its parser, also over a channel without `position`, ends `Client.start()`.
    """
    channels = [channel for channel in world.channels.values() if channel.guild_id == guild.id]
    threads = [channel for channel in channels if channel.is_thread and not channel.is_archived]
    return {
        "id": str(guild.id),
        "name": guild.name,
        "icon": None,
        "owner_id": str(guild.owner_id),
        "unavailable": False,
        "large": False,
        "member_count": len(guild.members),
        "joined_at": CREATED_TIMESTAMP,
        "preferred_locale": "en-US",
        "features": [],
        "roles": [role_to_json(role, position) for position, role in enumerate(guild.roles)],
        "members": [member_to_json(world, guild, world.bot.id)],
        "channels": [
            _listed_channel_to_json(world, channel) for channel in channels if not channel.is_thread
        ],
        "threads": [_listed_channel_to_json(world, thread) for thread in threads],
    }


def _listed_channel_to_json(world: World, channel: Channel) -> Json:
    return channel_to_json(channel, last_message_id=world.last_message_ids.get(channel.id))


def role_to_json(role: Role, position: int) -> Json:
    """Return a role as JSON."""
    tags = {} if role.bot_id is None else {"tags": {"bot_id": str(role.bot_id)}}
    return {
        "id": str(role.id),
        "name": role.name,
        "permissions": str(int(role.permissions)),
        "position": position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": role.bot_id is not None,
        "mentionable": role.is_mentionable,
        "flags": 0,
        **tags,
    }


def channel_to_json(
    channel: Channel, recipients: Sequence[User] = (), *, last_message_id: int | None = None
) -> Json:
    """Return a channel or thread as JSON; direct and group messages carry their recipients."""
    payload: Json = {
        "id": str(channel.id),
        "type": int(channel.type),
        "last_message_id": None if last_message_id is None else str(last_message_id),
    }
    if channel.guild_id is None:
        payload["recipients"] = [user_to_json(recipient) for recipient in recipients]
        if channel.type is ChannelType.GROUP_DM:
            payload |= {"name": channel.name, "icon": None, "owner_id": str(channel.owner_id)}
        return payload
    payload |= {
        "guild_id": str(channel.guild_id),
        "name": channel.name,
        "parent_id": None if channel.parent_id is None else str(channel.parent_id),
    }
    return payload | (
        _build_thread_fields(channel) if channel.is_thread else _build_guild_channel_fields(channel)
    )


def _build_guild_channel_fields(channel: Channel) -> Json:
    return {
        "position": 0,
        "topic": None,
        "nsfw": False,
        "rate_limit_per_user": 0,
        "bitrate": 64_000,
        "user_limit": 0,
        "rtc_region": None,
        "available_tags": [],
        "permission_overwrites": [overwrite_to_json(overwrite) for overwrite in channel.overwrites],
    }


def _build_thread_fields(channel: Channel) -> Json:
    return {
        "owner_id": str(channel.owner_id),
        "message_count": 0,
        "member_count": 1,
        "thread_metadata": {
            "archived": channel.is_archived,
            "locked": channel.is_locked,
            "auto_archive_duration": channel.auto_archive_minutes,
            "archive_timestamp": CREATED_TIMESTAMP,
        },
    }


def overwrite_to_json(overwrite: Overwrite) -> Json:
    """Return a permission overwrite of a channel as JSON."""
    return {
        "id": str(overwrite.id),
        "type": 0 if overwrite.is_role else 1,
        "allow": str(int(overwrite.allow)),
        "deny": str(int(overwrite.deny)),
    }


def unavailable_guild_to_json(guild: Guild) -> Json:
    """Return a guild as JSON for when it is unavailable."""
    return {"id": str(guild.id), "unavailable": True}
