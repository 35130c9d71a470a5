"""The records that a Discord consists of: guilds, channels, users, messages, interactions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.local_discord.world.constants import (
    THREAD_TYPES,
    CallbackType,
    ChannelType,
    ComponentType,
    IntegrationType,
    InteractionContext,
    InteractionType,
    MessageFlag,
    MessageType,
)

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person or a bot; `takes_direct_messages` is a privacy setting."""

    id: int
    name: str
    is_bot: bool = False
    takes_direct_messages: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A role of a guild; the one with the guild's id is @everyone.

    Attributes:
        is_mentionable: Whether every member may notify those who have it.
        bot_id: The bot that Discord made the role for; None for other roles.
    """

    id: int
    name: str
    permissions: int
    is_mentionable: bool = False
    bot_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overwrite:
    """The permissions that a channel allows or denies to a role or a member."""

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
    """A channel of a guild, a thread, one person's direct messages with the bot, or a group.

    Attributes:
        parent_id: The category, or the channel of a thread.
        owner_id: The user who opened a thread or a group.
        recipient_id: The person in direct messages.
        member_ids: The people in a group; the bot can't be one of them.
    """

    id: int
    type: ChannelType
    name: str = ""
    guild_id: int | None = None
    parent_id: int | None = None
    overwrites: tuple[Overwrite, ...] = ()
    is_archived: bool = False
    is_locked: bool = False
    auto_archive_minutes: int = 1440
    owner_id: int | None = None
    recipient_id: int | None = None
    member_ids: tuple[int, ...] = ()

    @property
    def is_thread(self) -> bool:
        """Whether it is a thread of another channel."""
        return self.type in THREAD_TYPES

    @property
    def interaction_context(self) -> InteractionContext:
        """The context that Discord names in an interaction that happens here."""
        if self.type is ChannelType.GROUP_DM:
            return InteractionContext.PRIVATE_CHANNEL
        return InteractionContext.BOT_DM if self.guild_id is None else InteractionContext.GUILD


@dataclass(frozen=True, slots=True, kw_only=True)
class Pings:
    """Whom a message notifies."""

    users: tuple[int, ...] = ()
    roles: tuple[int, ...] = ()
    includes_everyone: bool = False

    def __bool__(self) -> bool:
        return bool(self.users or self.roles or self.includes_everyone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file of a message."""

    id: int
    filename: str
    content_type: str
    data: bytes
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that came with a request; `index` is its number in `files[…]`."""

    index: int
    filename: str
    content_type: str
    data: bytes


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
    """A button of a message; one with a `url` is a link and has no `custom_id`."""

    label: str
    custom_id: str | None
    url: str | None
    is_disabled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as it is now.

    Attributes:
        reply_to_id: The id of the message that it replies to.
        pings: Whom it notified.
        nonce: As its author gave it; the history does not show it.
        interaction_metadata: The interaction that it answers.
        only_for: The only user who sees it; None if the whole channel does.
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
    reply_to_id: int | None = None
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
        """Whether it shows that the bot is thinking."""
        return MessageFlag.LOADING in self.flags

    @property
    def text(self) -> str:
        """All text of the message but that of its embeds."""
        texts = (
            component["content"]
            for component in walk_components(self.components)
            if component["type"] == ComponentType.TEXT_DISPLAY
        )
        return "\n".join(text for text in (self.content, *texts) if text)

    @property
    def buttons(self) -> tuple[MessageButton, ...]:
        """Its buttons in the order of reading."""
        return tuple(
            MessageButton(
                label=component.get("label") or "",
                custom_id=component.get("custom_id"),
                url=component.get("url"),
                is_disabled=component.get("disabled", False),
            )
            for component in walk_components(self.components)
            if component["type"] == ComponentType.BUTTON
        )


@dataclass(slots=True, kw_only=True)
class Interaction:
    """Something that a person did with the bot, and how the bot has responded so far.

    Attributes:
        data: The `data` that the bot gets.
        message: The message as it was when its button was pressed; also that of a modal.
        callback_type: How the bot responded first; None until it does.
        original_message_id: The message that `@original` names.
        message_ids: All messages that the token may edit.
        modal: The modal that the bot opened.
        choices: The suggestions that the bot gave for autocompletion.
        integration_owners: Who installed the application, and the id of each.
    """

    id: int
    token: str
    type: InteractionType
    user: User
    channel: Channel
    data: Json
    created_at: float
    message: Message | None = None
    callback_type: CallbackType | None = None
    original_message_id: int | None = None
    message_ids: list[int] = field(default_factory=list)
    modal: Json | None = None
    choices: tuple[Json, ...] = ()
    integration_owners: Mapping[IntegrationType, str] = field(default_factory=dict)

    @property
    def is_by_user_install(self) -> bool:
        """Whether only the user has installed the application, not the guild."""
        return self.integration_owners.keys() == {IntegrationType.USER_INSTALL}

    @property
    def follow_up_count(self) -> int:
        """The number of messages after the first response."""
        return len(self.message_ids) - (self.original_message_id is not None)


def walk_components(components: Sequence[Json]) -> Iterator[Json]:
    """Yield every component, each before those inside it, and an accessory last."""
    for component in components:
        yield component
        yield from walk_components(component.get("components", ()))
        for key in ("accessory", "component"):
            if key in component:
                yield from walk_components((component[key],))


def assign_component_ids(components: Sequence[Json]) -> tuple[Json, ...]:
    """Return the components, and give a free id to each one that has none, as Discord does."""
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
