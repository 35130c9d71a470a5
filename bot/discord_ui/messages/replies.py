"""Replies to messages and to interactions, behind one interface."""

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import discord
from discord import app_commands

from bot.discord_ui.messages.components import Layout
from bot.discord_ui.messages.sending import (
    CONNECTION_ERRORS,
    MIN_REPEAT_SECONDS,
    DiscordErrorCode,
    send_fitting,
    try_twice,
)
from bot.model.guild_preferences import GuildPreferences
from bot.presentation.blocks import Block
from bot.runtime.logs import LogFields

_TYPING_SECONDS = 0.5
"""How long a reply waits for a running request to show typing."""

ACKNOWLEDGEMENT_SECONDS = 0.3
"""How long an interaction may wait for its first response. Discord gives up after 3 seconds."""

_REFUSAL_SECONDS = 60.0
"""How long a temporary refusal stays in a channel in which everyone sees it."""


RecordReply = Callable[[str, discord.Message | None], Awaitable[None]]
"""Called with the key of the stored answer, empty for a refusal, and the reply, None if not sent."""


class Reply(ABC):
    """The reply to a request of a person.

    Attributes:
        facts: The fields that may be logged about the place of the request.
        user_id: The id of the person.
        guild: The id of the server; None in direct messages and user installs.
        is_press: Whether a button, a menu or a form is replied to.
    """

    facts: LogFields
    user_id: int
    guild: str | None
    is_press: bool = False

    @asynccontextmanager
    async def acknowledge_in_time(self) -> AsyncIterator[None]:
        """Acknowledge the request during the block if the block does not do so soon itself."""
        yield  # Discord waits for no acknowledgement of a message

    @abstractmethod
    def apply_preferences(self, preferences: GuildPreferences) -> None:
        """Apply the server's choice of who sees the reply, unless the person chose."""

    @abstractmethod
    async def begin(self) -> None:
        """Show that a reply is on its way."""

    @abstractmethod
    async def send(self, blocks: Sequence[Block], *, key: str = "") -> None:
        """Send the answer; `key` goes into the custom_ids of its buttons."""

    @abstractmethod
    async def refuse(self, blocks: Sequence[Block], *, permanent: bool = True) -> None:
        """Send a refusal, only to the person if possible; else `permanent` says if it stays."""


class MessageReply(Reply):
    """A reply to a message."""

    def __init__(  # noqa: PLR0913 - the parts that it works with
        self,
        message: discord.Message,
        *,
        entry_point: str,
        typing_channel_ids: set[int],
        may_warn: Callable[[], bool],
        is_question_deleted: Callable[[], bool],
        record: RecordReply,
    ) -> None:
        """Reply to the message.

        Args:
            message: The message.
            entry_point: How the message reached the bot, for the log.
            typing_channel_ids: The channels with a running typing request. Discord limits these
                requests, so many questions in one channel share one.
            may_warn: Returns whether a temporary refusal may be sent; too many flood a channel.
            is_question_deleted: Returns whether the message was deleted meanwhile.
            record: Records the reply, so that it can be deleted together with the message.
        """
        self._message = message
        self._is_question_deleted = is_question_deleted
        self._record = record
        self._may_warn = may_warn
        self._typing_channel_ids = typing_channel_ids
        self._typing_task: asyncio.Task[None] | None = None
        self.facts = build_facts(entry_point, message.guild, message.channel.id)
        self.user_id = message.author.id
        self.guild = str(message.guild.id) if message.guild else None

    def apply_preferences(self, preferences: GuildPreferences) -> None:
        """Do nothing: everyone sees a reply to a message."""

    async def begin(self) -> None:
        """Show typing in the background, unless it is already shown in this channel."""
        if self._message.channel.id not in self._typing_channel_ids:
            self._typing_channel_ids.add(self._message.channel.id)
            self._typing_task = asyncio.create_task(self._show_typing())

    async def send(self, blocks: Sequence[Block], *, key: str = "") -> None:
        """Send the reply; a retry has the same nonce, so Discord posts it only once."""
        await self._send(blocks, key, delete_after_seconds=None)

    async def refuse(self, blocks: Sequence[Block], *, permanent: bool = True) -> None:
        """Send a refusal; if not `permanent`, only now and then, and deleted after a minute."""
        if permanent:
            await self._send(blocks, "", delete_after_seconds=None)
        elif self._may_warn():
            await self._send(blocks, "", delete_after_seconds=_REFUSAL_SECONDS)

    async def _send(
        self, blocks: Sequence[Block], key: str, *, delete_after_seconds: float | None
    ) -> None:
        await self._end_typing()

        if self._is_question_deleted():
            await self._record(key, None)
            return
        sent: list[discord.Message] = []

        async def send_layout(layout: Layout) -> None:
            sent.append(await self._send_layout(layout, delete_after_seconds))

        await send_fitting(send_layout, blocks, key)
        if delete_after_seconds is None:
            await self._record(key, sent[-1])

    async def _send_layout(
        self, layout: Layout, delete_after_seconds: float | None
    ) -> discord.Message:
        """Reply to the message; post without a reference if the bot can't read the history."""
        # `send` sets enforce_nonce with a nonce: Discord then drops a repeat of the last minutes.
        options: dict[str, Any] = {
            "view": layout,
            "nonce": str(self._message.id),
            "delete_after": delete_after_seconds,
        }
        # The question may have been deleted a moment ago; the reply is then deleted, too.
        reference = self._message.to_reference(fail_if_not_exists=False)
        try:
            return await self._message.channel.send(reference=reference, **options)
        except discord.Forbidden as error:
            if error.code != DiscordErrorCode.NO_HISTORY_TO_REPLY_TO:
                raise
            return await self._message.channel.send(**options)

    async def _show_typing(self) -> None:
        try:
            await self._message.channel.typing()
        except (discord.HTTPException, *CONNECTION_ERRORS):
            return  # typing is not essential, and sending will report what is wrong
        finally:
            self._typing_channel_ids.discard(self._message.channel.id)

    async def _end_typing(self) -> None:
        """Wait a moment for the typing request, so that typing is not shown after the answer.

        The request is never cancelled. After a global 429, discord.py holds back all requests until
        the one that sleeps wakes up, and a cancelled one never does.
        """
        if self._typing_task:
            await asyncio.wait([self._typing_task], timeout=_TYPING_SECONDS)


@dataclass
class _FirstResponse:
    """The first response to an interaction, which all replies to it share.

    discord.py marks an interaction as answered only when Discord's confirmation arrives. If that is
    lost, the interaction is answered all the same, so it is recorded here.

    Attributes:
        lock: Held while the response is on its way.
        is_sent: Whether it was sent; any other message is then a follow-up.
        is_thinking: Whether it shows that the bot is thinking; the answer takes its place.
    """

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    is_sent: bool = False
    is_thinking: bool = False


class InteractionReply(Reply):
    """The reply to a command, a button or a form.

    Attributes:
        private: Whether only the person sees the reply; fixed once `begin` is called. None until
            `apply_preferences` sets the server's choice.
    """

    def __init__(
        self,
        interaction: discord.Interaction[Any],
        *,
        entry_point: str,
        private: bool | None = False,
    ) -> None:
        self._interaction = interaction
        self.private = private
        self._first_response: _FirstResponse = interaction.extras.setdefault(
            "first response", _FirstResponse()
        )
        self.facts = build_facts(entry_point, interaction.guild, interaction.channel_id)
        self.user_id = interaction.user.id
        # A user install also works in servers without the bot, which have no settings here.
        self.guild = str(interaction.guild_id) if interaction.is_guild_integration() else None
        is_command = interaction.type is discord.InteractionType.application_command
        self.is_press = not is_command or isinstance(interaction.command, app_commands.ContextMenu)

    @asynccontextmanager
    async def acknowledge_in_time(self) -> AsyncIterator[None]:
        """Acknowledge the interaction during the block if the block does not do so soon itself.

        As long as it is not decided who may see the answer, only the person sees it.
        """
        timer = asyncio.create_task(self._acknowledge_later())
        try:
            yield
        finally:
            async with self._first_response.lock:  # so that a response on its way arrives
                timer.cancel()

    async def _acknowledge_later(self) -> None:
        await asyncio.sleep(ACKNOWLEDGEMENT_SECONDS)
        # The answer itself will report what is wrong.
        with suppress(discord.HTTPException, *CONNECTION_ERRORS):
            if self._interaction.type is discord.InteractionType.component:
                # Shows nothing, so that the answer can still be for everyone or for one person.
                await self._respond_first(self._interaction.response.defer)
            else:
                self.private = self.private is not False
                await self.begin()

    def apply_preferences(self, preferences: GuildPreferences) -> None:
        """Apply the server's choice of who sees the reply, unless the person chose."""
        if self.private is None:
            self.private = not preferences.is_visible

    async def begin(self) -> None:
        """Show that the bot is thinking; the reply may then take up to 15 minutes."""
        # Without a response within 3 s, the token of the interaction expires.
        response = self._interaction.response
        if await self._respond_first(
            lambda: response.defer(thinking=True, ephemeral=bool(self.private))
        ):
            self._first_response.is_thinking = True

    async def send(self, blocks: Sequence[Block], *, key: str = "") -> None:
        """Send the answer, to everyone in the channel unless the reply is private."""
        await self._send(blocks, key, private=bool(self.private))

    async def refuse(self, blocks: Sequence[Block], *, permanent: bool = True) -> None:  # noqa: ARG002 - only one sees it
        """Send a refusal, only to the person unless a public reply has begun."""
        await self._send(blocks, "", private=True)

    async def delete_message(self) -> None:
        """Delete the message with the button that was pressed."""
        await self._respond_first(self._interaction.response.defer)
        await try_twice(self._interaction.delete_original_response)

    async def _send(self, blocks: Sequence[Block], key: str, *, private: bool) -> None:
        interaction = self._interaction

        async def send_layout(layout: Layout) -> None:
            if self._replaces_original:
                # An edit has no `files`: `attachments` adds new files and drops earlier ones.
                await interaction.edit_original_response(view=layout, attachments=layout.files)
            else:
                await self._send_message(layout, private=private)

        await send_fitting(send_layout, blocks, key)

    async def _send_message(self, layout: Layout, *, private: bool) -> None:
        """Send a new message: the first response to the interaction, or a follow-up."""
        interaction = self._interaction
        if not await self._respond_first(
            lambda: interaction.response.send_message(
                view=layout, ephemeral=private, files=layout.files
            )
        ):
            await interaction.followup.send(view=layout, ephemeral=private, files=layout.files)

    @property
    def _replaces_original(self) -> bool:
        """Whether the answer takes the place of the first response."""
        return self._first_response.is_thinking

    async def _respond_first(self, respond: Callable[[], Awaitable[object]]) -> bool:
        """Send the first response unless there is one; return whether this call did."""
        async with self._first_response.lock:
            if self._first_response.is_sent:
                return False
            await acknowledge_once(respond)
            self._first_response.is_sent = True
            return True


class InPlaceReply(InteractionReply):
    """A reply to a button that replaces the content of its message."""

    _has_begun = False

    async def begin(self) -> None:
        """Acknowledge the press; the message stays unchanged until the answer replaces it."""
        await self._respond_first(self._interaction.response.defer)
        self._has_begun = True

    @property
    def _replaces_original(self) -> bool:
        return self._has_begun

    async def refuse(self, blocks: Sequence[Block], *, permanent: bool = True) -> None:  # noqa: ARG002 - only one sees it
        """Send a refusal only to the person; the message stays unchanged."""
        await send_fitting(lambda layout: self._send_message(layout, private=True), blocks, "")


class FormReply(InteractionReply):
    """A reply to a button that opens a form, which is itself the acknowledgement."""

    @asynccontextmanager
    async def acknowledge_in_time(self) -> AsyncIterator[None]:
        """Do nothing: an interaction that was acknowledged can't open a form any more."""
        yield

    async def open(self, form: discord.ui.Modal) -> None:
        """Open the form."""
        await self._respond_first(lambda: self._interaction.response.send_modal(form))


async def acknowledge_once(respond: Callable[[], Awaitable[object]]) -> None:
    """Send the first response to an interaction; accept that an earlier attempt has arrived.

    Raises:
        discord.HTTPException: Discord refuses it, also because somebody else has answered.
    """
    started_at = time.monotonic()
    try:
        await try_twice(respond)
    except discord.HTTPException as error:
        # Only a repeated response can have been preceded by ours. If the first one is refused,
        # another process with the same token has answered.
        was_repeated = time.monotonic() - started_at >= MIN_REPEAT_SECONDS
        if error.code != DiscordErrorCode.ALREADY_ACKNOWLEDGED or not was_repeated:
            raise


def build_facts(
    entry_point: str, guild: discord.abc.Snowflake | None, channel_id: int | None
) -> LogFields:
    """Return the loggable fields of a place; the channel of a direct message names a person."""
    if guild is None or channel_id is None:
        return LogFields(way=entry_point)
    return LogFields(way=entry_point, guild=guild.id, channel=channel_id)
