"""Reading JSON Lines files, with errors that name the line."""

import gzip
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from bot.errors import JudgedFileError

# JSON can contain half a surrogate pair, which is no character and can't be encoded in UTF-8.
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")

# Days are added to and subtracted from these dates, so years near the limits of `date`, 1 and
# 9999, are refused.
_DATE = re.compile(r"[1-8]\d{3}-\d\d-\d\d", re.ASCII)


class JsonLine(NamedTuple):
    """The object on a line of a file, with its location for errors.

    The methods return a field in its type. They raise JudgedFileError if its value is of another
    type.
    """

    path: Path
    number: int
    fields: Mapping[str, Any]

    @property
    def location(self) -> tuple[Path, int]:
        """The file and the line number."""
        return self.path, self.number

    def get_text(self, name: str) -> str:
        """Return a text field; "" if it is missing."""
        value = self.fields.get(name)
        if value is None:
            return ""
        if not isinstance(value, str) or _LONE_SURROGATE.search(value):
            reason = f"the field “{name}” is not text. Write its value in quotes."
            raise JudgedFileError(*self.location, reason)
        return value

    def get_required_text(self, name: str) -> str:
        """Return a text field that must not be missing or blank."""
        text = self.get_text(name)
        if not text.strip():
            raise JudgedFileError(*self.location, f"the field “{name}” is missing. Add it.")
        return text

    def get_flag(self, name: str) -> bool | None:
        """Return a boolean field; None if it is missing."""
        value = self.fields.get(name)
        if value is not None and not isinstance(value, bool):
            reason = f"the field “{name}” is not a boolean. Write true or false without quotes."
            raise JudgedFileError(*self.location, reason)
        return value

    def get_texts(self, name: str) -> tuple[str, ...]:
        """Return a field with a list of texts; empty if it is missing."""
        values = self.fields.get(name) or ()
        if not isinstance(values, list | tuple) or not all(
            isinstance(value, str) for value in values
        ):
            reason = f'the field “{name}” is not a list of texts. Write it like ["…", "…"].'
            raise JudgedFileError(*self.location, reason)
        return tuple(values)

    def get_date(self, name: str) -> date | None:
        """Return a date field; None if it is missing."""
        text = self.get_text(name)
        if text and not _DATE.fullmatch(text):
            raise JudgedFileError(*self.location, _format_date_error(name, text))
        try:
            return date.fromisoformat(text) if text else None
        except ValueError as error:
            raise JudgedFileError(*self.location, _format_date_error(name, text)) from error


def read_json_lines(path: Path) -> Iterator[JsonLine]:
    """Yield the objects of a JSON Lines file, plain or gzipped, skipping blank lines.

    Raises:
        JudgedFileError: The file can't be read, or a line is no JSON object.
    """
    for number, text in enumerate(read_text_lines(path), start=1):
        if text.strip():
            yield JsonLine(path, number, _parse_object(path, number, text))


def read_text_lines(path: Path) -> Iterator[str]:
    """Yield the lines of a UTF-8 file, plain or gzipped.

    Raises:
        JudgedFileError: The file can't be read.
    """
    open_file = gzip.open if path.suffix == ".gz" else open
    try:
        with open_file(path, "rt", encoding="utf-8") as file:
            yield from file
    except OSError as error:
        reason = f"the file can't be read: {error.strerror or error}"
        raise JudgedFileError(path, None, reason) from error
    except (EOFError, zlib.error, UnicodeDecodeError) as error:
        reason = f"the file can't be read ({error}). Save it as UTF-8, plain or gzipped."
        raise JudgedFileError(path, None, reason) from error


def _format_date_error(name: str, text: str) -> str:
    return f"the field “{name}” is “{text[:40]}”, not a valid date. Write it as YYYY-MM-DD."


def _parse_object(path: Path, number: int, text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        reason = "the line is not valid JSON. Write one JSON object per line."
        raise JudgedFileError(path, number, reason) from error
    if not isinstance(value, dict):
        reason = "the line is not a JSON object. Write one object such as {…} per line."
        raise JudgedFileError(path, number, reason)
    return value
