"""The parts that a payload consists of, of what kind each is, and how it is measured."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

FieldPath = tuple[str | int, ...]
Payload = Mapping[str, Any]


class Part(NamedTuple):
    """An object inside a payload, with its kind and where it stands."""

    kind: str
    value: Any
    path: FieldPath


KIND_BY_TYPE: Mapping[str, Mapping[int, str]] = {
    "component": {
        1: "row",
        2: "button",
        **dict.fromkeys((3, 5, 6, 7, 8), "select"),
        4: "text input",
        9: "section",
        10: "text",
        11: "thumbnail",
        12: "gallery",
        17: "container",
        18: "label",
    },
    "command": {2: "menu", 3: "menu"},
}
"""What a component or a command is called by its `type`; by its family where not listed."""

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
"""The fields of each kind that hold further parts, and of which kind."""


def walk_parts(kind: str, value: object, path: FieldPath = ()) -> Iterator[Part]:
    """Every object in `value`, outer ones first; in a list each item is of the kind."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from walk_parts(kind, item, (*path, index))
    elif isinstance(value, Mapping):
        part = Part(_resolve_kind(kind, value), value, path)
        yield part
        for field, child_kind in CHILD_KINDS.get(part.kind, {}).items():
            yield from walk_parts(child_kind, value.get(field), (*path, field))


def _resolve_kind(kind: str, value: Payload) -> str:
    """The kind of an object within its family."""
    return KIND_BY_TYPE.get(kind, {}).get(to_integer(value.get("type")), kind)


def measure_length(value: object) -> int:
    """Characters of a text, items of a list; 0 of anything else."""
    return len(value) if isinstance(value, str | list) else 0


def to_integer(value: object) -> int:
    """The integer itself; 0 for anything else."""
    return value if isinstance(value, int) else 0


def count_characters(value: object) -> int:
    """Characters of a text, or of a number as it is written."""
    return len(str(value))


def count_embed_characters(embeds: object) -> int:
    """Characters of all that is written in the embeds of a message."""
    return sum(
        measure_length(part.value.get(field))
        for part in walk_parts("embed", embeds)
        for field in ("title", "description", "name", "value", "text")
    )


def count_components(components: object) -> int:
    """How many components there are, nested ones counted."""
    return sum(is_component(part) for part in walk_parts("component", components))


def is_component(part: Part) -> bool:
    """Whether the part counts as a component; an option or a gallery's item does not."""
    return part.kind == "component" or part.kind in KIND_BY_TYPE["component"].values()


def _get_displayed_texts(components: object) -> list[str]:
    """The contents of all text displays."""
    texts = (part for part in walk_parts("component", components) if part.kind == "text")
    return [str(text.value.get("content") or "") for text in texts]


def count_displayed_characters(components: object) -> int:
    """Characters of all text displays together."""
    return sum(map(len, _get_displayed_texts(components)))


def count_displayed_bytes(components: object) -> int:
    """UTF-8 bytes of all text displays, and the 12 that each costs beyond its text."""
    return sum(
        len(text.encode("utf-8", "surrogatepass")) + 12 for text in _get_displayed_texts(components)
    )


def count_slash_commands(commands: object) -> int:
    """How many of the commands are slash commands."""
    return sum(part.kind == "command" for part in walk_parts("command", commands))


def count_menus_per_type(commands: object) -> int:
    """How many context menus there are of the type that has most."""
    menus = (part.value for part in walk_parts("command", commands) if part.kind == "menu")
    return max(Counter(menu["type"] for menu in menus).values(), default=0)


def count_command_characters(command: object) -> int:
    """Characters of names, descriptions and values, each in its longest translation."""
    return sum(
        _count_longest_translation(part.value, field)
        for part in walk_parts("command", command)
        for field in ("name", "description", "value")
    )


def _count_longest_translation(value: Payload, field: str) -> int:
    """Characters of a field in its longest translation."""
    translations = value.get(f"{field}_localizations")
    others = translations.values() if isinstance(translations, Mapping) else ()
    return max(map(measure_length, (value.get(field), *others)))
