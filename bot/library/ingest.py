"""Adding articles from files and folders to the store.

Every file is read twice. The first pass counts the articles and finds ids that occur more than
once: none of these articles is stored, not even the first. The second pass stores the others. At
most one batch of bodies is in memory at a time.
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

# A batch is stored in one transaction, and its bodies are in memory at the same time.
_MAX_BATCH_RESULTS = 50
_MAX_BATCH_CHARS = 4_000_000


class IngestStatus(StrEnum):
    """The results that a file or line can have."""

    ADDED = "added"
    REVISED = "revised"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestOutcome:
    """The result for one file or line.

    Attributes:
        path: The file, or a path that could not be read as one.
        line: The line, counted from 1; None for the whole file.
        article_id: The article's id; None if no article was read.
        status: Whether the article is stored, and whether that changed the library.
        reason: Why it was refused and what to do; None if it was not refused.
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
    """Store the articles, and return the result for each file and line in input order.

    Each batch is stored in its own transaction, so an error or a cancellation leaves the earlier
    batches stored.

    Args:
        paths: Files, or folders with all files below them.
        store: The store that receives the articles.
        at: The time of storing, or a clock that is read for each batch.
        max_article_bytes: The maximum size of a body, in UTF-8 bytes.
        progress: Called after each batch with the number of results so far, and their total.
    """
    # Files are read in threads, since they would block the event loop.
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
    """The locations of each id, found in the first pass.

    Attributes:
        count: The number of results, refused ones included.
    """

    def __init__(self) -> None:
        self.count = 0
        self._first_locations: dict[ArticleId, FileLocation] = {}
        self._second_locations: dict[ArticleId, FileLocation] = {}

    def add(self, batch: Iterable[ReadResult]) -> None:
        """Count the results, and record where each id occurs."""
        for result in batch:
            self.count += 1
            if isinstance(result, LocatedArticle):
                article_id = result.article.id
                if self._first_locations.setdefault(article_id, result.location) != result.location:
                    self._second_locations.setdefault(article_id, result.location)

    def check(self, result: ReadResult) -> ReadResult:
        """Return the result, or an error if its id occurs at another location, too."""
        if isinstance(result, ArticleError):
            return result
        location, article_id = result.location, result.article.id
        first, second = (
            self._first_locations.get(article_id),
            self._second_locations.get(article_id),
        )
        if second:
            other = second if location == first else first
            reason = f"the id “{article_id}” is also used in {other}. Give each article its own id."
            return ArticleError(*location, reason)
        if location != first:
            reason = "the file changed while it was being read. Ingest it again."
            return ArticleError(*location, reason)
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
        except OSError as error:  # possibly in the middle of the file, after some articles
            yield build_unreadable_error(file, error)


async def _store_batch(
    batch: Sequence[ReadResult], store: ArticleStore, at: datetime | Callable[[], datetime]
) -> list[IngestOutcome]:
    articles = [result.article for result in batch if isinstance(result, LocatedArticle)]
    put_outcomes = iter(await store.put(articles, at) if articles else ())
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
