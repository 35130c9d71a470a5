"""Posting into channels where nobody waits for it: once, and found again by the key in its buttons."""

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
"""How long turns and answers are waited for; a claim is left to its maker for longer than both."""

_MESSAGES_PER_REQUEST = 100
"""The messages that a request for more of a channel gives."""

MAX_SEARCHED_MESSAGES = 500
"""The messages that are looked through for one; more can't tell that it is not there."""

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
    DiscordErrorCode.UNKNOWN_MESSAGE: FailureReason.MESSAGE_DELETED,  # the answer to a nonce whose message was deleted
    DiscordErrorCode.INVALID_FORM_BODY: FailureReason.CONTENT_REFUSED,
}
_MIN_SERVER_ERROR = 500
_RETRYABLE_STATUSES = {401, 408, 429}
_NO_CODE = 0
"""The code of what was refused on the way to Discord, and has none of Discord's."""

SendTask = asyncio.Task[discord.Message]


class ChannelPoster:
    """Posts into channels, those of direct messages among them; each request waits its turn."""

    def __init__(self, client: discord.Client, queue: SendQueue) -> None:
        self._client = client
        self._queue = queue
        self._pending_sends: dict[str, SendTask] = {}
        self._publish_tasks: set[asyncio.Task[None]] = set()

    async def get_latest_message_id(self, channel: str) -> str | None:
        """A message that stands in the channel by now, as far as is known; None for none.

        Raises:
            DeliveryFailed: There is no such channel for the bot.
            DeliveryUnknown: There was no answer.
        """
        discord_channel: Any = self._client.get_channel(int(channel))
        if discord_channel is None:
            await self._queue.wait_for_turn()
            with translate_errors(channel):
                discord_channel = await self._client.fetch_channel(int(channel))
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
        """Posts the blocks; with a key that Discord took minutes ago it gives that message.

        A request that gets no answer in time goes on by itself: discord.py may be waiting in it for
        the end of a limit, and would hold up all others if it were cancelled. Until it has ended
        nothing is sent again with its key.

        Args:
            channel: Where.
            blocks: What.
            key: What all its buttons carry, which makes it the same message.
            mention_role: The one role that it mentions and notifies; None for nobody.

        Returns:
            The id of the message.

        Raises:
            DeliveryFailed: It was refused.
            DeliveryUnknown: There was no answer, or not in time; it may have been posted.
        """
        send_task = self._pending_sends.get(key)
        if send_task is None:
            send_task = asyncio.create_task(
                self._send_with_fallback(channel, blocks, key, mention_role)
            )
            self._pending_sends[key] = send_task
            send_task.add_done_callback(lambda done_task: self._forget_send(key, done_task))
        await asyncio.wait([send_task], timeout=POST_SECONDS)
        if not send_task.done():
            raise DeliveryUnknown(channel)
        with translate_errors(channel):
            return str(send_task.result().id)

    async def find(self, channel: str, key: str, after: str | None) -> str | None:
        """Return the bot's message with that key among those after another; None if there is none.

        Discord gives an empty history to a bot that may not read it. So if it is empty, a message is
        requested, which is refused then.

        Raises:
            DeliveryFailed: There is no such channel for the bot.
            DeliveryUnknown: There was no answer, or the message is still on its way.
            HistoryUnreadable: It can't be seen whether there is one.
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
            if count == 0:
                await self._check_history_access(discord_channel)
        if count == MAX_SEARCHED_MESSAGES:
            raise HistoryUnreadable(channel)
        return None

    def is_announcement_channel(self, channel: str) -> bool:
        """Whether messages of the channel are passed on to those who follow it."""
        discord_channel = self._client.get_channel(int(channel))
        return isinstance(discord_channel, discord.TextChannel) and discord_channel.is_news()

    async def publish(self, channel: str, message_id: str) -> None:
        """Passes a message of an announcement channel on, once; it goes on by itself if that lasts.

        Discord takes few such requests an hour, and discord.py waits until it takes one more.

        Raises:
            DeliveryFailed: It was refused.
            DeliveryUnknown: There was no answer.
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
        discord_channel = self._client.get_partial_messageable(int(channel))
        roles = [discord.Object(int(mention_role))] if mention_role else False
        allowed_mentions = discord.AllowedMentions(
            everyone=False, users=False, roles=roles, replied_user=False
        )
        view = _build_mentioning_layout(blocks, key, mention_role)
        await self._queue.wait_for_turn()  # last, so that what was let through goes at once
        return await discord_channel.send(view=view, nonce=key, allowed_mentions=allowed_mentions)

    async def _iter_history(
        self, discord_channel: discord.PartialMessageable, after: str | None
    ) -> AsyncIterator[discord.Message]:
        """Iterate over the messages after another, the oldest first; each request waits its turn."""
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
        bot_user = self._client.user
        presses = map(parse_custom_id, iter_custom_ids(message.components))
        return message.author == bot_user and any(press and press.key == key for press in presses)

    async def _check_history_access(self, discord_channel: discord.PartialMessageable) -> None:
        await self._queue.wait_for_turn()
        with suppress(discord.NotFound):
            await discord_channel.fetch_message(discord_channel.id)  # any number will do


async def _fetch_latest_message_id(dm_channel: discord.DMChannel, channel: str) -> str | None:
    """The last message between a person and the bot, which discord.py does not keep."""
    with translate_errors(channel):
        return next(iter([str(message.id) async for message in dm_channel.history(limit=1)]), None)


def is_postable(blocks: Sequence[Block], key: str, mention_role: str | None) -> bool:
    """Whether one message holds the blocks and the mention of the role."""
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
    """Notes how a request ended: who waited for it in time was told."""
    if not task.cancelled():
        task.exception()


@contextmanager
def translate_errors(channel: str, *, reads_history: bool = False) -> Iterator[None]:
    """What goes wrong with a request about the channel, as errors of ours.

    Args:
        channel: The channel.
        reads_history: Whether its history is read.
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
    if isinstance(error, discord.Forbidden) and error.code == _NO_CODE:
        return DeliveryUnknown(channel)
    return DeliveryFailed(
        channel, _TRANSIENT_REASONS.get(error.code, FailureReason.CONTENT_REFUSED), is_lasting=False
    )
