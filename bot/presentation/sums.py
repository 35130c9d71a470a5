"""A Sum as lines of letters of one width, narrow enough for a phone."""

from collections.abc import Iterator
from textwrap import wrap

from bot.presentation.bidi import isolate_bidi
from bot.presentation.blocks import Sum

MAX_COLUMNS = 40


def format_sum(block: Sum) -> list[str]:
    """A line a number, more where what it stands for is long, and the total below a rule."""
    total_row = (block.label, block.total)
    width = max(len(f"{number:.2f}") for _, number in (*block.rows, total_row))
    rows = [line for row in block.rows for line in _format_row(*row, width)]
    return [*rows, "─" * width, *_format_row(*total_row, width)]


def _format_row(label: str, number: float, width: int) -> Iterator[str]:
    """The number, what it stands for to its right: so no letter's width moves a column."""
    first, *rest = wrap(label, MAX_COLUMNS - width - 2)
    yield f"{number:>{width}.2f}  {isolate_bidi(first)}"
    for continuation in rest:
        yield f"{' ' * width}  {isolate_bidi(continuation)}"
