"""The routes of channels: their messages and threads."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import islice

from bot.local_discord import errors as refusals
from bot.local_discord import json_objects as wire
from bot.local_discord.rest import payload_checks as checking
from bot.local_discord.rest.call import Call
from bot.local_discord.world.permissions import demand, demand_files, permissions_of
from bot.local_discord.world.posting import edit, post
from bot.local_discord.world.records import (
    Channel,
    ChannelKind,
    Flag,
    Json,
    Message,
    MessageKind,
    Permission,
)
from bot.local_discord.world.world import Event, World

NOT_FOR_TEXT = frozenset({ChannelKind.FORUM, ChannelKind.CATEGORY})
MOST_MESSAGES = 100


def channel(call: Call) -> Json:
    """One channel."""
    found = _seen_channel(call)
    return wire.channel_object(
        found,
        call.world.users.get(found.recipient_id or 0),
        last_message=call.world.last_messages.get(found.id),
    )


def typing(call: Call) -> None:
    """The bot is seen typing."""
    found = _seen_channel(call)
    demand(call.world, found, _sending(found))
    call.world.typed.append(found.id)
    call.world.touch()


def history(call: Call) -> list[Json]:
    """Messages of a channel, newest first; none without Read Message History."""
    found = _seen_channel(call)
    held = permissions_of(call.world, call.world.bot.id, found)
    if Permission.READ_MESSAGE_HISTORY not in held:
        return []
    limit = int(call.query.get("limit", 50))
    if not 1 <= limit <= MOST_MESSAGES:
        message = "int value should be between 1 and 100."
        raise refusals.field_error(message, code="NUMBER_TYPE_MAX", path="limit")
    messages = [m for m in call.world.history(found.id) if not m.is_ephemeral]
    return [call.shown(m) for m in _page(messages, call.query, limit)]


def create_message(call: Call) -> Json:
    """A new message, or with `enforce_nonce` the one already sent with its nonce."""
    place = _seen_channel(call)
    _demand_sending(call.world, place)
    demand_files(call.world, place, call.uploads)
    checking.check_message(call.body, call.uploads)
    if call.body.get("enforce_nonce") and call.body.get("nonce") is not None:
        sent = call.world.sent_with(call.world.bot.id, str(call.body["nonce"]))
        if sent is not None:
            return call.shown(call.world.message(place.id, sent))
    reply_to = _reply_to(call, place)
    kind = MessageKind.DEFAULT if reply_to is None else MessageKind.REPLY
    message = post(
        call.world,
        place,
        call.world.bot.id,
        call.body,
        uploads=call.uploads,
        kind=kind,
        reply_to=reply_to,
    )
    nonce = {} if message.nonce is None else {"nonce": message.nonce}
    return {**call.shown(message), **nonce}


def one_message(call: Call) -> Json:
    """One message."""
    found = _seen_channel(call)
    demand(call.world, found, Permission.READ_MESSAGE_HISTORY)
    return call.shown(_lasting(call, found))


def edit_message(call: Call) -> Json:
    """A message of the bot's own, changed."""
    place = _seen_channel(call)
    message = _lasting(call, place)
    if message.author_id != call.world.bot.id:
        raise refusals.not_the_author()
    demand_files(call.world, place, call.uploads)
    checking.check_edit(message, call.body, call.uploads)
    return call.shown(edit(call.world, message, call.body, call.uploads))


def delete_message(call: Call) -> None:
    """A message taken away: the bot's own, or with Manage Messages anyone's."""
    found = _seen_channel(call)
    message = _lasting(call, found)
    if message.author_id != call.world.bot.id:
        demand(call.world, found, Permission.MANAGE_MESSAGES)
    call.world.remove(message)


def publish_message(call: Call) -> Json:
    """A message of an announcement channel passed on to its followers: the bot's own, once."""
    place = _seen_channel(call)
    message = _lasting(call, place)
    own = message.author_id == call.world.bot.id
    demand(call.world, place, Permission.SEND_MESSAGES if own else Permission.MANAGE_MESSAGES)
    if place.kind is not ChannelKind.ANNOUNCEMENT:
        raise refusals.wrong_kind_of_channel()
    if Flag.PUBLISHED in message.flags:
        raise refusals.already_published()
    published = replace(message, flags=message.flags | Flag.PUBLISHED)
    return call.shown(call.world.change(published))


def open_thread(call: Call) -> Json:
    """A new thread of a channel, or of one of its messages."""
    parent = _seen_channel(call)
    demand(call.world, parent, Permission.CREATE_PUBLIC_THREADS)
    checking.check_thread(call.body)
    starter = _lasting(call, parent).id if "message" in call.path else None
    announced = parent.kind is ChannelKind.ANNOUNCEMENT
    thread = Channel(
        id=starter or call.world.ids.next(),
        kind=ChannelKind.ANNOUNCEMENT_THREAD if announced else ChannelKind.PUBLIC_THREAD,
        name=call.body["name"],
        guild_id=parent.guild_id,
        parent_id=parent.id,
        auto_archive_minutes=call.body.get("auto_archive_duration") or 1440,
        owner_id=call.world.bot.id,
    )
    call.world.channels[thread.id] = thread
    told = {**wire.channel_object(thread), "newly_created": True}
    event = Event(name="THREAD_CREATE", guild_id=thread.guild_id, data=told)
    call.world.tell(event)
    return wire.channel_object(thread)


def _seen_channel(call: Call) -> Channel:
    found = call.world.channel(call.number("channel"))
    demand(call.world, found, Permission.VIEW_CHANNEL)
    return found


def _lasting(call: Call, place: Channel) -> Message:
    """A message of the channel that stands there for all."""
    message = call.world.message(place.id, call.number("message"))
    if message.is_ephemeral:
        raise refusals.unknown_message()
    return message


def _sending(place: Channel) -> Permission:
    return Permission.SEND_MESSAGES_IN_THREADS if place.is_thread else Permission.SEND_MESSAGES


def _demand_sending(world: World, place: Channel) -> None:
    if place.kind in NOT_FOR_TEXT:
        raise refusals.not_a_text_channel()
    demand(world, place, _sending(place))
    held = permissions_of(world, world.bot.id, place)
    if place.locked and Permission.MANAGE_THREADS not in held:
        raise refusals.archived_thread()
    if place.recipient_id is not None:
        _demand_open_messages(world, place.recipient_id)


def _demand_open_messages(world: World, user_id: int) -> None:
    shared = any({user_id, world.bot.id} <= g.members.keys() for g in world.guilds.values())
    if not shared or not world.users[user_id].takes_direct_messages:
        raise refusals.closed_to_messages()


def _reply_to(call: Call, place: Channel) -> int | None:
    """The message that the new one replies to.

    Raises:
        Refused: 160002 without Read Message History; 50035 where the message is gone and the
            reference does not say `fail_if_not_exists: false`.
    """
    reference = call.body.get("message_reference")
    if reference is None:
        return None
    held = permissions_of(call.world, call.world.bot.id, place)
    if Permission.READ_MESSAGE_HISTORY not in held:
        raise refusals.no_history_to_reply_to()
    target = call.world.messages.get(int(reference["message_id"]))
    if target is not None and target.channel_id == place.id and not target.is_ephemeral:
        return target.id
    if reference.get("fail_if_not_exists", True):
        raise refusals.unknown_reference()
    return None


def _page(messages: list[Message], query: Mapping[str, str], limit: int) -> list[Message]:
    """At most `limit` messages, newest first, on the side of the id that the query names."""
    if "after" in query:
        later = (m for m in messages if m.id > int(query["after"]))
        return list(islice(later, limit))[::-1]
    before = int(query["before"]) if "before" in query else float("inf")
    return [m for m in messages if m.id < before][::-1][:limit]
