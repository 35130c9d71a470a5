"""The sentences for command lines that no command accepts."""

import re

PROGRAM_NAME = "dateline"

# Typer passes on the messages of click and pydantic; reworded, they read like our own.
_REWORDINGS = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (
            r"^No such option: (\S+) \(Possible options: (.+)\)$",
            r"No such option '\1'. Did you mean \2?",
        ),
        (r"^No such option: (\S+)$", r"No such option '\1'"),
        (r"^Got unexpected extra argument\(s\) \((.+)\)$", r"Unexpected argument '\1'"),
        (r"^(Invalid value for \S+): Input should ([^,]+).*$", r"\1. It should \2"),
        (r"^(Invalid value for \S+): Value error, (.+)$", r"\1. \2"),
    )
)


def describe_usage_error(complaint: str, command_name: str | None) -> str:
    """Return what is wrong with a command line, and where its help is.

    Args:
        complaint: What is wrong, in the words of a command or of Typer.
        command_name: The command in use; None if the command line names none.
    """
    for pattern, replacement in _REWORDINGS:
        complaint = pattern.sub(replacement, complaint)
    end = "" if complaint.endswith((".", "?")) else "."
    command_line = f"{PROGRAM_NAME} {command_name}" if command_name else PROGRAM_NAME
    return f"{complaint}{end} See '{command_line} --help'."
