"""Text files that begin with their date: `date YYYY-MM-DD`, white space, the body.

The article's id is the file's name without its extension; there is neither title nor source.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from bot.errors import ArticleError
from bot.library.decoding import decoded
from bot.library.draft import Draft, Finding, Place, finding_of, too_long

_DATED = re.compile(r"\s*date\s+(?P<date>\S+)(?P<text>.*)", re.IGNORECASE | re.DOTALL)
_HEADER_BYTES = 1024


def findings(path: Path, max_article_bytes: int) -> Iterator[Finding]:
    """The one article of the file, or why it holds none.

    Raises:
        OSError: The file can't be read.
    """
    try:
        draft = _draft(path, max_article_bytes)
    except ArticleError as error:
        yield error
    else:
        yield finding_of(draft, max_article_bytes)


def _draft(path: Path, max_article_bytes: int) -> Draft:
    place = Place(path)
    # Line ends of two bytes count as one in the body.
    most_bytes = 2 * max_article_bytes + _HEADER_BYTES
    with path.open("rb") as file:
        raw = file.read(most_bytes + 1)
    if len(raw) > most_bytes:
        raise ArticleError(*place, too_long(max_article_bytes))
    if not raw.strip():
        raise ArticleError(*place, "it is empty: write “date YYYY-MM-DD” and the text into it")
    dated = _DATED.match(decoded(raw, place))
    if dated is None:
        raise ArticleError(
            *place,
            "it has no date: a text file begins with “date YYYY-MM-DD” "
            "(the name of a JSON Lines file ends in .jsonl, .ndjson, .jsonl.gz or .ndjson.gz)",
        )
    return Draft(place=place, id=path.stem, date=dated["date"], text=dated["text"])
