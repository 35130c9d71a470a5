"""A Sum as lines of letters of one width, narrow enough for a phone."""

from collections.abc import Iterator
from textwrap import wrap

from bot.presentation.bidi import kept_apart
from bot.presentation.blocks import Sum

MAX_COLUMNS = 40


def sum_lines(block: Sum) -> list[str]:
    """A line a number, more where what it stands for is long, and the total below a rule."""
    whole = (block.label, block.total)
    width = max(len(f"{number:.2f}") for _, number in (*block.rows, whole))
    rows = [line for row in block.rows for line in _lines(*row, width)]
    return [*rows, "─" * width, *_lines(*whole, width)]


def _lines(label: str, number: float, width: int) -> Iterator[str]:
    """The number, what it stands for to its right: so no letter's width moves a column."""
    first, *rest = wrap(label, MAX_COLUMNS - width - 2)
    yield f"{number:>{width}.2f}  {kept_apart(first)}"
    for each in rest:
        yield f"{' ' * width}  {kept_apart(each)}"
