"""Printing blocks as text, with bars, colours and bold type if the output is a terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

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

_BAR = "▌ "

# Control characters of an article could steer the terminal; each is replaced by its picture from
# U+2400 on, which has the same length, so that the spans of matches still fit.
_VISIBLE = {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\n\t"}
_VISIBLE |= {0x7F: 0x2421} | dict.fromkeys(range(0x80, 0xA0), 0xFFFD)


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
            return [Text(escape_controls(text), style="bold")]
        case Line(text=text, is_subtle=subtle):
            return [Text(escape_controls(text), style="dim" if subtle else "")]
        case Link(label=label, url=url):
            return [Text(f"{label}: {escape_controls(url)}", style="dim")]
        case Quote():
            return _render_quote(block, console)
        case Moment() | Sum() | Table() | Picture():
            return [Text(escape_controls(line)) for line in _format_plain(block)]
        case Button():
            return []


def _format_plain(block: Moment | Sum | Table | Picture) -> list[str]:
    if isinstance(block, Moment):
        return [block.text]
    if isinstance(block, Picture):
        return [f"[picture: {block.alt}]"]
    return format_sum(block) if isinstance(block, Sum) else format_table(block)


def _render_quote(quote: Quote, console: Console) -> list[Text]:
    text = Text(escape_controls(quote.text))
    for match in quote.matches:
        text.stylize("bold", *match)
    width = max(20, console.width - len(_BAR))
    lines = text.wrap(console, width) if console.is_terminal else text.split("\n", allow_blank=True)
    barred_lines = [Text.assemble((_BAR, "cyan"), line) for line in lines]
    return (
        barred_lines
        if quote.number is None
        else [Text(str(quote.number), style="dim"), *barred_lines]
    )


def escape_controls(text: str) -> str:
    """Return the text, of the same length, with visible control characters except newline and tab."""
    return text.translate(_VISIBLE)
