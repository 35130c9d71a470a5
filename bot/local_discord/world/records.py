"""Who and what there is in a Discord, as plain values."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, IntFlag
from typing import Any

Json = dict[str, Any]


class ChannelType(IntEnum):
    """Discord's channel types."""

    TEXT = 0
    DM = 1
    VOICE = 2
    CATEGORY = 4
    ANNOUNCEMENT = 5
    ANNOUNCEMENT_THREAD = 10
    PUBLIC_THREAD = 11
    PRIVATE_THREAD = 12
    STAGE = 13
    FORUM = 15


THREAD_TYPES = frozenset(
    {ChannelType.ANNOUNCEMENT_THREAD, ChannelType.PUBLIC_THREAD, ChannelType.PRIVATE_THREAD}
)


class MessageFlag(IntFlag):
    """The message flags that matter here."""

    NONE = 0
    CROSSPOSTED = 1 << 0
    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    COMPONENTS_V2 = 1 << 15


class IntegrationType(IntEnum):
    """By whom the application was installed."""

    GUILD_INSTALL = 0
    USER_INSTALL = 1


class MessageType(IntEnum):
    """Discord's message types."""

    DEFAULT = 0
    REPLY = 19
    CHAT_INPUT_COMMAND = 20
    CONTEXT_MENU_COMMAND = 23


class Permission(IntFlag):
    """The permissions that matter here."""

    NONE = 0
    ADMINISTRATOR = 1 << 3
    MANAGE_GUILD = 1 << 5
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    CONNECT = 1 << 20
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    SEND_MESSAGES_IN_THREADS = 1 << 38


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person or a bot; `takes_direct_messages` is their privacy setting."""

    id: int
    name: str
    is_bot: bool = False
    takes_direct_messages: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A role of a guild; the one with the guild's id is everyone's.

    Attributes:
        mentionable: Whether all may notify those who have it.
    """

    id: int
    name: str
    permissions: int
    mentionable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Overwrite:
    """What a channel allows or denies to a role or a member."""

    id: int
    allow: int = 0
    deny: int = 0
    is_role: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Guild:
    """A server: `members` maps user ids to the ids of their roles."""

    id: int
    name: str
    owner_id: int
    roles: tuple[Role, ...]
    members: Mapping[int, tuple[int, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A channel of a guild, a thread, or one person's direct messages with the bot.

    Attributes:
        parent_id: The category, or the channel that a thread stands in.
        owner_id: Who opened a thread.
        recipient_id: The person, in direct messages.
    """

    id: int
    type: ChannelType
    name: str = ""
    guild_id: int | None = None
    parent_id: int | None = None
    overwrites: tuple[Overwrite, ...] = ()
    archived: bool = False
    locked: bool = False
    auto_archive_minutes: int = 1440
    owner_id: int | None = None
    recipient_id: int | None = None

    @property
    def is_thread(self) -> bool:
        """Whether it stands in another channel."""
        return self.type in THREAD_TYPES


@dataclass(frozen=True, slots=True, kw_only=True)
class Pings:
    """Whom a message notifies."""

    users: tuple[int, ...] = ()
    roles: tuple[int, ...] = ()
    everyone: bool = False

    def __bool__(self) -> bool:
        return bool(self.users or self.roles or self.everyone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file of a message."""

    id: int
    filename: str
    content_type: str
    data: bytes
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InteractionMetadata:
    """The interaction that a message answers."""

    id: int
    type: int
    user_id: int
    name: str | None = None
    integration_owners: Mapping[IntegrationType, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageButton:
    """A button as a person finds it: those with a `url` are links and have no `custom_id`."""

    label: str
    custom_id: str | None
    url: str | None
    is_disabled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as it stands now.

    Attributes:
        reply_to: The id of the message that it replies to.
        pings: Whom it notified, after its allowed mentions.
        nonce: As its author gave it; history never tells.
        interaction_metadata: The interaction that it answers.
        only_for: The one person who sees it; None where all of the channel do.
    """

    id: int
    channel_id: int
    author_id: int
    sent_at: float
    type: MessageType = MessageType.DEFAULT
    content: str = ""
    embeds: tuple[Json, ...] = ()
    components: tuple[Json, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    flags: MessageFlag = MessageFlag.NONE
    reply_to: int | None = None
    pings: Pings = Pings()
    nonce: str | None = None
    edited_at: float | None = None
    interaction_metadata: InteractionMetadata | None = None
    only_for: int | None = None

    @property
    def is_ephemeral(self) -> bool:
        """Whether only one person sees it."""
        return self.only_for is not None

    @property
    def is_loading(self) -> bool:
        """Whether it says that the bot is thinking."""
        return MessageFlag.LOADING in self.flags

    @property
    def text(self) -> str:
        """All text that stands in the message itself, not in its embeds."""
        texts = (
            component["content"]
            for component in walk_components(self.components)
            if component["type"] == TEXT_DISPLAY
        )
        return "\n".join(text for text in (self.content, *texts) if text)

    @property
    def buttons(self) -> tuple[MessageButton, ...]:
        """Its buttons, as they are read."""
        return tuple(
            MessageButton(
                label=component.get("label") or "",
                custom_id=component.get("custom_id"),
                url=component.get("url"),
                is_disabled=component.get("disabled", False),
            )
            for component in walk_components(self.components)
            if component["type"] == BUTTON
        )


BUTTON = 2
TEXT_INPUT = 4
TEXT_DISPLAY = 10


def walk_components(components: Sequence[Json]) -> Iterator[Json]:
    """Every component, each before those inside it; a section's accessory after its texts."""
    for component in components:
        yield component
        yield from walk_components(component.get("components", ()))
        for key in ("accessory", "component"):
            if key in component:
                yield from walk_components((component[key],))


def assign_component_ids(components: Sequence[Json]) -> tuple[Json, ...]:
    """The components with the ids that Discord gives to those that have none."""
    used_ids = {component.get("id") for component in walk_components(components)}
    free_ids = (number for number in range(1, 1 << 31) if number not in used_ids)
    return tuple(_assign_ids(component, free_ids) for component in components)


def _assign_ids(component: Json, free_ids: Iterator[int]) -> Json:
    updated = {**component, "id": component.get("id") or next(free_ids)}
    if "components" in component:
        updated["components"] = [_assign_ids(child, free_ids) for child in component["components"]]
    for key in ("accessory", "component"):
        if key in component:
            updated[key] = _assign_ids(component[key], free_ids)
    return updated
