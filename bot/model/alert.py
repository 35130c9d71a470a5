"""An alert: a saved search that notifies a server or a person, and the messages that it sends."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import NewType

from bot.model.ids import Pseudonym
from bot.model.subscription import SubscriptionState

AlertKey = NewType("AlertKey", str)
"""What names an alert; nobody can guess it."""


MessageKey = NewType("MessageKey", str)
"""What names a message of an alert; its buttons carry it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """The hours of each day, by the clocks of a zone, in which nothing is told.

    Attributes:
        start: When they begin.
        end: When they are over; on the next day, where that is not later.
        zone: The IANA name of the zone, which a later set of zones may lack.
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
    """What is looked for in new articles, and where it is told.

    Attributes:
        key: What names it.
        guild: The server whose it is; None for a person's own.
        person: The person whose it is; None for a server's.
        channel: The channel of the server, or that of the direct messages with the person.
        query_text: What is looked for, as typed.
        quiet_hours: When nothing is told; None where it always may be.
        state: Whether it tells.
        suspension_reason: Why the bot paused it; None where it did not.
        begins_at: When it was added or resumed: what came in before is not told.
    """

    key: AlertKey
    guild: str | None
    person: Pseudonym | None
    channel: str
    query_text: str
    quiet_hours: QuietHours | None
    begins_at: datetime
    state: SubscriptionState = SubscriptionState.ACTIVE
    suspension_reason: str | None = None

    def __post_init__(self) -> None:
        if (self.guild is None) == (self.person is None):
            message = f"the alert {self.key} is not of one owner"
            raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertClaim:
    """A message of an alert that is about to be sent.

    Attributes:
        key: What names it.
        alert: The alert, as it was read.
        claimed_at: When somebody last began to send it.
        after_message_id: A message that stood in the channel before; None where there was none.
    """

    key: MessageKey
    alert: Alert
    claimed_at: datetime
    after_message_id: str | None

    @property
    def channel(self) -> str:
        """The channel of the message."""
        return self.alert.channel
