"""Reading JSON Lines files, plain or gzipped, with one article per line.

`id`, `date` and `text` are required; `title`, `source` and `url` are optional, and null or blank
means not given. Other fields are ignored.
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
"""After this many blank or refused lines in a row, the rest of a file is not read."""

# In JSON a byte of text takes at most six bytes (as \u001f). The rest is for the other fields.
_BYTES_PER_TEXT_BYTE = 6
_OTHER_FIELDS_BYTES = 65_536


def read_articles(path: Path, max_article_bytes: int) -> Iterator[ReadResult]:
    """Yield an article, or the reason why there is none, for each line that is not blank.

    The file is read as a stream, so it can be larger than memory. If its gzip data is damaged, the
    lines before the damage are read.

    Raises:
        OSError: The file, or a part of it, can't be read.
    """
    try:
        with _open(path) as file:
            yield from _read_results(file, path, max_article_bytes)
    except ArticleError as error:
        yield error


def _read_results(file: BufferedIOBase, path: Path, max_article_bytes: int) -> Iterator[ReadResult]:
    """Yield the results for all lines of a file.

    Raises:
        ArticleError: The file is empty, or the rest of it can't be read.
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
                f"{lines_without_article:,} lines in a row contain no article. "
                "The rest of the file was not read; check its format."
            )
            raise ArticleError(path, number, reason)
    if is_empty:
        raise ArticleError(path, None, "the file is empty. Write one JSON object per line.")


def _parse_line(
    line: bytes | None, location: FileLocation, max_article_bytes: int
) -> ReadResult | None:
    """Return the result for a line; None if it is blank."""
    if line is None:
        return ArticleError(*location, describe_too_long(max_article_bytes))
    return _parse_article(line, location, max_article_bytes) if line.strip() else None


def _open(path: Path) -> BufferedIOBase:
    return gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb")


def _read_lines(
    file: BufferedIOBase, path: Path, max_article_bytes: int
) -> Iterator[tuple[int, bytes | None]]:
    """Yield each line with its number; None instead of a line too long for a valid article.

    Raises:
        ArticleError: The gzip data is damaged.
    """
    max_bytes = _BYTES_PER_TEXT_BYTE * max_article_bytes + _OTHER_FIELDS_BYTES
    for number in count(1):
        try:
            line = _read_line(file, max_bytes)
        except (gzip.BadGzipFile, zlib.error, EOFError) as error:
            reason = (
                f"the gzip data is damaged ({error}). "
                "The rest of the file was not read; copy the file again."
            )
            raise ArticleError(path, number, reason) from error
        if line == b"":
            return
        yield number, line


def _read_line(file: BufferedIOBase, max_bytes: int) -> bytes | None:
    """Return the next line; None if it is too long, empty at the end of the file."""
    # In parts: a file without line ends could otherwise fill the memory.
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
        reason = (
            f"the line is not valid JSON ({error.msg} at character {error.pos + 1}). "
            "Write one JSON object per line."
        )
        raise ArticleError(*location, reason) from error
    except (ValueError, RecursionError) as error:
        # Python refuses whole numbers of more than 4,300 digits with a plain ValueError.
        reason = "the JSON is nested too deeply, or a number in it is too long. Simplify it."
        raise ArticleError(*location, reason) from error
    if not isinstance(value, dict):
        reason = "the line is not a JSON object. Write one object like {…} per line."
        raise ArticleError(*location, reason)
    return value


def _get_required_text(fields: dict[str, object], name: str, location: FileLocation) -> str:
    text = _get_text(fields, name, location)
    if text is None:
        raise ArticleError(*location, f"“{name}” is missing. Add it.")
    return text


def _get_text(fields: dict[str, object], name: str, location: FileLocation) -> str | None:
    value = fields.get(name)
    if value is not None and not isinstance(value, str):
        raise ArticleError(*location, f"“{name}” is not text. Put the value in quotation marks.")
    return value
