"""The errors of Discord's REST API: status, JSON error code, message and faulty fields.

The codes are those of Discord's reference, "JSON error codes". If the reference gives no status, it
is the one that clients report.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple


class ErrorResponse(NamedTuple):
    """One of Discord's errors; code 0 means that it has no code of its own."""

    status: int
    code: int
    message: str


UNAUTHORIZED = ErrorResponse(401, 0, "401: Unauthorized")
NOT_FOUND = ErrorResponse(404, 0, "404: Not Found")
METHOD_NOT_ALLOWED = ErrorResponse(405, 0, "405: Method Not Allowed")
UNKNOWN_CHANNEL = ErrorResponse(404, 10003, "Unknown Channel")
UNKNOWN_GUILD = ErrorResponse(404, 10004, "Unknown Guild")
"""There is no such guild, or the bot is not in it."""

UNKNOWN_MEMBER = ErrorResponse(404, 10007, "Unknown Member")
UNKNOWN_MESSAGE = ErrorResponse(404, 10008, "Unknown Message")
UNKNOWN_USER = ErrorResponse(404, 10013, "Unknown User")
UNKNOWN_WEBHOOK = ErrorResponse(404, 10015, "Unknown Webhook")
"""The interaction of this token has no first response yet, or is older than 15 minutes."""

UNKNOWN_INTERACTION = ErrorResponse(404, 10062, "Unknown interaction")
"""There is no such interaction, or its 3 seconds for a first response are over."""

ALREADY_CROSSPOSTED = ErrorResponse(400, 40033, "This message has already been crossposted.")
ALREADY_ACKNOWLEDGED = ErrorResponse(400, 40060, "Interaction has already been acknowledged.")
MISSING_ACCESS = ErrorResponse(403, 50001, "Missing Access")
"""The bot can't see the channel."""

NOT_MESSAGE_AUTHOR = ErrorResponse(403, 50005, "Cannot edit a message authored by another user")
CANNOT_MESSAGE_USER = ErrorResponse(403, 50007, "Cannot send messages to this user")
"""The user takes no direct messages, or shares no guild with the bot."""

NOT_A_TEXT_CHANNEL = ErrorResponse(400, 50008, "Cannot send messages in a non-text channel")
MISSING_PERMISSIONS = ErrorResponse(403, 50013, "Missing Permissions")
"""The bot sees the channel but may not do this there."""

WRONG_CHANNEL_TYPE = ErrorResponse(400, 50024, "Cannot execute action on this channel type")
INVALID_FORM_BODY = ErrorResponse(400, 50035, "Invalid Form Body")
ARCHIVED_THREAD = ErrorResponse(403, 50083, "Thread is archived")
INVALID_JSON = ErrorResponse(400, 50109, "The request body contains invalid JSON.")
CANNOT_REPLY_WITHOUT_HISTORY = ErrorResponse(
    403, 160002, "Cannot reply without permission to read message history"
)


class ApiError(Exception):
    """A request that Discord refuses.

    Attributes:
        fields: The fields that are at fault; None if the request as a whole is.
        retry_after: The seconds after which it may succeed; None if the answer does not say.
    """

    def __init__(
        self,
        response: ErrorResponse,
        fields: Mapping[str, Any] | None = None,
        *,
        retry_after: float | None = None,
    ) -> None:
        self.response = response
        self.fields = fields
        self.retry_after = retry_after
        super().__init__(f"{response.status}/{response.code}: {response.message}")

    @property
    def body(self) -> dict[str, Any]:
        """The JSON body of the answer."""
        return {
            "message": self.response.message,
            "code": self.response.code,
            **({} if self.fields is None else {"errors": self.fields}),
            **({} if self.retry_after is None else {"retry_after": self.retry_after}),
        }


def build_field_error(message: str, *, code: str, path: str) -> ApiError:
    """Build the error of a request with one wrong field."""
    error = {"code": code, "message": message}
    return ApiError(INVALID_FORM_BODY, {path: {"_errors": [error]}})
