"""Tables for the terminal about the value of learnt weights."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from rich.table import Table

from bot.evaluation.learning import Flags, Matrix
from bot.evaluation.measures import calibration_error, compute_reliability, mean
from bot.evaluation.resampling import bootstrap_interval
from tests.benchmarks.judged_windows import FirstExcerpt

ALL = "all"
PLAIN = "BM25 alone"

MIN_PROBABILITIES = (0.15, 0.2, 0.25, 0.28, 0.3, 0.35, 0.4, 0.45, 0.5)
"""The minimum probabilities to choose from."""


def build_features_table(title: str, found: Mapping[str, Matrix]) -> Table:
    """Build the table of results with all features, with BM25 alone and without each feature.

    Args:
        title: The title of the table.
        found: For ALL, for PLAIN and for each feature left out, a row per question: whether the
            first excerpt contains the answer, and whether one of the first three does; 0 or 1.
    """
    table = Table("", "found@1 [95 %]", "found@3 [95 %]", title=title)
    for name, rows in found.items():
        if name in {ALL, PLAIN}:
            table.add_row(name, *_format_cells(rows, "{:.3f}"))
        else:
            table.add_row(f"without {name}", *_format_cells(rows - found[ALL], "{:+.3f}"))
    return table


def _format_cells(rows: Matrix, form: str) -> Iterator[str]:
    """Yield the mean of each column with its 95 % confidence interval."""
    for column in rows.T:
        low, high = bootstrap_interval(column[:, None], mean)
        yield f"{form} [{form}, {form}]".format(column.mean(), low, high)


def build_refusals_table(firsts: Sequence[FirstExcerpt], chances: Matrix) -> Table:
    """Build the table of refusals and correct answers kept at each minimum probability."""
    masks = {name: own for name, own in _split_by_folder(firsts).items() if name != ALL}
    table = Table(
        "minimum",
        *(f"{name}\nrefused  kept" for name in masks),
        title="Unanswerable questions refused, and questions with a right first excerpt kept",
    )
    unanswerable = np.array([first.answerable is False for first in firsts])
    right = _get_right(firsts)
    for min_probability in MIN_PROBABILITIES:
        cells = (
            f"{_format_share(chances[own & unanswerable] < min_probability)}     "
            f"{_format_share(chances[own & right] >= min_probability)}"
            for own in masks.values()
        )
        table.add_row(f"{min_probability:.2f}", *cells)
    return table


def build_calibration_table(firsts: Sequence[FirstExcerpt], chances: Matrix) -> Table:
    """Build the table of calibration errors of the first excerpts in each folder."""
    table = Table("", "first excerpts", "right", "calibration error", title="Probabilities")
    rows = _build_rows(firsts, chances)
    for name, own in _split_by_folder(firsts).items():
        right = _format_share(_get_right(firsts)[own])
        table.add_row(name, str(own.sum()), right, f"{calibration_error(rows[own]):.3f}")
    return table


def build_reliability_table(firsts: Sequence[FirstExcerpt], chances: Matrix) -> Table:
    """Build the table that compares the probabilities of all first excerpts with their accuracy."""
    table = Table("mean probability", "right", "first excerpts", title="Reliability, all folders")
    for part in compute_reliability(_build_rows(firsts, chances)):
        table.add_row(f"{part.confidence:.2f}", f"{part.accuracy:.2f}", str(part.count))
    return table


def _split_by_folder(firsts: Sequence[FirstExcerpt]) -> Mapping[str, Flags]:
    """Return a mask over the excerpts for each folder, and for ALL."""
    folders = np.array([first.folder for first in firsts])
    masks = {str(name): folders == name for name in dict.fromkeys(folders.tolist())}
    return {**masks, ALL: np.ones(len(firsts), dtype=np.bool_)}


def _build_rows(firsts: Sequence[FirstExcerpt], chances: Matrix) -> Matrix:
    return np.column_stack([chances, _get_right(firsts)])


def _get_right(firsts: Sequence[FirstExcerpt]) -> Flags:
    return np.array([first.is_right for first in firsts], dtype=np.bool_)


def _format_share(flags: Flags) -> str:
    return f"{flags.mean():.2f}" if len(flags) else "   -"
