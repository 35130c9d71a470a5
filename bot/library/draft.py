"""What a reader found at a place, and whether it makes an article."""

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

# A database cuts text at NUL, and half a surrogate pair has no form in UTF-8.
_UNSTORABLE = re.compile(r"[\0\ud800-\udfff]")
# Control characters and line ends would break receipts, whose parts are lines.
_FORBIDDEN_ID_CATEGORIES = {"Cc", "Zl", "Zp"}


class FileLocation(NamedTuple):
    """Where an article stands: a file, or one line of it (from 1; None for the whole file)."""

    path: Path
    line: int | None = None

    def __str__(self) -> str:
        return f"{self.path}" if self.line is None else f"{self.path}, line {self.line}"


class LocatedArticle(NamedTuple):
    """An article and the place it was read from."""

    location: FileLocation
    article: Article


ReadResult = LocatedArticle | ArticleError


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleDraft:
    """The parts of a possible article, unchecked; None or blank is not given."""

    location: FileLocation
    id: str
    date: str
    text: str
    title: str | None = None
    source: str | None = None
    url: str | None = None


def validate_draft(draft: ArticleDraft, max_article_bytes: int) -> ReadResult:
    r"""The article that the draft makes, or why it makes none.

    The body is the text with line ends as `\n` and without white space around it.
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
    """The reason that refuses an article over the limit."""
    return (
        f"its text is over {max_article_bytes:,} bytes: divide it, "
        "or raise the setting library.max_article_bytes"
    )


def _find_flaws(draft: ArticleDraft, body: str, max_article_bytes: int) -> Iterator[str]:
    """Why the draft makes no article; each check may rely on those before it."""
    for name in ("id", "title", "source", "url", "text"):
        if _UNSTORABLE.search(getattr(draft, name) or ""):
            yield f"its {name} holds a NUL or half a surrogate pair, no characters: remove them"
    if not _is_valid_id(draft.id):
        yield _describe_invalid_id(draft.id)
    if _parse_day(draft.date) is None:
        yield f"the date {draft.date[:40]!r} is not a day of the calendar written as YYYY-MM-DD"
    if not body:
        yield "its text is empty: add the body of the article"
    if len(body.encode()) > max_article_bytes:
        yield describe_too_long(max_article_bytes)
    url = _collapse_white_space(draft.url)
    if url and not _is_web_address(url):
        yield f"the url {url[:80]!r} is no web address: write https://host/path, or leave it out"


def _describe_invalid_id(text: str) -> str:
    return (
        f"the id {text[:40]!r} can't be used: give it 1 to {MAX_ID_CHARS} characters, "
        "no control characters and no white space at its ends "
        "(a text file's id is its name without the extension)"
    )


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
    return day if day.isoformat() == text else None


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return has_host and parts.scheme in {"http", "https"} and url.isprintable() and " " not in url


def _collapse_white_space(text: str | None) -> str | None:
    return " ".join((text or "").split()) or None
