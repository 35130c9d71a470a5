"""JSON Lines, plain or gzip: an object a line with `id`, `date`, `text`, `title`, `source`, `url`.

The first three are required; null or blank stands for not given. Other fields are passed over.
"""

import gzip
import json
import zlib
from collections.abc import Iterator
from io import BufferedIOBase
from pathlib import Path

from bot.errors import ArticleError
from bot.library.decoding import decoded
from bot.library.draft import Draft, Finding, Place, PlacedArticle, finding_of, too_long

SUFFIXES = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")

MAX_LINES_IN_VAIN = 10_000
"""After so many lines in a row without an article, blank or refused, a file is given up."""

# A byte of text takes six at most in JSON (\u001f); the rest is for the other fields.
_BYTES_PER_TEXT_BYTE = 6
_OTHER_FIELDS_BYTES = 65_536


def findings(path: Path, max_article_bytes: int) -> Iterator[Finding]:
    """An article, or why there is none, for each line that is not blank, in order.

    Reads as a stream, so a file may be larger than memory. Damaged gzip is refused from the
    line that it leaves incomplete; the lines before it are read.

    Raises:
        OSError: The file can't be read, or not to its end.
    """
    number = in_vain = 0
    is_empty = True
    try:
        with _opened(path) as file:
            for number, line in _lines(file, max_article_bytes):
                found = _found(line, Place(path, number), max_article_bytes)
                in_vain = 0 if isinstance(found, PlacedArticle) else in_vain + 1
                if found:
                    is_empty = False
                    yield found
                if in_vain == MAX_LINES_IN_VAIN:
                    reason = f"{in_vain:,} lines in a row hold no article: the rest is not read"
                    yield ArticleError(path, number, reason)
                    return
        if is_empty:
            yield ArticleError(path, None, "it is empty: write an object a line into it")
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        reason = f"damaged gzip ({error}): nothing can be read from here on; copy the file again"
        yield ArticleError(path, number + 1, reason)


def _found(line: bytes | None, place: Place, max_article_bytes: int) -> Finding | None:
    """What the line holds: None for a blank one."""
    if line is None:
        return ArticleError(*place, too_long(max_article_bytes))
    return _finding(line, place, max_article_bytes) if line.strip() else None


def _opened(path: Path) -> BufferedIOBase:
    return gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb")


def _lines(file: BufferedIOBase, max_article_bytes: int) -> Iterator[tuple[int, bytes | None]]:
    """Each line with its number; None for a line too long to hold an article in the limit."""
    most_bytes = _BYTES_PER_TEXT_BYTE * max_article_bytes + _OTHER_FIELDS_BYTES
    number = 0
    while line := file.readline(most_bytes):
        number += 1
        rest = line
        while len(rest) == most_bytes and not rest.endswith(b"\n"):
            rest = file.readline(most_bytes)
        yield number, line if rest is line else None


def _finding(line: bytes, place: Place, max_article_bytes: int) -> Finding:
    try:
        draft = _draft(line, place)
    except ArticleError as error:
        return error
    return finding_of(draft, max_article_bytes)


def _draft(line: bytes, place: Place) -> Draft:
    fields = _object(decoded(line, place), place)
    return Draft(
        place=place,
        id=_required(fields, "id", place),
        date=_required(fields, "date", place),
        text=_required(fields, "text", place),
        title=_text(fields, "title", place),
        source=_text(fields, "source", place),
        url=_text(fields, "url", place),
    )


def _object(text: str, place: Place) -> dict[str, object]:
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        reason = f"not JSON ({error.msg} at character {error.pos + 1}): give an object a line"
        raise ArticleError(*place, reason) from error
    except (ValueError, RecursionError) as error:
        reason = "JSON that is nested too deep or has a number too long to read: simplify it"
        raise ArticleError(*place, reason) from error
    if not isinstance(value, dict):
        raise ArticleError(*place, "JSON, but no object: give an object like {…} a line")
    return value


def _required(fields: dict[str, object], name: str, place: Place) -> str:
    text = _text(fields, name, place)
    if text is None:
        raise ArticleError(*place, f"it has no “{name}”: add it")
    return text


def _text(fields: dict[str, object], name: str, place: Place) -> str | None:
    value = fields.get(name)
    if value is not None and not isinstance(value, str):
        raise ArticleError(*place, f"its “{name}” is no text: write it in quotes")
    return value
