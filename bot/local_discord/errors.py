"""What Discord answers when it says no: a status, a code of its own, and often the fields at fault.

The codes are those of Discord's reference, "JSON error codes"; where that gives no status, the one
that clients report.
"""

from collections.abc import Mapping
from typing import Any


class Refused(Exception):  # noqa: N818 - an answer, not a fault of this program
    """A request that Discord would refuse."""

    def __init__(
        self, status: int, code: int, message: str, errors: Mapping[str, Any] | None = None
    ) -> None:
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors
        super().__init__(f"{status}/{code}: {message}")

    @property
    def body(self) -> dict[str, Any]:
        """What the answer carries."""
        named = {"message": self.message, "code": self.code}
        return named if self.errors is None else {**named, "errors": self.errors}


def unauthorized() -> Refused:
    """The token is not the bot's."""
    return Refused(401, 0, "401: Unauthorized")


def not_found() -> Refused:
    """No such route."""
    return Refused(404, 0, "404: Not Found")


def method_not_allowed() -> Refused:
    """The route takes other methods."""
    return Refused(405, 0, "405: Method Not Allowed")


def unknown_channel() -> Refused:
    """No such channel."""
    return Refused(404, 10003, "Unknown Channel")


def unknown_guild() -> Refused:
    """No such guild, or the bot is not in it."""
    return Refused(404, 10004, "Unknown Guild")


def unknown_member() -> Refused:
    """The user is not in the guild."""
    return Refused(404, 10007, "Unknown Member")


def unknown_message() -> Refused:
    """No such message, or it was deleted."""
    return Refused(404, 10008, "Unknown Message")


def unknown_user() -> Refused:
    """No such user."""
    return Refused(404, 10013, "Unknown User")


def unknown_webhook() -> Refused:
    """The token of an interaction that was not answered yet, or more than 15 minutes ago."""
    return Refused(404, 10015, "Unknown Webhook")


def unknown_interaction() -> Refused:
    """The interaction was not answered within 3 seconds."""
    return Refused(404, 10062, "Unknown interaction")


def already_published() -> Refused:
    """The message was passed on to the followers of its channel before."""
    return Refused(400, 40033, "This message has already been crossposted.")


def already_acknowledged() -> Refused:
    """The interaction has its first answer."""
    return Refused(400, 40060, "Interaction has already been acknowledged.")


def missing_access() -> Refused:
    """The bot can't see the channel."""
    return Refused(403, 50001, "Missing Access")


def not_the_author() -> Refused:
    """Only its author edits a message."""
    return Refused(403, 50005, "Cannot edit a message authored by another user")


def closed_to_messages() -> Refused:
    """The user takes no direct messages, or shares no guild with the bot."""
    return Refused(403, 50007, "Cannot send messages to this user")


def not_a_text_channel() -> Refused:
    """A forum or a category."""
    return Refused(400, 50008, "Cannot send messages in a non-text channel")


def wrong_kind_of_channel() -> Refused:
    """Only messages of announcement channels are published."""
    return Refused(400, 50024, "Cannot execute action on this channel type")


def missing_permissions() -> Refused:
    """The bot sees the channel, and may not do this there."""
    return Refused(403, 50013, "Missing Permissions")


def archived_thread() -> Refused:
    """The thread is locked or archived."""
    return Refused(403, 50083, "Thread is archived")


def no_history_to_reply_to() -> Refused:
    """Replying needs Read Message History."""
    return Refused(403, 160002, "Cannot reply without permission to read message history")


def unknown_reference() -> Refused:
    """The message to reply to is gone."""
    code = "MESSAGE_REFERENCE_UNKNOWN_MESSAGE"
    message = "Unknown message"
    return field_error(message, code=code, path="message_reference")


def field_error(message: str, *, code: str, path: str) -> Refused:
    """One field is wrong."""
    fault = {"code": code, "message": message}
    return Refused(400, 50035, "Invalid Form Body", {path: {"_errors": [fault]}})
