"""Discord's limits: one table of every number, and the check against it.

Discord's own OpenAPI description has few of these numbers: 2 001 characters of content, or 60 nested
components, pass it.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from bot.local_discord.rest.error_templates import (
    BAD_LENGTH,
    COMMAND_TOO_LARGE,
    DISPLAY_TEXT_TOO_LONG,
    EMBEDS_TOO_LARGE,
    INVALID_CHOICE,
    NONCE_TOO_LONG,
    REQUIRED,
    TOO_LARGE,
    TOO_LONG,
    TOO_MANY_COMMANDS,
    TOO_MANY_COMPONENTS,
    TOO_MANY_CREATED_COMMANDS,
    TOO_MANY_FOLLOW_UPS,
    UPLOAD_TOO_LARGE,
    ErrorTemplate,
    Problem,
)
from bot.local_discord.rest.payload_parts import (
    Part,
    count_characters,
    count_command_characters,
    count_components,
    count_displayed_bytes,
    count_displayed_characters,
    count_embed_characters,
    count_menus_per_type,
    count_slash_commands,
    measure_length,
    to_integer,
)
from bot.local_discord.world.constants import MAX_UPLOAD_BYTES


class Limit(NamedTuple):
    """A row of the table.

    Attributes:
        target: The kind of part, a full stop and its field; a kind alone limits the whole part.
        allowed: The sizes or values that Discord accepts, in order.
        source: A page of docs.discord.com/developers, or a public issue.
        measure: Gives the size or value of the field that must be in `allowed`.
        error_template: The error for any other size or value.
        is_required: Whether the field must be there.
    """

    target: str
    allowed: Sequence[int]
    source: str
    measure: Callable[[Any], int] = measure_length
    error_template: ErrorTemplate = TOO_LONG
    is_required: bool = False

    @property
    def kind(self) -> str:
        """The kind of part."""
        return self.target.partition(".")[0]

    @property
    def field(self) -> str:
        """The field; empty if the whole part is limited."""
        return self.target.partition(".")[2]

    @property
    def minimum(self) -> int:
        """The smallest allowed size or value."""
        return self.allowed[0]

    @property
    def maximum(self) -> int:
        """The greatest allowed size or value."""
        return self.allowed[-1]


def _range_up_to(maximum: int) -> range:
    """Return the sizes from 0 to `maximum`."""
    return range(maximum + 1)


def _range_from_1_to(maximum: int) -> range:
    """Return the sizes from 1 to `maximum`."""
    return range(1, maximum + 1)


MESSAGE_DOCS = "resources/message"
COMPONENT_DOCS = "components/reference"
RESPONSE_DOCS = "interactions/receiving-and-responding"
COMMAND_DOCS = "interactions/application-commands"
CHANNEL_DOCS = "resources/channel"
REFERENCE_DOCS = "reference"

LIMITS = (
    Limit("message.content", _range_up_to(2000), MESSAGE_DOCS),
    Limit("message.nonce", _range_up_to(25), MESSAGE_DOCS, count_characters, NONCE_TOO_LONG),
    Limit("message.attachments", _range_up_to(10), MESSAGE_DOCS),
    Limit("message.embeds", _range_up_to(10), MESSAGE_DOCS),
    Limit(
        "message.embeds", _range_up_to(6000), MESSAGE_DOCS, count_embed_characters, EMBEDS_TOO_LARGE
    ),
    Limit("embed.title", _range_up_to(256), MESSAGE_DOCS),
    Limit("embed.description", _range_up_to(4096), MESSAGE_DOCS),
    Limit("embed.fields", _range_up_to(25), MESSAGE_DOCS),
    Limit("embed field.name", _range_from_1_to(256), MESSAGE_DOCS, is_required=True),
    Limit("embed field.value", _range_from_1_to(1024), MESSAGE_DOCS, is_required=True),
    Limit("embed footer.text", _range_up_to(2048), MESSAGE_DOCS),
    Limit("embed author.name", _range_up_to(256), MESSAGE_DOCS),
    Limit("attachment.description", _range_up_to(1024), MESSAGE_DOCS),
    Limit(
        "message.components",
        _range_up_to(40),
        COMPONENT_DOCS,
        count_components,
        TOO_MANY_COMPONENTS,
    ),
    Limit(
        "message.components",
        _range_up_to(4000),
        "discord-api-docs#8562",
        count_displayed_characters,
        DISPLAY_TEXT_TOO_LONG,
    ),
    Limit(
        "message.components",
        _range_up_to(10170),
        "discord-api-docs#8554, where Discord answers 500",
        count_displayed_bytes,
        DISPLAY_TEXT_TOO_LONG,
    ),
    Limit("text.content", _range_from_1_to(4000), "discord-api-docs#8562", is_required=True),
    Limit("section.components", _range_from_1_to(3), COMPONENT_DOCS, is_required=True),
    Limit("row.components", _range_from_1_to(5), COMPONENT_DOCS, is_required=True),
    Limit("gallery.items", _range_from_1_to(10), COMPONENT_DOCS, is_required=True),
    Limit("gallery item.description", _range_from_1_to(1024), COMPONENT_DOCS),
    Limit("thumbnail.description", _range_from_1_to(1024), COMPONENT_DOCS),
    Limit("button.label", _range_up_to(80), COMPONENT_DOCS),
    Limit("button.custom_id", _range_from_1_to(100), COMPONENT_DOCS),
    Limit("button.url", _range_up_to(512), COMPONENT_DOCS),
    Limit("select.custom_id", _range_from_1_to(100), COMPONENT_DOCS, is_required=True),
    Limit("select.placeholder", _range_up_to(150), COMPONENT_DOCS),
    Limit("select.options", _range_from_1_to(25), COMPONENT_DOCS),
    Limit("select option.label", _range_from_1_to(100), COMPONENT_DOCS, is_required=True),
    Limit("select option.value", _range_from_1_to(100), COMPONENT_DOCS, is_required=True),
    Limit("select option.description", _range_up_to(100), COMPONENT_DOCS),
    Limit("modal.title", _range_from_1_to(45), RESPONSE_DOCS, is_required=True),
    Limit("modal.custom_id", _range_from_1_to(100), RESPONSE_DOCS, is_required=True),
    Limit("modal.components", _range_from_1_to(5), RESPONSE_DOCS, is_required=True),
    Limit("label.label", _range_from_1_to(45), COMPONENT_DOCS, is_required=True),
    Limit("label.description", _range_from_1_to(100), COMPONENT_DOCS),
    Limit("text input.custom_id", _range_from_1_to(100), COMPONENT_DOCS, is_required=True),
    Limit("text input.label", _range_from_1_to(45), COMPONENT_DOCS),
    Limit("text input.placeholder", _range_up_to(100), COMPONENT_DOCS),
    Limit("text input.value", _range_up_to(4000), COMPONENT_DOCS),
    Limit("text input.max_length", _range_up_to(4000), COMPONENT_DOCS, to_integer, TOO_LARGE),
    Limit("autocomplete.choices", _range_up_to(25), RESPONSE_DOCS, is_required=True),
    Limit("choice.name", _range_from_1_to(100), COMMAND_DOCS, is_required=True),
    Limit("choice.value", _range_up_to(100), COMMAND_DOCS, is_required=True),
    Limit("commands", _range_up_to(100), COMMAND_DOCS, count_slash_commands, TOO_MANY_COMMANDS),
    Limit("commands", _range_up_to(5), "discord.py#10503", count_menus_per_type, TOO_MANY_COMMANDS),
    Limit(
        "created commands",
        _range_up_to(200),
        COMMAND_DOCS,
        to_integer,
        TOO_MANY_CREATED_COMMANDS,
    ),
    Limit("command", _range_up_to(8000), COMMAND_DOCS, count_command_characters, COMMAND_TOO_LARGE),
    Limit("command.name", _range_from_1_to(32), COMMAND_DOCS, is_required=True),
    Limit("command.description", _range_from_1_to(100), COMMAND_DOCS, is_required=True),
    Limit("command.options", _range_up_to(25), COMMAND_DOCS),
    Limit("menu.name", _range_from_1_to(32), COMMAND_DOCS, is_required=True),
    Limit("option.name", _range_from_1_to(32), COMMAND_DOCS, is_required=True),
    Limit("option.description", _range_from_1_to(100), COMMAND_DOCS, is_required=True),
    Limit("option.options", _range_up_to(25), COMMAND_DOCS),
    Limit("option.choices", _range_up_to(25), COMMAND_DOCS),
    Limit("thread.name", _range_from_1_to(100), CHANNEL_DOCS, is_required=True),
    Limit(
        "thread.auto_archive_duration",
        (60, 1440, 4320, 10080),
        CHANNEL_DOCS,
        to_integer,
        INVALID_CHOICE,
    ),
    Limit("follow-ups", _range_up_to(5), RESPONSE_DOCS, to_integer, TOO_MANY_FOLLOW_UPS),
    Limit("upload", _range_up_to(MAX_UPLOAD_BYTES), REFERENCE_DOCS, to_integer, UPLOAD_TOO_LARGE),
)
"""Every limit. Characters are code points, and a field that is null counts as missing.

The commands created are those of a day in one guild, or for all guilds. The follow-ups are those of
an interaction for which only the user has installed the application.

Discord itself takes 15 context menus of a type since March 2026; discord.py 2.7.1 still holds to 5.
"""


def check_limits(part: Part) -> Iterator[Problem]:
    """Check a part against the rows of its kind."""
    for limit in LIMITS:
        if limit.kind == part.kind:
            value = part.value.get(limit.field) if limit.field else part.value
            path = (*part.path, limit.field) if limit.field else part.path
            if error_template := _select_error_template(value, limit):
                yield error_template.build_problem(
                    *path, minimum=limit.minimum, maximum=limit.maximum, allowed=limit.allowed
                )


def _select_error_template(value: object, limit: Limit) -> ErrorTemplate | None:
    """Return the error that Discord answers for the value; None if it accepts it."""
    if value is None:
        return REQUIRED if limit.is_required else None
    if limit.measure(value) in limit.allowed:
        return None
    return (
        BAD_LENGTH if limit.error_template is TOO_LONG and limit.minimum else limit.error_template
    )
