"""The routes that look up the bot, users and guilds."""

from bot.local_discord.errors import UNKNOWN_MEMBER, UNKNOWN_USER, ApiError
from bot.local_discord.rest.call import Call
from bot.local_discord.world import json_objects
from bot.local_discord.world.permissions import compute_guild_permissions
from bot.local_discord.world.records import Json


def get_own_user(call: Call) -> Json:
    """Return the user of the bot; discord.py asks first, and takes a 401 for a wrong token."""
    return json_objects.user_to_json(call.world.bot)


def get_own_application(call: Call) -> Json:
    """Return the application of the bot."""
    return json_objects.application_to_json(call.world)


def get_gateway(call: Call) -> Json:
    """Return the address of the gateway, and how many shards to open.

    Only AutoShardedClient asks; a plain Client of discord.py connects to a fixed address.
    """
    session_start_limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
    return {
        "url": call.world.gateway_url,
        "shards": call.world.shard_count,
        "session_start_limit": session_start_limit,
    }


def open_direct_messages(call: Call) -> Json:
    """Return the direct messages with a user, opened if need be."""
    user = call.world.users.get(int((call.body or {}).get("recipient_id") or 0))
    if user is None or user == call.world.bot:
        raise ApiError(UNKNOWN_USER)
    return json_objects.channel_to_json(call.world.open_direct_channel(user), [user])


def get_user(call: Call) -> Json:
    """Return a user."""
    user = call.world.users.get(call.get_id("user"))
    if user is None:
        raise ApiError(UNKNOWN_USER)
    return json_objects.user_to_json(user)


def get_own_guilds(call: Call) -> list[Json]:
    """Return the guilds of the bot, with the permissions of its roles there."""
    world = call.world
    return [
        {
            "id": str(guild.id),
            "name": guild.name,
            "icon": None,
            "owner": guild.owner_id == world.bot.id,
            "permissions": str(int(compute_guild_permissions(guild, world.bot.id))),
            "features": [],
        }
        for guild in world.guilds.values()
        if world.bot.id in guild.members
    ]


def get_guild(call: Call) -> Json:
    """Return a guild."""
    return json_objects.guild_to_json(call.world, call.world.get_guild(call.get_id("guild")))


def get_member(call: Call) -> Json:
    """Return a member of a guild."""
    guild = call.world.get_guild(call.get_id("guild"))
    user_id = call.get_id("user")
    if user_id not in guild.members:
        raise ApiError(UNKNOWN_MEMBER)
    return json_objects.member_to_json(call.world, guild, user_id)
