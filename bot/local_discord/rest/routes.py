"""The table of the routes that bots use, and their handlers."""

from collections.abc import Mapping

from bot.local_discord.rest import (
    channel_routes,
    command_routes,
    identity_routes,
    interaction_routes,
)
from bot.local_discord.rest.call import Handler

MESSAGES_ROUTE = "/channels/{channel}/messages"
WEBHOOK_ROUTE = "/webhooks/{application}/{token}"
ROUTES: Mapping[tuple[str, str], Handler] = {
    ("GET", "/users/@me"): identity_routes.get_own_user,
    ("POST", "/users/@me/channels"): identity_routes.open_direct_messages,
    ("GET", "/users/@me/guilds"): identity_routes.get_own_guilds,
    ("GET", "/users/{user}"): identity_routes.get_user,
    ("GET", "/oauth2/applications/@me"): identity_routes.get_own_application,
    ("GET", "/applications/@me"): identity_routes.get_own_application,
    ("GET", "/gateway"): identity_routes.get_gateway,
    ("GET", "/gateway/bot"): identity_routes.get_gateway,
    ("GET", "/guilds/{guild}"): identity_routes.get_guild,
    ("GET", "/guilds/{guild}/members/{user}"): identity_routes.get_member,
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
    ("GET", "/applications/{application}/commands"): command_routes.get_commands,
    ("PUT", "/applications/{application}/commands"): command_routes.put_commands,
    ("GET", "/applications/{application}/guilds/{guild}/commands"): command_routes.get_commands,
    ("PUT", "/applications/{application}/guilds/{guild}/commands"): command_routes.put_commands,
    ("POST", "/interactions/{interaction}/{token}/callback"): interaction_routes.create_response,
    ("POST", WEBHOOK_ROUTE): interaction_routes.create_follow_up,
    ("GET", f"{WEBHOOK_ROUTE}/messages/{{message}}"): interaction_routes.get_response,
    ("PATCH", f"{WEBHOOK_ROUTE}/messages/{{message}}"): interaction_routes.edit_response,
    ("DELETE", f"{WEBHOOK_ROUTE}/messages/{{message}}"): interaction_routes.delete_response,
}
