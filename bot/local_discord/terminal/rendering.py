"""Messages as text for a terminal."""

import re
from collections.abc import Iterator, Mapping, Sequence

from bot.local_discord.world.constants import ComponentType
from bot.local_discord.world.records import Json, Message, walk_components

SHOWN_TYPES = frozenset(
    {ComponentType.TEXT_DISPLAY, ComponentType.MEDIA_GALLERY, ComponentType.SEPARATOR}
)
ESCAPED_OR_USER = re.compile(r"\\(?P<escaped>[^a-zA-Z0-9\s])|<@!?(?P<user>\d+)>")
CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""Characters that could steer the terminal or reverse the direction of text.

A bot under test may show any text, and a terminal would obey it.
"""


def render_message(
    message: Message, names: Mapping[int, str], button_numbers: Mapping[str, int]
) -> list[str]:
    """Return the lines of a message: a heading with its author, then its content.

    `button_numbers` gives the number of each button by its custom id.
    """
    blocks = list(_render_content(message, button_numbers))
    lines = [line for block in blocks for line in render_text(block, names).split("\n")]
    return [_render_heading(message, names), *(f"  {line}".rstrip() for line in lines)]


def render_text(text: str, names: Mapping[int, str]) -> str:
    """Return text without Markdown escapes, and with names for mentions."""

    def substitute(match: re.Match[str]) -> str:
        user = match["user"]
        return match["escaped"] or f"@{names.get(int(user), user)}"

    return CONTROL_CHARACTERS.sub("", ESCAPED_OR_USER.sub(substitute, text))


def _render_heading(message: Message, names: Mapping[int, str]) -> str:
    notes = [
        "edited" if message.edited_at is not None else "",
        f"only {names.get(message.only_for or 0)} sees this" if message.is_ephemeral else "",
        f"pings {_format_pings(message, names)}" if message.pings else "",
    ]
    suffix = ", ".join(note for note in notes if note)
    return names.get(message.author_id, "?") + (f" ({suffix})" if suffix else "") + ":"


def _format_pings(message: Message, names: Mapping[int, str]) -> str:
    pings = message.pings
    everyone = ["everyone"] if pings.includes_everyone else []
    users = [names.get(user_id, str(user_id)) for user_id in pings.users]
    return ", ".join([*everyone, *users, *(f"role {role_id}" for role_id in pings.roles)])


def _render_content(message: Message, button_numbers: Mapping[str, int]) -> Iterator[str]:
    if message.is_loading:
        yield "is thinking…"
    if message.content:
        yield message.content
    for embed in message.embeds:
        yield from _render_embed(embed)
    yield from _render_components(message, button_numbers)
    shown_urls = {item["media"]["url"] for item in _find_gallery_items(message.components)}
    for attachment in message.attachments:
        if f"attachment://{attachment.filename}" not in shown_urls:
            yield f"[file] {attachment.filename}"


def _render_embed(embed: Json) -> Iterator[str]:
    for key in ("title", "description"):
        if embed.get(key):
            yield f"| {embed[key]}"
    for field in embed.get("fields") or ():
        yield f"| {field['name']}: {field['value']}"


def _render_components(message: Message, button_numbers: Mapping[str, int]) -> Iterator[str]:
    """Yield texts and separators in order, and the buttons between two of them on one line."""
    row: list[str] = []
    for component in walk_components(message.components):
        if component["type"] == ComponentType.BUTTON:
            row.append(_render_button(component, button_numbers))
        elif component["type"] in SHOWN_TYPES:
            yield from [" ".join(row)] if row else []
            row = []
            yield from _render_component(component)
    if row:
        yield " ".join(row)


def _render_component(component: Json) -> Iterator[str]:
    """Yield a text or separator, or the descriptions of the pictures of a gallery."""
    if component["type"] == ComponentType.SEPARATOR:
        yield "────"
    elif component["type"] == ComponentType.TEXT_DISPLAY:
        yield component["content"]
    for item in _find_gallery_items([component]):
        yield f"[picture: {item.get('description') or 'not described'}]"


def _find_gallery_items(components: Sequence[Json]) -> Iterator[Json]:
    """Yield the items of all galleries."""
    for component in walk_components(components):
        if component["type"] == ComponentType.MEDIA_GALLERY:
            yield from component["items"]


def _render_button(button: Json, button_numbers: Mapping[str, int]) -> str:
    label = button.get("label") or ""
    if "url" in button:
        return f"[{label}: {button['url']}]"
    return f"[{button_numbers.get(button['custom_id'], '-')} {label}]"
