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
    Part,
    Path,
    Payload,
    characters,
    chat_inputs,
    command_characters,
    component_count,
    displayed_bytes,
    displayed_characters,
    embed_characters,
    is_component,
    menus_of_a_type,
    number_of,
    parts_of,
    size_of,
)

COMPONENTS_V2 = 1 << 15
LINK_STYLE, PREMIUM_STYLE = 5, 6
URL_SCHEMES = ("http", "https", "discord")
FILE_SCHEME = "attachment://"
COMMAND_NAME = re.compile(r"[-_'\w\u0900-\u097f\u0e00-\u0e7f]*")
"""Letters and digits of any script; Devanagari and Thai with their combining marks."""

NOT_WITH_V2 = ("content", "embeds", "poll", "sticker_ids")
CONTENTS = (*NOT_WITH_V2, "components", "attachments")


@dataclass(frozen=True, slots=True)
class Problem:
    """What Discord refuses.

    Attributes:
        path: Keys and places in lists that lead to the field; empty for the whole payload.
        code: Discord's name of the fault; digits where the fault has an error code of its own.
        message: Discord's sentence.
    """

    path: Path
    code: str
    message: str


class Refusal(NamedTuple):
    """A code, and its sentence with a place for the facts."""

    code: str
    sentence: str

    def at(self, *path: str | int, **facts: object) -> Problem:
        """The problem at a path, the facts put into its sentence."""
        return Problem(path, self.code, self.sentence.format(**facts))


REQUIRED = Refusal("BASE_TYPE_REQUIRED", "This field is required")
TOO_LONG = Refusal("BASE_TYPE_MAX_LENGTH", "Must be {most} or fewer in length.")
BAD_LENGTH = Refusal("BASE_TYPE_BAD_LENGTH", "Must be between {least} and {most} in length.")
TOO_GREAT = Refusal("NUMBER_TYPE_MAX", "int value should be less than or equal to {most}.")
NO_CHOICE = Refusal("BASE_TYPE_CHOICES", "Value must be one of {allowed}.")
LONG_NONCE = Refusal("NONCE_TYPE_TOO_LONG", "Must be {most} or fewer characters long.")
BIG_EMBEDS = Refusal("MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of {most}")
MANY_COMPONENTS = Refusal(
    "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
    "Total number of components exceeds maximum of {most}",
)
LONG_DISPLAY = Refusal(
    "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
    "Components displayable text size exceeds maximum size of {most}",
)
REPEATED_ID = Refusal("COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
NO_ID = Refusal("BUTTON_COMPONENT_CUSTOM_ID_REQUIRED", "A custom id is required")
ID_AND_URL = Refusal(
    "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
    "A custom id and url cannot both be specified",
)
BAD_URL = Refusal("URL_TYPE_INVALID_URL", "Not a well formed URL.")
BAD_SCHEME = Refusal(
    "URL_TYPE_INVALID_SCHEME",
    'Scheme "{scheme}" is not supported. Scheme must be one of {allowed}.',
)
WITH_V2 = Refusal(
    "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
    "The '{field}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
)
WRONG_TYPE = Refusal("UNION_TYPE_CHOICES", 'Value of field "type" must be one of {allowed}.')
BAD_NAME = Refusal("APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
MENU_DESCRIBED = Refusal(
    "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_INVALID",
    "Context menu commands cannot have description",
)
MENU_WITH_OPTIONS = Refusal(
    "APPLICATION_COMMAND_CONTEXT_MENU_OPTIONS_INVALID",
    "Context menu commands cannot have options",
)
BIG_COMMAND = Refusal("APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size ({most})")
MANY_COMMANDS = Refusal("30032", "Maximum number of application commands reached ({most})")
BIG_UPLOAD = Refusal("40005", "Request entity too large")
NO_SUCH_FILE = Refusal(
    "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", "The referenced attachment was not found"
)
EMPTY = Refusal("50006", "Cannot send an empty message")


class Limit(NamedTuple):
    """A row of the table.

    Attributes:
        what: The kind of part, and after a full stop its field; a kind alone is limited whole.
        allowed: The sizes, or the values, that Discord takes, in order.
        source: A page of docs.discord.com/developers, or a public issue.
        measure: What of the field is held against `allowed`.
        refusal: What Discord answers otherwise.
        required: Whether the field may not be left out.
    """

    what: str
    allowed: Sequence[int]
    source: str
    measure: Callable[[Any], int] = size_of
    refusal: Refusal = TOO_LONG
    required: bool = False

    @property
    def kind(self) -> str:
        """The kind of part that is limited."""
        return self.what.partition(".")[0]

    @property
    def field(self) -> str:
        """The field that is limited; empty where the whole part is."""
        return self.what.partition(".")[2]

    @property
    def least(self) -> int:
        """The smallest that is taken."""
        return self.allowed[0]

    @property
    def most(self) -> int:
        """The greatest that is taken."""
        return self.allowed[-1]


def _up_to(most: int) -> range:
    """Sizes from 0 to `most`."""
    return range(most + 1)


def _from_1_to(most: int) -> range:
    """Sizes from 1 to `most`."""
    return range(1, most + 1)


MESSAGES = "resources/message"
COMPONENTS = "components/reference"
RESPONSES = "interactions/receiving-and-responding"
COMMANDS = "interactions/application-commands"
CHANNELS = "resources/channel"
REFERENCE = "reference"

LIMITS = (
    Limit("message.content", _up_to(2000), MESSAGES),
    Limit("message.nonce", _up_to(25), MESSAGES, characters, LONG_NONCE),
    Limit("message.attachments", _up_to(10), MESSAGES),
    Limit("message.embeds", _up_to(10), MESSAGES),
    Limit("message.embeds", _up_to(6000), MESSAGES, embed_characters, BIG_EMBEDS),
    Limit("embed.title", _up_to(256), MESSAGES),
    Limit("embed.description", _up_to(4096), MESSAGES),
    Limit("embed.fields", _up_to(25), MESSAGES),
    Limit("embed field.name", _from_1_to(256), MESSAGES, required=True),
    Limit("embed field.value", _from_1_to(1024), MESSAGES, required=True),
    Limit("embed footer.text", _up_to(2048), MESSAGES),
    Limit("embed author.name", _up_to(256), MESSAGES),
    Limit("attachment.description", _up_to(1024), MESSAGES),
    Limit("message.components", _up_to(40), COMPONENTS, component_count, MANY_COMPONENTS),
    Limit(
        "message.components",
        _up_to(4000),
        "discord-api-docs#8562",
        displayed_characters,
        LONG_DISPLAY,
    ),
    Limit(
        "message.components",
        _up_to(10170),
        "discord-api-docs#8554, where Discord answers 500",
        displayed_bytes,
        LONG_DISPLAY,
    ),
    Limit("text.content", _from_1_to(4000), "discord-api-docs#8562", required=True),
    Limit("section.components", _from_1_to(3), COMPONENTS, required=True),
    Limit("row.components", _from_1_to(5), COMPONENTS, required=True),
    Limit("gallery.items", _from_1_to(10), COMPONENTS, required=True),
    Limit("gallery item.description", _from_1_to(1024), COMPONENTS),
    Limit("thumbnail.description", _from_1_to(1024), COMPONENTS),
    Limit("button.label", _up_to(80), COMPONENTS),
    Limit("button.custom_id", _from_1_to(100), COMPONENTS),
    Limit("button.url", _up_to(512), COMPONENTS),
    Limit("select.custom_id", _from_1_to(100), COMPONENTS, required=True),
    Limit("select.placeholder", _up_to(150), COMPONENTS),
    Limit("select.options", _from_1_to(25), COMPONENTS),
    Limit("select option.label", _from_1_to(100), COMPONENTS, required=True),
    Limit("select option.value", _from_1_to(100), COMPONENTS, required=True),
    Limit("select option.description", _up_to(100), COMPONENTS),
    Limit("modal.title", _from_1_to(45), RESPONSES, required=True),
    Limit("modal.custom_id", _from_1_to(100), RESPONSES, required=True),
    Limit("modal.components", _from_1_to(5), RESPONSES, required=True),
    Limit("label.label", _from_1_to(45), COMPONENTS, required=True),
    Limit("label.description", _from_1_to(100), COMPONENTS),
    Limit("text input.custom_id", _from_1_to(100), COMPONENTS, required=True),
    Limit("text input.label", _from_1_to(45), COMPONENTS),
    Limit("text input.placeholder", _up_to(100), COMPONENTS),
    Limit("text input.value", _up_to(4000), COMPONENTS),
    Limit("text input.max_length", _up_to(4000), COMPONENTS, number_of, TOO_GREAT),
    Limit("autocomplete.choices", _up_to(25), RESPONSES, required=True),
    Limit("choice.name", _from_1_to(100), COMMANDS, required=True),
    Limit("choice.value", _up_to(100), COMMANDS, required=True),
    Limit("commands", _up_to(100), COMMANDS, chat_inputs, MANY_COMMANDS),
    Limit("commands", _up_to(5), "discord.py#10503", menus_of_a_type, MANY_COMMANDS),
    Limit("command", _up_to(8000), COMMANDS, command_characters, BIG_COMMAND),
    Limit("command.name", _from_1_to(32), COMMANDS, required=True),
    Limit("command.description", _from_1_to(100), COMMANDS, required=True),
    Limit("command.options", _up_to(25), COMMANDS),
    Limit("menu.name", _from_1_to(32), COMMANDS, required=True),
    Limit("option.name", _from_1_to(32), COMMANDS, required=True),
    Limit("option.description", _from_1_to(100), COMMANDS, required=True),
    Limit("option.options", _up_to(25), COMMANDS),
    Limit("option.choices", _up_to(25), COMMANDS),
    Limit("thread.name", _from_1_to(100), CHANNELS, required=True),
    Limit("thread.auto_archive_duration", (60, 1440, 4320, 10080), CHANNELS, number_of, NO_CHOICE),
    Limit("upload", _up_to(10 * 1024 * 1024), REFERENCE, number_of, BIG_UPLOAD),
)
"""Every limit. Characters are code points; fields of `null` are taken as left out.

Discord itself takes 15 context menus of a type since March 2026; discord.py 2.7.1 still holds to 5.
"""


def _broken_limits(part: Part) -> Iterator[Problem]:
    """Where the part goes beyond the rows of its kind."""
    for limit in LIMITS:
        if limit.kind == part.kind:
            value = part.value.get(limit.field) if limit.field else part.value
            path = (*part.path, limit.field) if limit.field else part.path
            if refusal := _refusal_of(value, limit):
                yield refusal.at(*path, least=limit.least, most=limit.most, allowed=limit.allowed)


def _refusal_of(value: object, limit: Limit) -> Refusal | None:
    """What Discord has against the value; None where it takes it."""
    if value is None:
        return REQUIRED if limit.required else None
    if limit.measure(value) in limit.allowed:
        return None
    return BAD_LENGTH if limit.refusal is TOO_LONG and limit.least else limit.refusal


def _broken_button(button: Part) -> Iterator[Problem]:
    """A button needs what its style says, and never both a custom id and a URL."""
    style, url = button.value.get("style"), button.value.get("url")
    has_id = button.value.get("custom_id") is not None
    if has_id and url is not None:
        yield ID_AND_URL.at(*button.path, "custom_id")
    elif style == LINK_STYLE and url is None:
        yield REQUIRED.at(*button.path, "url")
    elif style not in (LINK_STYLE, PREMIUM_STYLE) and not has_id:
        yield NO_ID.at(*button.path, "custom_id")
    if url is not None:
        yield from _broken_url(str(url), (*button.path, "url"))


def _broken_url(url: str, path: Path) -> Iterator[Problem]:
    """A link goes somewhere, by a scheme that Discord opens."""
    try:
        scheme, place, *_ = urlsplit(url)
    except ValueError:
        scheme = place = ""
    if not (scheme and place):
        yield BAD_URL.at(*path)
    elif scheme not in URL_SCHEMES:
        yield BAD_SCHEME.at(*path, scheme=scheme, allowed=URL_SCHEMES)


def _broken_section(section: Part) -> Iterator[Problem]:
    """A section stands beside something."""
    if section.value.get("accessory") is None:
        yield REQUIRED.at(*section.path, "accessory")


def _broken_name(command: Part) -> Iterator[Problem]:
    """The name of a slash command or an option holds lower-case letters, digits, - and _."""
    name = str(command.value.get("name") or "")
    if not COMMAND_NAME.fullmatch(name) or name != name.lower():
        yield BAD_NAME.at(*command.path, "name")


def _broken_menu(menu: Part) -> Iterator[Problem]:
    """A command of a context menu has nothing but its name."""
    if menu.value.get("description"):
        yield MENU_DESCRIBED.at(*menu.path, "description")
    if menu.value.get("options"):
        yield MENU_WITH_OPTIONS.at(*menu.path, "options")


RULES: Mapping[str, Callable[[Part], Iterator[Problem]]] = {
    "button": _broken_button,
    "section": _broken_section,
    "command": _broken_name,
    "menu": _broken_menu,
    "option": _broken_name,
}
"""What no number says, by kind."""


def _problems_of(parts: Sequence[Part]) -> list[Problem]:
    """What is wrong with the parts, in their order; repeated custom ids come last."""
    found: list[Problem] = []
    for part in parts:
        found += _broken_limits(part)
        if part.kind in RULES:
            found += RULES[part.kind](part)
    return [*found, *_repeated_ids(parts)]


def _repeated_ids(parts: Iterable[Part]) -> Iterator[Problem]:
    """Each custom id of a component that an earlier component has."""
    seen: set[str] = set()
    for part in parts:
        custom_id = part.value.get("custom_id") if is_component(part) else None
        if isinstance(custom_id, str):
            if custom_id in seen:
                yield REPEATED_ID.at(*part.path, "custom_id")
            seen.add(custom_id)


def _broken_layout(payload: Payload, parts: Iterable[Part]) -> Iterator[Problem]:
    """Components V2 stand alone; without their flag there are rows only."""
    if number_of(payload.get("flags")) & COMPONENTS_V2:
        for field in NOT_WITH_V2:
            if payload.get(field) not in (None, []):
                yield WITH_V2.at(field, field=field)
    else:
        for part in parts:
            if part.path[:-1] == ("components",) and part.kind != "row":
                yield WRONG_TYPE.at(*part.path, allowed=(1,))


def _is_empty(payload: Payload) -> bool:
    """Whether nothing would be seen of the message."""
    return not any(str(payload.get(field) or "").strip() for field in CONTENTS)


def message_problems(payload: Payload, *, is_edit: bool = False) -> list[Problem]:
    """What Discord refuses in a new message, or in what an edit names.

    Only who holds the message knows whether an edit leaves anything in it, and its flags: an edit
    without `flags` may have components of any kind.
    """
    parts = list(parts_of("message", payload))
    found = _problems_of(parts)
    if not is_edit or "flags" in payload:
        found += _broken_layout(payload, parts)
    if not is_edit and _is_empty(payload):
        found.append(EMPTY.at())
    return found


def reference_problems(payload: Payload, names: Collection[str]) -> list[Problem]:
    """Where a component shows a file that the message does not have; `names` are those it has."""
    return [
        NO_SUCH_FILE.at(*part.path, "media")
        for part in parts_of("component", payload.get("components"), ("components",))
        if (name := _file_named(part.value.get("media"))) is not None and name not in names
    ]


def _file_named(media: object) -> str | None:
    """The name of the file of the message that is shown; None for what stands elsewhere."""
    url = str(media.get("url")) if isinstance(media, Mapping) else ""
    return url.removeprefix(FILE_SCHEME) if url.startswith(FILE_SCHEME) else None


def modal_problems(payload: Payload) -> list[Problem]:
    """What Discord refuses in a modal: the `data` of the interaction's answer."""
    return _problems_of(list(parts_of("modal", payload)))


def autocomplete_problems(payload: Payload) -> list[Problem]:
    """What Discord refuses in suggestions: the `data` of the interaction's answer."""
    return _problems_of(list(parts_of("autocomplete", payload)))


def commands_problems(payloads: Sequence[Payload]) -> list[Problem]:
    """What Discord refuses in all commands of an application, sent together."""
    commands = list(payloads)
    return _problems_of([Part("commands", commands, ()), *parts_of("command", commands)])


def thread_problems(payload: Payload) -> list[Problem]:
    """What Discord refuses in a new thread."""
    return _problems_of(list(parts_of("thread", payload)))


def upload_problems(sizes: Iterable[int]) -> list[Problem]:
    """What Discord refuses in files, given how many bytes each has."""
    return _problems_of([Part("upload", size, ("files", i)) for i, size in enumerate(sizes)])


def error_body(problems: Sequence[Problem]) -> dict[str, Any]:
    """Discord's answer to one problem or more: faulty fields first, else the whole payload's."""
    fields = [problem for problem in problems if not problem.code.isdecimal()]
    if not fields:
        return {"code": int(problems[0].code), "message": problems[0].message}
    errors: dict[str, Any] = {}
    for problem in fields:
        place = errors
        for step in problem.path:
            place = place.setdefault(str(step), {})
        fault = {"code": problem.code, "message": problem.message}
        place.setdefault("_errors", []).append(fault)
    return {"code": 50035, "message": "Invalid Form Body", "errors": errors}
