"""What a message says, as the plain words that a person reads."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import discord

_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_SHELTER = 0xE000
"""From here on, the private use area holds what was escaped while marks are taken away."""

_SHELTERED = re.compile("[\ue021-\ue07e]")
_MASKED_LINK = re.compile(r"\[([^\[\]\n]+)\]\(<?https?://[^\s)]+\)")
_ADDRESS = re.compile(r"<?https?://[^\s>]+>?")
_MENTION = re.compile(r"<(?:@[!&]?\d+|#\d+|a?:\w+:\d+|t:-?\d+(?::\w)?|/[^:>]+:\d+)>")
_LINE_MARK = re.compile(r"^(> )?(?:#{1,3}|-#) ", re.MULTILINE)
_MARKS = re.compile(
    # A run of backticks counts as a whole: tried at each length, 20,000 of them take a minute.
    r"(?P<marks>\*{1,3}|__|~~|\|\||(?<!`)`++)(?=\S)(?P<marked>.+?)(?<=\S)(?P=marks)",
    re.DOTALL,
)
_UNDERSCORED = re.compile(r"(?<!\w)_(?=\S)(.+?)(?<=\S)_(?!\w)", re.DOTALL)
_DIRECTIONS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def message_text(message: discord.Message) -> str:
    """What stands in a message, in what it forwards, in its embeds and in its components."""
    return "\n\n".join(filter(None, map(plain, _texts(message))))


def _texts(message: discord.Message | discord.MessageSnapshot) -> Iterator[str]:
    yield message.content
    yield from _displayed(message.components)
    for embed in message.embeds:
        yield embed.title or ""
        yield embed.description or ""
    if isinstance(message, discord.Message):
        for forwarded in message.message_snapshots:
            yield from _texts(forwarded)


def _displayed(components: Iterable[Any]) -> Iterator[str]:
    """The texts of Components V2, each before those inside it."""
    for component in components:
        if component.type is discord.ComponentType.text_display:
            yield component.content
        yield from _displayed(getattr(component, "children", ()))


def plain(markdown: str) -> str:
    """The text without what formats, mentions or links; lines that quote keep their sign."""
    text = _ESCAPED.sub(lambda found: chr(_SHELTER + ord(found[1])), _DIRECTIONS.sub("", markdown))
    text = _ADDRESS.sub(" ", _MASKED_LINK.sub(r"\1", text))
    text = _LINE_MARK.sub(r"\1", _MENTION.sub(" ", text))
    text = _UNDERSCORED.sub(r"\1", _without_marks(text))
    return _SHELTERED.sub(lambda found: chr(ord(found[0]) - _SHELTER), text).strip()


def _without_marks(text: str) -> str:
    """The text without pairs of marks, those inside others included."""
    bare = _MARKS.sub(lambda found: found["marked"], text)
    return bare if bare == text else _without_marks(bare)
