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
from bot.library.draft import FileLocation, LocatedArticle, ReadResult
from bot.library.files import build_unreadable_error, find_files
from bot.model.article import ArticleId
from bot.model.progress import ProgressCallback
from bot.store.articles import ArticleStore, PutOutcome

_MAX_BATCH_RESULTS = 50
_MAX_BATCH_CHARS = 4_000_000


class IngestStatus(StrEnum):
    """What became of one file or line."""

    ADDED = "added"
    REVISED = "revised"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestOutcome:
    """What became of one file or line.

    Attributes:
        path: The file, or what could not be read as one.
        line: Counted from 1; None for the whole file.
        article_id: None where no article was read.
        status: Whether it is in the library now, and what that changed.
        reason: Why it was refused and what to do; None otherwise.
    """

    path: Path
    line: int | None
    article_id: ArticleId | None
    status: IngestStatus
    reason: str | None = None


async def ingest(
    paths: Sequence[Path],
    store: ArticleStore,
    *,
    at: datetime | Callable[[], datetime],
    max_article_bytes: int,
    progress: ProgressCallback | None = None,
) -> tuple[IngestOutcome, ...]:
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
    files = await asyncio.to_thread(tuple, find_files(paths))
    id_locations = _IdLocations()
    batches = _read_batches(files, max_article_bytes)
    while batch := await asyncio.to_thread(next, batches, ()):
        id_locations.add(batch)
    outcomes: list[IngestOutcome] = []
    batches = _read_batches(files, max_article_bytes)
    while batch := await asyncio.to_thread(next, batches, ()):
        outcomes += await _store_batch([id_locations.check(result) for result in batch], store, at)
        if progress:
            progress(len(outcomes), id_locations.count)
    return tuple(outcomes)


class _IdLocations:
    """Which places claim which id, as the first pass found them.

    Attributes:
        count: How many places there are.
    """

    def __init__(self) -> None:
        self.count = 0
        self._first_locations: dict[ArticleId, FileLocation] = {}
        self._second_locations: dict[ArticleId, FileLocation] = {}

    def add(self, batch: Iterable[ReadResult]) -> None:
        """Count the results and remember what they claim."""
        for result in batch:
            self.count += 1
            if isinstance(result, LocatedArticle):
                article_id = result.article.id
                if self._first_locations.setdefault(article_id, result.location) != result.location:
                    self._second_locations.setdefault(article_id, result.location)

    def check(self, result: ReadResult) -> ReadResult:
        """Return the result; an error if its place does not have the article's id to itself."""
        if isinstance(result, ArticleError):
            return result
        location, article_id = result.location, result.article.id
        first, second = (
            self._first_locations.get(article_id),
            self._second_locations.get(article_id),
        )
        if second:
            other = second if location == first else first
            reason = f"the id {article_id!r} is also that of {other}: give each its own"
            return ArticleError(*location, reason)
        if location != first:
            return ArticleError(*location, "the file changed while it was read: ingest it again")
        return result


def _read_batches(
    files: Iterable[Path | ArticleError], max_article_bytes: int
) -> Iterator[tuple[ReadResult, ...]]:
    batch: list[ReadResult] = []
    chars = 0
    for result in _read_files(files, max_article_bytes):
        batch.append(result)
        chars += len(result.article.body) if isinstance(result, LocatedArticle) else 0
        if len(batch) == _MAX_BATCH_RESULTS or chars >= _MAX_BATCH_CHARS:
            yield tuple(batch)
            batch, chars = [], 0
    if batch:
        yield tuple(batch)


def _read_files(
    files: Iterable[Path | ArticleError], max_article_bytes: int
) -> Iterator[ReadResult]:
    for file in files:
        if isinstance(file, ArticleError):
            yield file
            continue
        is_json_lines = file.name.lower().endswith(json_lines.SUFFIXES)
        reader = json_lines if is_json_lines else dated_text
        try:
            yield from reader.read_articles(file, max_article_bytes)
        except OSError as error:
            yield build_unreadable_error(file, error)


async def _store_batch(
    batch: Sequence[ReadResult], store: ArticleStore, at: datetime | Callable[[], datetime]
) -> list[IngestOutcome]:
    articles = [result.article for result in batch if isinstance(result, LocatedArticle)]
    put_outcomes = iter(await store.put(articles, at))
    return [_build_outcome(result, put_outcomes) for result in batch]


def _build_outcome(result: ReadResult, put_outcomes: Iterator[PutOutcome]) -> IngestOutcome:
    if isinstance(result, ArticleError):
        return IngestOutcome(
            path=result.path,
            line=result.line,
            article_id=None,
            status=IngestStatus.REFUSED,
            reason=result.reason,
        )
    return IngestOutcome(
        path=result.location.path,
        line=result.location.line,
        article_id=result.article.id,
        status=IngestStatus(next(put_outcomes)),
    )
