"""A Table as lines of letters of one width."""

from bot.presentation.bidi import kept_apart
from bot.presentation.blocks import Table

_GAP = "  "


def table_lines(table: Table) -> list[str]:
    """The head and the rows, each column as wide as it needs; all but the first stand to the right."""
    lines = (table.head, *table.rows)
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return [_line(cells, widths).rstrip() for cells in lines]


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    first, *others = zip(cells, widths, strict=True)
    return _GAP.join([_padded(*first), *(_padded(*each, to_right=True) for each in others)])


def _padded(cell: str, width: int, *, to_right: bool = False) -> str:
    """The cell with as many spaces as it is short of the width: what isolates it has none."""
    spaces = " " * (width - len(cell))
    return spaces + kept_apart(cell) if to_right else kept_apart(cell) + spaces
