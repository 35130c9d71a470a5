"""Everything that exists in this Discord, and the events about it."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from bot.local_discord.errors import UNKNOWN_CHANNEL, UNKNOWN_GUILD, UNKNOWN_MESSAGE, ApiError
from bot.local_discord.world.changes import ChangeNotifier
from bot.local_discord.world.clock import AdjustableClock, SnowflakeGenerator
from bot.local_discord.world.constants import (
    INITIAL_RESPONSE_SECONDS,
    ChannelType,
    IntegrationType,
    Intent,
    InteractionContext,
)
from bot.local_discord.world.records import Channel, Guild, Interaction, Json, Message, User

NONCE_SECONDS = 300.0
"""How long a nonce is remembered; Discord says "the past few minutes"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that the gateway reports to a bot.

    Attributes:
        guild_id: The guild that it happened in; None in direct messages.
        message: The message of a message event; each session gets the fields that its intents allow.
        data: The payload of any other event.
    """

    name: str
    guild_id: int | None
    message: Message | None = None
    data: Json | None = None


class Exchange(NamedTuple):
    """A request to the REST API, and the status of its answer."""

    method: str
    path: str
    status: int


class World:
    """The guilds, channels, users, messages, commands and interactions of one Discord.

    Attributes:
        initial_response_seconds: The time that the bot has for its first response.
        unavailable_guild_ids: The ids of the guilds that have an outage.
        installer_ids: The ids of the users who have installed the application for themselves.
        integration_types: Who can install the application: 0 for guilds, 1 for users.
        commands_created_at: When each command was created, by its guild; None is for all guilds.
        last_message_ids: The id of the last message of each channel, even if it was deleted.
        changes: Wakes the tasks that wait for something to happen.
    """

    def __init__(
        self,
        clock: AdjustableClock,
        *,
        token: str,
        privileged_intents: int = 0,
        shard_count: int = 1,
    ) -> None:
        self.clock = clock
        self.token = token
        self.privileged_intents = privileged_intents
        self.shard_count = shard_count
        self.gateway_url = ""
        self.initial_response_seconds = INITIAL_RESPONSE_SECONDS
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
        self.commands_created_at: defaultdict[int | None, list[float]] = defaultdict(list)
        self.interactions: dict[str, Interaction] = {}
        self.typing_channel_ids: list[int] = []
        self.exchanges: list[Exchange] = []
        self.listeners: list[Callable[[Event], None]] = []
        self.changes = ChangeNotifier()
        self._nonces: dict[tuple[int, str], tuple[float, int]] = {}

    @property
    def has_content_intent(self) -> bool:
        """Whether the application may read messages that do not mention the bot."""
        return bool(self.privileged_intents & Intent.MESSAGE_CONTENT)

    def add_user(self, name: str, *, is_bot: bool = False) -> User:
        """Add a user and return it."""
        user = User(id=self.ids.next(), name=name, is_bot=is_bot)
        self.users[user.id] = user
        return user

    def find_user(self, name: str) -> User:
        """Return the user of this name.

        Raises:
            LookupError: There is none.
        """
        for user in self.users.values():
            if user.name == name:
                return user
        raise LookupError(name)

    def find_guild(self, name: str) -> Guild:
        """Return the guild of this name.

        Raises:
            LookupError: There is none.
        """
        for guild in self.guilds.values():
            if guild.name == name:
                return guild
        raise LookupError(name)

    def find_channel(self, name: str, guild_name: str) -> Channel:
        """Return the channel or thread of this name in a guild.

        Raises:
            LookupError: There is none.
        """
        guild_id = self.find_guild(guild_name).id
        for channel in self.channels.values():
            if (channel.guild_id, channel.name) == (guild_id, name):
                return channel
        raise LookupError(name)

    def find_group(self, name: str) -> Channel:
        """Return the group of this name.

        Raises:
            LookupError: There is none.
        """
        for channel in self.channels.values():
            if (channel.type, channel.name) == (ChannelType.GROUP_DM, name):
                return channel
        raise LookupError(name)

    def get_channel(self, channel_id: int) -> Channel:
        """Return the channel of this id.

        Raises:
            ApiError: 10003 if there is none.
        """
        if channel_id not in self.channels:
            raise ApiError(UNKNOWN_CHANNEL)
        return self.channels[channel_id]

    def get_guild(self, guild_id: int) -> Guild:
        """Return the guild of this id.

        Raises:
            ApiError: 10004 if there is none, or the bot is not in it.
        """
        guild = self.guilds.get(guild_id)
        if guild is None or self.bot.id not in guild.members:
            raise ApiError(UNKNOWN_GUILD)
        return guild

    def get_integration_owners(self, user: User, channel: Channel) -> dict[IntegrationType, str]:
        """Return who installed the application for a user in a channel: the guild, the user, both.

        Direct messages count as installed by guild 0 if the user shares a guild with the bot, group
        messages never.
        """
        has_installed = user.id in self.installer_ids
        by_user = {IntegrationType.USER_INSTALL: str(user.id)} if has_installed else {}
        if channel.interaction_context is InteractionContext.PRIVATE_CHANNEL:
            return by_user
        guild_id = 0 if channel.guild_id is None else channel.guild_id
        guilds = self.guilds.values() if guild_id == 0 else [self.guilds[guild_id]]
        is_shared = any({user.id, self.bot.id} <= guild.members.keys() for guild in guilds)
        by_guild = {IntegrationType.GUILD_INSTALL: str(guild_id)} if is_shared else {}
        return by_guild | by_user

    def get_message(self, channel_id: int, message_id: int) -> Message:
        """Return the message of this id in a channel.

        Raises:
            ApiError: 10008 if there is none.
        """
        message = self.messages.get(message_id)
        if message is None or message.channel_id != channel_id:
            raise ApiError(UNKNOWN_MESSAGE)
        return message

    def iterate_messages(self, channel_id: int) -> Iterator[Message]:
        """Return the messages of a channel, oldest first."""
        return (
            message for message in tuple(self.messages.values()) if message.channel_id == channel_id
        )

    def open_direct_channel(self, user: User) -> Channel:
        """Return the direct messages of a user with the bot, opened if need be."""
        for channel in self.channels.values():
            if channel.recipient_id == user.id:
                return channel
        channel = Channel(id=self.ids.next(), type=ChannelType.DM, recipient_id=user.id)
        self.channels[channel.id] = channel
        return channel

    def get_recipients(self, channel: Channel) -> tuple[User, ...]:
        """Return the person in direct messages or the people in a group; none in a guild."""
        ids = channel.member_ids or (
            () if channel.recipient_id is None else (channel.recipient_id,)
        )
        return tuple(self.users[user_id] for user_id in ids)

    def add_message(self, message: Message) -> Message:
        """Store a new message and emit its event."""
        self.messages[message.id] = message
        if not message.is_ephemeral:
            self.last_message_ids[message.channel_id] = message.id
        if message.nonce is not None:
            key = (message.author_id, message.nonce)
            self._nonces[key] = (self.clock.now(), message.id)
        self._emit_message_event(message, "MESSAGE_CREATE")
        return message

    def update_message(self, message: Message) -> Message:
        """Store a message as it is after an edit and emit its event."""
        self.messages[message.id] = message
        self._emit_message_event(message, "MESSAGE_UPDATE")
        return message

    def delete_message(self, message: Message) -> None:
        """Delete a message and emit its event."""
        del self.messages[message.id]
        self._emit_message_event(message, "MESSAGE_DELETE")

    def find_message_id_by_nonce(self, author_id: int, nonce: str) -> int | None:
        """Return the id of the message that an author recently sent with a nonce, if any."""
        sent_at, message_id = self._nonces.get((author_id, nonce), (float("-inf"), None))
        return message_id if self.clock.now() - sent_at < NONCE_SECONDS else None

    def update_channel(self, channel: Channel, **changes: object) -> Channel:
        """Change fields of a channel and return it, without an event."""
        changed = replace(channel, **changes)  # type: ignore[arg-type]  # one field's type each
        self.channels[channel.id] = changed
        self.changes.notify()
        return changed

    def emit(self, event: Event) -> None:
        """Pass an event to the listeners, and wake all who wait for a change."""
        for listener in self.listeners:
            listener(event)
        self.changes.notify()

    def _emit_message_event(self, message: Message, name: str) -> None:
        """Emit the event; the gateway sends none for an ephemeral message, but waiters are woken."""
        if message.is_ephemeral:
            self.changes.notify()
            return
        guild_id = self.channels[message.channel_id].guild_id
        self.emit(Event(name=name, guild_id=guild_id, message=message))
