"""The REST routes that bots use: each a function of the call, giving what Discord answers."""

from collections.abc import Mapping

from bot.local_discord import errors as refusals
from bot.local_discord import json_objects as wire
from bot.local_discord.message_json import message_object
from bot.local_discord.rest import channel_routes
from bot.local_discord.rest import interaction_callbacks as interactions
from bot.local_discord.rest import payload_checks as checking
from bot.local_discord.rest.call import Call, Handler
from bot.local_discord.world.permissions import demand_files, permissions_in
from bot.local_discord.world.posting import edit
from bot.local_discord.world.records import Json, Message
from bot.local_discord.world.world import World


def own_user(call: Call) -> Json:
    """Who the bot is."""
    return wire.user_object(call.world.bot)


def own_application(call: Call) -> Json:
    """The bot's application."""
    return wire.application_object(call.world)


def gateway(call: Call) -> Json:
    """Where the gateway is, and how many shards to open."""
    left = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
    return {"url": call.world.gateway_url, "shards": call.world.shards, "session_start_limit": left}


def open_direct_messages(call: Call) -> Json:
    """The direct messages with one user, opened if need be."""
    user = call.world.users.get(int((call.body or {}).get("recipient_id") or 0))
    if user is None or user == call.world.bot:
        raise refusals.unknown_user()
    return wire.channel_object(call.world.direct_channel(user), user)


def user(call: Call) -> Json:
    """One user."""
    found = call.world.users.get(call.number("user"))
    if found is None:
        raise refusals.unknown_user()
    return wire.user_object(found)


def own_guilds(call: Call) -> list[Json]:
    """The guilds that the bot is in, with what its roles allow it there."""
    world = call.world
    return [
        {
            "id": str(home.id),
            "name": home.name,
            "icon": None,
            "owner": home.owner_id == world.bot.id,
            "permissions": str(int(permissions_in(home, world.bot.id))),
            "features": [],
        }
        for home in world.guilds.values()
        if world.bot.id in home.members
    ]


def guild(call: Call) -> Json:
    """One guild."""
    return wire.guild_object(call.world, call.world.guild(call.number("guild")))


def member(call: Call) -> Json:
    """One member of a guild."""
    home = call.world.guild(call.number("guild"))
    user_id = call.number("user")
    if user_id not in home.members:
        raise refusals.unknown_member()
    return wire.member_object(call.world, home, user_id)


def put_commands(call: Call) -> list[Json]:
    """All commands of a scope, in place of those before; one of the same name keeps its id."""
    _demand_own_application(call)
    checking.check_commands(call.body)
    scope = _scope(call)
    before = {(c["type"], c["name"]): c["id"] for c in call.world.commands.get(scope, ())}
    call.world.commands[scope] = tuple(
        _registered(call.world, command, before) for command in call.body
    )
    call.world.touch()
    return list(call.world.commands[scope])


def get_commands(call: Call) -> list[Json]:
    """All commands of a scope."""
    _demand_own_application(call)
    return list(call.world.commands.get(_scope(call), ()))


def answer_interaction(call: Call) -> Json | None:
    """The first answer to an interaction."""
    interaction_id = call.number("interaction")
    told = interactions.answer(
        call.world, interaction_id, call.path["token"], call.body, call.uploads
    )
    return told if call.query.get("with_response") in {"1", "true"} else None


def follow_up(call: Call) -> Json:
    """A further answer to an interaction."""
    _demand_own_webhook(call)
    message = interactions.follow_up(call.world, call.path["token"], call.body, call.uploads)
    return message_object(call.world, message, content_intent=True)


def get_answer(call: Call) -> Json:
    """An answer to an interaction, as it stands."""
    return message_object(call.world, _answer(call), content_intent=True)


def edit_answer(call: Call) -> Json:
    """An answer to an interaction, changed."""
    message = _answer(call)
    demand_files(call.world, call.world.channels[message.channel_id], call.uploads)
    checking.check_edit(message, call.body, call.uploads)
    changed = edit(call.world, message, call.body, call.uploads)
    return message_object(call.world, changed, content_intent=True)


def delete_answer(call: Call) -> None:
    """An answer to an interaction, taken away."""
    call.world.remove(_answer(call))


MESSAGES = "/channels/{channel}/messages"
ANSWERS = "/webhooks/{application}/{token}"
ROUTES: Mapping[tuple[str, str], Handler] = {
    ("GET", "/users/@me"): own_user,
    ("POST", "/users/@me/channels"): open_direct_messages,
    ("GET", "/users/@me/guilds"): own_guilds,
    ("GET", "/users/{user}"): user,
    ("GET", "/oauth2/applications/@me"): own_application,
    ("GET", "/applications/@me"): own_application,
    ("GET", "/gateway"): gateway,
    ("GET", "/gateway/bot"): gateway,
    ("GET", "/guilds/{guild}"): guild,
    ("GET", "/guilds/{guild}/members/{user}"): member,
    ("GET", "/channels/{channel}"): channel_routes.channel,
    ("POST", "/channels/{channel}/typing"): channel_routes.typing,
    ("POST", "/channels/{channel}/threads"): channel_routes.open_thread,
    ("GET", MESSAGES): channel_routes.history,
    ("POST", MESSAGES): channel_routes.create_message,
    ("GET", f"{MESSAGES}/{{message}}"): channel_routes.one_message,
    ("PATCH", f"{MESSAGES}/{{message}}"): channel_routes.edit_message,
    ("DELETE", f"{MESSAGES}/{{message}}"): channel_routes.delete_message,
    ("POST", f"{MESSAGES}/{{message}}/threads"): channel_routes.open_thread,
    ("POST", f"{MESSAGES}/{{message}}/crosspost"): channel_routes.publish_message,
    ("GET", "/applications/{application}/commands"): get_commands,
    ("PUT", "/applications/{application}/commands"): put_commands,
    ("GET", "/applications/{application}/guilds/{guild}/commands"): get_commands,
    ("PUT", "/applications/{application}/guilds/{guild}/commands"): put_commands,
    ("POST", "/interactions/{interaction}/{token}/callback"): answer_interaction,
    ("POST", ANSWERS): follow_up,
    ("GET", f"{ANSWERS}/messages/{{message}}"): get_answer,
    ("PATCH", f"{ANSWERS}/messages/{{message}}"): edit_answer,
    ("DELETE", f"{ANSWERS}/messages/{{message}}"): delete_answer,
}


def _demand_own_application(call: Call) -> None:
    if call.number("application") != call.world.application_id:
        raise refusals.missing_access()


def _scope(call: Call) -> int | None:
    return call.world.guild(call.number("guild")).id if "guild" in call.path else None


def _registered(world: World, command: Json, before: Mapping[tuple[int, str], str]) -> Json:
    kind = command.get("type", 1)
    command_id = before.get((kind, command["name"])) or str(world.ids.next())
    told = {"description": "", "options": [], **command, "type": kind, "id": command_id}
    told |= {"application_id": str(world.application_id), "version": str(world.ids.next())}
    return told


def _demand_own_webhook(call: Call) -> None:
    if call.number("application") != call.world.application_id:
        raise refusals.unknown_webhook()


def _answer(call: Call) -> Message:
    _demand_own_webhook(call)
    return interactions.message_of(call.world, call.path["token"], call.path["message"])
