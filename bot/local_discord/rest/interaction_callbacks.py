"""Responses to interactions: which ones Discord accepts, and their effect on the channel."""

from collections.abc import Sequence

from bot.local_discord.errors import (
    ALREADY_ACKNOWLEDGED,
    UNKNOWN_INTERACTION,
    UNKNOWN_MESSAGE,
    UNKNOWN_WEBHOOK,
    ApiError,
    build_field_error,
)
from bot.local_discord.rest.payload_checks import (
    check_choices,
    check_edit,
    check_follow_ups,
    check_message,
    check_modal,
)
from bot.local_discord.world.constants import (
    INTERACTION_TOKEN_SECONDS,
    CallbackType,
    CommandType,
    InteractionType,
    MessageFlag,
    MessageType,
)
from bot.local_discord.world.message_json import message_to_json
from bot.local_discord.world.permissions import may_answer_publicly, require_attach_files
from bot.local_discord.world.posting import edit, post
from bot.local_discord.world.records import (
    Interaction,
    InteractionMetadata,
    Json,
    Message,
    Upload,
    assign_component_ids,
)
from bot.local_discord.world.world import World

UPDATE_CALLBACKS = frozenset({CallbackType.DEFERRED_UPDATE, CallbackType.UPDATE})
MESSAGE_CALLBACKS = frozenset({CallbackType.MESSAGE, CallbackType.DEFERRED_MESSAGE})
ALLOWED_CALLBACKS = {
    InteractionType.APPLICATION_COMMAND: MESSAGE_CALLBACKS | {CallbackType.MODAL},
    InteractionType.MESSAGE_COMPONENT: MESSAGE_CALLBACKS | UPDATE_CALLBACKS | {CallbackType.MODAL},
    InteractionType.AUTOCOMPLETE: frozenset({CallbackType.CHOICES}),
    InteractionType.MODAL_SUBMIT: MESSAGE_CALLBACKS | UPDATE_CALLBACKS,
}
"""The first responses that Discord accepts for each type.

A modal that was opened by a command has no message to update.
"""


def respond(
    world: World, interaction_id: int, token: str, body: Json, uploads: Sequence[Upload] = ()
) -> Json:
    """Carry out the first response to an interaction, and return the answer to it.

    Raises:
        ApiError: 10062 after 3 seconds, 40060 the second time, 50035 if it does not fit.
    """
    interaction = _get_unanswered_interaction(world, interaction_id, token)
    callback_type = _parse_callback_type(body, interaction)
    require_attach_files(world, interaction.channel, uploads)
    message = _apply_callback(world, interaction, callback_type, body.get("data") or {}, uploads)
    interaction.callback_type = callback_type
    if message is not None:
        interaction.original_message_id = message.id
        interaction.message_ids.append(message.id)
    world.changes.notify()
    return _build_callback_response(world, interaction, callback_type, message)


def follow_up(world: World, token: str, body: Json, uploads: Sequence[Upload] = ()) -> Message:
    """Post a further message; the first one after a deferred response takes its place."""
    interaction = get_open_interaction(world, token)
    require_attach_files(world, interaction.channel, uploads)
    check_message(body, uploads)
    original = world.messages.get(interaction.original_message_id or 0)
    if original is not None and original.is_loading:
        return edit(world, original, body, uploads)
    if interaction.is_by_user_install:
        check_follow_ups(interaction.follow_up_count + 1)
    message = _post_response(world, interaction, body, uploads, MessageFlag.NONE)
    interaction.message_ids.append(message.id)
    return message


def get_open_interaction(world: World, token: str) -> Interaction:
    """Return the interaction of a token that can still edit and follow up.

    Raises:
        ApiError: 10015 before the first response, and after 15 minutes.
    """
    interaction = world.interactions.get(token)
    if interaction is None or interaction.callback_type is None:
        raise ApiError(UNKNOWN_WEBHOOK)
    if world.clock.now() - interaction.created_at > INTERACTION_TOKEN_SECONDS:
        raise ApiError(UNKNOWN_WEBHOOK)
    return interaction


def get_message(world: World, token: str, name: str) -> Message:
    """Return a message that the token may edit: `@original`, or one by its id.

    Raises:
        ApiError: 10015 if the token does not work, 10008 if it may not edit such a message.
    """
    interaction = get_open_interaction(world, token)
    message_id = interaction.original_message_id if name == "@original" else _parse_message_id(name)
    message = world.messages.get(message_id or 0)
    if message is None or message.id not in interaction.message_ids:
        raise ApiError(UNKNOWN_MESSAGE)
    return message


def _get_unanswered_interaction(world: World, interaction_id: int, token: str) -> Interaction:
    interaction = world.interactions.get(token)
    if interaction is None or interaction.id != interaction_id:
        raise ApiError(UNKNOWN_INTERACTION)
    if world.clock.now() - interaction.created_at > world.initial_response_seconds:
        raise ApiError(UNKNOWN_INTERACTION)
    if interaction.callback_type is not None:
        # Discord can deliver an interaction twice, so this need not be the bot's own response.
        raise ApiError(ALREADY_ACKNOWLEDGED)
    return interaction


def _parse_message_id(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _parse_callback_type(body: Json, interaction: Interaction) -> CallbackType:
    allowed = ALLOWED_CALLBACKS[interaction.type]
    if interaction.type is InteractionType.MODAL_SUBMIT and interaction.message is None:
        allowed -= UPDATE_CALLBACKS
    if body.get("type") not in allowed:
        allowed_values = ", ".join(str(int(callback_type)) for callback_type in sorted(allowed))
        message = f"Value must be one of {{{allowed_values}}}."
        raise build_field_error(message, code="BASE_TYPE_CHOICES", path="type")
    return CallbackType(body["type"])


def _apply_callback(
    world: World,
    interaction: Interaction,
    callback_type: CallbackType,
    data: Json,
    uploads: Sequence[Upload],
) -> Message | None:
    """Carry out the response, and return the message that it posted or edited, if any."""
    match callback_type:
        case CallbackType.MESSAGE:
            check_message(data, uploads, parent_field="data")
            return _post_response(world, interaction, data, uploads, MessageFlag.NONE)
        case CallbackType.DEFERRED_MESSAGE:
            # Whether the answer is ephemeral is decided here; the later edit can't change it.
            return _post_response(
                world, interaction, {"flags": data.get("flags")}, (), MessageFlag.LOADING
            )
        case CallbackType.UPDATE:
            current = _get_source_message(world, interaction)
            check_edit(current, data, uploads, parent_field="data")
            return edit(world, current, data, uploads)
        case CallbackType.DEFERRED_UPDATE:
            return _get_source_message(world, interaction)
        case CallbackType.CHOICES:
            check_choices(data)
            interaction.choices = tuple(data["choices"])
        case _:
            check_modal(data)
            interaction.modal = {
                **data,
                "components": list(assign_component_ids(data["components"])),
            }
    return None


def _get_source_message(world: World, interaction: Interaction) -> Message:
    """Return the message of the component as it is now."""
    message = world.messages.get(interaction.message.id) if interaction.message else None
    if message is None:
        raise ApiError(UNKNOWN_MESSAGE)
    return message


def _post_response(
    world: World,
    interaction: Interaction,
    data: Json,
    uploads: Sequence[Upload],
    flags: MessageFlag,
) -> Message:
    ephemeral_flag = MessageFlag(data.get("flags") or 0) & MessageFlag.EPHEMERAL
    if not may_answer_publicly(world, interaction):
        ephemeral_flag = MessageFlag.EPHEMERAL
    original = world.messages.get(interaction.original_message_id or 0)
    reply_target = original or interaction.message
    return post(
        world,
        interaction.channel,
        world.bot.id,
        data,
        uploads=uploads,
        message_type=MessageType.REPLY if original else _get_message_type(interaction),
        reply_to_id=reply_target.id if reply_target else None,
        flags=flags | ephemeral_flag,
        interaction_metadata=_build_metadata(interaction),
        only_for=interaction.user.id if ephemeral_flag else None,
    )


def _get_message_type(interaction: Interaction) -> MessageType:
    """Return the type of a message that responds first."""
    if interaction.type is not InteractionType.APPLICATION_COMMAND:
        return MessageType.REPLY if interaction.message else MessageType.DEFAULT
    is_typed = interaction.data.get("type", CommandType.CHAT_INPUT) == CommandType.CHAT_INPUT
    return MessageType.CHAT_INPUT_COMMAND if is_typed else MessageType.CONTEXT_MENU_COMMAND


def _build_metadata(interaction: Interaction) -> InteractionMetadata:
    return InteractionMetadata(
        id=interaction.id,
        type=int(interaction.type),
        user_id=interaction.user.id,
        name=interaction.data.get("name"),
        integration_owners=interaction.integration_owners,
    )


def _build_callback_response(
    world: World, interaction: Interaction, callback_type: CallbackType, message: Message | None
) -> Json:
    interaction_fields: Json = {"id": str(interaction.id), "type": int(interaction.type)}
    resource: Json = {"type": int(callback_type)}
    if message is not None:
        interaction_fields |= {
            "response_message_id": str(message.id),
            "response_message_loading": message.is_loading,
            "response_message_ephemeral": message.is_ephemeral,
        }
        resource["message"] = message_to_json(world, message, has_content_intent=True)
    return {"interaction": interaction_fields, "resource": resource}
