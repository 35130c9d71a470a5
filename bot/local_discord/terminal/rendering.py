"""Messages as text, for a terminal: who, what, and what can be pressed."""

import re
from collections.abc import Iterator, Mapping, Sequence

from bot.local_discord.world.records import BUTTON, TEXT_DISPLAY, Json, Message, walk

GALLERY, SEPARATOR = 12, 14
ESCAPED_OR_USER = re.compile(r"\\(?P<escaped>[^a-zA-Z0-9\s])|<@!?(?P<user>\d+)>")
NOT_SHOWN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""What could steer the terminal, or turn its text around."""


def message_lines(
    message: Message, names: Mapping[int, str], numbers: Mapping[str, int]
) -> list[str]:
    """A message: a line that says whose it is, then what stands in it.

    `numbers` gives the number of each button by its custom id.
    """
    shown = list(_shown(message, numbers))
    text = [line for part in shown for line in plain(part, names).split("\n")]
    return [_heading(message, names), *(f"  {line}".rstrip() for line in text)]


def plain(text: str, names: Mapping[int, str]) -> str:
    """Text as a person reads it: no escapes, and names in place of mentions."""

    def read(match: re.Match[str]) -> str:
        user = match["user"]
        return match["escaped"] or f"@{names.get(int(user), user)}"

    return NOT_SHOWN.sub("", ESCAPED_OR_USER.sub(read, text))


def _heading(message: Message, names: Mapping[int, str]) -> str:
    notes = [
        "edited" if message.edited_at is not None else "",
        f"only {names.get(message.only_for or 0)} sees this" if message.is_ephemeral else "",
        f"pings {_pinged(message, names)}" if message.pings else "",
    ]
    noted = ", ".join(note for note in notes if note)
    return names.get(message.author_id, "?") + (f" ({noted})" if noted else "") + ":"


def _pinged(message: Message, names: Mapping[int, str]) -> str:
    pings = message.pings
    everyone = ["everyone"] if pings.everyone else []
    users = [names.get(user_id, str(user_id)) for user_id in pings.users]
    return ", ".join([*everyone, *users, *(f"role {role_id}" for role_id in pings.roles)])


def _shown(message: Message, numbers: Mapping[str, int]) -> Iterator[str]:
    if message.is_loading:
        yield "is thinking…"
    if message.content:
        yield message.content
    for embed in message.embeds:
        yield from _embed(embed)
    yield from _components(message, numbers)
    shown = {item["media"]["url"] for item in _pictures(message.components)}
    for attachment in message.attachments:
        if f"attachment://{attachment.filename}" not in shown:
            yield f"[file] {attachment.filename}"


def _embed(embed: Json) -> Iterator[str]:
    for key in ("title", "description"):
        if embed.get(key):
            yield f"| {embed[key]}"
    for field in embed.get("fields") or ():
        yield f"| {field['name']}: {field['value']}"


def _components(message: Message, numbers: Mapping[str, int]) -> Iterator[str]:
    """Texts and lines as they come, the buttons between two of them on one line."""
    row: list[str] = []
    for part in walk(message.components):
        if part["type"] == BUTTON:
            row.append(_button(part, numbers))
        elif part["type"] in {TEXT_DISPLAY, GALLERY, SEPARATOR}:
            yield from [" ".join(row)] if row else []
            row = []
            yield from _read(part)
    if row:
        yield " ".join(row)


def _read(part: Json) -> Iterator[str]:
    """What a person reads of a part that can't be pressed; of a picture, what it is said to show."""
    if part["type"] == SEPARATOR:
        yield "────"
    elif part["type"] == TEXT_DISPLAY:
        yield part["content"]
    for item in _pictures([part]):
        yield f"[picture: {item.get('description') or 'not described'}]"


def _pictures(components: Sequence[Json]) -> Iterator[Json]:
    """The items of all galleries."""
    for part in walk(components):
        if part["type"] == GALLERY:
            yield from part["items"]


def _button(button: Json, numbers: Mapping[str, int]) -> str:
    label = button.get("label") or ""
    if "url" in button:
        return f"[{label}: {button['url']}]"
    return f"[{numbers.get(button['custom_id'], '-')} {label}]"
