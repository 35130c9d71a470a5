"""A `Table` as lines for a monospaced font."""

from bot.presentation.bidi import isolate_bidi
from bot.presentation.blocks import Table

_GAP = "  "


def format_table(table: Table) -> list[str]:
    """Return the header and the rows; all columns but the first are right-aligned."""
    lines = (table.header, *table.rows)
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return [_format_line(cells, widths).rstrip() for cells in lines]


def _format_line(cells: tuple[str, ...], widths: list[int]) -> str:
    first, *others = zip(cells, widths, strict=True)
    return _GAP.join(
        [_pad_cell(*first), *(_pad_cell(*pair, is_right_aligned=True) for pair in others)]
    )


def _pad_cell(cell: str, width: int, *, is_right_aligned: bool = False) -> str:
    """Return the cell padded to the width; the controls that isolate it have no width."""
    spaces = " " * (width - len(cell))
    return spaces + isolate_bidi(cell) if is_right_aligned else isolate_bidi(cell) + spaces
