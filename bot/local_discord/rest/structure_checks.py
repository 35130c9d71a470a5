"""Checks of payloads that are not about numbers: combinations of fields, URLs and names.

Discord's own OpenAPI description allows content beside Components V2, and a custom id twice.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from urllib.parse import urlsplit

from bot.local_discord.rest.error_templates import (
    CUSTOM_ID_AND_URL,
    CUSTOM_ID_REQUIRED,
    DUPLICATE_CUSTOM_ID,
    INVALID_NAME,
    INVALID_SCHEME,
    INVALID_TYPE,
    INVALID_URL,
    LEGACY_FIELD_WITH_V2,
    MENU_WITH_DESCRIPTION,
    MENU_WITH_OPTIONS,
    REQUIRED,
    Problem,
)
from bot.local_discord.rest.payload_parts import (
    FieldPath,
    Part,
    Payload,
    is_component,
    to_integer,
)
from bot.local_discord.world.constants import ComponentType, MessageButtonStyle, MessageFlag

URL_SCHEMES = ("http", "https", "discord")
COMMAND_NAME = re.compile(r"[-_'\w\u0900-\u097f\u0e00-\u0e7f]*")
"""Letters and digits of any script; Devanagari and Thai with their combining marks."""

LEGACY_FIELDS = ("content", "embeds", "poll", "sticker_ids")
"""The fields of a message that Components V2 replace."""


def _check_button(button: Part) -> Iterator[Problem]:
    """Check that a button has the fields of its style, and not both a custom id and a URL."""
    style, url = button.value.get("style"), button.value.get("url")
    has_id = button.value.get("custom_id") is not None
    if has_id and url is not None:
        yield CUSTOM_ID_AND_URL.build_problem(*button.path, "custom_id")
    elif style == MessageButtonStyle.LINK and url is None:
        yield REQUIRED.build_problem(*button.path, "url")
    elif style not in (MessageButtonStyle.LINK, MessageButtonStyle.PREMIUM) and not has_id:
        yield CUSTOM_ID_REQUIRED.build_problem(*button.path, "custom_id")
    if url is not None:
        yield from _check_url(str(url), (*button.path, "url"))


def _check_url(url: str, path: FieldPath) -> Iterator[Problem]:
    """Check that a link is well-formed and has a scheme that Discord opens."""
    try:
        scheme, host, *_ = urlsplit(url)
    except ValueError:
        scheme = host = ""
    if not (scheme and host):
        yield INVALID_URL.build_problem(*path)
    elif scheme not in URL_SCHEMES:
        yield INVALID_SCHEME.build_problem(*path, scheme=scheme, allowed=URL_SCHEMES)


def _check_section(section: Part) -> Iterator[Problem]:
    """Check that a section has an accessory."""
    if section.value.get("accessory") is None:
        yield REQUIRED.build_problem(*section.path, "accessory")


def _check_name(command: Part) -> Iterator[Problem]:
    """Check that a command or option is named with lower-case letters, digits, - and _ only."""
    name = str(command.value.get("name") or "")
    if not COMMAND_NAME.fullmatch(name) or name != name.lower():
        yield INVALID_NAME.build_problem(*command.path, "name")


def _check_context_menu(menu: Part) -> Iterator[Problem]:
    """Check that a command of a context menu has nothing but a name."""
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
"""The check of each kind of part that has one."""


def check_custom_ids(parts: Iterable[Part]) -> Iterator[Problem]:
    """Check that no two components have the same custom id."""
    seen: set[str] = set()
    for part in parts:
        custom_id = part.value.get("custom_id") if is_component(part) else None
        if isinstance(custom_id, str):
            if custom_id in seen:
                yield DUPLICATE_CUSTOM_ID.build_problem(*part.path, "custom_id")
            seen.add(custom_id)


def check_layout(payload: Payload, parts: Iterable[Part]) -> Iterator[Problem]:
    """Check that Components V2 stand alone, and that without their flag there are only rows.

    A message in Components V2 can never have content or embeds, also not by a later edit.
    """
    if to_integer(payload.get("flags")) & MessageFlag.COMPONENTS_V2:
        for field in LEGACY_FIELDS:
            if payload.get(field) not in (None, []):
                yield LEGACY_FIELD_WITH_V2.build_problem(field, field=field)
    else:
        for part in parts:
            if part.path[:-1] == ("components",) and part.kind != "row":
                yield INVALID_TYPE.build_problem(
                    *part.path, allowed=(int(ComponentType.ACTION_ROW),)
                )
