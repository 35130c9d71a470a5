"""What Discord answers when it says no: a status, a code of its own, and often the fields at fault.

The codes are those of Discord's reference, "JSON error codes"; where that gives no status, the one
that clients report.
"""

from collections.abc import Mapping
from typing import Any


class ApiError(Exception):
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
        payload = {"message": self.message, "code": self.code}
        return payload if self.errors is None else {**payload, "errors": self.errors}


def unauthorized() -> ApiError:
    """The token is not the bot's."""
    return ApiError(401, 0, "401: Unauthorized")


def not_found() -> ApiError:
    """No such route."""
    return ApiError(404, 0, "404: Not Found")


def method_not_allowed() -> ApiError:
    """The route takes other methods."""
    return ApiError(405, 0, "405: Method Not Allowed")


def unknown_channel() -> ApiError:
    """No such channel."""
    return ApiError(404, 10003, "Unknown Channel")


def unknown_guild() -> ApiError:
    """No such guild, or the bot is not in it."""
    return ApiError(404, 10004, "Unknown Guild")


def unknown_member() -> ApiError:
    """The user is not in the guild."""
    return ApiError(404, 10007, "Unknown Member")


def unknown_message() -> ApiError:
    """No such message, or it was deleted."""
    return ApiError(404, 10008, "Unknown Message")


def unknown_user() -> ApiError:
    """No such user."""
    return ApiError(404, 10013, "Unknown User")


def unknown_webhook() -> ApiError:
    """The token of an interaction that was not answered yet, or more than 15 minutes ago."""
    return ApiError(404, 10015, "Unknown Webhook")


def unknown_interaction() -> ApiError:
    """The interaction was not answered within 3 seconds."""
    return ApiError(404, 10062, "Unknown interaction")


def already_crossposted() -> ApiError:
    """The message was passed on to the followers of its channel before."""
    return ApiError(400, 40033, "This message has already been crossposted.")


def already_acknowledged() -> ApiError:
    """The interaction has its first answer."""
    return ApiError(400, 40060, "Interaction has already been acknowledged.")


def missing_access() -> ApiError:
    """The bot can't see the channel."""
    return ApiError(403, 50001, "Missing Access")


def not_message_author() -> ApiError:
    """Only its author edits a message."""
    return ApiError(403, 50005, "Cannot edit a message authored by another user")


def cannot_message_user() -> ApiError:
    """The user takes no direct messages, or shares no guild with the bot."""
    return ApiError(403, 50007, "Cannot send messages to this user")


def not_a_text_channel() -> ApiError:
    """A forum or a category."""
    return ApiError(400, 50008, "Cannot send messages in a non-text channel")


def wrong_channel_type() -> ApiError:
    """Only messages of announcement channels are published."""
    return ApiError(400, 50024, "Cannot execute action on this channel type")


def missing_permissions() -> ApiError:
    """The bot sees the channel, and may not do this there."""
    return ApiError(403, 50013, "Missing Permissions")


def archived_thread() -> ApiError:
    """The thread is locked or archived."""
    return ApiError(403, 50083, "Thread is archived")


def cannot_reply_without_history() -> ApiError:
    """Replying needs Read Message History."""
    return ApiError(403, 160002, "Cannot reply without permission to read message history")


def unknown_message_reference() -> ApiError:
    """The message to reply to is gone."""
    code = "MESSAGE_REFERENCE_UNKNOWN_MESSAGE"
    message = "Unknown message"
    return field_error(message, code=code, path="message_reference")


def field_error(message: str, *, code: str, path: str) -> ApiError:
    """One field is wrong."""
    error = {"code": code, "message": message}
    return ApiError(400, 50035, "Invalid Form Body", {path: {"_errors": [error]}})
