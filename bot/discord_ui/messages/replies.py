"""The ways in which what a person did is answered: by a message, or to an interaction."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import discord

from bot.discord_ui.messages.components import Layout
from bot.discord_ui.messages.sending import (
    CONNECTION_ERRORS,
    DiscordErrorCode,
    send_fitting,
    try_twice,
)
from bot.model.guild_preferences import GuildPreferences
from bot.presentation.blocks import Block
from bot.runtime.logs import LogFields

_TYPING_SECONDS = 0.5
"""How long an answer waits for Discord to show that it is being written."""

_REFUSAL_SECONDS = 60.0
"""How long a message stands that is for one person alone, where Discord shows it to all."""


class Reply(ABC):
    """The one answer to what a person did.

    Attributes:
        facts: What may be logged of where it is given.
        user_id: Who did it.
        guild: The id of the server that it is given in; None in direct messages, and where the app
            is not the server's but a person's own.
    """

    facts: LogFields
    user_id: int
    guild: str | None

    @abstractmethod
    def apply_preferences(self, preferences: GuildPreferences) -> None:
        """Settles who sees the answer, where that was left open."""

    @abstractmethod
    async def begin(self) -> None:
        """Shows that an answer is on its way."""

    @abstractmethod
    async def send(self, blocks: Sequence[Block], *, key: str = "") -> None:
        """Gives the answer; `key` is the one of its buttons."""

    @abstractmethod
    async def refuse(self, blocks: Sequence[Block], *, permanent: bool = True) -> None:
        """Says why there is none, where it can to the one person; else `permanent` or not."""


class MessageReply(Reply):
    """A reply to a message."""

    def __init__(
        self,
        message: discord.Message,
        *,
        entry_point: str,
        typing_channel_ids: set[int],
        may_warn: Callable[[], bool],
    ) -> None:
        """A reply to the message.

        Args:
            message: What asks.
            entry_point: The way by which it asks, for the log.
            typing_channel_ids: The channels in which the bot begins to type. Discord takes few such
                requests: those of a crowd in one channel would come long after.
            may_warn: Whether a refusal that is not for long may be said, or would be a flood.
        """
        self._message = message
        self._may_warn = may_warn
        self._typing_channel_ids = typing_channel_ids
        self._typing_task: asyncio.Task[None] | None = None
        self.facts = build_facts(entry_point, message.guild, message.channel.id)
        self.user_id = message.author.id
        self.guild = str(message.guild.id) if message.guild else None

    def apply_preferences(self, preferences: GuildPreferences) -> None:
        """Nothing: all see a reply to a message."""

    async def begin(self) -> None:
        """Types, beside the work."""
        if self._message.channel.id not in self._typing_channel_ids:
            self._typing_channel_ids.add(self._message.channel.id)
            self._typing_task = asyncio.create_task(self._show_typing())

    async def send(self, blocks: Sequence[Block], *, key: str = "") -> None:
        """Replies once: the nonce keeps Discord from taking it twice."""
        await self._send(blocks, key, delete_after_seconds=None)

    async def refuse(self, blocks: Sequence[Block], *, permanent: bool = True) -> None:
        """Replies; what is not `permanent` is taken back after a while, and often not even said."""
        if permanent:
            await self._send(blocks, "", delete_after_seconds=None)
        elif self._may_warn():
            await self._send(blocks, "", delete_after_seconds=_REFUSAL_SECONDS)

    async def _send(
        self, blocks: Sequence[Block], key: str, *, delete_after_seconds: float | None
    ) -> None:
        await self._end_typing()

        async def send_layout(layout: Layout) -> None:
            await self._send_layout(layout, delete_after_seconds)

        await send_fitting(send_layout, blocks, key)

    async def _send_layout(self, layout: Layout, delete_after_seconds: float | None) -> None:
        """Reply to the message; post without a reference if the bot may not read the history."""
        options: dict[str, Any] = {
            "view": layout,
            "nonce": str(self._message.id),
            "delete_after": delete_after_seconds,
        }
        reference = self._message.to_reference(fail_if_not_exists=False)
        try:
            await self._message.channel.send(reference=reference, **options)
        except discord.Forbidden as error:
            if error.code != DiscordErrorCode.NO_HISTORY_TO_REPLY_TO:
                raise
            await self._message.channel.send(**options)

    async def _show_typing(self) -> None:
        try:
            await self._message.channel.typing()
        except (discord.HTTPException, *CONNECTION_ERRORS):
            return  # nobody misses it, and sending will tell what is wrong
        finally:
            self._typing_channel_ids.discard(self._message.channel.id)

    async def _end_typing(self) -> None:
        """Waits a moment, so that nobody sees typing after the answer.

        It is never cancelled: a request that sleeps after a global 429 holds up all others, and
        discord.py lets them go only when it wakes.
        """
        if self._typing_task:
            await asyncio.wait([self._typing_task], timeout=_TYPING_SECONDS)


class InteractionReply(Reply):
    """The answer to a command, a button or a form.

    discord.py notes that it answered only after Discord said so. Where that word was lost, the
    answer was given all the same: hence the note of our own.

    Attributes:
        private: Whether only the one person sees it; `begin` settles that. None until `apply_preferences`
            says what is usual there.
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
        self._has_begun = False
        self.facts = build_facts(entry_point, interaction.guild, interaction.channel_id)
        self.user_id = interaction.user.id
        self.guild = str(interaction.guild_id) if interaction.is_guild_integration() else None

    def apply_preferences(self, preferences: GuildPreferences) -> None:
        """Leaves it private or not where whoever asks chose."""
        if self.private is None:
            self.private = not preferences.is_visible

    async def begin(self) -> None:
        """Shows at once that the bot is thinking; there are 15 minutes from then on."""
        response = self._interaction.response
        await acknowledge_once(lambda: response.defer(thinking=True, ephemeral=bool(self.private)))
        self._has_begun = True

    async def send(self, blocks: Sequence[Block], *, key: str = "") -> None:
        """Answers, to all who see the channel unless it is private."""
        await self._send(blocks, key, private=bool(self.private))

    async def refuse(self, blocks: Sequence[Block], *, permanent: bool = True) -> None:  # noqa: ARG002 - only one sees it
        """Answers to the one person, unless all have seen the thinking."""
        await self._send(blocks, "", private=True)

    async def delete_message(self) -> None:
        """Deletes the message whose button was pressed, wherever it stands."""
        await acknowledge_once(self._interaction.response.defer)
        await try_twice(self._interaction.delete_original_response)

    async def _send(self, blocks: Sequence[Block], key: str, *, private: bool) -> None:
        interaction = self._interaction

        async def send_layout(layout: Layout) -> None:
            if self._has_begun:
                await interaction.edit_original_response(view=layout, attachments=layout.files)
            else:
                await self._send_message(layout, private=private)

        await send_fitting(send_layout, blocks, key)

    async def _send_message(self, layout: Layout, *, private: bool) -> None:
        """Send a message of its own, the first answer to the interaction or a later one."""
        interaction = self._interaction
        if interaction.response.is_done():
            await interaction.followup.send(view=layout, ephemeral=private, files=layout.files)
            return
        await acknowledge_once(
            lambda: interaction.response.send_message(
                view=layout, ephemeral=private, files=layout.files
            )
        )


class InPlaceReply(InteractionReply):
    """The answer to a button, in place of what its message shows."""

    async def begin(self) -> None:
        """Shows nothing: the message stays as it is until it changes."""
        await acknowledge_once(self._interaction.response.defer)
        self._has_begun = True

    async def refuse(self, blocks: Sequence[Block], *, permanent: bool = True) -> None:  # noqa: ARG002 - only one sees it
        """Answers to the one person, and leaves the message as it is."""
        await send_fitting(lambda layout: self._send_message(layout, private=True), blocks, "")


async def acknowledge_once(respond: Callable[[], Awaitable[object]]) -> None:
    """Gives the first answer to an interaction; that Discord has it already is as good."""
    try:
        await try_twice(respond)
    except discord.HTTPException as error:
        if error.code != DiscordErrorCode.ALREADY_ACKNOWLEDGED:
            raise


def build_facts(
    entry_point: str, guild: discord.abc.Snowflake | None, channel_id: int | None
) -> LogFields:
    """What may be logged of a place: a direct message's channel would tell who it was."""
    if guild is None or channel_id is None:
        return LogFields(way=entry_point)
    return LogFields(way=entry_point, guild=guild.id, channel=channel_id)
