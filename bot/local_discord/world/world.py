"""Everything that exists in this Discord, and who is told when it changes."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeVar

from bot.local_discord import errors as refusals
from bot.local_discord.world.clock import Clock, SnowflakeGenerator
from bot.local_discord.world.interaction import Interaction
from bot.local_discord.world.records import (
    Channel,
    ChannelType,
    Guild,
    IntegrationType,
    Json,
    Message,
    User,
)

T = TypeVar("T")

MESSAGE_CONTENT = 1 << 15
"""The intent to read what people write to others."""

NONCE_SECONDS = 300.0
"""How long a nonce is remembered; Discord says "the past few minutes"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that the gateway tells a bot.

    Attributes:
        guild_id: Where it happened; None in direct messages.
        message: What a message event is about; each session gets it as its intents allow.
        data: What all other events carry.
    """

    name: str
    guild_id: int | None
    message: Message | None = None
    data: Json | None = None


class Exchange(NamedTuple):
    """A request to the REST API that was answered."""

    method: str
    path: str
    status: int


class World:
    """The guilds, channels, users, messages, commands and interactions of one Discord.

    Attributes:
        unavailable_guild_ids: The ids of the guilds that can't be reached.
        installer_ids: The ids of the users who have installed the application for themselves.
        integration_types: By whom it can be installed: 0 for guilds, 1 for users.
        last_message_ids: The id of the last message of each channel; it may be deleted by now.
    """

    def __init__(
        self, clock: Clock, *, token: str, privileged_intents: int = 0, shards: int = 1
    ) -> None:
        self.clock = clock
        self.token = token
        self.privileged_intents = privileged_intents
        self.shards = shards
        self.gateway_url = ""
        self.ids = SnowflakeGenerator(clock)
        self.application_id = self.ids.next()
        self.bot = User(id=self.ids.next(), name="Dateline", is_bot=True)
        self.users: dict[int, User] = {self.bot.id: self.bot}
        self.guilds: dict[int, Guild] = {}
        self.unavailable_guild_ids: set[int] = set()
        self.installer_ids: set[int] = set()
        self.integration_types: tuple[int, ...] = (0, 1)
        self.channels: dict[int, Channel] = {}
        self.messages: dict[int, Message] = {}
        self.last_message_ids: dict[int, int] = {}
        self.commands: dict[int | None, tuple[Json, ...]] = {}
        self.interactions: dict[str, Interaction] = {}
        self.typing_channel_ids: list[int] = []
        self.exchanges: list[Exchange] = []
        self.listeners: list[Callable[[Event], None]] = []
        self._nonces: dict[tuple[int, str], tuple[float, int]] = {}
        self._change_event = asyncio.Event()

    @property
    def has_content_intent(self) -> bool:
        """Whether the application may read what people write to others."""
        return bool(self.privileged_intents & MESSAGE_CONTENT)

    def add_user(self, name: str, *, is_bot: bool = False) -> User:
        """A new user."""
        user = User(id=self.ids.next(), name=name, is_bot=is_bot)
        self.users[user.id] = user
        return user

    def get_channel(self, channel_id: int) -> Channel:
        """The channel of this id.

        Raises:
            Refused: 10003.
        """
        if channel_id not in self.channels:
            raise refusals.unknown_channel()
        return self.channels[channel_id]

    def get_guild(self, guild_id: int) -> Guild:
        """The guild of this id, where the bot is in it.

        Raises:
            Refused: 10004.
        """
        guild = self.guilds.get(guild_id)
        if guild is None or self.bot.id not in guild.members:
            raise refusals.unknown_guild()
        return guild

    def get_integration_owners(self, user: User, channel: Channel) -> dict[IntegrationType, str]:
        """By whom the application is there for a user in a channel: the guild, the user, or both.

        Direct messages count as those of a guild of the id 0, where they share one with the bot.
        """
        owners = {}
        guild_id = 0 if channel.guild_id is None else channel.guild_id
        guilds = self.guilds.values() if guild_id == 0 else [self.guilds[guild_id]]
        if any({user.id, self.bot.id} <= guild.members.keys() for guild in guilds):
            owners[IntegrationType.GUILD_INSTALL] = str(guild_id)
        if user.id in self.installer_ids:
            owners[IntegrationType.USER_INSTALL] = str(user.id)
        return owners

    def get_message(self, channel_id: int, message_id: int) -> Message:
        """The message of this id in the channel.

        Raises:
            Refused: 10008.
        """
        message = self.messages.get(message_id)
        if message is None or message.channel_id != channel_id:
            raise refusals.unknown_message()
        return message

    def iterate_messages(self, channel_id: int) -> Iterator[Message]:
        """The messages of a channel, oldest first."""
        return (
            message for message in tuple(self.messages.values()) if message.channel_id == channel_id
        )

    def open_direct_channel(self, user: User) -> Channel:
        """One person's direct messages with the bot, opened when first asked for."""
        for channel in self.channels.values():
            if channel.recipient_id == user.id:
                return channel
        channel = Channel(id=self.ids.next(), type=ChannelType.DM, recipient_id=user.id)
        self.channels[channel.id] = channel
        return channel

    def add_message(self, message: Message) -> Message:
        """A new message, which all who may are told of."""
        self.messages[message.id] = message
        if not message.is_ephemeral:
            self.last_message_ids[message.channel_id] = message.id
        if message.nonce is not None:
            key = (message.author_id, message.nonce)
            self._nonces[key] = (self.clock.now(), message.id)
        self._emit_message_event(message, "MESSAGE_CREATE")
        return message

    def update_message(self, message: Message) -> Message:
        """A message as it is after an edit."""
        self.messages[message.id] = message
        self._emit_message_event(message, "MESSAGE_UPDATE")
        return message

    def delete_message(self, message: Message) -> None:
        """Delete a message."""
        del self.messages[message.id]
        self._emit_message_event(message, "MESSAGE_DELETE")

    def find_message_id_by_nonce(self, author_id: int, nonce: str) -> int | None:
        """The id of the message that its author sent with this nonce, minutes ago at most."""
        sent_at, message_id = self._nonces.get((author_id, nonce), (float("-inf"), None))
        return message_id if self.clock.now() - sent_at < NONCE_SECONDS else None

    def update_channel(self, channel: Channel, **changes: object) -> Channel:
        """A channel with what is new about it; the bot is not told of it here."""
        changed = replace(channel, **changes)  # type: ignore[arg-type]  # one field's type each
        self.channels[channel.id] = changed
        self.notify_waiters()
        return changed

    def emit(self, event: Event) -> None:
        """Pass an event on to the gateway, and wake all who wait for something."""
        for listener in self.listeners:
            listener(event)
        self.notify_waiters()

    def notify_waiters(self) -> None:
        """Wake all who wait for something."""
        self._change_event.set()
        self._change_event = asyncio.Event()

    async def wait_for_change(self) -> None:
        """Wait until something changes."""
        await self._change_event.wait()

    async def wait_until(self, condition: Callable[[], T | None], timeout: float) -> T:  # noqa: ASYNC109 - part of the question
        """What `condition` gives once it gives something; it is asked again after each change.

        Raises:
            TimeoutError: It gave nothing in time.
        """
        async with asyncio.timeout(timeout):
            while not (result := condition()):
                await self.wait_for_change()
        return result

    def _emit_message_event(self, message: Message, name: str) -> None:
        channel = self.channels[message.channel_id]
        if message.is_ephemeral:
            self.notify_waiters()
            return
        self.emit(Event(name=name, guild_id=channel.guild_id, message=message))
