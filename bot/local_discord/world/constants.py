"""Discord's numbers by name: types, flags, permissions, intents and limits."""

from enum import IntEnum, IntFlag

MAX_UPLOAD_BYTES = 10 * 1024 * 1024
INITIAL_RESPONSE_SECONDS = 3.0
"""The time that a bot has for its first response to an interaction."""

INTERACTION_TOKEN_SECONDS = 15 * 60.0
"""The time for which the token of an interaction works."""

CREATED_AT_SECONDS = 1_704_067_200.0
"""2024-01-01: when the guilds of the default world were made and their members joined."""


class ChannelType(IntEnum):
    """The type of a channel."""

    TEXT = 0
    DM = 1
    VOICE = 2
    GROUP_DM = 3
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


class MessageType(IntEnum):
    """The type of a message."""

    DEFAULT = 0
    REPLY = 19
    CHAT_INPUT_COMMAND = 20
    CONTEXT_MENU_COMMAND = 23


class MessageFlag(IntFlag):
    """The message flags that matter here."""

    NONE = 0
    CROSSPOSTED = 1 << 0
    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    COMPONENTS_V2 = 1 << 15


class ComponentType(IntEnum):
    """The type of a component of a message or modal."""

    ACTION_ROW = 1
    BUTTON = 2
    STRING_SELECT = 3
    TEXT_INPUT = 4
    USER_SELECT = 5
    ROLE_SELECT = 6
    MENTIONABLE_SELECT = 7
    CHANNEL_SELECT = 8
    SECTION = 9
    TEXT_DISPLAY = 10
    THUMBNAIL = 11
    MEDIA_GALLERY = 12
    SEPARATOR = 14
    CONTAINER = 17
    LABEL = 18


class MessageButtonStyle(IntEnum):
    """The button styles that need something other than a custom id."""

    LINK = 5
    PREMIUM = 6


class CommandType(IntEnum):
    """Where a person finds a command: typed with a slash, or in the menu of a user or message."""

    CHAT_INPUT = 1
    USER = 2
    MESSAGE = 3


class OptionType(IntEnum):
    """The type of value of a command's option."""

    SUBCOMMAND = 1
    SUBCOMMAND_GROUP = 2
    STRING = 3
    INTEGER = 4
    BOOLEAN = 5
    CHANNEL = 7
    ROLE = 8
    NUMBER = 10


class InteractionType(IntEnum):
    """The action of a person."""

    APPLICATION_COMMAND = 2
    MESSAGE_COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL_SUBMIT = 5


class InteractionContext(IntEnum):
    """The place of the action."""

    GUILD = 0
    BOT_DM = 1
    PRIVATE_CHANNEL = 2


class CallbackType(IntEnum):
    """How a bot responds first to an interaction."""

    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


class IntegrationType(IntEnum):
    """Who installed the application: a guild or a user."""

    GUILD_INSTALL = 0
    USER_INSTALL = 1


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
    USE_EXTERNAL_APPS = 1 << 50


class Intent(IntFlag):
    """The gateway intents that matter here."""

    GUILDS = 1 << 0
    GUILD_MEMBERS = 1 << 1
    GUILD_PRESENCES = 1 << 8
    GUILD_MESSAGES = 1 << 9
    DIRECT_MESSAGES = 1 << 12
    MESSAGE_CONTENT = 1 << 15


PRIVILEGED_INTENTS = Intent.GUILD_MEMBERS | Intent.GUILD_PRESENCES | Intent.MESSAGE_CONTENT
"""The intents that Discord has to grant to an application."""
