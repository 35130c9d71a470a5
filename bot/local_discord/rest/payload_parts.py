"""The parts that a payload consists of, of what kind each is, and how it is measured."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

Path = tuple[str | int, ...]
Payload = Mapping[str, Any]


class Part(NamedTuple):
    """An object inside a payload, with its kind and where it stands."""

    kind: str
    value: Any
    path: Path


KINDS: Mapping[str, Mapping[int, str]] = {
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

PARTS: Mapping[str, Mapping[str, str]] = {
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


def parts_of(kind: str, value: object, path: Path = ()) -> Iterator[Part]:
    """Every object in `value`, outer ones first; in a list each item is of the kind."""
    if isinstance(value, list):
        for place, item in enumerate(value):
            yield from parts_of(kind, item, (*path, place))
    elif isinstance(value, Mapping):
        part = Part(_exact_kind(kind, value), value, path)
        yield part
        for field, inner in PARTS.get(part.kind, {}).items():
            yield from parts_of(inner, value.get(field), (*path, field))


def _exact_kind(kind: str, value: Payload) -> str:
    """The kind of an object within its family."""
    return KINDS.get(kind, {}).get(number_of(value.get("type")), kind)


def size_of(value: object) -> int:
    """Characters of a text, items of a list; 0 of anything else."""
    return len(value) if isinstance(value, str | list) else 0


def number_of(value: object) -> int:
    """The integer itself; 0 for anything else."""
    return value if isinstance(value, int) else 0


def characters(value: object) -> int:
    """Characters of a text, or of a number as it is written."""
    return len(str(value))


def embed_characters(embeds: object) -> int:
    """Characters of all that is written in the embeds of a message."""
    return sum(
        size_of(part.value.get(field))
        for part in parts_of("embed", embeds)
        for field in ("title", "description", "name", "value", "text")
    )


def component_count(components: object) -> int:
    """How many components there are, nested ones counted."""
    return sum(is_component(part) for part in parts_of("component", components))


def is_component(part: Part) -> bool:
    """Whether the part counts as a component; an option or a gallery's item does not."""
    return part.kind == "component" or part.kind in KINDS["component"].values()


def _displayed(components: object) -> list[str]:
    """The contents of all text displays."""
    texts = (part for part in parts_of("component", components) if part.kind == "text")
    return [str(text.value.get("content") or "") for text in texts]


def displayed_characters(components: object) -> int:
    """Characters of all text displays together."""
    return sum(map(len, _displayed(components)))


def displayed_bytes(components: object) -> int:
    """UTF-8 bytes of all text displays, and the 12 that each costs beyond its text."""
    return sum(len(text.encode("utf-8", "surrogatepass")) + 12 for text in _displayed(components))


def chat_inputs(commands: object) -> int:
    """How many of the commands are slash commands."""
    return sum(part.kind == "command" for part in parts_of("command", commands))


def menus_of_a_type(commands: object) -> int:
    """How many context menus there are of the type that has most."""
    menus = (part.value for part in parts_of("command", commands) if part.kind == "menu")
    return max(Counter(menu["type"] for menu in menus).values(), default=0)


def command_characters(command: object) -> int:
    """Characters of names, descriptions and values, each in its longest translation."""
    return sum(
        _longest(part.value, field)
        for part in parts_of("command", command)
        for field in ("name", "description", "value")
    )


def _longest(value: Payload, field: str) -> int:
    """Characters of a field in its longest translation."""
    translations = value.get(f"{field}_localizations")
    others = translations.values() if isinstance(translations, Mapping) else ()
    return max(map(size_of, (value.get(field), *others)))
