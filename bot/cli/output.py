"""Printing JSON, blocks, lines, notices and progress bars."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from bot.cli.terminal import show
from bot.presentation.blocks import Block
from bot.retrieval.text.controls import escape_json_controls, show_controls

_DEFAULT_COLUMNS = 80


def print_json(value: dict[str, Any]) -> None:
    """Print a JSON object on one line."""
    typer.echo(escape_json_controls(json.dumps(value, ensure_ascii=False)))


def print_blocks(blocks: Sequence[Block]) -> None:
    """Print the blocks, with colours and wrapped quotes if the output is a terminal."""
    console = Console()
    show(blocks, console if console.width > 0 else Console(width=_DEFAULT_COLUMNS))


def print_lines(lines: Iterable[str]) -> None:
    """Print the lines with visible control characters."""
    for line in lines:
        typer.echo(show_controls(line))


def print_notice(sentence: str) -> None:
    """Print a sentence on standard error, so that it stays out of the output."""
    typer.echo(show_controls(sentence), err=True)


@contextmanager
def show_progress(label: str) -> Iterator[Callable[[int, int], None] | None]:
    """Yield the update function of a progress bar, or None if the output is not a terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(label, total=None, visible=False)
        yield lambda done, total: bar.update(task, completed=done, total=total, visible=True)
