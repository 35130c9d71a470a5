"""Splitting a payload into parts of known kinds, and measuring them."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from bot.local_discord.world.constants import CommandType, ComponentType

FieldPath = tuple[str | int, ...]
Payload = Mapping[str, Any]


class Part(NamedTuple):
    """An object inside a payload, with its kind and its path."""

    kind: str
    value: Any
    path: FieldPath


KIND_BY_TYPE: Mapping[str, Mapping[int, str]] = {
    "component": {
        ComponentType.ACTION_ROW: "row",
        ComponentType.BUTTON: "button",
        ComponentType.STRING_SELECT: "select",
        ComponentType.TEXT_INPUT: "text input",
        ComponentType.USER_SELECT: "select",
        ComponentType.ROLE_SELECT: "select",
        ComponentType.MENTIONABLE_SELECT: "select",
        ComponentType.CHANNEL_SELECT: "select",
        ComponentType.SECTION: "section",
        ComponentType.TEXT_DISPLAY: "text",
        ComponentType.THUMBNAIL: "thumbnail",
        ComponentType.MEDIA_GALLERY: "gallery",
        ComponentType.CONTAINER: "container",
        ComponentType.LABEL: "label",
    },
    "command": {CommandType.USER: "menu", CommandType.MESSAGE: "menu"},
}
"""The kinds of components and commands by their `type`; a type not listed is of no special kind."""

CHILD_KINDS: Mapping[str, Mapping[str, str]] = {
    "message": {"embeds": "embed", "components": "component", "attachments": "attachment"},
    "embed": {"fields": "embed field", "footer": "embed footer", "author": "embed author"},
    "modal": {"components": "component"},
    "container": {"components": "component"},
    "row": {"components": "component"},
    "section": {"components": "component", "accessory": "component"},
    "label": {"component": "component"},
    "select": {"options": "select option"},
    "gallery": {"items": "gallery item"},
    "command": {"options": "option"},
    "option": {"options": "option", "choices": "choice"},
    "autocomplete": {"choices": "choice"},
}
"""The fields of each kind that hold further parts, with the kind of those."""


def walk_parts(kind: str, value: object, path: FieldPath = ()) -> Iterator[Part]:
    """Yield every object in `value`, outer ones first; each item of a list is of the kind."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from walk_parts(kind, item, (*path, index))
    elif isinstance(value, Mapping):
        part = Part(_resolve_kind(kind, value), value, path)
        yield part
        for field, child_kind in CHILD_KINDS.get(part.kind, {}).items():
            yield from walk_parts(child_kind, value.get(field), (*path, field))


def _resolve_kind(kind: str, value: Payload) -> str:
    """Return the more special kind that the `type` of an object names, if any."""
    return KIND_BY_TYPE.get(kind, {}).get(to_integer(value.get("type")), kind)


def measure_length(value: object) -> int:
    """Return the characters of a text or the items of a list; 0 for anything else."""
    return len(value) if isinstance(value, str | list) else 0


def to_integer(value: object) -> int:
    """Return an integer itself; 0 for anything else."""
    return value if isinstance(value, int) else 0


def count_characters(value: object) -> int:
    """Count the characters of a text, or the digits of a number."""
    return len(str(value))


def count_embed_characters(embeds: object) -> int:
    """Count the characters of all texts in the embeds of a message."""
    return sum(
        measure_length(part.value.get(field))
        for part in walk_parts("embed", embeds)
        for field in ("title", "description", "name", "value", "text")
    )


def count_components(components: object) -> int:
    """Count the components, nested ones included."""
    return sum(is_component(part) for part in walk_parts("component", components))


def is_component(part: Part) -> bool:
    """Return whether a part is a component; an option or an item of a gallery is not."""
    return part.kind == "component" or part.kind in KIND_BY_TYPE["component"].values()


def _get_displayed_texts(components: object) -> list[str]:
    """Return the contents of all text displays."""
    texts = (part for part in walk_parts("component", components) if part.kind == "text")
    return [str(text.value.get("content") or "") for text in texts]


def count_displayed_characters(components: object) -> int:
    """Count the characters of all text displays."""
    return sum(map(len, _get_displayed_texts(components)))


def count_displayed_bytes(components: object) -> int:
    """Count the UTF-8 bytes of all text displays, and 12 more for each.

    Discord answers 500 above some 10 170 of them (discord-api-docs#8554), which a text in Cyrillic
    or Chinese reaches before the limit of characters.
    """
    return sum(
        len(text.encode("utf-8", "surrogatepass")) + 12 for text in _get_displayed_texts(components)
    )


def count_slash_commands(commands: object) -> int:
    """Count the slash commands."""
    return sum(part.kind == "command" for part in walk_parts("command", commands))


def count_menus_per_type(commands: object) -> int:
    """Count the context menus of the type that has most."""
    menus = (part.value for part in walk_parts("command", commands) if part.kind == "menu")
    return max(Counter(menu["type"] for menu in menus).values(), default=0)


def count_command_characters(command: object) -> int:
    """Count the characters of names, descriptions and values in their longest translations."""
    return sum(
        _count_longest_translation(part.value, field)
        for part in walk_parts("command", command)
        for field in ("name", "description", "value")
    )


def _count_longest_translation(value: Payload, field: str) -> int:
    """Count the characters of a field in its longest translation."""
    translations = value.get(f"{field}_localizations")
    others = translations.values() if isinstance(translations, Mapping) else ()
    return max(map(measure_length, (value.get(field), *others)))
