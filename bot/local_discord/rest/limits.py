"""Discord's limits, and which of them a payload breaks.

`LIMITS` is one table of every number. The checks walk a payload part by part, hold each part
against the rows of its kind, and then against the few rules that are not numbers.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from bot.local_discord.rest.payload_parts import (
    FieldPath,
    Part,
    Payload,
    count_characters,
    count_command_characters,
    count_components,
    count_displayed_bytes,
    count_displayed_characters,
    count_embed_characters,
    count_menus_per_type,
    count_slash_commands,
    is_component,
    measure_length,
    to_integer,
    walk_parts,
)

COMPONENTS_V2 = 1 << 15
LINK_STYLE, PREMIUM_STYLE = 5, 6
URL_SCHEMES = ("http", "https", "discord")
FILE_SCHEME = "attachment://"
COMMAND_NAME = re.compile(r"[-_'\w\u0900-\u097f\u0e00-\u0e7f]*")
"""Letters and digits of any script; Devanagari and Thai with their combining marks."""

LEGACY_FIELDS = ("content", "embeds", "poll", "sticker_ids")
CONTENT_FIELDS = (*LEGACY_FIELDS, "components", "attachments")


@dataclass(frozen=True, slots=True)
class Problem:
    """What Discord refuses.

    Attributes:
        path: Keys and places in lists that lead to the field; empty for the whole payload.
        code: Discord's name of the fault; digits where the fault has an error code of its own.
        message: Discord's sentence.
    """

    path: FieldPath
    code: str
    message: str


class ErrorTemplate(NamedTuple):
    """A code, and its sentence with a place for the facts."""

    code: str
    template: str

    def build_problem(self, *path: str | int, **facts: object) -> Problem:
        """The problem at a path, the facts put into its sentence."""
        return Problem(path, self.code, self.template.format(**facts))


REQUIRED = ErrorTemplate("BASE_TYPE_REQUIRED", "This field is required")
TOO_LONG = ErrorTemplate("BASE_TYPE_MAX_LENGTH", "Must be {most} or fewer in length.")
BAD_LENGTH = ErrorTemplate("BASE_TYPE_BAD_LENGTH", "Must be between {least} and {most} in length.")
TOO_LARGE = ErrorTemplate("NUMBER_TYPE_MAX", "int value should be less than or equal to {most}.")
INVALID_CHOICE = ErrorTemplate("BASE_TYPE_CHOICES", "Value must be one of {allowed}.")
NONCE_TOO_LONG = ErrorTemplate("NONCE_TYPE_TOO_LONG", "Must be {most} or fewer characters long.")
EMBEDS_TOO_LARGE = ErrorTemplate(
    "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of {most}"
)
TOO_MANY_COMPONENTS = ErrorTemplate(
    "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
    "Total number of components exceeds maximum of {most}",
)
DISPLAY_TEXT_TOO_LONG = ErrorTemplate(
    "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
    "Components displayable text size exceeds maximum size of {most}",
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
    "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size ({most})"
)
TOO_MANY_COMMANDS = ErrorTemplate(
    "30032", "Maximum number of application commands reached ({most})"
)
UPLOAD_TOO_LARGE = ErrorTemplate("40005", "Request entity too large")
ATTACHMENT_NOT_FOUND = ErrorTemplate(
    "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", "The referenced attachment was not found"
)
EMPTY_MESSAGE = ErrorTemplate("50006", "Cannot send an empty message")


class Limit(NamedTuple):
    """A row of the table.

    Attributes:
        target: The kind of part, and after a full stop its field; a kind alone is limited whole.
        allowed: The sizes, or the values, that Discord takes, in order.
        source: A page of docs.discord.com/developers, or a public issue.
        measure: What of the field is held against `allowed`.
        error_template: What Discord answers otherwise.
        required: Whether the field may not be left out.
    """

    target: str
    allowed: Sequence[int]
    source: str
    measure: Callable[[Any], int] = measure_length
    error_template: ErrorTemplate = TOO_LONG
    required: bool = False

    @property
    def kind(self) -> str:
        """The kind of part that is limited."""
        return self.target.partition(".")[0]

    @property
    def field(self) -> str:
        """The field that is limited; empty where the whole part is."""
        return self.target.partition(".")[2]

    @property
    def minimum(self) -> int:
        """The smallest that is taken."""
        return self.allowed[0]

    @property
    def maximum(self) -> int:
        """The greatest that is taken."""
        return self.allowed[-1]


def _up_to(maximum: int) -> range:
    """Sizes from 0 to `maximum`."""
    return range(maximum + 1)


def _from_1_to(maximum: int) -> range:
    """Sizes from 1 to `maximum`."""
    return range(1, maximum + 1)


MESSAGE_DOCS = "resources/message"
COMPONENT_DOCS = "components/reference"
RESPONSE_DOCS = "interactions/receiving-and-responding"
COMMAND_DOCS = "interactions/application-commands"
CHANNEL_DOCS = "resources/channel"
REFERENCE_DOCS = "reference"

LIMITS = (
    Limit("message.content", _up_to(2000), MESSAGE_DOCS),
    Limit("message.nonce", _up_to(25), MESSAGE_DOCS, count_characters, NONCE_TOO_LONG),
    Limit("message.attachments", _up_to(10), MESSAGE_DOCS),
    Limit("message.embeds", _up_to(10), MESSAGE_DOCS),
    Limit("message.embeds", _up_to(6000), MESSAGE_DOCS, count_embed_characters, EMBEDS_TOO_LARGE),
    Limit("embed.title", _up_to(256), MESSAGE_DOCS),
    Limit("embed.description", _up_to(4096), MESSAGE_DOCS),
    Limit("embed.fields", _up_to(25), MESSAGE_DOCS),
    Limit("embed field.name", _from_1_to(256), MESSAGE_DOCS, required=True),
    Limit("embed field.value", _from_1_to(1024), MESSAGE_DOCS, required=True),
    Limit("embed footer.text", _up_to(2048), MESSAGE_DOCS),
    Limit("embed author.name", _up_to(256), MESSAGE_DOCS),
    Limit("attachment.description", _up_to(1024), MESSAGE_DOCS),
    Limit("message.components", _up_to(40), COMPONENT_DOCS, count_components, TOO_MANY_COMPONENTS),
    Limit(
        "message.components",
        _up_to(4000),
        "discord-api-docs#8562",
        count_displayed_characters,
        DISPLAY_TEXT_TOO_LONG,
    ),
    Limit(
        "message.components",
        _up_to(10170),
        "discord-api-docs#8554, where Discord answers 500",
        count_displayed_bytes,
        DISPLAY_TEXT_TOO_LONG,
    ),
    Limit("text.content", _from_1_to(4000), "discord-api-docs#8562", required=True),
    Limit("section.components", _from_1_to(3), COMPONENT_DOCS, required=True),
    Limit("row.components", _from_1_to(5), COMPONENT_DOCS, required=True),
    Limit("gallery.items", _from_1_to(10), COMPONENT_DOCS, required=True),
    Limit("gallery item.description", _from_1_to(1024), COMPONENT_DOCS),
    Limit("thumbnail.description", _from_1_to(1024), COMPONENT_DOCS),
    Limit("button.label", _up_to(80), COMPONENT_DOCS),
    Limit("button.custom_id", _from_1_to(100), COMPONENT_DOCS),
    Limit("button.url", _up_to(512), COMPONENT_DOCS),
    Limit("select.custom_id", _from_1_to(100), COMPONENT_DOCS, required=True),
    Limit("select.placeholder", _up_to(150), COMPONENT_DOCS),
    Limit("select.options", _from_1_to(25), COMPONENT_DOCS),
    Limit("select option.label", _from_1_to(100), COMPONENT_DOCS, required=True),
    Limit("select option.value", _from_1_to(100), COMPONENT_DOCS, required=True),
    Limit("select option.description", _up_to(100), COMPONENT_DOCS),
    Limit("modal.title", _from_1_to(45), RESPONSE_DOCS, required=True),
    Limit("modal.custom_id", _from_1_to(100), RESPONSE_DOCS, required=True),
    Limit("modal.components", _from_1_to(5), RESPONSE_DOCS, required=True),
    Limit("label.label", _from_1_to(45), COMPONENT_DOCS, required=True),
    Limit("label.description", _from_1_to(100), COMPONENT_DOCS),
    Limit("text input.custom_id", _from_1_to(100), COMPONENT_DOCS, required=True),
    Limit("text input.label", _from_1_to(45), COMPONENT_DOCS),
    Limit("text input.placeholder", _up_to(100), COMPONENT_DOCS),
    Limit("text input.value", _up_to(4000), COMPONENT_DOCS),
    Limit("text input.max_length", _up_to(4000), COMPONENT_DOCS, to_integer, TOO_LARGE),
    Limit("autocomplete.choices", _up_to(25), RESPONSE_DOCS, required=True),
    Limit("choice.name", _from_1_to(100), COMMAND_DOCS, required=True),
    Limit("choice.value", _up_to(100), COMMAND_DOCS, required=True),
    Limit("commands", _up_to(100), COMMAND_DOCS, count_slash_commands, TOO_MANY_COMMANDS),
    Limit("commands", _up_to(5), "discord.py#10503", count_menus_per_type, TOO_MANY_COMMANDS),
    Limit("command", _up_to(8000), COMMAND_DOCS, count_command_characters, COMMAND_TOO_LARGE),
    Limit("command.name", _from_1_to(32), COMMAND_DOCS, required=True),
    Limit("command.description", _from_1_to(100), COMMAND_DOCS, required=True),
    Limit("command.options", _up_to(25), COMMAND_DOCS),
    Limit("menu.name", _from_1_to(32), COMMAND_DOCS, required=True),
    Limit("option.name", _from_1_to(32), COMMAND_DOCS, required=True),
    Limit("option.description", _from_1_to(100), COMMAND_DOCS, required=True),
    Limit("option.options", _up_to(25), COMMAND_DOCS),
    Limit("option.choices", _up_to(25), COMMAND_DOCS),
    Limit("thread.name", _from_1_to(100), CHANNEL_DOCS, required=True),
    Limit(
        "thread.auto_archive_duration",
        (60, 1440, 4320, 10080),
        CHANNEL_DOCS,
        to_integer,
        INVALID_CHOICE,
    ),
    Limit("upload", _up_to(10 * 1024 * 1024), REFERENCE_DOCS, to_integer, UPLOAD_TOO_LARGE),
)
"""Every limit. Characters are code points; fields of `null` are taken as left out.

Discord itself takes 15 context menus of a type since March 2026; discord.py 2.7.1 still holds to 5.
"""


def _check_limits(part: Part) -> Iterator[Problem]:
    """Where the part goes beyond the rows of its kind."""
    for limit in LIMITS:
        if limit.kind == part.kind:
            value = part.value.get(limit.field) if limit.field else part.value
            path = (*part.path, limit.field) if limit.field else part.path
            if error_template := _select_error_template(value, limit):
                yield error_template.build_problem(
                    *path, least=limit.minimum, most=limit.maximum, allowed=limit.allowed
                )


def _select_error_template(value: object, limit: Limit) -> ErrorTemplate | None:
    """What Discord has against the value; None where it takes it."""
    if value is None:
        return REQUIRED if limit.required else None
    if limit.measure(value) in limit.allowed:
        return None
    return (
        BAD_LENGTH if limit.error_template is TOO_LONG and limit.minimum else limit.error_template
    )


def _check_button(button: Part) -> Iterator[Problem]:
    """A button needs what its style says, and never both a custom id and a URL."""
    style, url = button.value.get("style"), button.value.get("url")
    has_id = button.value.get("custom_id") is not None
    if has_id and url is not None:
        yield CUSTOM_ID_AND_URL.build_problem(*button.path, "custom_id")
    elif style == LINK_STYLE and url is None:
        yield REQUIRED.build_problem(*button.path, "url")
    elif style not in (LINK_STYLE, PREMIUM_STYLE) and not has_id:
        yield CUSTOM_ID_REQUIRED.build_problem(*button.path, "custom_id")
    if url is not None:
        yield from _check_url(str(url), (*button.path, "url"))


def _check_url(url: str, path: FieldPath) -> Iterator[Problem]:
    """A link goes somewhere, by a scheme that Discord opens."""
    try:
        scheme, host, *_ = urlsplit(url)
    except ValueError:
        scheme = host = ""
    if not (scheme and host):
        yield INVALID_URL.build_problem(*path)
    elif scheme not in URL_SCHEMES:
        yield INVALID_SCHEME.build_problem(*path, scheme=scheme, allowed=URL_SCHEMES)


def _check_section(section: Part) -> Iterator[Problem]:
    """A section stands beside something."""
    if section.value.get("accessory") is None:
        yield REQUIRED.build_problem(*section.path, "accessory")


def _check_name(command: Part) -> Iterator[Problem]:
    """The name of a slash command or an option holds lower-case letters, digits, - and _."""
    name = str(command.value.get("name") or "")
    if not COMMAND_NAME.fullmatch(name) or name != name.lower():
        yield INVALID_NAME.build_problem(*command.path, "name")


def _check_context_menu(menu: Part) -> Iterator[Problem]:
    """A command of a context menu has nothing but its name."""
    if menu.value.get("description"):
        yield MENU_WITH_DESCRIPTION.build_problem(*menu.path, "description")
    if menu.value.get("options"):
        yield MENU_WITH_OPTIONS.build_problem(*menu.path, "options")


CHECK_BY_KIND: Mapping[str, Callable[[Part], Iterator[Problem]]] = {
    "button": _check_button,
    "section": _check_section,
    "command": _check_name,
    "menu": _check_context_menu,
    "option": _check_name,
}
"""What no number says, by kind."""


def _find_problems(parts: Sequence[Part]) -> list[Problem]:
    """What is wrong with the parts, in their order; repeated custom ids come last."""
    problems: list[Problem] = []
    for part in parts:
        problems += _check_limits(part)
        if part.kind in CHECK_BY_KIND:
            problems += CHECK_BY_KIND[part.kind](part)
    return [*problems, *_find_duplicate_ids(parts)]


def _find_duplicate_ids(parts: Iterable[Part]) -> Iterator[Problem]:
    """Each custom id of a component that an earlier component has."""
    seen: set[str] = set()
    for part in parts:
        custom_id = part.value.get("custom_id") if is_component(part) else None
        if isinstance(custom_id, str):
            if custom_id in seen:
                yield DUPLICATE_CUSTOM_ID.build_problem(*part.path, "custom_id")
            seen.add(custom_id)


def _check_layout(payload: Payload, parts: Iterable[Part]) -> Iterator[Problem]:
    """Components V2 stand alone; without their flag there are rows only."""
    if to_integer(payload.get("flags")) & COMPONENTS_V2:
        for field in LEGACY_FIELDS:
            if payload.get(field) not in (None, []):
                yield LEGACY_FIELD_WITH_V2.build_problem(field, field=field)
    else:
        for part in parts:
            if part.path[:-1] == ("components",) and part.kind != "row":
                yield INVALID_TYPE.build_problem(*part.path, allowed=(1,))


def _is_empty(payload: Payload) -> bool:
    """Whether nothing would be seen of the message."""
    return not any(str(payload.get(field) or "").strip() for field in CONTENT_FIELDS)


def find_message_problems(payload: Payload, *, is_edit: bool = False) -> list[Problem]:
    """What Discord refuses in a new message, or in what an edit names.

    Only who holds the message knows whether an edit leaves anything in it, and its flags: an edit
    without `flags` may have components of any kind.
    """
    parts = list(walk_parts("message", payload))
    problems = _find_problems(parts)
    if not is_edit or "flags" in payload:
        problems += _check_layout(payload, parts)
    if not is_edit and _is_empty(payload):
        problems.append(EMPTY_MESSAGE.build_problem())
    return problems


def find_reference_problems(payload: Payload, filenames: Collection[str]) -> list[Problem]:
    """Where a component shows a file that the message does not have; `filenames` are those it has."""
    return [
        ATTACHMENT_NOT_FOUND.build_problem(*part.path, "media")
        for part in walk_parts("component", payload.get("components"), ("components",))
        if (filename := _get_attachment_name(part.value.get("media"))) is not None
        and filename not in filenames
    ]


def _get_attachment_name(media: object) -> str | None:
    """The name of the file of the message that is shown; None for what stands elsewhere."""
    url = str(media.get("url")) if isinstance(media, Mapping) else ""
    return url.removeprefix(FILE_SCHEME) if url.startswith(FILE_SCHEME) else None


def find_modal_problems(payload: Payload) -> list[Problem]:
    """What Discord refuses in a modal: the `data` of the interaction's answer."""
    return _find_problems(list(walk_parts("modal", payload)))


def find_autocomplete_problems(payload: Payload) -> list[Problem]:
    """What Discord refuses in suggestions: the `data` of the interaction's answer."""
    return _find_problems(list(walk_parts("autocomplete", payload)))


def find_command_problems(payloads: Sequence[Payload]) -> list[Problem]:
    """What Discord refuses in all commands of an application, sent together."""
    commands = list(payloads)
    return _find_problems([Part("commands", commands, ()), *walk_parts("command", commands)])


def find_thread_problems(payload: Payload) -> list[Problem]:
    """What Discord refuses in a new thread."""
    return _find_problems(list(walk_parts("thread", payload)))


def find_upload_problems(sizes: Iterable[int]) -> list[Problem]:
    """What Discord refuses in files, given how many bytes each has."""
    return _find_problems(
        [Part("upload", size, ("files", index)) for index, size in enumerate(sizes)]
    )


def build_error_body(problems: Sequence[Problem]) -> dict[str, Any]:
    """Discord's answer to one problem or more: faulty fields first, else the whole payload's."""
    field_problems = [problem for problem in problems if not problem.code.isdecimal()]
    if not field_problems:
        return {"code": int(problems[0].code), "message": problems[0].message}
    errors: dict[str, Any] = {}
    for problem in field_problems:
        node = errors
        for key in problem.path:
            node = node.setdefault(str(key), {})
        error = {"code": problem.code, "message": problem.message}
        node.setdefault("_errors", []).append(error)
    return {"code": 50035, "message": "Invalid Form Body", "errors": errors}
