"""Answers to interactions: which is taken when, and what it makes of the channel."""

import secrets
from collections.abc import Mapping, Sequence

from bot.local_discord import errors as refusals
from bot.local_discord import message_json as message_wire
from bot.local_discord.rest import payload_checks as checking
from bot.local_discord.world.interaction import (
    INITIAL_RESPONSE_SECONDS,
    TOKEN_LIFETIME_SECONDS,
    CallbackType,
    Interaction,
    InteractionType,
)
from bot.local_discord.world.permissions import require_attach_files
from bot.local_discord.world.posting import Upload, edit, post
from bot.local_discord.world.records import (
    Channel,
    IntegrationType,
    InteractionMetadata,
    Json,
    Message,
    MessageFlag,
    MessageType,
    User,
    assign_component_ids,
)
from bot.local_discord.world.world import Event, World

UPDATE_CALLBACKS = frozenset({CallbackType.DEFERRED_UPDATE, CallbackType.UPDATE})
MESSAGE_CALLBACKS = frozenset({CallbackType.MESSAGE, CallbackType.DEFERRED_MESSAGE})
ALLOWED_CALLBACKS = {
    InteractionType.APPLICATION_COMMAND: MESSAGE_CALLBACKS | {CallbackType.MODAL},
    InteractionType.MESSAGE_COMPONENT: MESSAGE_CALLBACKS | UPDATE_CALLBACKS | {CallbackType.MODAL},
    InteractionType.AUTOCOMPLETE: frozenset({CallbackType.CHOICES}),
    InteractionType.MODAL_SUBMIT: MESSAGE_CALLBACKS | UPDATE_CALLBACKS,
}
"""Which first answers Discord takes to what; a modal over no message has none to update."""


def create_interaction(  # noqa: PLR0913 - what an interaction consists of
    world: World,
    interaction_type: InteractionType,
    user: User,
    channel: Channel,
    data: Json,
    *,
    message: Message | None = None,
    integration_owners: Mapping[IntegrationType, str] | None = None,
) -> Interaction:
    """An interaction that the bot has just been told of.

    `integration_owners` are those by whom it is there to be used, where not all by whom it is there count.
    """
    interaction = Interaction(
        id=world.ids.next(),
        token=secrets.token_urlsafe(48),
        type=interaction_type,
        user=user,
        channel=channel,
        data=data,
        created_at=world.clock.now(),
        message=message,
        integration_owners=world.get_integration_owners(user, channel)
        if integration_owners is None
        else integration_owners,
    )
    world.interactions[interaction.token] = interaction
    payload = message_wire.interaction_to_json(world, interaction)
    world.emit(Event(name="INTERACTION_CREATE", guild_id=channel.guild_id, data=payload))
    return interaction


def respond(
    world: World, interaction_id: int, token: str, body: Json, uploads: Sequence[Upload] = ()
) -> Json:
    """What a callback with response is answered.

    Raises:
        Refused: 10062 after 3 seconds, 40060 the second time, 50035 what does not fit.
    """
    interaction = world.interactions.get(token)
    if interaction is None or interaction.id != interaction_id:
        raise refusals.unknown_interaction()
    if world.clock.now() - interaction.created_at > INITIAL_RESPONSE_SECONDS:
        raise refusals.unknown_interaction()
    if interaction.callback_type is not None:
        raise refusals.already_acknowledged()
    callback_type = _parse_callback_type(body, interaction)
    require_attach_files(world, interaction.channel, uploads)
    message = _apply_callback(world, interaction, callback_type, body.get("data") or {}, uploads)
    interaction.callback_type = callback_type
    if message is not None:
        interaction.original_message_id = message.id
        interaction.message_ids.append(message.id)
    world.notify_waiters()
    return _build_callback_response(world, interaction, callback_type, message)


def follow_up(world: World, token: str, body: Json, uploads: Sequence[Upload] = ()) -> Message:
    """A further message; the first one after a deferred answer takes that one's place."""
    interaction = get_open_interaction(world, token)
    require_attach_files(world, interaction.channel, uploads)
    checking.check_message(body, uploads)
    original = world.messages.get(interaction.original_message_id or 0)
    if original is not None and original.is_loading:
        return edit(world, original, body, uploads)
    message = _post_response(world, interaction, body, uploads, MessageFlag.NONE)
    interaction.message_ids.append(message.id)
    return message


def get_open_interaction(world: World, token: str) -> Interaction:
    """The interaction whose token still edits and follows up.

    Raises:
        Refused: 10015 before the first answer, and after 15 minutes.
    """
    interaction = world.interactions.get(token)
    if interaction is None or interaction.callback_type is None:
        raise refusals.unknown_webhook()
    if world.clock.now() - interaction.created_at > TOKEN_LIFETIME_SECONDS:
        raise refusals.unknown_webhook()
    return interaction


def get_message(world: World, token: str, name: str) -> Message:
    """The message that the token may edit: `@original`, or one by its id.

    Raises:
        Refused: 10015 for the token, 10008 for the message.
    """
    interaction = get_open_interaction(world, token)
    message_id = interaction.original_message_id if name == "@original" else _parse_message_id(name)
    message = world.messages.get(message_id or 0)
    if message is None or message.id not in interaction.message_ids:
        raise refusals.unknown_message()
    return message


def _parse_message_id(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _parse_callback_type(body: Json, interaction: Interaction) -> CallbackType:
    allowed = ALLOWED_CALLBACKS[interaction.type]
    if interaction.type is InteractionType.MODAL_SUBMIT and interaction.message is None:
        allowed -= UPDATE_CALLBACKS
    if body.get("type") not in allowed:
        allowed_values = ", ".join(str(int(callback_type)) for callback_type in sorted(allowed))
        message = f"Value must be one of {{{allowed_values}}}."
        raise refusals.field_error(message, code="BASE_TYPE_CHOICES", path="type")
    return CallbackType(body["type"])


def _apply_callback(
    world: World,
    interaction: Interaction,
    callback_type: CallbackType,
    data: Json,
    uploads: Sequence[Upload],
) -> Message | None:
    """The message that the answer made or changed, if it did."""
    match callback_type:
        case CallbackType.MESSAGE:
            checking.check_message(data, uploads, parent_field="data")
            return _post_response(world, interaction, data, uploads, MessageFlag.NONE)
        case CallbackType.DEFERRED_MESSAGE:
            return _post_response(
                world, interaction, {"flags": data.get("flags")}, (), MessageFlag.LOADING
            )
        case CallbackType.UPDATE:
            current = _get_source_message(world, interaction)
            checking.check_edit(current, data, uploads, parent_field="data")
            return edit(world, current, data, uploads)
        case CallbackType.DEFERRED_UPDATE:
            return _get_source_message(world, interaction)
        case CallbackType.CHOICES:
            checking.check_choices(data)
            interaction.choices = tuple(data["choices"])
        case _:
            checking.check_modal(data)
            interaction.modal = {
                **data,
                "components": list(assign_component_ids(data["components"])),
            }
    return None


def _get_source_message(world: World, interaction: Interaction) -> Message:
    """The message that the component stands in, as it is now."""
    message = world.messages.get(interaction.message.id) if interaction.message else None
    if message is None:
        raise refusals.unknown_message()
    return message


def _post_response(
    world: World,
    interaction: Interaction,
    data: Json,
    uploads: Sequence[Upload],
    flags: MessageFlag,
) -> Message:
    ephemeral_flag = MessageFlag(data.get("flags") or 0) & MessageFlag.EPHEMERAL
    original = world.messages.get(interaction.original_message_id or 0)
    reply_target = original or interaction.message
    return post(
        world,
        interaction.channel,
        world.bot.id,
        data,
        uploads=uploads,
        message_type=MessageType.REPLY
        if original
        else message_wire.get_response_message_type(interaction),
        reply_to=reply_target.id if reply_target else None,
        flags=flags | ephemeral_flag,
        interaction_metadata=_build_metadata(interaction),
        only_for=interaction.user.id if ephemeral_flag else None,
    )


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
        resource["message"] = message_wire.message_to_json(world, message, content_intent=True)
    return {"interaction": interaction_fields, "resource": resource}
