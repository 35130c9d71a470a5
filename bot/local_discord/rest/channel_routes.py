"""The routes of channels: their messages and threads."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import islice

from bot.local_discord.errors import (
    ALREADY_CROSSPOSTED,
    ARCHIVED_THREAD,
    CANNOT_MESSAGE_USER,
    CANNOT_REPLY_WITHOUT_HISTORY,
    NOT_A_TEXT_CHANNEL,
    NOT_MESSAGE_AUTHOR,
    UNKNOWN_MESSAGE,
    WRONG_CHANNEL_TYPE,
    ApiError,
    build_field_error,
)
from bot.local_discord.rest.call import Call
from bot.local_discord.rest.payload_checks import check_edit, check_message, check_thread
from bot.local_discord.world.constants import ChannelType, MessageFlag, MessageType, Permission
from bot.local_discord.world.json_objects import channel_to_json
from bot.local_discord.world.permissions import (
    compute_permissions,
    get_send_permission,
    require_attach_files,
    require_permission,
)
from bot.local_discord.world.posting import edit, post
from bot.local_discord.world.records import Channel, Json, Message
from bot.local_discord.world.world import Event, World

NON_TEXT_CHANNEL_TYPES = frozenset({ChannelType.FORUM, ChannelType.CATEGORY})
MAX_MESSAGES = 100
DEFAULT_AUTO_ARCHIVE_MINUTES = 1440


def get_channel(call: Call) -> Json:
    """Return a channel."""
    channel = _get_visible_channel(call)
    return channel_to_json(
        channel,
        call.world.get_recipients(channel),
        last_message_id=call.world.last_message_ids.get(channel.id),
    )


def trigger_typing(call: Call) -> None:
    """Show that the bot is typing."""
    channel = _get_visible_channel(call)
    require_permission(call.world, channel, get_send_permission(channel))
    call.world.typing_channel_ids.append(channel.id)
    call.world.changes.notify()


def list_messages(call: Call) -> list[Json]:
    """Return messages of a channel, newest first; none if the bot lacks Read Message History."""
    channel = _get_visible_channel(call)
    permissions = compute_permissions(call.world, call.world.bot.id, channel)
    if Permission.READ_MESSAGE_HISTORY not in permissions:
        return []
    limit = int(call.query.get("limit", 50))
    if not 1 <= limit <= MAX_MESSAGES:
        error_message = "int value should be between 1 and 100."
        raise build_field_error(error_message, code="NUMBER_TYPE_MAX", path="limit")
    messages = [
        message for message in call.world.iterate_messages(channel.id) if not message.is_ephemeral
    ]
    return [call.message_to_json(message) for message in _select_page(messages, call.query, limit)]


def create_message(call: Call) -> Json:
    """Post a message; with `enforce_nonce`, return the one already sent with the nonce, if any."""
    channel = _get_visible_channel(call)
    _require_sending(call.world, channel)
    require_attach_files(call.world, channel, call.uploads)
    check_message(call.body, call.uploads)
    sent_message = _find_sent_message(call, channel)
    if sent_message is not None:
        return call.message_to_json(sent_message)
    message = _post_message(call, channel)
    # The answer to this request and the event show the nonce; the history never does.
    nonce = {} if message.nonce is None else {"nonce": message.nonce}
    return {**call.message_to_json(message), **nonce}


def get_message(call: Call) -> Json:
    """Return a message."""
    channel = _get_visible_channel(call)
    require_permission(call.world, channel, Permission.READ_MESSAGE_HISTORY)
    return call.message_to_json(_get_permanent_message(call, channel))


def edit_message(call: Call) -> Json:
    """Edit a message of the bot."""
    channel = _get_visible_channel(call)
    message = _get_permanent_message(call, channel)
    if message.author_id != call.world.bot.id:
        raise ApiError(NOT_MESSAGE_AUTHOR)
    require_attach_files(call.world, channel, call.uploads)
    check_edit(message, call.body, call.uploads)
    return call.message_to_json(edit(call.world, message, call.body, call.uploads))


def delete_message(call: Call) -> None:
    """Delete a message of the bot, or with Manage Messages any message."""
    channel = _get_visible_channel(call)
    message = _get_permanent_message(call, channel)
    if message.author_id != call.world.bot.id:
        require_permission(call.world, channel, Permission.MANAGE_MESSAGES)
    call.world.delete_message(message)


def crosspost_message(call: Call) -> Json:
    """Publish a message of an announcement channel to its followers, once."""
    channel = _get_visible_channel(call)
    message = _get_permanent_message(call, channel)
    is_own = message.author_id == call.world.bot.id
    require_permission(
        call.world, channel, Permission.SEND_MESSAGES if is_own else Permission.MANAGE_MESSAGES
    )
    if channel.type is not ChannelType.ANNOUNCEMENT:
        raise ApiError(WRONG_CHANNEL_TYPE)
    if MessageFlag.CROSSPOSTED in message.flags:
        raise ApiError(ALREADY_CROSSPOSTED)
    crossposted = replace(message, flags=message.flags | MessageFlag.CROSSPOSTED)
    return call.message_to_json(call.world.update_message(crossposted))


def start_thread(call: Call) -> Json:
    """Start a thread in a channel, or from one of its messages."""
    parent = _get_visible_channel(call)
    require_permission(call.world, parent, Permission.CREATE_PUBLIC_THREADS)
    check_thread(call.body)
    thread = _build_thread(call, parent)
    call.world.channels[thread.id] = thread
    payload = channel_to_json(thread)
    event_data = {**payload, "newly_created": True}
    call.world.emit(Event(name="THREAD_CREATE", guild_id=thread.guild_id, data=event_data))
    return payload


def _build_thread(call: Call, parent: Channel) -> Channel:
    """Build the thread; one that starts from a message has the id of that message."""
    starter_id = _get_permanent_message(call, parent).id if "message" in call.path_params else None
    is_announcement = parent.type is ChannelType.ANNOUNCEMENT
    return Channel(
        id=starter_id or call.world.ids.next(),
        type=ChannelType.ANNOUNCEMENT_THREAD if is_announcement else ChannelType.PUBLIC_THREAD,
        name=call.body["name"],
        guild_id=parent.guild_id,
        parent_id=parent.id,
        auto_archive_minutes=call.body.get("auto_archive_duration") or DEFAULT_AUTO_ARCHIVE_MINUTES,
        owner_id=call.world.bot.id,
    )


def _find_sent_message(call: Call, channel: Channel) -> Message | None:
    """Return the message that was already sent with this nonce, if `enforce_nonce` is set."""
    nonce = call.body.get("nonce")
    if not call.body.get("enforce_nonce") or nonce is None:
        return None
    sent_id = call.world.find_message_id_by_nonce(call.world.bot.id, str(nonce))
    return None if sent_id is None else call.world.get_message(channel.id, sent_id)


def _post_message(call: Call, channel: Channel) -> Message:
    reply_to = _find_reply_target(call, channel)
    return post(
        call.world,
        channel,
        call.world.bot.id,
        call.body,
        uploads=call.uploads,
        message_type=MessageType.DEFAULT if reply_to is None else MessageType.REPLY,
        reply_to_id=reply_to,
    )


def _get_visible_channel(call: Call) -> Channel:
    channel = call.world.get_channel(call.get_id("channel"))
    require_permission(call.world, channel, Permission.VIEW_CHANNEL)
    return channel


def _get_permanent_message(call: Call, channel: Channel) -> Message:
    """Return a message of the channel that is not ephemeral."""
    message = call.world.get_message(channel.id, call.get_id("message"))
    if message.is_ephemeral:
        raise ApiError(UNKNOWN_MESSAGE)
    return message


def _require_sending(world: World, channel: Channel) -> None:
    if channel.type in NON_TEXT_CHANNEL_TYPES:
        raise ApiError(NOT_A_TEXT_CHANNEL)
    require_permission(world, channel, get_send_permission(channel))
    permissions = compute_permissions(world, world.bot.id, channel)
    if channel.is_locked and Permission.MANAGE_THREADS not in permissions:
        raise ApiError(ARCHIVED_THREAD)
    if channel.recipient_id is not None:
        _require_open_direct_messages(world, channel.recipient_id)


def _require_open_direct_messages(world: World, user_id: int) -> None:
    has_shared_guild = any(
        {user_id, world.bot.id} <= guild.members.keys() for guild in world.guilds.values()
    )
    if not has_shared_guild or not world.users[user_id].takes_direct_messages:
        raise ApiError(CANNOT_MESSAGE_USER)


def _find_reply_target(call: Call, channel: Channel) -> int | None:
    """Return the id of the message that the new one replies to, if any.

    Raises:
        ApiError: 160002 without Read Message History; 50035 if the message is gone and the
            reference does not say `fail_if_not_exists: false`.
    """
    reference = call.body.get("message_reference")
    if reference is None:
        return None
    permissions = compute_permissions(call.world, call.world.bot.id, channel)
    if Permission.READ_MESSAGE_HISTORY not in permissions:
        raise ApiError(CANNOT_REPLY_WITHOUT_HISTORY)
    # discord.py sends snowflakes as JSON integers, other clients send them as strings.
    target = call.world.messages.get(int(reference["message_id"]))
    if target is not None and target.channel_id == channel.id and not target.is_ephemeral:
        return target.id
    if reference.get("fail_if_not_exists", True):
        message = "Unknown message"
        code, path = "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "message_reference"
        raise build_field_error(message, code=code, path=path)
    return None


def _select_page(messages: list[Message], query: Mapping[str, str], limit: int) -> list[Message]:
    """Return at most `limit` messages, newest first, before or after the id of the query."""
    if "after" in query:
        newer_messages = (message for message in messages if message.id > int(query["after"]))
        return list(islice(newer_messages, limit))[::-1]
    before_id = int(query["before"]) if "before" in query else float("inf")
    return [message for message in messages if message.id < before_id][::-1][:limit]
