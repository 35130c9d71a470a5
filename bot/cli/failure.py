"""How the program says that something failed; it imports nothing, so that it is there at once."""

import sys


def print_failure(sentence: str) -> None:
    """Print one line on standard error; what would steer a terminal is replaced."""
    line = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in sentence)
    print(f"dateline: {line}", file=sys.stderr)  # noqa: T201 - the console script
