"""Text files that begin with their date: `date YYYY-MM-DD`, white space, the body.

The article's id is the file's name without its extension; there is neither title nor source.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from bot.errors import ArticleError
from bot.library.decoding import decode_text
from bot.library.draft import (
    ArticleDraft,
    FileLocation,
    ReadResult,
    describe_too_long,
    validate_draft,
)

_DATED_TEXT = re.compile(r"\s*date\s+(?P<date>\S+)(?P<text>.*)", re.IGNORECASE | re.DOTALL)
_HEADER_BYTES = 1024


def read_articles(path: Path, max_article_bytes: int) -> Iterator[ReadResult]:
    """The one article of the file, or why it holds none.

    Raises:
        OSError: The file can't be read.
    """
    try:
        draft = _read_draft(path, max_article_bytes)
    except ArticleError as error:
        yield error
    else:
        yield validate_draft(draft, max_article_bytes)


def _read_draft(path: Path, max_article_bytes: int) -> ArticleDraft:
    location = FileLocation(path)
    raw = _read_bytes(location, max_article_bytes)
    match = _DATED_TEXT.match(decode_text(raw, location))
    if match is None:
        raise ArticleError(
            *location,
            "it has no date: a text file begins with “date YYYY-MM-DD” "
            "(the name of a JSON Lines file ends in .jsonl, .ndjson, .jsonl.gz or .ndjson.gz)",
        )
    return ArticleDraft(location=location, id=path.stem, date=match["date"], text=match["text"])


def _read_bytes(location: FileLocation, max_article_bytes: int) -> bytes:
    # Line ends of two bytes count as one in the body.
    max_bytes = 2 * max_article_bytes + _HEADER_BYTES
    with location.path.open("rb") as file:
        raw = file.read(max_bytes + 1)
    if len(raw) > max_bytes:
        raise ArticleError(*location, describe_too_long(max_article_bytes))
    if not raw.strip():
        raise ArticleError(*location, "it is empty: write “date YYYY-MM-DD” and the text into it")
    return raw
