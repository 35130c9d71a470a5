"""One act of a person upon the bot, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from bot.local_discord.world.records import Channel, Install, Json, Message, User

SECONDS_TO_ANSWER = 3.0
SECONDS_TO_FOLLOW_UP = 15 * 60.0


class InteractionKind(IntEnum):
    """Discord's interaction types."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class CallbackKind(IntEnum):
    """How a bot answers first."""

    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


@dataclass(slots=True, kw_only=True)
class Interaction:
    """What a person did, and what the bot made of it so far.

    Attributes:
        data: What was done, as the bot is told.
        message: The message whose button was pressed, also before a modal.
        answered_by: The first answer's kind; None until it comes.
        original_id: The message that `@original` names.
        message_ids: All messages that the token may edit.
        modal: The form that the bot opened.
        choices: What it offered while a person typed.
        owners: By whom the application is there, and the id of each.
    """

    id: int
    token: str
    kind: InteractionKind
    user: User
    channel: Channel
    data: Json
    created_at: float
    message: Message | None = None
    answered_by: CallbackKind | None = None
    original_id: int | None = None
    message_ids: list[int] = field(default_factory=list)
    modal: Json | None = None
    choices: tuple[Json, ...] = ()
    owners: Mapping[Install, str] = field(default_factory=dict)
