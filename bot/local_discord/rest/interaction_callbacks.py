"""Answers to interactions: which is taken when, and what it makes of the channel."""

import secrets
from collections.abc import Mapping, Sequence

from bot.local_discord import errors as refusals
from bot.local_discord import message_json as message_wire
from bot.local_discord.rest import payload_checks as checking
from bot.local_discord.world.interaction import (
    SECONDS_TO_ANSWER,
    SECONDS_TO_FOLLOW_UP,
    CallbackKind,
    Interaction,
    InteractionKind,
)
from bot.local_discord.world.permissions import demand_files
from bot.local_discord.world.posting import Upload, edit, post
from bot.local_discord.world.records import (
    Cause,
    Channel,
    Flag,
    Install,
    Json,
    Message,
    MessageKind,
    User,
    numbered,
)
from bot.local_discord.world.world import Event, World

ON_MESSAGES = frozenset({CallbackKind.DEFERRED_UPDATE, CallbackKind.UPDATE})
IN_CHANNELS = frozenset({CallbackKind.MESSAGE, CallbackKind.DEFERRED_MESSAGE})
CALLBACKS = {
    InteractionKind.COMMAND: IN_CHANNELS | {CallbackKind.MODAL},
    InteractionKind.COMPONENT: IN_CHANNELS | ON_MESSAGES | {CallbackKind.MODAL},
    InteractionKind.AUTOCOMPLETE: frozenset({CallbackKind.CHOICES}),
    InteractionKind.MODAL: IN_CHANNELS | ON_MESSAGES,
}
"""Which first answers Discord takes to what; a modal over no message has none to update."""


def begin(  # noqa: PLR0913 - what an interaction consists of
    world: World,
    kind: InteractionKind,
    user: User,
    channel: Channel,
    data: Json,
    *,
    message: Message | None = None,
    owners: Mapping[Install, str] | None = None,
) -> Interaction:
    """An interaction that the bot has just been told of.

    `owners` are those by whom it is there to be used, where not all by whom it is there count.
    """
    interaction = Interaction(
        id=world.ids.next(),
        token=secrets.token_urlsafe(48),
        kind=kind,
        user=user,
        channel=channel,
        data=data,
        created_at=world.clock.now(),
        message=message,
        owners=world.installs(user, channel) if owners is None else owners,
    )
    world.interactions[interaction.token] = interaction
    told = message_wire.interaction_object(world, interaction)
    world.tell(Event(name="INTERACTION_CREATE", guild_id=channel.guild_id, data=told))
    return interaction


def answer(
    world: World, interaction_id: int, token: str, body: Json, uploads: Sequence[Upload] = ()
) -> Json:
    """What a callback with response is answered.

    Raises:
        Refused: 10062 after 3 seconds, 40060 the second time, 50035 what does not fit.
    """
    interaction = world.interactions.get(token)
    if interaction is None or interaction.id != interaction_id:
        raise refusals.unknown_interaction()
    if world.clock.now() - interaction.created_at > SECONDS_TO_ANSWER:
        raise refusals.unknown_interaction()
    if interaction.answered_by is not None:
        raise refusals.already_acknowledged()
    kind = _kind_of(body, interaction)
    demand_files(world, interaction.channel, uploads)
    message = _do(world, interaction, kind, body.get("data") or {}, uploads)
    interaction.answered_by = kind
    if message is not None:
        interaction.original_id = message.id
        interaction.message_ids.append(message.id)
    world.touch()
    return _told(world, interaction, kind, message)


def follow_up(world: World, token: str, body: Json, uploads: Sequence[Upload] = ()) -> Message:
    """A further message; the first one after a deferred answer takes that one's place."""
    interaction = open_interaction(world, token)
    demand_files(world, interaction.channel, uploads)
    checking.check_message(body, uploads)
    original = world.messages.get(interaction.original_id or 0)
    if original is not None and original.is_loading:
        return edit(world, original, body, uploads)
    message = _posted(world, interaction, body, uploads, Flag.NONE)
    interaction.message_ids.append(message.id)
    return message


def open_interaction(world: World, token: str) -> Interaction:
    """The interaction whose token still edits and follows up.

    Raises:
        Refused: 10015 before the first answer, and after 15 minutes.
    """
    interaction = world.interactions.get(token)
    if interaction is None or interaction.answered_by is None:
        raise refusals.unknown_webhook()
    if world.clock.now() - interaction.created_at > SECONDS_TO_FOLLOW_UP:
        raise refusals.unknown_webhook()
    return interaction


def message_of(world: World, token: str, name: str) -> Message:
    """The message that the token may edit: `@original`, or one by its id.

    Raises:
        Refused: 10015 for the token, 10008 for the message.
    """
    interaction = open_interaction(world, token)
    message_id = interaction.original_id if name == "@original" else _number(name)
    message = world.messages.get(message_id or 0)
    if message is None or message.id not in interaction.message_ids:
        raise refusals.unknown_message()
    return message


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _kind_of(body: Json, interaction: Interaction) -> CallbackKind:
    allowed = CALLBACKS[interaction.kind]
    if interaction.kind is InteractionKind.MODAL and interaction.message is None:
        allowed -= ON_MESSAGES
    if body.get("type") not in allowed:
        listed = ", ".join(str(int(kind)) for kind in sorted(allowed))
        message = f"Value must be one of {{{listed}}}."
        raise refusals.field_error(message, code="BASE_TYPE_CHOICES", path="type")
    return CallbackKind(body["type"])


def _do(
    world: World,
    interaction: Interaction,
    kind: CallbackKind,
    data: Json,
    uploads: Sequence[Upload],
) -> Message | None:
    """The message that the answer made or changed, if it did."""
    match kind:
        case CallbackKind.MESSAGE:
            checking.check_message(data, uploads, within="data")
            return _posted(world, interaction, data, uploads, Flag.NONE)
        case CallbackKind.DEFERRED_MESSAGE:
            return _posted(world, interaction, {"flags": data.get("flags")}, (), Flag.LOADING)
        case CallbackKind.UPDATE:
            current = _current(world, interaction)
            checking.check_edit(current, data, uploads, within="data")
            return edit(world, current, data, uploads)
        case CallbackKind.DEFERRED_UPDATE:
            return _current(world, interaction)
        case CallbackKind.CHOICES:
            checking.check_choices(data)
            interaction.choices = tuple(data["choices"])
        case _:
            checking.check_modal(data)
            interaction.modal = {**data, "components": list(numbered(data["components"]))}
    return None


def _current(world: World, interaction: Interaction) -> Message:
    """The message that the component stands in, as it is now."""
    message = world.messages.get(interaction.message.id) if interaction.message else None
    if message is None:
        raise refusals.unknown_message()
    return message


def _posted(
    world: World, interaction: Interaction, data: Json, uploads: Sequence[Upload], flags: Flag
) -> Message:
    ephemeral = Flag(data.get("flags") or 0) & Flag.EPHEMERAL
    original = world.messages.get(interaction.original_id or 0)
    above = original or interaction.message
    return post(
        world,
        interaction.channel,
        world.bot.id,
        data,
        uploads=uploads,
        kind=MessageKind.REPLY if original else message_wire.kind_after(interaction),
        reply_to=above.id if above else None,
        flags=flags | ephemeral,
        cause=_cause(interaction),
        only_for=interaction.user.id if ephemeral else None,
    )


def _cause(interaction: Interaction) -> Cause:
    return Cause(
        id=interaction.id,
        kind=int(interaction.kind),
        user_id=interaction.user.id,
        name=interaction.data.get("name"),
        owners=interaction.owners,
    )


def _told(
    world: World, interaction: Interaction, kind: CallbackKind, message: Message | None
) -> Json:
    told: Json = {"id": str(interaction.id), "type": int(interaction.kind)}
    resource: Json = {"type": int(kind)}
    if message is not None:
        told |= {
            "response_message_id": str(message.id),
            "response_message_loading": message.is_loading,
            "response_message_ephemeral": message.is_ephemeral,
        }
        resource["message"] = message_wire.message_object(world, message, content_intent=True)
    return {"interaction": told, "resource": resource}
