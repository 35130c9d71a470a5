"""The unchecked parts of an article, and the checks that make it an article."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from bot.errors import ArticleError
from bot.model.article import Article, ArticleId
from bot.retrieval.text.titles import derive_title

MAX_ID_CHARS = 200

_MAX_QUOTED_CHARS = 80

# SQLite cuts text at a NUL, and half a surrogate pair can't be encoded as UTF-8.
_UNSTORABLE = re.compile(r"[\0\ud800-\udfff]")
# A receipt hashes its parts line by line, so an id must not contain a line end.
_FORBIDDEN_ID_CATEGORIES = {"Cc", "Zl", "Zp"}


class FileLocation(NamedTuple):
    """A file, or a line of it (counted from 1; None for the whole file)."""

    path: Path
    line: int | None = None

    def __str__(self) -> str:
        return f"{self.path}" if self.line is None else f"{self.path}, line {self.line}"


class LocatedArticle(NamedTuple):
    """An article with the location that it was read from."""

    location: FileLocation
    article: Article


ReadResult = LocatedArticle | ArticleError


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleDraft:
    """The unchecked parts of an article; None or blank means not given."""

    location: FileLocation
    id: str
    date: str
    text: str
    title: str | None = None
    source: str | None = None
    url: str | None = None


def validate_draft(draft: ArticleDraft, max_article_bytes: int) -> ReadResult:
    r"""Return the article, or the reason why the draft is not valid.

    The body is the text with line ends changed to `\n` and without surrounding white space.
    """
    body = re.sub(r"\r\n?", "\n", draft.text).strip()
    flaw = next(_find_flaws(draft, body, max_article_bytes), None)
    if flaw:
        return ArticleError(*draft.location, flaw)
    title = _collapse_white_space(draft.title)
    article = Article(
        id=ArticleId(draft.id),
        title=title or derive_title(body),
        has_derived_title=title is None,
        source=_collapse_white_space(draft.source),
        url=_collapse_white_space(draft.url),
        published_on=_parse_day(draft.date),
        body=body,
    )
    return LocatedArticle(draft.location, article)


def describe_too_long(max_article_bytes: int) -> str:
    """Return the reason for refusing a text over the limit."""
    return (
        f"the text has more than {max_article_bytes:,} bytes. "
        "Divide it, or raise the setting library.max_article_bytes."
    )


def _find_flaws(draft: ArticleDraft, body: str, max_article_bytes: int) -> Iterator[str]:
    """Yield the reasons why the draft is not valid; a check may rely on those before it."""
    for name in ("id", "title", "source", "url", "text"):
        if _UNSTORABLE.search(getattr(draft, name) or ""):
            yield f"the {name} contains a NUL or half a surrogate pair. Remove these characters."
    if not _is_valid_id(draft.id):
        yield _describe_invalid_id(draft.id)
    if _parse_day(draft.date) is None:
        yield f"the date {_quote(draft.date)} is not a calendar day. Write it as YYYY-MM-DD."
    if not body:
        yield "the text is empty. Add the body of the article."
    if len(body.encode()) > max_article_bytes:
        yield describe_too_long(max_article_bytes)
    url = _collapse_white_space(draft.url)
    if url and not _is_web_address(url):
        yield f"the url {_quote(url)} is not a web address. Write https://host/path, or omit it."


def _describe_invalid_id(text: str) -> str:
    return (
        f"the id {_quote(text)} is not valid. Use 1 to {MAX_ID_CHARS} characters, without control "
        "characters and without white space at the start or end "
        "(the id of a text file is its name without the extension)."
    )


def _quote(text: str) -> str:
    """Return the start of a value in quotation marks, with escapes for control characters."""
    return f"“{repr(text[:_MAX_QUOTED_CHARS])[1:-1]}”"


def _is_valid_id(text: str) -> bool:
    return (
        0 < len(text) <= MAX_ID_CHARS
        and text == text.strip()
        and not any(
            unicodedata.category(character) in _FORBIDDEN_ID_CATEGORIES for character in text
        )
    )


def _parse_day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    # fromisoformat also accepts 20260302 and 2026-W10-1.
    return day if day.isoformat() == text else None


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError:  # such as half an IPv6 address, or a port that is not a number
        return False
    return has_host and parts.scheme in {"http", "https"} and url.isprintable() and " " not in url


def _collapse_white_space(text: str | None) -> str | None:
    return " ".join((text or "").split()) or None
