"""A `Sum` as lines for a monospaced font, narrow enough for a phone."""

from collections.abc import Iterator
from textwrap import wrap

from bot.presentation.bidi import isolate_bidi
from bot.presentation.blocks import Sum

MAX_COLUMNS = 40
"""The monospaced characters that fit on a line of a phone."""


def format_sum(block: Sum) -> list[str]:
    """Return one line per number, more for a long label, and the total below a rule."""
    total_row = (block.label, block.total)
    width = max(len(f"{number:.2f}") for _, number in (*block.rows, total_row))
    rows = [line for row in block.rows for line in _format_row(*row, width)]
    return [*rows, "─" * width, *_format_row(*total_row, width)]


def _format_row(label: str, number: float, width: int) -> Iterator[str]:
    """Yield the number with its label to the right, so that wide characters move no column."""
    # The labels are wrapped before they are isolated, because the controls have no width.
    first, *rest = wrap(label, MAX_COLUMNS - width - 2)
    yield f"{number:>{width}.2f}  {isolate_bidi(first)}"
    for continuation in rest:
        yield f"{' ' * width}  {isolate_bidi(continuation)}"
