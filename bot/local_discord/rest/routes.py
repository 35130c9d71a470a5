"""The REST routes that bots use: each a function of the call, giving what Discord answers."""

from collections.abc import Mapping

from bot.local_discord import errors as refusals
from bot.local_discord import json_objects as wire
from bot.local_discord.message_json import message_to_json
from bot.local_discord.rest import channel_routes
from bot.local_discord.rest import interaction_callbacks as interactions
from bot.local_discord.rest import payload_checks as checking
from bot.local_discord.rest.call import Call, Handler
from bot.local_discord.world.permissions import compute_guild_permissions, require_attach_files
from bot.local_discord.world.posting import edit
from bot.local_discord.world.records import Json, Message
from bot.local_discord.world.world import World


def get_own_user(call: Call) -> Json:
    """Who the bot is."""
    return wire.user_to_json(call.world.bot)


def get_own_application(call: Call) -> Json:
    """The bot's application."""
    return wire.application_to_json(call.world)


def get_gateway(call: Call) -> Json:
    """Where the gateway is, and how many shards to open."""
    session_start_limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
    return {
        "url": call.world.gateway_url,
        "shards": call.world.shards,
        "session_start_limit": session_start_limit,
    }


def open_direct_messages(call: Call) -> Json:
    """The direct messages with one user, opened if need be."""
    user = call.world.users.get(int((call.body or {}).get("recipient_id") or 0))
    if user is None or user == call.world.bot:
        raise refusals.unknown_user()
    return wire.channel_to_json(call.world.open_direct_channel(user), user)


def get_user(call: Call) -> Json:
    """One user."""
    user = call.world.users.get(call.get_id("user"))
    if user is None:
        raise refusals.unknown_user()
    return wire.user_to_json(user)


def get_own_guilds(call: Call) -> list[Json]:
    """The guilds that the bot is in, with what its roles allow it there."""
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
    """One guild."""
    return wire.guild_to_json(call.world, call.world.get_guild(call.get_id("guild")))


def get_member(call: Call) -> Json:
    """One member of a guild."""
    guild = call.world.get_guild(call.get_id("guild"))
    user_id = call.get_id("user")
    if user_id not in guild.members:
        raise refusals.unknown_member()
    return wire.member_to_json(call.world, guild, user_id)


def put_commands(call: Call) -> list[Json]:
    """All commands of a scope, in place of those before; one of the same name keeps its id."""
    _require_own_application(call)
    checking.check_commands(call.body)
    scope = _get_command_scope(call)
    existing_ids = {
        (command["type"], command["name"]): command["id"]
        for command in call.world.commands.get(scope, ())
    }
    call.world.commands[scope] = tuple(
        _register_command(call.world, command, existing_ids) for command in call.body
    )
    call.world.notify_waiters()
    return list(call.world.commands[scope])


def get_commands(call: Call) -> list[Json]:
    """All commands of a scope."""
    _require_own_application(call)
    return list(call.world.commands.get(_get_command_scope(call), ()))


def answer_interaction(call: Call) -> Json | None:
    """The first answer to an interaction."""
    interaction_id = call.get_id("interaction")
    payload = interactions.respond(
        call.world, interaction_id, call.path_params["token"], call.body, call.uploads
    )
    return payload if call.query.get("with_response") in {"1", "true"} else None


def create_follow_up(call: Call) -> Json:
    """A further answer to an interaction."""
    _require_own_webhook(call)
    message = interactions.follow_up(call.world, call.path_params["token"], call.body, call.uploads)
    return message_to_json(call.world, message, content_intent=True)


def get_answer(call: Call) -> Json:
    """An answer to an interaction, as it stands."""
    return message_to_json(call.world, _find_answer_message(call), content_intent=True)


def edit_answer(call: Call) -> Json:
    """An answer to an interaction, changed."""
    message = _find_answer_message(call)
    require_attach_files(call.world, call.world.channels[message.channel_id], call.uploads)
    checking.check_edit(message, call.body, call.uploads)
    changed = edit(call.world, message, call.body, call.uploads)
    return message_to_json(call.world, changed, content_intent=True)


def delete_answer(call: Call) -> None:
    """An answer to an interaction, taken away."""
    call.world.delete_message(_find_answer_message(call))


MESSAGES_ROUTE = "/channels/{channel}/messages"
WEBHOOK_ROUTE = "/webhooks/{application}/{token}"
ROUTES: Mapping[tuple[str, str], Handler] = {
    ("GET", "/users/@me"): get_own_user,
    ("POST", "/users/@me/channels"): open_direct_messages,
    ("GET", "/users/@me/guilds"): get_own_guilds,
    ("GET", "/users/{user}"): get_user,
    ("GET", "/oauth2/applications/@me"): get_own_application,
    ("GET", "/applications/@me"): get_own_application,
    ("GET", "/gateway"): get_gateway,
    ("GET", "/gateway/bot"): get_gateway,
    ("GET", "/guilds/{guild}"): get_guild,
    ("GET", "/guilds/{guild}/members/{user}"): get_member,
    ("GET", "/channels/{channel}"): channel_routes.get_channel,
    ("POST", "/channels/{channel}/typing"): channel_routes.trigger_typing,
    ("POST", "/channels/{channel}/threads"): channel_routes.start_thread,
    ("GET", MESSAGES_ROUTE): channel_routes.list_messages,
    ("POST", MESSAGES_ROUTE): channel_routes.create_message,
    ("GET", f"{MESSAGES_ROUTE}/{{message}}"): channel_routes.get_message,
    ("PATCH", f"{MESSAGES_ROUTE}/{{message}}"): channel_routes.edit_message,
    ("DELETE", f"{MESSAGES_ROUTE}/{{message}}"): channel_routes.delete_message,
    ("POST", f"{MESSAGES_ROUTE}/{{message}}/threads"): channel_routes.start_thread,
    ("POST", f"{MESSAGES_ROUTE}/{{message}}/crosspost"): channel_routes.crosspost_message,
    ("GET", "/applications/{application}/commands"): get_commands,
    ("PUT", "/applications/{application}/commands"): put_commands,
    ("GET", "/applications/{application}/guilds/{guild}/commands"): get_commands,
    ("PUT", "/applications/{application}/guilds/{guild}/commands"): put_commands,
    ("POST", "/interactions/{interaction}/{token}/callback"): answer_interaction,
    ("POST", WEBHOOK_ROUTE): create_follow_up,
    ("GET", f"{WEBHOOK_ROUTE}/messages/{{message}}"): get_answer,
    ("PATCH", f"{WEBHOOK_ROUTE}/messages/{{message}}"): edit_answer,
    ("DELETE", f"{WEBHOOK_ROUTE}/messages/{{message}}"): delete_answer,
}


def _require_own_application(call: Call) -> None:
    if call.get_id("application") != call.world.application_id:
        raise refusals.missing_access()


def _get_command_scope(call: Call) -> int | None:
    return call.world.get_guild(call.get_id("guild")).id if "guild" in call.path_params else None


def _register_command(
    world: World, command: Json, existing_ids: Mapping[tuple[int, str], str]
) -> Json:
    command_type = command.get("type", 1)
    command_id = existing_ids.get((command_type, command["name"])) or str(world.ids.next())
    payload = {"description": "", "options": [], **command, "type": command_type, "id": command_id}
    payload |= {"application_id": str(world.application_id), "version": str(world.ids.next())}
    return payload


def _require_own_webhook(call: Call) -> None:
    if call.get_id("application") != call.world.application_id:
        raise refusals.unknown_webhook()


def _find_answer_message(call: Call) -> Message:
    _require_own_webhook(call)
    return interactions.get_message(
        call.world, call.path_params["token"], call.path_params["message"]
    )
