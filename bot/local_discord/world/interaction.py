"""One act of a person upon the bot, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from bot.local_discord.world.records import Channel, IntegrationType, Json, Message, User

INITIAL_RESPONSE_SECONDS = 3.0
TOKEN_LIFETIME_SECONDS = 15 * 60.0


class InteractionType(IntEnum):
    """Discord's interaction types."""

    APPLICATION_COMMAND = 2
    MESSAGE_COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL_SUBMIT = 5


class CallbackType(IntEnum):
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
        callback_type: The first answer's kind; None until it comes.
        original_message_id: The message that `@original` names.
        message_ids: All messages that the token may edit.
        modal: The form that the bot opened.
        choices: What it offered while a person typed.
        integration_owners: By whom the application is there, and the id of each.
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
