"""Articles from files and folders into the store.

Every place is read twice. The first time shows which ids stand in more than one place, since
none of these may go in, not even the first, and how much there is; only then can the second
time write. No more than a batch of bodies is held at once.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from bot.errors import ArticleError
from bot.library import dated_text, json_lines
from bot.library.draft import Finding, Place, PlacedArticle
from bot.library.files import files_of, unreadable
from bot.model.article import ArticleId
from bot.store.articles import ArticleStore, Stored

_MAX_BATCH_FINDINGS = 50
_MAX_BATCH_CHARS = 4_000_000


class Result(StrEnum):
    """What became of one file or line."""

    ADDED = "added"
    REVISED = "revised"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one file or line.

    Attributes:
        path: The file, or what could not be read as one.
        line: Counted from 1; None for the whole file.
        article_id: None where no article was read.
        result: Whether it is in the library now, and what that changed.
        reason: Why it was refused and what to do; None otherwise.
    """

    path: Path
    line: int | None
    article_id: ArticleId | None
    result: Result
    reason: str | None = None


async def ingest(
    paths: Sequence[Path],
    store: ArticleStore,
    *,
    at: datetime | Callable[[], datetime],
    max_article_bytes: int,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Outcome, ...]:
    """What became of each file and line, in the order of the input.

    Batches are stored as they are read, each in one transaction, so what was stored before an
    error or a cancellation stays.

    Args:
        paths: Files, and folders with all that is below them.
        store: Takes the articles.
        at: When this happens; a clock is read anew for each batch.
        max_article_bytes: The longest body, in UTF-8 bytes.
        progress: Called after each batch with how many places are done, and how many there are.

    Raises:
        StoreError: The store can't take them.
    """
    files = await asyncio.to_thread(tuple, files_of(paths))
    claims = _Claims()
    batches = _batches(files, max_article_bytes)
    while batch := await asyncio.to_thread(next, batches, ()):
        claims.note(batch)
    outcomes: list[Outcome] = []
    batches = _batches(files, max_article_bytes)
    while batch := await asyncio.to_thread(next, batches, ()):
        outcomes += await _stored([claims.checked(finding) for finding in batch], store, at)
        if progress:
            progress(len(outcomes), claims.count)
    return tuple(outcomes)


class _Claims:
    """Which places claim which id, as the first pass found them.

    Attributes:
        count: How many places there are.
    """

    def __init__(self) -> None:
        self.count = 0
        self._first: dict[ArticleId, Place] = {}
        self._second: dict[ArticleId, Place] = {}

    def note(self, findings: Iterable[Finding]) -> None:
        """Counts the findings and remembers what they claim."""
        for finding in findings:
            self.count += 1
            if isinstance(finding, PlacedArticle):
                article_id = finding.article.id
                if self._first.setdefault(article_id, finding.place) != finding.place:
                    self._second.setdefault(article_id, finding.place)

    def checked(self, finding: Finding) -> Finding:
        """The finding; an error if its place does not have the article's id to itself."""
        if isinstance(finding, ArticleError):
            return finding
        place, article_id = finding.place, finding.article.id
        first, second = self._first.get(article_id), self._second.get(article_id)
        if second:
            other = second if place == first else first
            reason = f"the id {article_id!r} is also that of {other}: give each its own"
            return ArticleError(*place, reason)
        if place != first:
            return ArticleError(*place, "the file changed while it was read: ingest it again")
        return finding


def _batches(
    files: Iterable[Path | ArticleError], max_article_bytes: int
) -> Iterator[tuple[Finding, ...]]:
    batch: list[Finding] = []
    chars = 0
    for finding in _findings(files, max_article_bytes):
        batch.append(finding)
        chars += len(finding.article.body) if isinstance(finding, PlacedArticle) else 0
        if len(batch) == _MAX_BATCH_FINDINGS or chars >= _MAX_BATCH_CHARS:
            yield tuple(batch)
            batch, chars = [], 0
    if batch:
        yield tuple(batch)


def _findings(files: Iterable[Path | ArticleError], max_article_bytes: int) -> Iterator[Finding]:
    for file in files:
        if isinstance(file, ArticleError):
            yield file
            continue
        is_json_lines = file.name.lower().endswith(json_lines.SUFFIXES)
        reader = json_lines if is_json_lines else dated_text
        try:
            yield from reader.findings(file, max_article_bytes)
        except OSError as error:
            yield unreadable(file, error)


async def _stored(
    findings: Sequence[Finding], store: ArticleStore, at: datetime | Callable[[], datetime]
) -> list[Outcome]:
    articles = [finding.article for finding in findings if isinstance(finding, PlacedArticle)]
    results = iter(await store.put(articles, at))
    return [_outcome(finding, results) for finding in findings]


def _outcome(finding: Finding, results: Iterator[Stored]) -> Outcome:
    if isinstance(finding, ArticleError):
        return Outcome(
            path=finding.path,
            line=finding.line,
            article_id=None,
            result=Result.REFUSED,
            reason=finding.reason,
        )
    return Outcome(
        path=finding.place.path,
        line=finding.place.line,
        article_id=finding.article.id,
        result=Result(next(results)),
    )
