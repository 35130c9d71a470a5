"""The routes of responses to interactions: the callback, and the webhook for later messages."""

from bot.local_discord.errors import UNKNOWN_WEBHOOK, ApiError
from bot.local_discord.rest.call import Call
from bot.local_discord.rest.interaction_callbacks import follow_up, get_message, respond
from bot.local_discord.rest.payload_checks import check_edit
from bot.local_discord.world.message_json import message_to_json
from bot.local_discord.world.permissions import require_attach_files
from bot.local_discord.world.posting import edit
from bot.local_discord.world.records import Json, Message


def create_response(call: Call) -> Json | None:
    """Respond to an interaction; the answer has a body only if the query asks for one.

    discord.py always asks for it, and fails with a TypeError if there is none.
    """
    interaction_id = call.get_id("interaction")
    payload = respond(
        call.world, interaction_id, call.path_params["token"], call.body, call.uploads
    )
    return payload if call.query.get("with_response") in {"1", "true"} else None


def create_follow_up(call: Call) -> Json:
    """Post a further message for an interaction."""
    _require_own_webhook(call)
    message = follow_up(call.world, call.path_params["token"], call.body, call.uploads)
    return message_to_json(call.world, message, has_content_intent=True)


def get_response(call: Call) -> Json:
    """Return a message of an interaction."""
    return message_to_json(call.world, _get_response_message(call), has_content_intent=True)


def edit_response(call: Call) -> Json:
    """Edit a message of an interaction."""
    message = _get_response_message(call)
    require_attach_files(call.world, call.world.channels[message.channel_id], call.uploads)
    check_edit(message, call.body, call.uploads)
    changed = edit(call.world, message, call.body, call.uploads)
    return message_to_json(call.world, changed, has_content_intent=True)


def delete_response(call: Call) -> None:
    """Delete a message of an interaction."""
    call.world.delete_message(_get_response_message(call))


def _require_own_webhook(call: Call) -> None:
    if call.get_id("application") != call.world.application_id:
        raise ApiError(UNKNOWN_WEBHOOK)


def _get_response_message(call: Call) -> Message:
    _require_own_webhook(call)
    return get_message(call.world, call.path_params["token"], call.path_params["message"])
