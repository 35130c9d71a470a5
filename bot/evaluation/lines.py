"""Files with an object a line, and what their fields must be."""

import gzip
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from bot.errors import JudgedFileError

# JSON can hold half a surrogate pair, which is no character and has no form in UTF-8.
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")

# Dates around a clock are reckoned, so it keeps clear of the calendar's ends.
_DATE = re.compile(r"[1-8]\d{3}-\d\d-\d\d", re.ASCII)


class JsonLine(NamedTuple):
    """The object on a line of a file, with its place for errors."""

    path: Path
    number: int
    fields: Mapping[str, Any]

    @property
    def location(self) -> tuple[Path, int]:
        """Where it stands."""
        return self.path, self.number

    def get_text(self, name: str) -> str:
        """The field of this name; blank where it is not given."""
        value = self.fields.get(name)
        if value is None:
            return ""
        if not isinstance(value, str) or _LONE_SURROGATE.search(value):
            raise JudgedFileError(*self.location, f"its “{name}” is no text: write it in quotes")
        return value

    def get_required_text(self, name: str) -> str:
        """The field of this name, which must not be blank."""
        text = self.get_text(name)
        if not text.strip():
            raise JudgedFileError(*self.location, f"it has no “{name}”: add it")
        return text

    def get_flag(self, name: str) -> bool | None:
        """The field of this name; None where it is not given."""
        value = self.fields.get(name)
        if value is not None and not isinstance(value, bool):
            raise JudgedFileError(
                *self.location, f"its “{name}” is neither true nor false: write one of them"
            )
        return value

    def get_texts(self, name: str) -> tuple[str, ...]:
        """The field of this name, which is a list; empty where it is not given."""
        values = self.fields.get(name) or ()
        if not isinstance(values, list | tuple) or not all(
            isinstance(value, str) for value in values
        ):
            raise JudgedFileError(
                *self.location, f'its “{name}” is no list of texts: write it like ["…"]'
            )
        return tuple(values)

    def get_date(self, name: str) -> date | None:
        """The field of this name, which is a day; None where it is not given."""
        text = self.get_text(name)
        if text and not _DATE.fullmatch(text):
            raise JudgedFileError(*self.location, _format_date_error(name, text))
        try:
            return date.fromisoformat(text) if text else None
        except ValueError as error:
            raise JudgedFileError(*self.location, _format_date_error(name, text)) from error


def read_json_lines(path: Path) -> Iterator[JsonLine]:
    """The object on each line of a JSON Lines file, plain or gzip, that is not blank.

    Raises:
        JudgedFileError: The file can't be read, or a line holds no object.
    """
    for number, text in enumerate(read_text_lines(path), start=1):
        if text.strip():
            yield JsonLine(path, number, _parse_object(path, number, text))


def read_text_lines(path: Path) -> Iterator[str]:
    """The lines of a file of UTF-8, plain or gzip.

    Raises:
        JudgedFileError: It can't be read.
    """
    open_file = gzip.open if path.suffix == ".gz" else open
    try:
        with open_file(path, "rt", encoding="utf-8") as file:
            yield from file
    except OSError as error:
        raise JudgedFileError(path, None, f"it can't be read: {error.strerror or error}") from error
    except (EOFError, zlib.error, UnicodeDecodeError) as error:
        reason = f"it can't be read ({error}): give plain or gzipped UTF-8"
        raise JudgedFileError(path, None, reason) from error


def _format_date_error(name: str, text: str) -> str:
    return f"its “{name}” {text[:40]!r} is not a day of the calendar written as YYYY-MM-DD"


def _parse_object(path: Path, number: int, text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise JudgedFileError(path, number, "not JSON: give an object a line") from error
    if not isinstance(value, dict):
        raise JudgedFileError(path, number, "JSON, but no object: give an object like {…} a line")
    return value
