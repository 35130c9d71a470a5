"""Posting in channels once, with a key in the buttons by which a message is found again."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import discord
from discord import ui

from bot.delivery.send_queue import SendQueue
from bot.discord_ui.messages.components import Layout, build_layout, is_sendable, parse_custom_id
from bot.discord_ui.messages.fitting import fit_blocks
from bot.discord_ui.messages.message_text import iter_custom_ids
from bot.discord_ui.messages.sending import CONNECTION_ERRORS, DiscordErrorCode, reduce_blocks
from bot.errors import DeliveryFailed, DeliveryUnknown, HistoryUnreadable
from bot.model.delivery import FailureReason
from bot.presentation.blocks import Block, Line

POST_SECONDS = 8.0
PUBLISH_SECONDS = 3.0
"""How long to wait for a turn and a response; a claim is left to its owner for longer than both."""

_MESSAGES_PER_REQUEST = 100
"""The number of messages per request for a channel's history."""

MAX_SEARCHED_MESSAGES = 500
"""The number of messages that are searched; beyond it, absence can't be proven."""

_PERMANENT_REASONS: Mapping[int, FailureReason] = {
    DiscordErrorCode.UNKNOWN_CHANNEL: FailureReason.CHANNEL_GONE,
    DiscordErrorCode.MISSING_ACCESS: FailureReason.MAY_NOT_SEE,
    DiscordErrorCode.MISSING_PERMISSIONS: FailureReason.MAY_NOT_POST,
    DiscordErrorCode.NOT_A_TEXT_CHANNEL: FailureReason.NOT_A_TEXT_CHANNEL,
    DiscordErrorCode.ARCHIVED_THREAD: FailureReason.THREAD_CLOSED,
    DiscordErrorCode.LOCKED_THREAD: FailureReason.THREAD_CLOSED,
    DiscordErrorCode.CLOSED_TO_MESSAGES: FailureReason.DIRECT_MESSAGES_CLOSED,
    DiscordErrorCode.NO_SHARED_SERVER: FailureReason.DIRECT_MESSAGES_CLOSED,
}
_TRANSIENT_REASONS: Mapping[int, FailureReason] = {
    # The answer to a nonce whose message was deleted (discord.py#10116).
    DiscordErrorCode.UNKNOWN_MESSAGE: FailureReason.MESSAGE_DELETED,
    DiscordErrorCode.INVALID_FORM_BODY: FailureReason.CONTENT_REFUSED,
}
_MIN_SERVER_ERROR = 500
_RETRYABLE_STATUSES = {401, 408, 429}
_NO_CODE = 0
"""The code of an error that does not come from Discord itself, such as one of a proxy."""

SendTask = asyncio.Task[discord.Message]


class ChannelPoster:
    """Posts in channels and direct messages through the send queue."""

    def __init__(self, client: discord.Client, queue: SendQueue) -> None:
        self._client = client
        self._queue = queue
        self._pending_sends: dict[str, SendTask] = {}
        self._publish_tasks: set[asyncio.Task[None]] = set()

    async def get_latest_message_id(self, channel: str) -> str | None:
        """Return the id of the latest known message in the channel; None if there is none.

        Raises:
            DeliveryFailed: The bot has no such channel.
            DeliveryUnknown: There was no response.
        """
        discord_channel: Any = self._client.get_channel(int(channel))
        if discord_channel is None:
            await self._queue.wait_for_turn()
            with translate_errors(channel):
                discord_channel = await self._client.fetch_channel(int(channel))
        # During an outage of the server nothing is known about its channels.
        if getattr(getattr(discord_channel, "guild", None), "unavailable", False):
            raise DeliveryUnknown(channel)
        if isinstance(discord_channel, discord.DMChannel):
            await self._queue.wait_for_turn()
            return await _fetch_latest_message_id(discord_channel, channel)
        last_id = getattr(discord_channel, "last_message_id", None)
        return str(last_id) if last_id else None

    async def send(
        self, channel: str, blocks: Sequence[Block], key: str, *, mention_role: str | None = None
    ) -> str:
        """Post the blocks; if the key was posted in the last minutes, return that message.

        A request without a response in time continues in the background. discord.py may be waiting in
        it for the end of a rate limit, and cancelling it would hold back all other requests. Until it
        ends, nothing is sent again with its key.

        Args:
            channel: The id of the channel.
            blocks: The content of the message.
            key: The key in the custom_ids of the buttons, and the nonce of the message.
            mention_role: The only role to mention and notify; None for none.

        Returns:
            The id of the message.

        Raises:
            DeliveryFailed: Discord refused the message.
            DeliveryUnknown: There was no response in time; the message may have been posted.
        """
        send_task = self._pending_sends.get(key)
        if send_task is None:
            send_task = asyncio.create_task(
                self._send_with_fallback(channel, blocks, key, mention_role)
            )
            self._pending_sends[key] = send_task
            send_task.add_done_callback(lambda done_task: self._forget_send(key, done_task))
        # `wait` does not cancel the task after the timeout, as `wait_for` would.
        await asyncio.wait([send_task], timeout=POST_SECONDS)
        if not send_task.done():
            raise DeliveryUnknown(channel)
        with translate_errors(channel):
            return str(send_task.result().id)

    async def find(self, channel: str, key: str, after: str | None) -> str | None:
        """Return the id of the bot's message with this key after another message; None if none.

        If the bot can't read the history, Discord returns an empty one instead of an error. So if it
        is empty, a single message is requested, which Discord refuses without the permission.

        Raises:
            DeliveryFailed: The bot has no such channel.
            DeliveryUnknown: There was no response, or the message is still being sent.
            HistoryUnreadable: The history can't be read or is too long to search.
        """
        if key in self._pending_sends:
            raise DeliveryUnknown(channel)
        discord_channel = self._client.get_partial_messageable(int(channel))
        count = 0
        with translate_errors(channel, reads_history=True):
            async for message in self._iter_history(discord_channel, after):
                if self._has_key(message, key):
                    return str(message.id)
                count += 1
            # An empty history may also mean that the bot can't read it.
            if count == 0:
                await self._check_history_access(discord_channel)
        if count == MAX_SEARCHED_MESSAGES:
            raise HistoryUnreadable(channel)
        return None

    def is_announcement_channel(self, channel: str) -> bool:
        """Return whether it is an announcement channel, which other channels can follow."""
        discord_channel = self._client.get_channel(int(channel))
        return isinstance(discord_channel, discord.TextChannel) and discord_channel.is_news()

    async def publish(self, channel: str, message_id: str) -> None:
        """Publish a message of an announcement channel; a slow request continues in the background.

        Discord allows few of these requests per hour, and discord.py waits for the next free slot.

        Raises:
            DeliveryFailed: Discord refused the request.
            DeliveryUnknown: There was no response.
        """
        publish_task = asyncio.create_task(self._publish_once(channel, message_id))
        self._publish_tasks.add(publish_task)
        publish_task.add_done_callback(self._forget_publish)
        await asyncio.wait([publish_task], timeout=PUBLISH_SECONDS)
        if publish_task.done():
            publish_task.result()

    async def _publish_once(self, channel: str, message_id: str) -> None:
        discord_channel = self._client.get_partial_messageable(int(channel))
        await self._queue.wait_for_turn()
        with translate_errors(channel):
            try:
                await discord_channel.get_partial_message(int(message_id)).publish()
            except discord.HTTPException as error:
                # An earlier request or a person has published it.
                if error.code != DiscordErrorCode.ALREADY_PUBLISHED:
                    raise

    async def _send_with_fallback(
        self, channel: str, blocks: Sequence[Block], key: str, mention_role: str | None
    ) -> discord.Message:
        try:
            return await self._send_once(channel, blocks, key, mention_role)
        except discord.HTTPException as error:
            shortest = reduce_blocks(blocks)
            if error.code != DiscordErrorCode.INVALID_FORM_BODY or shortest == tuple(blocks):
                raise
            return await self._send_once(channel, shortest, key, mention_role)

    async def _send_once(
        self, channel: str, blocks: Sequence[Block], key: str, mention_role: str | None
    ) -> discord.Message:
        # Partial, because direct messages and old threads are not in discord.py's cache.
        discord_channel = self._client.get_partial_messageable(int(channel))
        roles = [discord.Object(int(mention_role))] if mention_role else False
        allowed_mentions = discord.AllowedMentions(
            everyone=False, users=False, roles=roles, replied_user=False
        )
        view = _build_mentioning_layout(blocks, key, mention_role)
        await self._queue.wait_for_turn()  # last, so that nothing delays the request after its turn
        return await discord_channel.send(view=view, nonce=key, allowed_mentions=allowed_mentions)

    async def _iter_history(
        self, discord_channel: discord.PartialMessageable, after: str | None
    ) -> AsyncIterator[discord.Message]:
        """Iterate over the messages after another, oldest first; each request waits for its turn."""
        history = discord_channel.history(
            limit=MAX_SEARCHED_MESSAGES, after=discord.Object(int(after or 0)), oldest_first=True
        )
        await self._queue.wait_for_turn()
        count = 0
        async for message in history:
            yield message
            count += 1
            if count % _MESSAGES_PER_REQUEST == 0:
                await self._queue.wait_for_turn()

    def _forget_send(self, key: str, task: SendTask) -> None:
        del self._pending_sends[key]
        _retrieve_exception(task)

    def _forget_publish(self, task: asyncio.Task[None]) -> None:
        self._publish_tasks.discard(task)
        _retrieve_exception(task)

    def _has_key(self, message: discord.Message, key: str) -> bool:
        # Not by the nonce: Discord's history does not return it.
        bot_user = self._client.user
        presses = map(parse_custom_id, iter_custom_ids(message.components))
        return message.author == bot_user and any(press and press.key == key for press in presses)

    async def _check_history_access(self, discord_channel: discord.PartialMessageable) -> None:
        await self._queue.wait_for_turn()
        with suppress(discord.NotFound):
            await discord_channel.fetch_message(discord_channel.id)  # any id will do


async def _fetch_latest_message_id(dm_channel: discord.DMChannel, channel: str) -> str | None:
    """Return the id of the last direct message; discord.py does not cache it."""
    with translate_errors(channel):
        return next(iter([str(message.id) async for message in dm_channel.history(limit=1)]), None)


def is_postable(blocks: Sequence[Block], key: str, mention_role: str | None) -> bool:
    """Return whether the blocks and the mention of the role fit in one message."""
    mention = [Line(text=_format_mention(mention_role))] if mention_role else []
    return is_sendable([*mention, *blocks], key)


def _build_mentioning_layout(blocks: Sequence[Block], key: str, mention_role: str | None) -> Layout:
    if mention_role is None:
        return build_layout(blocks, key=key)
    fitted_blocks = fit_blocks(blocks, lambda candidate: is_postable(candidate, key, mention_role))
    layout = build_layout(fitted_blocks, key=key)
    layout_with_mention = Layout().add_item(ui.TextDisplay(_format_mention(mention_role)))
    for item in layout.children:
        layout_with_mention.add_item(item)
    return layout_with_mention


def _format_mention(role: str) -> str:
    return f"<@&{role}>"


def _retrieve_exception(task: asyncio.Task[Any]) -> None:
    """Retrieve the exception of a task, so that asyncio does not log it as never retrieved."""
    if not task.cancelled():
        task.exception()


@contextmanager
def translate_errors(channel: str, *, reads_history: bool = False) -> Iterator[None]:
    """Translate the errors of a request about the channel into ours.

    Args:
        channel: The id of the channel.
        reads_history: Whether the request reads the channel's history.
    """
    try:
        yield
    except discord.HTTPException as error:
        raise _translate_error(channel, error, reads_history=reads_history) from error
    except CONNECTION_ERRORS as error:
        raise DeliveryUnknown(channel) from error


def _translate_error(
    channel: str, error: discord.HTTPException, *, reads_history: bool
) -> DeliveryFailed | DeliveryUnknown | HistoryUnreadable:
    if error.status >= _MIN_SERVER_ERROR or error.status in _RETRYABLE_STATUSES:
        return DeliveryUnknown(channel)
    if reads_history and isinstance(error, discord.Forbidden):
        return HistoryUnreadable(channel)
    if reason := _PERMANENT_REASONS.get(error.code):
        return DeliveryFailed(channel, reason, is_lasting=True)
    # Such a refusal says nothing about the channel, and may be gone at the next attempt.
    if isinstance(error, discord.Forbidden) and error.code == _NO_CODE:
        return DeliveryUnknown(channel)
    return DeliveryFailed(
        channel, _TRANSIENT_REASONS.get(error.code, FailureReason.CONTENT_REFUSED), is_lasting=False
    )
