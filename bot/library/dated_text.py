"""Reading text files that start with their date: `date YYYY-MM-DD`, white space, the body.

The article's id is the file's name without its extension. There is no title and no source.
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
_HEADER_BYTES = 1024  # for the date and the white space around the body


def read_articles(path: Path, max_article_bytes: int) -> Iterator[ReadResult]:
    """Yield the article of the file, or the reason why it has none.

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
            "the file has no date. Start it with “date YYYY-MM-DD”; if it is a JSON Lines file, "
            "give it a name that ends in .jsonl, .ndjson, .jsonl.gz or .ndjson.gz.",
        )
    return ArticleDraft(location=location, id=path.stem, date=match["date"], text=match["text"])


def _read_bytes(location: FileLocation, max_article_bytes: int) -> bytes:
    # Two bytes per byte of the body: the body counts a line end of two bytes as one.
    max_bytes = 2 * max_article_bytes + _HEADER_BYTES
    with location.path.open("rb") as file:
        raw = file.read(max_bytes + 1)
    if len(raw) > max_bytes:
        raise ArticleError(*location, describe_too_long(max_article_bytes))
    if not raw.strip():
        reason = "the file is empty. Write “date YYYY-MM-DD” and the article's text into it."
        raise ArticleError(*location, reason)
    return raw
