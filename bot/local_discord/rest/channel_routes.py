"""The routes of channels: their messages and threads."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import islice

from bot.local_discord import errors as refusals
from bot.local_discord import json_objects as wire
from bot.local_discord.rest import payload_checks as checking
from bot.local_discord.rest.call import Call
from bot.local_discord.world.permissions import (
    compute_permissions,
    require_attach_files,
    require_permission,
)
from bot.local_discord.world.posting import edit, post
from bot.local_discord.world.records import (
    Channel,
    ChannelType,
    Json,
    Message,
    MessageFlag,
    MessageType,
    Permission,
)
from bot.local_discord.world.world import Event, World

NON_TEXT_CHANNEL_TYPES = frozenset({ChannelType.FORUM, ChannelType.CATEGORY})
MAX_MESSAGES = 100


def get_channel(call: Call) -> Json:
    """One channel."""
    channel = _get_visible_channel(call)
    return wire.channel_to_json(
        channel,
        call.world.users.get(channel.recipient_id or 0),
        last_message_id=call.world.last_message_ids.get(channel.id),
    )


def trigger_typing(call: Call) -> None:
    """The bot is seen typing."""
    channel = _get_visible_channel(call)
    require_permission(call.world, channel, _get_send_permission(channel))
    call.world.typing_channel_ids.append(channel.id)
    call.world.notify_waiters()


def list_messages(call: Call) -> list[Json]:
    """Messages of a channel, newest first; none without Read Message History."""
    channel = _get_visible_channel(call)
    permissions = compute_permissions(call.world, call.world.bot.id, channel)
    if Permission.READ_MESSAGE_HISTORY not in permissions:
        return []
    limit = int(call.query.get("limit", 50))
    if not 1 <= limit <= MAX_MESSAGES:
        error_message = "int value should be between 1 and 100."
        raise refusals.field_error(error_message, code="NUMBER_TYPE_MAX", path="limit")
    messages = [
        message for message in call.world.iterate_messages(channel.id) if not message.is_ephemeral
    ]
    return [call.message_to_json(message) for message in _select_page(messages, call.query, limit)]


def create_message(call: Call) -> Json:
    """A new message, or with `enforce_nonce` the one already sent with its nonce."""
    channel = _get_visible_channel(call)
    _require_sending(call.world, channel)
    require_attach_files(call.world, channel, call.uploads)
    checking.check_message(call.body, call.uploads)
    if call.body.get("enforce_nonce") and call.body.get("nonce") is not None:
        sent_id = call.world.find_message_id_by_nonce(call.world.bot.id, str(call.body["nonce"]))
        if sent_id is not None:
            return call.message_to_json(call.world.get_message(channel.id, sent_id))
    reply_to = _find_reply_target(call, channel)
    message_type = MessageType.DEFAULT if reply_to is None else MessageType.REPLY
    message = post(
        call.world,
        channel,
        call.world.bot.id,
        call.body,
        uploads=call.uploads,
        message_type=message_type,
        reply_to=reply_to,
    )
    nonce = {} if message.nonce is None else {"nonce": message.nonce}
    return {**call.message_to_json(message), **nonce}


def get_message(call: Call) -> Json:
    """One message."""
    channel = _get_visible_channel(call)
    require_permission(call.world, channel, Permission.READ_MESSAGE_HISTORY)
    return call.message_to_json(_get_permanent_message(call, channel))


def edit_message(call: Call) -> Json:
    """A message of the bot's own, changed."""
    channel = _get_visible_channel(call)
    message = _get_permanent_message(call, channel)
    if message.author_id != call.world.bot.id:
        raise refusals.not_message_author()
    require_attach_files(call.world, channel, call.uploads)
    checking.check_edit(message, call.body, call.uploads)
    return call.message_to_json(edit(call.world, message, call.body, call.uploads))


def delete_message(call: Call) -> None:
    """A message taken away: the bot's own, or with Manage Messages anyone's."""
    channel = _get_visible_channel(call)
    message = _get_permanent_message(call, channel)
    if message.author_id != call.world.bot.id:
        require_permission(call.world, channel, Permission.MANAGE_MESSAGES)
    call.world.delete_message(message)


def crosspost_message(call: Call) -> Json:
    """A message of an announcement channel passed on to its followers: the bot's own, once."""
    channel = _get_visible_channel(call)
    message = _get_permanent_message(call, channel)
    is_own = message.author_id == call.world.bot.id
    require_permission(
        call.world, channel, Permission.SEND_MESSAGES if is_own else Permission.MANAGE_MESSAGES
    )
    if channel.type is not ChannelType.ANNOUNCEMENT:
        raise refusals.wrong_channel_type()
    if MessageFlag.CROSSPOSTED in message.flags:
        raise refusals.already_crossposted()
    crossposted = replace(message, flags=message.flags | MessageFlag.CROSSPOSTED)
    return call.message_to_json(call.world.update_message(crossposted))


def start_thread(call: Call) -> Json:
    """A new thread of a channel, or of one of its messages."""
    parent = _get_visible_channel(call)
    require_permission(call.world, parent, Permission.CREATE_PUBLIC_THREADS)
    checking.check_thread(call.body)
    starter_id = _get_permanent_message(call, parent).id if "message" in call.path_params else None
    is_announcement = parent.type is ChannelType.ANNOUNCEMENT
    thread = Channel(
        id=starter_id or call.world.ids.next(),
        type=ChannelType.ANNOUNCEMENT_THREAD if is_announcement else ChannelType.PUBLIC_THREAD,
        name=call.body["name"],
        guild_id=parent.guild_id,
        parent_id=parent.id,
        auto_archive_minutes=call.body.get("auto_archive_duration") or 1440,
        owner_id=call.world.bot.id,
    )
    call.world.channels[thread.id] = thread
    payload = {**wire.channel_to_json(thread), "newly_created": True}
    event = Event(name="THREAD_CREATE", guild_id=thread.guild_id, data=payload)
    call.world.emit(event)
    return wire.channel_to_json(thread)


def _get_visible_channel(call: Call) -> Channel:
    channel = call.world.get_channel(call.get_id("channel"))
    require_permission(call.world, channel, Permission.VIEW_CHANNEL)
    return channel


def _get_permanent_message(call: Call, channel: Channel) -> Message:
    """A message of the channel that stands there for all."""
    message = call.world.get_message(channel.id, call.get_id("message"))
    if message.is_ephemeral:
        raise refusals.unknown_message()
    return message


def _get_send_permission(channel: Channel) -> Permission:
    return Permission.SEND_MESSAGES_IN_THREADS if channel.is_thread else Permission.SEND_MESSAGES


def _require_sending(world: World, channel: Channel) -> None:
    if channel.type in NON_TEXT_CHANNEL_TYPES:
        raise refusals.not_a_text_channel()
    require_permission(world, channel, _get_send_permission(channel))
    permissions = compute_permissions(world, world.bot.id, channel)
    if channel.locked and Permission.MANAGE_THREADS not in permissions:
        raise refusals.archived_thread()
    if channel.recipient_id is not None:
        _require_open_direct_messages(world, channel.recipient_id)


def _require_open_direct_messages(world: World, user_id: int) -> None:
    has_shared_guild = any(
        {user_id, world.bot.id} <= guild.members.keys() for guild in world.guilds.values()
    )
    if not has_shared_guild or not world.users[user_id].takes_direct_messages:
        raise refusals.cannot_message_user()


def _find_reply_target(call: Call, channel: Channel) -> int | None:
    """The message that the new one replies to.

    Raises:
        Refused: 160002 without Read Message History; 50035 where the message is gone and the
            reference does not say `fail_if_not_exists: false`.
    """
    reference = call.body.get("message_reference")
    if reference is None:
        return None
    permissions = compute_permissions(call.world, call.world.bot.id, channel)
    if Permission.READ_MESSAGE_HISTORY not in permissions:
        raise refusals.cannot_reply_without_history()
    target = call.world.messages.get(int(reference["message_id"]))
    if target is not None and target.channel_id == channel.id and not target.is_ephemeral:
        return target.id
    if reference.get("fail_if_not_exists", True):
        raise refusals.unknown_message_reference()
    return None


def _select_page(messages: list[Message], query: Mapping[str, str], limit: int) -> list[Message]:
    """At most `limit` messages, newest first, on the side of the id that the query names."""
    if "after" in query:
        newer_messages = (message for message in messages if message.id > int(query["after"]))
        return list(islice(newer_messages, limit))[::-1]
    before_id = int(query["before"]) if "before" in query else float("inf")
    return [message for message in messages if message.id < before_id][::-1][:limit]
