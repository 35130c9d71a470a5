"""Running commands of `dateline` inside the process of the tests."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple


class CommandResult(NamedTuple):
    """The exit code of a command and its output."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Return the output, parsed as JSON."""
        return json.loads(self.out)


RunCommand = Callable[..., CommandResult]
"""Runs a command with arguments; `stdin` is its standard input."""
