"""Files with an object a line, and what their fields must be."""

import gzip
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from bot.errors import JudgedError

# JSON can hold half a surrogate pair, which is no character and has no form in UTF-8.
_HALF_PAIR = re.compile("[\ud800-\udfff]")

# Dates around a clock are reckoned, so it keeps clear of the calendar's ends.
_DAY = re.compile(r"[1-8]\d{3}-\d\d-\d\d", re.ASCII)


class Line(NamedTuple):
    """The object on a line of a file, with its place for errors."""

    path: Path
    number: int
    fields: Mapping[str, Any]

    @property
    def place(self) -> tuple[Path, int]:
        """Where it stands."""
        return self.path, self.number

    def text(self, name: str) -> str:
        """The field of this name; blank where it is not given."""
        value = self.fields.get(name)
        if value is None:
            return ""
        if not isinstance(value, str) or _HALF_PAIR.search(value):
            raise JudgedError(*self.place, f"its “{name}” is no text: write it in quotes")
        return value

    def required(self, name: str) -> str:
        """The field of this name, which must not be blank."""
        text = self.text(name)
        if not text.strip():
            raise JudgedError(*self.place, f"it has no “{name}”: add it")
        return text

    def flag(self, name: str) -> bool | None:
        """The field of this name; None where it is not given."""
        value = self.fields.get(name)
        if value is not None and not isinstance(value, bool):
            raise JudgedError(
                *self.place, f"its “{name}” is neither true nor false: write one of them"
            )
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """The field of this name, which is a list; empty where it is not given."""
        values = self.fields.get(name) or ()
        if not isinstance(values, list | tuple) or not all(
            isinstance(each, str) for each in values
        ):
            raise JudgedError(*self.place, f'its “{name}” is no list of texts: write it like ["…"]')
        return tuple(values)

    def day(self, name: str) -> date | None:
        """The field of this name, which is a day; None where it is not given."""
        text = self.text(name)
        if text and not _DAY.fullmatch(text):
            raise JudgedError(*self.place, _no_day(name, text))
        try:
            return date.fromisoformat(text) if text else None
        except ValueError as error:
            raise JudgedError(*self.place, _no_day(name, text)) from error


def lines(path: Path) -> Iterator[Line]:
    """The object on each line of a JSON Lines file, plain or gzip, that is not blank.

    Raises:
        JudgedError: The file can't be read, or a line holds no object.
    """
    for number, text in enumerate(text_lines(path), start=1):
        if text.strip():
            yield Line(path, number, _object(path, number, text))


def text_lines(path: Path) -> Iterator[str]:
    """The lines of a file of UTF-8, plain or gzip.

    Raises:
        JudgedError: It can't be read.
    """
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8") as file:
            yield from file
    except OSError as error:
        raise JudgedError(path, None, f"it can't be read: {error.strerror or error}") from error
    except (EOFError, zlib.error, UnicodeDecodeError) as error:
        reason = f"it can't be read ({error}): give plain or gzipped UTF-8"
        raise JudgedError(path, None, reason) from error


def _no_day(name: str, text: str) -> str:
    return f"its “{name}” {text[:40]!r} is not a day of the calendar written as YYYY-MM-DD"


def _object(path: Path, number: int, text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise JudgedError(path, number, "not JSON: give an object a line") from error
    if not isinstance(value, dict):
        raise JudgedError(path, number, "JSON, but no object: give an object like {…} a line")
    return value
