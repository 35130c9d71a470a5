"""The one place that prints errors; it imports nothing of ours, so that it works from the start."""

import sys

_NAMES = ("Dateline", "Discord")


def print_failure(sentence: str) -> None:
    """Print `error: ` and the sentence as one line on standard error.

    Control characters are replaced, since they could steer a terminal.
    """
    line = _lower_start(sentence)
    line = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in line)
    print(f"error: {line}", file=sys.stderr)  # noqa: T201 - the console script


def _lower_start(sentence: str) -> str:
    """Return the sentence with its first letter in lower case, unless it starts with a name."""
    word = sentence.partition(" ")[0].rstrip(".").replace("'", "")
    is_plain_word = word.isalpha() and word.istitle() and word not in _NAMES
    return sentence[:1].lower() + sentence[1:] if is_plain_word else sentence
