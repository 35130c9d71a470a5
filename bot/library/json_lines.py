"""JSON Lines, plain or gzip: an object a line with `id`, `date`, `text`, `title`, `source`, `url`.

The first three are required; null or blank stands for not given. Other fields are passed over.
"""

import gzip
import json
import zlib
from collections.abc import Iterator
from io import BufferedIOBase
from itertools import count
from pathlib import Path

from bot.errors import ArticleError
from bot.library.decoding import decode_text
from bot.library.draft import (
    ArticleDraft,
    FileLocation,
    LocatedArticle,
    ReadResult,
    describe_too_long,
    validate_draft,
)

SUFFIXES = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")

MAX_LINES_WITHOUT_ARTICLE = 10_000
"""After so many lines in a row without an article, blank or refused, a file is given up."""

# A byte of text takes six at most in JSON (\u001f); the rest is for the other fields.
_BYTES_PER_TEXT_BYTE = 6
_OTHER_FIELDS_BYTES = 65_536


def read_articles(path: Path, max_article_bytes: int) -> Iterator[ReadResult]:
    """Return an article, or why there is none, for each line that is not blank, in order.

    Reads as a stream, so a file may be larger than memory. Damaged gzip is refused from the
    line that it leaves incomplete; the lines before it are read.

    Raises:
        OSError: The file can't be read, or not to its end.
    """
    try:
        with _open(path) as file:
            yield from _read_results(file, path, max_article_bytes)
    except ArticleError as error:
        yield error


def _read_results(file: BufferedIOBase, path: Path, max_article_bytes: int) -> Iterator[ReadResult]:
    """Read a file to its end.

    Raises:
        ArticleError: Why no more can be read, or why nothing could.
    """
    is_empty, lines_without_article = True, 0
    for number, line in _read_lines(file, path, max_article_bytes):
        result = _parse_line(line, FileLocation(path, number), max_article_bytes)
        if result:
            is_empty = False
            yield result
        has_article = isinstance(result, LocatedArticle)
        lines_without_article = 0 if has_article else lines_without_article + 1
        if lines_without_article == MAX_LINES_WITHOUT_ARTICLE:
            reason = (
                f"{lines_without_article:,} lines in a row hold no article: the rest is not read"
            )
            raise ArticleError(path, number, reason)
    if is_empty:
        raise ArticleError(path, None, "it is empty: write an object a line into it")


def _parse_line(
    line: bytes | None, location: FileLocation, max_article_bytes: int
) -> ReadResult | None:
    """What the line holds: None for a blank one."""
    if line is None:
        return ArticleError(*location, describe_too_long(max_article_bytes))
    return _parse_article(line, location, max_article_bytes) if line.strip() else None


def _open(path: Path) -> BufferedIOBase:
    return gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb")


def _read_lines(
    file: BufferedIOBase, path: Path, max_article_bytes: int
) -> Iterator[tuple[int, bytes | None]]:
    """Return each line with its number; None for a line too long to hold an article in the limit.

    Raises:
        ArticleError: The gzip is damaged.
    """
    max_bytes = _BYTES_PER_TEXT_BYTE * max_article_bytes + _OTHER_FIELDS_BYTES
    for number in count(1):
        try:
            line = _read_line(file, max_bytes)
        except (gzip.BadGzipFile, zlib.error, EOFError) as error:
            reason = (
                f"damaged gzip ({error}): nothing can be read from here on; copy the file again"
            )
            raise ArticleError(path, number, reason) from error
        if line == b"":
            return
        yield number, line


def _read_line(file: BufferedIOBase, max_bytes: int) -> bytes | None:
    """Return the next line, None if it is too long, nothing at the end of the file."""
    line = rest = file.readline(max_bytes)
    while len(rest) == max_bytes and not rest.endswith(b"\n"):
        rest = file.readline(max_bytes)
    return line if rest is line else None


def _parse_article(line: bytes, location: FileLocation, max_article_bytes: int) -> ReadResult:
    try:
        draft = _parse_draft(line, location)
    except ArticleError as error:
        return error
    return validate_draft(draft, max_article_bytes)


def _parse_draft(line: bytes, location: FileLocation) -> ArticleDraft:
    fields = _parse_object(decode_text(line, location), location)
    return ArticleDraft(
        location=location,
        id=_get_required_text(fields, "id", location),
        date=_get_required_text(fields, "date", location),
        text=_get_required_text(fields, "text", location),
        title=_get_text(fields, "title", location),
        source=_get_text(fields, "source", location),
        url=_get_text(fields, "url", location),
    )


def _parse_object(text: str, location: FileLocation) -> dict[str, object]:
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        reason = f"not JSON ({error.msg} at character {error.pos + 1}): give an object a line"
        raise ArticleError(*location, reason) from error
    except (ValueError, RecursionError) as error:
        reason = "JSON that is nested too deep or has a number too long to read: simplify it"
        raise ArticleError(*location, reason) from error
    if not isinstance(value, dict):
        raise ArticleError(*location, "JSON, but no object: give an object like {…} a line")
    return value


def _get_required_text(fields: dict[str, object], name: str, location: FileLocation) -> str:
    text = _get_text(fields, name, location)
    if text is None:
        raise ArticleError(*location, f"it has no “{name}”: add it")
    return text


def _get_text(fields: dict[str, object], name: str, location: FileLocation) -> str | None:
    value = fields.get(name)
    if value is not None and not isinstance(value, str):
        raise ArticleError(*location, f"its “{name}” is no text: write it in quotes")
    return value
