"""The error codes and sentences with which Discord answers a faulty payload."""

from dataclasses import dataclass
from typing import NamedTuple

from bot.local_discord.rest.payload_parts import FieldPath


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that Discord refuses in a payload.

    Attributes:
        path: The keys and indices that lead to the field; empty for the whole payload.
        code: Discord's name of the fault, or digits if it has a JSON error code of its own.
        message: Discord's sentence.
    """

    path: FieldPath
    code: str
    message: str


class ErrorTemplate(NamedTuple):
    """A code and its sentence, with placeholders for the facts."""

    code: str
    template: str

    def build_problem(self, *path: str | int, **facts: object) -> Problem:
        """Build the problem at a path, with the facts filled in."""
        return Problem(path, self.code, self.template.format(**facts))


REQUIRED = ErrorTemplate("BASE_TYPE_REQUIRED", "This field is required")
TOO_LONG = ErrorTemplate("BASE_TYPE_MAX_LENGTH", "Must be {maximum} or fewer in length.")
BAD_LENGTH = ErrorTemplate(
    "BASE_TYPE_BAD_LENGTH", "Must be between {minimum} and {maximum} in length."
)
TOO_LARGE = ErrorTemplate("NUMBER_TYPE_MAX", "int value should be less than or equal to {maximum}.")
INVALID_CHOICE = ErrorTemplate("BASE_TYPE_CHOICES", "Value must be one of {allowed}.")
NONCE_TOO_LONG = ErrorTemplate("NONCE_TYPE_TOO_LONG", "Must be {maximum} or fewer characters long.")
EMBEDS_TOO_LARGE = ErrorTemplate(
    "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of {maximum}"
)
TOO_MANY_COMPONENTS = ErrorTemplate(
    "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
    "Total number of components exceeds maximum of {maximum}",
)
DISPLAY_TEXT_TOO_LONG = ErrorTemplate(
    "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
    "Components displayable text size exceeds maximum size of {maximum}",
)
DUPLICATE_CUSTOM_ID = ErrorTemplate(
    "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated"
)
CUSTOM_ID_REQUIRED = ErrorTemplate("BUTTON_COMPONENT_CUSTOM_ID_REQUIRED", "A custom id is required")
CUSTOM_ID_AND_URL = ErrorTemplate(
    "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
    "A custom id and url cannot both be specified",
)
INVALID_URL = ErrorTemplate("URL_TYPE_INVALID_URL", "Not a well formed URL.")
INVALID_SCHEME = ErrorTemplate(
    "URL_TYPE_INVALID_SCHEME",
    'Scheme "{scheme}" is not supported. Scheme must be one of {allowed}.',
)
LEGACY_FIELD_WITH_V2 = ErrorTemplate(
    "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
    "The '{field}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
)
INVALID_TYPE = ErrorTemplate(
    "UNION_TYPE_CHOICES", 'Value of field "type" must be one of {allowed}.'
)
INVALID_NAME = ErrorTemplate("APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
MENU_WITH_DESCRIPTION = ErrorTemplate(
    "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_INVALID",
    "Context menu commands cannot have description",
)
MENU_WITH_OPTIONS = ErrorTemplate(
    "APPLICATION_COMMAND_CONTEXT_MENU_OPTIONS_INVALID",
    "Context menu commands cannot have options",
)
COMMAND_TOO_LARGE = ErrorTemplate(
    "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size ({maximum})"
)
TOO_MANY_COMMANDS = ErrorTemplate(
    "30032", "Maximum number of application commands reached ({maximum})"
)
TOO_MANY_CREATED_COMMANDS = ErrorTemplate(
    "30034", "Max number of daily application command creates has been reached ({maximum})"
)
TOO_MANY_FOLLOW_UPS = ErrorTemplate(
    "40094", "This interaction has hit the maximum number of follow up messages"
)
UPLOAD_TOO_LARGE = ErrorTemplate("40005", "Request entity too large")
ATTACHMENT_NOT_FOUND = ErrorTemplate(
    "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", "The referenced attachment was not found"
)
EMPTY_MESSAGE = ErrorTemplate("50006", "Cannot send an empty message")
