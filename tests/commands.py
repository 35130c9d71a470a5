"""Running the commands of `dateline` in the process of the tests."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple


class CommandResult(NamedTuple):
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, read as JSON."""
        return json.loads(self.out)


RunCommand = Callable[..., CommandResult]
"""Runs the command that the arguments name; `stdin` is its standard input."""
