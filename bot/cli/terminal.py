"""Printing blocks as text, with bars, colours and bold type if the output is a terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from bot.presentation.bidi import isolate_bidi
from bot.presentation.blocks import (
    Block,
    Button,
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

_BAR = "▌ "


def show(blocks: Sequence[Block], console: Console) -> None:
    """Print the blocks, with a blank line before each heading and quote except at the start."""
    for index, block in enumerate(blocks):
        if index and isinstance(block, Heading | Quote):
            console.print()
        for line in _render_block(block, console):
            console.print(line, soft_wrap=True, highlight=False)


def _render_block(block: Block, console: Console) -> list[Text]:
    match block:
        case Heading(text=text):
            return [Text(show_controls(text), style="bold")]
        case Line(text=text, is_subtle=subtle):
            return [Text(show_controls(text), style="dim" if subtle else "")]
        case Link(label=label, url=url):
            return [Text(show_controls(f"{label}: {url}"), style="dim")]
        case Quote():
            return _render_quote(block, console)
        case Moment() | Sum() | Table() | Picture():
            return [Text(show_controls(line)) for line in _format_plain(block)]
        case Button():
            return []


def _format_plain(block: Moment | Sum | Table | Picture) -> list[str]:
    if isinstance(block, Moment):
        return [block.text]
    if isinstance(block, Picture):
        return [f"[picture: {block.alt}]"]
    return format_sum(block) if isinstance(block, Sum) else format_table(block)


def _render_quote(quote: Quote, console: Console) -> list[Text]:
    text = Text(show_controls(quote.text))  # as long as before, so that the matches still fit
    for match in quote.matches:
        text.stylize("bold", *match)
    width = max(20, console.width - len(_BAR))
    lines = text.wrap(console, width) if console.is_terminal else text.split("\n", allow_blank=True)
    barred_lines = [Text.assemble((_BAR, "cyan"), *_isolate_bidi(line)) for line in lines]
    return (
        barred_lines
        if quote.number is None
        else [Text(str(quote.number), style="dim"), *barred_lines]
    )


def _isolate_bidi(line: Text) -> tuple[str, Text, str]:
    """Return the line between the controls that isolate its direction, if it needs any."""
    isolated = isolate_bidi(line.plain)
    start = isolated.index(line.plain)
    return isolated[:start], line, isolated[start + len(line.plain) :]
