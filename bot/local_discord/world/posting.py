"""Posting and editing messages."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.local_discord.world.constants import MessageFlag, MessageType, Permission
from bot.local_discord.world.mentions import resolve_pings
from bot.local_discord.world.permissions import compute_permissions
from bot.local_discord.world.records import (
    Attachment,
    Channel,
    InteractionMetadata,
    Json,
    Message,
    Pings,
    Upload,
    assign_component_ids,
)
from bot.local_discord.world.world import World


def post(  # noqa: PLR0913 - what a message has beyond its body
    world: World,
    channel: Channel,
    author_id: int,
    body: Json,
    *,
    uploads: Sequence[Upload] = (),
    message_type: MessageType = MessageType.DEFAULT,
    reply_to_id: int | None = None,
    flags: MessageFlag = MessageFlag.NONE,
    interaction_metadata: InteractionMetadata | None = None,
    only_for: int | None = None,
) -> Message:
    """Post a message and return it; an archived thread is opened again by this."""
    if channel.is_archived and not channel.is_locked:
        channel = world.update_channel(channel, is_archived=False)
    message = Message(
        id=world.ids.next(),
        channel_id=channel.id,
        author_id=author_id,
        sent_at=world.clock.now(),
        type=message_type,
        flags=flags,
        reply_to_id=reply_to_id,
        nonce=None if body.get("nonce") is None else str(body["nonce"]),
        interaction_metadata=interaction_metadata,
        only_for=only_for,
    )
    return world.add_message(_apply_body(world, message, body, uploads))


def edit(world: World, message: Message, body: Json, uploads: Sequence[Upload] = ()) -> Message:
    """Edit a message and return it; fields that the body does not name stay."""
    without_loading = replace(message, flags=message.flags & ~MessageFlag.LOADING)
    # The answer that takes the place of “is thinking…” is not shown as edited.
    edited_at = None if message.is_loading else world.clock.now()
    updated = _apply_body(world, replace(without_loading, edited_at=edited_at), body, uploads)
    return world.update_message(updated)


def _apply_body(world: World, message: Message, body: Json, uploads: Sequence[Upload]) -> Message:
    # A message that was sent in Components V2 stays one.
    flags = message.flags | (MessageFlag(body.get("flags") or 0) & MessageFlag.COMPONENTS_V2)
    updated = replace(
        message,
        content=(body["content"] or "") if "content" in body else message.content,
        embeds=_get_items(body, "embeds", message.embeds),
        components=assign_component_ids(_get_items(body, "components", message.components)),
        attachments=tuple(_build_attachments(world, message, body, uploads)),
        flags=flags,
    )
    return replace(
        updated, pings=_resolve_message_pings(world, updated, body.get("allowed_mentions"))
    )


def _get_items(body: Json, key: str, current: tuple[Json, ...]) -> tuple[Json, ...]:
    return tuple(body[key] or ()) if key in body else current


def _build_attachments(
    world: World, message: Message, body: Json, uploads: Sequence[Upload]
) -> Iterable[Attachment]:
    entries_by_id = {int(entry["id"]): entry for entry in body.get("attachments") or ()}
    for attachment in message.attachments:
        if "attachments" not in body or attachment.id in entries_by_id:
            yield attachment
    for upload in uploads:
        yield Attachment(
            id=world.ids.next(),
            filename=upload.filename,
            content_type=upload.content_type,
            data=upload.data,
            description=entries_by_id.get(upload.index, {}).get("description"),
        )


def _resolve_message_pings(world: World, message: Message, allowed_mentions: Json | None) -> Pings:
    channel = world.channels[message.channel_id]
    guild = world.guilds.get(channel.guild_id or 0)
    replied_to = (
        None if message.interaction_metadata else world.messages.get(message.reply_to_id or 0)
    )
    permissions = compute_permissions(world, message.author_id, channel)
    return resolve_pings(
        message.text,
        allowed_mentions,
        known_users=guild.members if guild else world.users,
        guild=guild,
        can_mention_everyone=Permission.MENTION_EVERYONE in permissions,
        replied_to=replied_to.author_id if replied_to else None,
    )
