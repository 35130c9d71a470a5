"""Blocks as Discord's Components V2, within the limits of a message.

Not embeds: people can hide those in their settings. Discord allows only one kind per message. By its
reference ("Create Message"), a message with the flag IS_COMPONENTS_V2 can only contain components. It
does not speak of previews of links, which are embeds in other messages. Links in quotes are escaped
in any case. Only a message without that flag would need SUPPRESS_EMBEDS, and the bot sends none.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO

import discord
from discord import ui

from bot.discord_ui.messages.fitting import fit_blocks, group_blocks
from bot.discord_ui.messages.markdown import escape_markdown, format_code_block, format_quote
from bot.presentation.bidi import isolate_bidi
from bot.presentation.blocks import (
    Action,
    Block,
    Button,
    ButtonStyle,
    Heading,
    Line,
    Link,
    Moment,
    Picture,
    Quote,
    Sum,
    Table,
)
from bot.presentation.sums import format_sum
from bot.presentation.tables import format_table
from bot.retrieval.text.controls import show_controls

ANSWER_COLOUR = 0x3B7DD8
ABSTENTION_COLOUR = 0xD08A1D

MAX_CHARS = 4_000
"""Discord's limit for a message's text; counted in UTF-16 units, which are never too few."""

MAX_BYTES = 10_000
"""The limit in UTF-8 bytes, with `_BYTES_PER_TEXT` more for each text.

Discord documents no such limit but answers 500 above about 10 170 bytes (discord-api-docs#8554).
"""

_BYTES_PER_TEXT = 12

MAX_COMPONENTS = 40  # nested ones included
MAX_URL_CHARS = 512  # of a link button
_BUTTONS_PER_ROW = 5  # Discord's limit

_MAX_LINE_CHARS = 600
"""The length at which our own lines are cut, before escaping; quotes are never cut."""

_LINE_END = re.compile(r"\r\n?|\n")

# The whole state of a button, within the 100 characters that Discord allows.
_CUSTOM_ID = re.compile(
    rf"d:(?P<action>{'|'.join(Action)}):(?P<key>[\w-]+)(?::(?P<rank>[1-9]\d{{0,5}}))?"
)

_STYLES = {
    ButtonStyle.PLAIN: discord.ButtonStyle.secondary,
    ButtonStyle.PRIMARY: discord.ButtonStyle.primary,
    ButtonStyle.DESTRUCTIVE: discord.ButtonStyle.danger,
}


class Layout(ui.LayoutView):
    """The components of a message and the files of its pictures.

    discord.py stores every view that is not finished. These need not be stored, because presses are
    handled by the buttons' custom_ids, even after a restart.
    """

    def __init__(self, pictures: Iterable[Picture] = ()) -> None:
        super().__init__(timeout=None)
        self._pictures = tuple(pictures)

    @property
    def files(self) -> list[discord.File]:
        """New file objects for each attempt to send, since sending reads them to the end."""
        return [discord.File(BytesIO(picture.png), picture.name) for picture in self._pictures]

    def is_finished(self) -> bool:
        """Return true from the start, so that discord.py does not store the view."""
        return True


def build_layout(blocks: Sequence[Block], *, key: str = "") -> Layout:
    """Return the layout of the blocks, without the last excerpts if they do not fit.

    Args:
        blocks: At least one block.
        key: The key of the answer, for the custom_ids of its buttons.
    """
    fitted_blocks = fit_blocks(blocks, lambda candidate: is_sendable(candidate, key))
    pictures = (block for block in fitted_blocks if isinstance(block, Picture))
    return Layout(pictures).add_item(_build_container(fitted_blocks, key))


def is_sendable(blocks: Sequence[Block], key: str) -> bool:
    """Return whether all blocks fit in one message."""
    container = _build_container(blocks, key)
    items = [container, *container.walk_children()]
    texts = [text for item in items for text in _iter_displayed_texts(item)]
    return (
        len(items) <= MAX_COMPONENTS
        and sum(len(text.encode("utf-16-le")) // 2 for text in texts) <= MAX_CHARS
        and sum(len(text.encode()) + _BYTES_PER_TEXT for text in texts) <= MAX_BYTES
    )


def build_custom_id(action: Action, key: str, rank: int | None = None) -> str:
    """Return a button's custom_id: `d:action:key`, with `:rank` if it is about an excerpt."""
    return ":".join(("d", action, key, *([] if rank is None else [str(rank)])))


def replace_rank(block: Block, get_rank: Callable[[int], int]) -> Block:
    """Return the block; if it is the button of an excerpt, with a new rank.

    Args:
        block: The block.
        get_rank: Returns the new rank for the current one.
    """
    if isinstance(block, Button) and block.rank is not None:
        return replace(block, rank=get_rank(block.rank))
    return block


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonPress:
    """The parsed custom_id of a button.

    Attributes:
        action: The action of the button.
        key: The key of the answer that the button belongs to.
        rank: The rank of the button's excerpt, from 1; 1 if it is about no excerpt.
    """

    action: Action
    key: str
    rank: int


def parse_custom_id(text: str) -> ButtonPress | None:
    """Parse a custom_id; None if `build_custom_id` did not make it."""
    match = _CUSTOM_ID.fullmatch(text)
    if match is None:
        return None
    return ButtonPress(
        action=Action(match["action"]), key=match["key"], rank=int(match["rank"] or 1)
    )


def _iter_displayed_texts(item: ui.Item[Layout]) -> Iterator[str]:
    if isinstance(item, ui.TextDisplay):
        yield item.content
    elif isinstance(item, ui.Button):
        yield item.label or ""


def _build_container(blocks: Sequence[Block], key: str) -> ui.Container[Layout]:
    warns = any(isinstance(block, Heading) and block.is_warning for block in blocks)
    container = ui.Container[Layout](accent_colour=ABSTENTION_COLOUR if warns else ANSWER_COLOUR)
    for index, group in enumerate(group_blocks(blocks)):
        if index:
            container.add_item(ui.Separator())
        for item in _build_items(group, key):
            container.add_item(item)
    return container


def _build_items(group: Sequence[Block], key: str) -> Iterator[ui.Item[Layout]]:
    """Yield the text of a group, then its pictures, then its buttons in rows."""
    texts = [text for block in group for text in _format_block(block)]
    buttons = [button for block in group for button in _build_buttons(block, key)]
    if texts:
        yield ui.TextDisplay(show_controls("\n".join(texts)))
    for block in group:
        if isinstance(block, Picture):
            url, alt = f"attachment://{block.name}", show_controls(block.alt)
            yield ui.MediaGallery(discord.MediaGalleryItem(url, description=alt))
    for start in range(0, len(buttons), _BUTTONS_PER_ROW):
        yield ui.ActionRow(*buttons[start : start + _BUTTONS_PER_ROW])


def _format_block(block: Block) -> Iterator[str]:
    """Yield the markdown lines of a block with text."""
    match block:
        case Heading(text=text, is_warning=warns):
            yield f"{'##' if warns else '###'} {_format_line(text)}"
        case Line(text=text, is_subtle=subtle):
            yield f"{'-# ' if subtle else ''}{_format_line(text)}"
        case Moment(text=text, at=at):
            # Shown in each reader's time zone: right for a moment, wrong for a publication date.
            yield f"{_format_line(text)} · <t:{at.timestamp():.0f}:F>"
        case Quote(text=text, matches=matches, number=number):
            if number is not None:
                yield f"-# {number}"
            yield from (f"> {line}" for line in _LINE_END.split(format_quote(text, matches)))
        case Sum():
            yield format_code_block("\n".join(format_sum(block)))
        case Table():
            yield format_code_block("\n".join(format_table(block)))


def _format_line(text: str) -> str:
    line = " ".join(text.split())
    shortened = line if len(line) <= _MAX_LINE_CHARS else f"{line[: _MAX_LINE_CHARS - 1]}…"
    return escape_markdown(isolate_bidi(shortened))


def _build_buttons(block: Block, key: str) -> Iterator[ui.Button[Layout]]:
    """Yield the button of the block; nothing for a link that is too long for Discord."""
    match block:
        # Not a masked link, in which Discord shows the backslashes of escapes
        # (discord-api-docs#6185).
        case Link(label=label, url=url) if len(url) <= MAX_URL_CHARS:
            yield ui.Button(label=show_controls(label), url=url)
        case Button(label=label, action=action, rank=rank, style=style):
            yield ui.Button(
                label=show_controls(label),
                style=_STYLES[style],
                custom_id=build_custom_id(action, key, rank),
            )
