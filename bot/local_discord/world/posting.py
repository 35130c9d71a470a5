"""How a message comes to stand in a channel, and how it changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.local_discord.world.mentions import pings_of
from bot.local_discord.world.permissions import permissions_of
from bot.local_discord.world.records import (
    Attachment,
    Cause,
    Channel,
    Flag,
    Json,
    Message,
    MessageKind,
    Permission,
    Pings,
    numbered,
)
from bot.local_discord.world.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that came with a request; `index` is its place among `files[…]`."""

    index: int
    filename: str
    content_type: str
    data: bytes


def post(  # noqa: PLR0913 - what a message has beyond its body
    world: World,
    channel: Channel,
    author_id: int,
    body: Json,
    *,
    uploads: Sequence[Upload] = (),
    kind: MessageKind = MessageKind.DEFAULT,
    reply_to: int | None = None,
    flags: Flag = Flag.NONE,
    cause: Cause | None = None,
    only_for: int | None = None,
) -> Message:
    """The message that stands in the channel now; a thread that was archived is open again."""
    if channel.archived and not channel.locked:
        channel = world.change_channel(channel, archived=False)
    message = Message(
        id=world.ids.next(),
        channel_id=channel.id,
        author_id=author_id,
        sent_at=world.clock.now(),
        kind=kind,
        flags=flags,
        reply_to=reply_to,
        nonce=None if body.get("nonce") is None else str(body["nonce"]),
        cause=cause,
        only_for=only_for,
    )
    return world.store(_filled(world, message, body, uploads))


def edit(world: World, message: Message, body: Json, uploads: Sequence[Upload] = ()) -> Message:
    """The message as it stands after an edit: what the body does not name stays."""
    thinking = replace(message, flags=message.flags & ~Flag.LOADING)
    edited_at = None if message.is_loading else world.clock.now()
    filled = _filled(world, replace(thinking, edited_at=edited_at), body, uploads)
    return world.change(filled)


def _filled(world: World, message: Message, body: Json, uploads: Sequence[Upload]) -> Message:
    flags = message.flags | (Flag(body.get("flags") or 0) & Flag.V2)
    whole = replace(
        message,
        content=(body["content"] or "") if "content" in body else message.content,
        embeds=_listed(body, "embeds", message.embeds),
        components=numbered(_listed(body, "components", message.components)),
        attachments=tuple(_attachments(world, message, body, uploads)),
        flags=flags,
    )
    return replace(whole, pings=_pings(world, whole, body.get("allowed_mentions")))


def _listed(body: Json, key: str, before: tuple[Json, ...]) -> tuple[Json, ...]:
    return tuple(body[key] or ()) if key in body else before


def _attachments(
    world: World, message: Message, body: Json, uploads: Sequence[Upload]
) -> Iterable[Attachment]:
    listed = {int(entry["id"]): entry for entry in body.get("attachments") or ()}
    for kept in message.attachments:
        if "attachments" not in body or kept.id in listed:
            yield kept
    for upload in uploads:
        yield Attachment(
            id=world.ids.next(),
            filename=upload.filename,
            content_type=upload.content_type,
            data=upload.data,
            description=listed.get(upload.index, {}).get("description"),
        )


def _pings(world: World, message: Message, allowed: Json | None) -> Pings:
    channel = world.channels[message.channel_id]
    guild = world.guilds.get(channel.guild_id or 0)
    replied_to = None if message.cause else world.messages.get(message.reply_to or 0)
    may = permissions_of(world, message.author_id, channel)
    return pings_of(
        message.text,
        allowed,
        known_users=guild.members if guild else world.users,
        guild=guild,
        may_ping_all=Permission.MENTION_EVERYONE in may,
        replied_to=replied_to.author_id if replied_to else None,
    )
