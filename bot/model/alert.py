"""An alert: a saved search that notifies a server or a person, and the messages that it sends."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import NewType

from bot.model.activity import ActivityState
from bot.model.ids import Pseudonym

AlertKey = NewType("AlertKey", str)
"""The random key of an alert; it can't be guessed."""


MessageKey = NewType("MessageKey", str)
"""The random key of a message of an alert, part of the ids of its buttons."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """The hours of each day, in local time, when an alert sends nothing.

    Attributes:
        start: The time when they start.
        end: The time when they end; on the next day if it is not later than `start`.
        zone: The IANA name of the time zone. A later time zone database may lack it.
    """

    start: time
    end: time
    zone: str

    def __post_init__(self) -> None:
        if self.start == self.end:
            message = f"quiet hours from {self.start} never end"
            raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A saved search over new articles, and the channel to notify.

    An alert belongs either to a server or to a person.

    Attributes:
        key: The key of the alert.
        guild: The server that owns it; None for a person's alert.
        person: The person who owns it; None for a server's alert.
        channel: A channel of the server, or the direct messages with the person.
        query_text: The search text as entered.
        quiet_hours: The hours when it sends nothing; None if it can always send.
        state: Whether it is active.
        suspension_reason: The reason why the bot paused it; None unless the bot did.
        begins_at: When it was added or resumed; articles added before are not reported.
    """

    key: AlertKey
    guild: str | None
    person: Pseudonym | None
    channel: str
    query_text: str
    quiet_hours: QuietHours | None
    begins_at: datetime
    state: ActivityState = ActivityState.ACTIVE
    suspension_reason: str | None = None

    def __post_init__(self) -> None:
        if (self.guild is None) == (self.person is None):
            message = f"the alert {self.key} does not have exactly one owner"
            raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertClaim:
    """A message of an alert that is about to be sent.

    Attributes:
        key: The key of the message.
        alert: The alert as it was read.
        claimed_at: When sending it was last started.
        after_message_id: The last message in the channel before it; None if there was none. The search
            for the message starts there.
    """

    key: MessageKey
    alert: Alert
    claimed_at: datetime
    after_message_id: str | None

    @property
    def channel(self) -> str:
        """The channel of the message."""
        return self.alert.channel
