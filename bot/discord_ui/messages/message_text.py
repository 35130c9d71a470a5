"""What a message says, as the plain words that a person reads."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import discord

_ESCAPED_MARK = re.compile(r"\\([!-/:-@\[-`{-~])")
_PRIVATE_USE_START = 0xE000
"""From here on, the private use area holds what was escaped while marks are taken away."""

_PRIVATE_USE_MARK = re.compile("[\ue021-\ue07e]")
_MASKED_LINK = re.compile(r"\[([^\[\]\n]+)\]\(<?https?://[^\s)]+\)")
_URL = re.compile(r"<?https?://[^\s>]+>?")
_MENTION = re.compile(r"<(?:@[!&]?|#)\d+>")
_TOKEN = re.compile(rf"{_MENTION.pattern}|<(?:a?:\w+:\d+|t:-?\d+(?::\w)?|/[^:>]+:\d+)>")
"""A mention, an emoji of a server, a time or a command, as Discord writes it."""

_LINE_MARK = re.compile(r"^(> )?(?:#{1,3}|-#) ", re.MULTILINE)
_MARKS = re.compile(
    # A run of backticks counts as a whole: tried at each length, 20,000 of them take a minute.
    r"(?P<marks>\*{1,3}|__|~~|\|\||(?<!`)`++)(?=\S)(?P<marked>.+?)(?<=\S)(?P=marks)",
    re.DOTALL,
)
_UNDERSCORE_ITALICS = re.compile(r"(?<!\w)_(?=\S)(.+?)(?<=\S)_(?!\w)", re.DOTALL)
_BIDI_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def extract_message_text(message: discord.Message) -> str:
    """What stands in a message, in what it forwards, in its embeds and in its components."""
    return "\n\n".join(filter(None, map(strip_markdown, _iter_texts(message))))


def _iter_texts(message: discord.Message | discord.MessageSnapshot) -> Iterator[str]:
    yield message.content
    yield from iter_displayed_texts(message.components)
    for embed in message.embeds:
        yield embed.title or ""
        yield embed.description or ""
    if isinstance(message, discord.Message):
        for snapshot in message.message_snapshots:
            yield from _iter_texts(snapshot)


def iter_displayed_texts(components: Iterable[Any]) -> Iterator[str]:
    """Yield the texts of Components V2, in the order in which they are displayed."""
    for component in iter_components(components):
        if component.type is discord.ComponentType.text_display:
            yield component.content


def iter_components(components: Iterable[Any]) -> Iterator[Any]:
    """Yield every component of a message, each before those inside it."""
    for component in components:
        yield component
        yield from iter_components(getattr(component, "children", ()))


def iter_custom_ids(components: Iterable[Any]) -> Iterator[str]:
    """Yield the custom_ids of the components of a message, nested ones too."""
    for component in iter_components(components):
        if custom_id := getattr(component, "custom_id", None):
            yield custom_id


def strip_mentions(text: str) -> str:
    """Return the text without the people, roles and channels that it mentions: they are numbers."""
    return " ".join(_MENTION.sub(" ", text).split())


def strip_markdown(markdown: str) -> str:
    """The text without what formats, mentions or links; lines that quote keep their sign."""
    text = _ESCAPED_MARK.sub(
        lambda match: chr(_PRIVATE_USE_START + ord(match[1])), _BIDI_CONTROLS.sub("", markdown)
    )
    text = _URL.sub(" ", _MASKED_LINK.sub(r"\1", text))
    text = _LINE_MARK.sub(r"\1", _TOKEN.sub(" ", text))
    text = _UNDERSCORE_ITALICS.sub(r"\1", _strip_marks(text))
    return _PRIVATE_USE_MARK.sub(
        lambda match: chr(ord(match[0]) - _PRIVATE_USE_START), text
    ).strip()


def _strip_marks(text: str) -> str:
    """The text without pairs of marks, those inside others included."""
    stripped = _MARKS.sub(lambda match: match["marked"], text)
    return stripped if stripped == text else _strip_marks(stripped)
