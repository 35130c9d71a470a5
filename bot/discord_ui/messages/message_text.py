"""The plain text of a message, without markdown."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import discord

_ESCAPED_MARK = re.compile(r"\\([!-/:-@\[-`{-~])")
_PRIVATE_USE_START = 0xE000
"""The code point from which escaped characters are parked while markdown is removed."""

_PRIVATE_USE_MARK = re.compile("[\ue021-\ue07e]")
_MASKED_LINK = re.compile(r"\[([^\[\]\n]+)\]\(<?https?://[^\s)]+\)")
_URL = re.compile(r"<?https?://[^\s>]+>?")
_MENTION = re.compile(r"<(?:@[!&]?|#)\d+>")
_TOKEN = re.compile(rf"{_MENTION.pattern}|<(?:a?:\w+:\d+|t:-?\d+(?::\w)?|/[^:>]+:\d+)>")
"""A mention, an emoji of a server, a time or a command, as Discord writes it."""

_LINE_MARK = re.compile(r"^(> )?(?:#{1,3}|-#) ", re.MULTILINE)
# Bold, italics, underline, strikethrough, spoilers and code, around text without outer spaces.
_MARKS = re.compile(
    # Possessive, because a run of 20,000 backticks took a minute when each length was tried.
    r"(?P<marks>\*{1,3}|__|~~|\|\||(?<!`)`++)(?=\S)(?P<marked>.+?)(?<=\S)(?P=marks)",
    re.DOTALL,
)
_UNDERSCORE_ITALICS = re.compile(r"(?<!\w)_(?=\S)(.+?)(?<=\S)_(?!\w)", re.DOTALL)
_BIDI_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def extract_message_text(message: discord.Message) -> str:
    """Return the text of a message with its forwarded messages, embeds and components."""
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
    """Return the text without mentions, which are ids and no words to search for."""
    return " ".join(_MENTION.sub(" ", text).split())


def strip_markdown(markdown: str) -> str:
    """Return the text without formatting, mentions and links; quoted lines keep their ">"."""
    text = _ESCAPED_MARK.sub(
        lambda match: chr(_PRIVATE_USE_START + ord(match[1])), _BIDI_CONTROLS.sub("", markdown)
    )
    # Links go before other marks, so that underscores in an address are not read as italics.
    text = _URL.sub(" ", _MASKED_LINK.sub(r"\1", text))
    text = _LINE_MARK.sub(r"\1", _TOKEN.sub(" ", text))
    text = _UNDERSCORE_ITALICS.sub(r"\1", _strip_marks(text))
    return _PRIVATE_USE_MARK.sub(
        lambda match: chr(ord(match[0]) - _PRIVATE_USE_START), text
    ).strip()


def _strip_marks(text: str) -> str:
    """Return the text without pairs of marks, also nested ones."""
    stripped = _MARKS.sub(lambda match: match["marked"], text)
    return stripped if stripped == text else _strip_marks(stripped)
