"""Posting into channels where nobody waits for it: once, and found again by the key in its buttons."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import discord
from discord import ui

from bot.delivery.send_queue import SendQueue
from bot.discord_ui.incoming import custom_ids
from bot.discord_ui.messages.components import Layout, is_sendable, layout_of, pressed
from bot.discord_ui.messages.fitting import fitting
from bot.discord_ui.messages.sending import UNREACHABLE, Code, least_of
from bot.errors import DeliveryFailed, DeliveryUnknown, HistoryUnreadable
from bot.presentation.blocks import Block, Line

POST_SECONDS = 8.0
PUBLISH_SECONDS = 3.0
"""How long turns and answers are waited for; a claim is left to its maker for longer than both."""

_PER_REQUEST = 100
"""The messages that a request for more of a channel gives."""

MOST_LOOKED_THROUGH = 500
"""The messages that are looked through for one; more can't tell that it is not there."""

NO_CHANNEL = "The channel is gone."
MAY_NOT_SEE = "I may not see the channel."
MAY_NOT_POST = "I may not post in the channel."
NOT_FOR_TEXT = "Nothing can be posted in a channel of this kind."
CLOSED_THREAD = "The thread is closed."
CLOSED = "Direct messages from me are not taken there."
DELETED = "The message was deleted as soon as it was posted."
REFUSED = "Discord refused what it says."

_LASTING: Mapping[int, str] = {
    Code.UNKNOWN_CHANNEL: NO_CHANNEL,
    Code.MISSING_ACCESS: MAY_NOT_SEE,
    Code.MISSING_PERMISSIONS: MAY_NOT_POST,
    Code.NOT_A_TEXT_CHANNEL: NOT_FOR_TEXT,
    Code.ARCHIVED_THREAD: CLOSED_THREAD,
    Code.LOCKED_THREAD: CLOSED_THREAD,
    Code.CLOSED_TO_MESSAGES: CLOSED,
    Code.NO_SHARED_SERVER: CLOSED,
}
_PASSING: Mapping[int, str] = {
    Code.UNKNOWN_MESSAGE: DELETED,  # the answer to a nonce whose message was deleted
    Code.INVALID_FORM_BODY: REFUSED,
}
_SERVER_ERROR = 500
_TRIED_AGAIN = {401, 408, 429}
_NO_CODE = 0
"""The code of what was refused on the way to Discord, and has none of Discord's."""

Sending = asyncio.Task[discord.Message]


class ChannelPoster:
    """Posts into channels, those of direct messages among them; each request waits its turn."""

    def __init__(self, client: discord.Client, queue: SendQueue) -> None:
        self._client = client
        self._queue = queue
        self._on_the_way: dict[str, Sending] = {}
        self._publishing: set[asyncio.Task[None]] = set()

    async def anchor(self, channel: str) -> str | None:
        """A message that stands in the channel by now, as far as is known; None for none.

        Raises:
            DeliveryFailed: There is no such channel for the bot.
            DeliveryUnknown: There was no answer.
        """
        place: Any = self._client.get_channel(int(channel))
        if place is None:
            await self._queue.turn()
            with translated(channel):
                place = await self._client.fetch_channel(int(channel))
        if getattr(getattr(place, "guild", None), "unavailable", False):
            raise DeliveryUnknown(channel)
        if isinstance(place, discord.DMChannel):
            await self._queue.turn()
            return await _newest_in(place, channel)
        last = getattr(place, "last_message_id", None)
        return str(last) if last else None

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
        sending = self._on_the_way.get(key)
        if sending is None:
            sending = asyncio.create_task(self._sent(channel, blocks, key, mention_role))
            self._on_the_way[key] = sending
            sending.add_done_callback(lambda ended: self._forget(key, ended))
        await asyncio.wait([sending], timeout=POST_SECONDS)
        if not sending.done():
            raise DeliveryUnknown(channel)
        with translated(channel):
            return str(sending.result().id)

    async def find(self, channel: str, key: str, after: str | None) -> str | None:
        """The bot's message with that key among those after another; None where there is none.

        Discord gives an empty history to who may not read it, so then a message is asked for, which
        is refused.

        Raises:
            DeliveryFailed: There is no such channel for the bot.
            DeliveryUnknown: There was no answer, or the message is still on its way.
            HistoryUnreadable: It can't be seen whether there is one.
        """
        if key in self._on_the_way:
            raise DeliveryUnknown(channel)
        await self._queue.turn()
        place = self._client.get_partial_messageable(int(channel))
        begin = discord.Object(int(after or 0))
        count = 0
        with translated(channel, reading=True):
            async for message in place.history(
                limit=MOST_LOOKED_THROUGH, after=begin, oldest_first=True
            ):
                count += 1
                if self._has_key(message, key):
                    return str(message.id)
                if count % _PER_REQUEST == 0:
                    await self._queue.turn()
            if count == 0:
                await self._queue.turn()
                await self._demand_history(place)
        if count == MOST_LOOKED_THROUGH:
            raise HistoryUnreadable(channel)
        return None

    def publishes(self, channel: str) -> bool:
        """Whether messages of the channel are passed on to those who follow it."""
        place = self._client.get_channel(int(channel))
        return isinstance(place, discord.TextChannel) and place.is_news()

    async def publish(self, channel: str, message: str) -> None:
        """Passes a message of an announcement channel on, once; it goes on by itself if that lasts.

        Discord takes few such requests an hour, and discord.py waits until it takes one more.

        Raises:
            DeliveryFailed: It was refused.
            DeliveryUnknown: There was no answer.
        """
        publishing = asyncio.create_task(self._published(channel, message))
        self._publishing.add(publishing)
        publishing.add_done_callback(self._let_go)
        await asyncio.wait([publishing], timeout=PUBLISH_SECONDS)
        if publishing.done():
            publishing.result()

    async def _published(self, channel: str, message: str) -> None:
        place = self._client.get_partial_messageable(int(channel))
        await self._queue.turn()
        with translated(channel):
            try:
                await place.get_partial_message(int(message)).publish()
            except discord.HTTPException as error:
                if error.code != Code.ALREADY_PUBLISHED:
                    raise

    async def _sent(
        self, channel: str, blocks: Sequence[Block], key: str, mention_role: str | None
    ) -> discord.Message:
        place = self._client.get_partial_messageable(int(channel))
        roles = [discord.Object(int(mention_role))] if mention_role else False
        allowed = discord.AllowedMentions(
            everyone=False, users=False, roles=roles, replied_user=False
        )

        async def posted(shown: Sequence[Block]) -> discord.Message:
            view = _layout(shown, key, mention_role)
            await self._queue.turn()  # last, so that what was let through goes at once
            return await place.send(view=view, nonce=key, allowed_mentions=allowed)

        try:
            return await posted(blocks)
        except discord.HTTPException as error:
            least = least_of(blocks)
            if error.code != Code.INVALID_FORM_BODY or least == tuple(blocks):
                raise
            return await posted(least)

    def _forget(self, key: str, ended: Sending) -> None:
        del self._on_the_way[key]
        _note_end(ended)

    def _let_go(self, ended: asyncio.Task[None]) -> None:
        self._publishing.discard(ended)
        _note_end(ended)

    def _has_key(self, message: discord.Message, key: str) -> bool:
        own = self._client.user
        presses = map(pressed, custom_ids(message.components))
        return message.author == own and any(press and press.key == key for press in presses)

    async def _demand_history(self, place: discord.PartialMessageable) -> None:
        with suppress(discord.NotFound):
            await place.fetch_message(place.id)  # any number will do


async def _newest_in(place: discord.DMChannel, channel: str) -> str | None:
    """The last message between a person and the bot, which discord.py does not keep."""
    with translated(channel):
        return next(iter([str(each.id) async for each in place.history(limit=1)]), None)


def is_postable(blocks: Sequence[Block], key: str, mention_role: str | None) -> bool:
    """Whether one message holds the blocks and the mention of the role."""
    mention = [Line(text=_mention(mention_role))] if mention_role else []
    return is_sendable([*mention, *blocks], key)


def _layout(blocks: Sequence[Block], key: str, mention_role: str | None) -> Layout:
    if mention_role is None:
        return layout_of(blocks, key=key)
    chosen = fitting(blocks, lambda choice: is_postable(choice, key, mention_role))
    drawn = layout_of(chosen, key=key)
    mentioning = Layout().add_item(ui.TextDisplay(_mention(mention_role)))
    for item in drawn.children:
        mentioning.add_item(item)
    return mentioning


def _mention(role: str) -> str:
    return f"<@&{role}>"


def _note_end(ended: asyncio.Task[Any]) -> None:
    """Notes how a request ended: who waited for it in time was told."""
    if not ended.cancelled():
        ended.exception()


@contextmanager
def translated(channel: str, *, reading: bool = False) -> Iterator[None]:
    """What goes wrong with a request about the channel, as errors of ours.

    Args:
        channel: The channel.
        reading: Whether its history is read.
    """
    try:
        yield
    except discord.HTTPException as error:
        raise _error_of(channel, error, reading=reading) from error
    except UNREACHABLE as error:
        raise DeliveryUnknown(channel) from error


def _error_of(
    channel: str, error: discord.HTTPException, *, reading: bool
) -> DeliveryFailed | DeliveryUnknown | HistoryUnreadable:
    if error.status >= _SERVER_ERROR or error.status in _TRIED_AGAIN:
        return DeliveryUnknown(channel)
    if reading and isinstance(error, discord.Forbidden):
        return HistoryUnreadable(channel)
    if reason := _LASTING.get(error.code):
        return DeliveryFailed(channel, reason, is_lasting=True)
    if isinstance(error, discord.Forbidden) and error.code == _NO_CODE:
        return DeliveryUnknown(channel)
    return DeliveryFailed(channel, _PASSING.get(error.code, REFUSED), is_lasting=False)
