"""The articles of the library in all their revisions, and the record of withdrawals."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.errors import UnknownArticle
from bot.model.arrival import Arrival
from bot.model.article import Article, ArticleId, Withdrawal
from bot.store.database import Database, Transaction, format_utc

# Ids are passed as one JSON text, because SQLite limits the number of parameters.
_FIND_CURRENT = """
    SELECT article_id, title, title_derived, source, url, published_on, body, revision
    FROM json_each(?) AS asked
    JOIN articles ON article_id = asked.value
    JOIN revisions USING (article_id, revision)
    ORDER BY asked.key
"""
_FIND_REVISION = """
    SELECT article_id, title, title_derived, source, url, published_on, body, revision
    FROM revisions
    WHERE article_id = ? AND revision = ?
"""
_ARRIVAL_TIMES = """
    SELECT article_id, min(ingested_at) FROM revisions
    WHERE article_id IN (SELECT value FROM json_each(?))
    GROUP BY article_id
"""
# An article dated in the future may have been added long before the window and waited for its day.
_ARRIVALS = """
    WITH recent AS (
        SELECT article_id FROM revisions WHERE ingested_at >= ? AND ingested_at < ?
        UNION
        SELECT article_id FROM revisions WHERE published_on BETWEEN ? AND ?
    ), histories AS (
        SELECT
            article_id,
            min(ingested_at) AS came_in_at,
            max(CASE WHEN ingested_at < ? THEN revision END) AS before
        FROM revisions
        WHERE article_id IN (SELECT article_id FROM recent)
        GROUP BY article_id
    )
    SELECT
        article_id, title, title_derived, source, url, published_on, body, revision,
        came_in_at, ingested_at, nullif(before, revision)
    FROM histories
    JOIN articles USING (article_id)
    JOIN revisions USING (article_id, revision)
    WHERE published_on >= ? AND came_in_at < ?
    ORDER BY article_id
"""
_LAST_ARRIVAL_TIME = "SELECT max(ingested_at) FROM revisions WHERE ingested_at < ?"
_INGESTION_TIME = "SELECT ingested_at FROM revisions WHERE article_id = ? AND revision = ?"
_LAST_WITHDRAWN_REVISIONS = """
    SELECT article_id, max(last_revision)
    FROM withdrawals
    WHERE article_id IN (SELECT value FROM json_each(?))
    GROUP BY article_id
"""
_PUT_ARTICLE = """
    INSERT INTO articles (article_id, revision) VALUES (?, ?)
    ON CONFLICT (article_id) DO UPDATE SET revision = excluded.revision
"""
_PUT_REVISION = """
    INSERT INTO revisions (
        article_id, revision, title, title_derived, source, url, published_on, body, ingested_at
    ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_PUT_WITHDRAWAL = """
    INSERT INTO withdrawals (article_id, last_revision, withdrawn_at, reason) VALUES (?, ?, ?, ?)
"""
_LAST_WITHDRAWAL = """
    SELECT withdrawn_at, reason FROM withdrawals
    WHERE article_id = ?
    ORDER BY last_revision DESC
    LIMIT 1
"""
# The highest rowid is the newest revision; max(ingested_at) would read past all article bodies.
_LAST_CHANGE_TIME = """
    SELECT max(at) FROM (
        SELECT ingested_at AS at FROM revisions WHERE rowid = (SELECT max(rowid) FROM revisions)
        UNION ALL
        SELECT withdrawn_at FROM withdrawals
    )
"""
_CHANGE_STATE = """
    SELECT coalesce((SELECT max(rowid) FROM revisions), 0), (SELECT count(*) FROM withdrawals)
"""
_HAS_EVER_HELD_ARTICLES = (
    "SELECT EXISTS (SELECT * FROM articles) OR EXISTS (SELECT * FROM withdrawals)"
)

_ONE_DAY = timedelta(days=1)


class PutOutcome(StrEnum):
    """The result of storing an article."""

    ADDED = "added"
    REVISED = "revised"
    UNCHANGED = "unchanged"


class ArticleStore:
    """The articles and their revisions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(
        self, articles: Sequence[Article], at: datetime | Callable[[], datetime]
    ) -> tuple[PutOutcome, ...]:
        """Store all of the articles or none, and return the result for each, in order.

        An article that differs from its current revision in any field becomes the next revision.
        The `revision` that it carries is ignored.

        Args:
            articles: The articles.
            at: The ingestion time. A clock is read inside the transaction, so that no digest window
                that ended earlier can have missed the articles.

        Raises:
            ValueError: An article has no date.
        """
        async with self._database.transaction() as transaction:
            ingested_at = format_utc(at() if callable(at) else at)
            current, withdrawn_revisions = await _fetch_current_and_withdrawn(transaction, articles)
            outcomes, new_revisions = _classify_articles(articles, current, withdrawn_revisions)
            await transaction.execute_many(
                _PUT_ARTICLE, [(article.id, article.revision) for article in new_revisions]
            )
            await transaction.execute_many(
                _PUT_REVISION, [_article_to_row(article, ingested_at) for article in new_revisions]
            )
        return outcomes

    async def withdraw(self, article_id: ArticleId, reason: str, at: datetime) -> None:
        """Delete all revisions of an article and record that it was withdrawn.

        Raises:
            UnknownArticle: The library does not hold it.
        """
        withdrawn_at = format_utc(at)
        async with self._database.transaction() as transaction:
            removed = await transaction.fetch(
                "DELETE FROM articles WHERE article_id = ? RETURNING revision", (article_id,)
            )
            if not removed:
                raise UnknownArticle(article_id)
            ((revision,),) = removed
            await transaction.execute(_PUT_WITHDRAWAL, (article_id, revision, withdrawn_at, reason))

    async def get_current_revisions(self) -> dict[ArticleId, int]:
        """Return the current revision of each article, ordered by article id."""
        rows = await self._database.fetch(
            "SELECT article_id, revision FROM articles ORDER BY article_id"
        )
        return dict(rows)

    async def find_many(self, ids: Sequence[ArticleId]) -> list[Article]:
        """Return the current revisions of these articles, in order; unknown ids are skipped."""
        rows = await self._database.fetch(_FIND_CURRENT, (json.dumps(ids),))
        return [_row_to_article(*row) for row in rows]

    async def find(self, article_id: ArticleId) -> Article | None:
        """Return the current revision of an article; None if the library does not hold it."""
        return next(iter(await self.find_many([article_id])), None)

    async def find_revision(self, article_id: ArticleId, revision: int) -> Article | None:
        """Return one revision of an article; None if it does not exist."""
        rows = await self._database.fetch(_FIND_REVISION, (article_id, revision))
        return next((_row_to_article(*row) for row in rows), None)

    async def get_ingestion_time(self, article_id: ArticleId, revision: int) -> datetime | None:
        """Return when a revision was added to the library; None if it does not exist."""
        rows = await self._database.fetch(_INGESTION_TIME, (article_id, revision))
        return next((datetime.fromisoformat(at) for (at,) in rows), None)

    async def get_arrival_times(self, ids: Sequence[ArticleId]) -> dict[ArticleId, datetime]:
        """Return when the first revision of each article was added; unknown ids are skipped."""
        rows = await self._database.fetch(_ARRIVAL_TIMES, (json.dumps(ids),))
        return {ArticleId(article_id): datetime.fromisoformat(at) for article_id, at in rows}

    async def find_arrivals(
        self, window_starts_at: datetime, window_ends_at: datetime, since: date
    ) -> tuple[Arrival, ...]:
        """Return the articles that a digest window can concern, ordered by article id.

        These were added or revised in the window, or are dated within a day of it.

        Args:
            window_starts_at: The first moment of the window.
            window_ends_at: The end of the half-open window.
            since: Articles published before this day are left out.
        """
        begin, end = format_utc(window_starts_at), format_utc(window_ends_at)
        around = (window_starts_at.date() - _ONE_DAY, window_ends_at.date() + _ONE_DAY)
        days = [day.isoformat() for day in (*around, since)]
        rows = await self._database.fetch(_ARRIVALS, (begin, end, *days[:2], begin, days[2], end))
        return tuple([await self._row_to_arrival(*row) for row in rows])

    async def _row_to_arrival(self, *row: Any) -> Arrival:
        *columns, arrived_at, revised_at, previous_revision = row
        article = _row_to_article(*columns)
        return Arrival(
            article=article,
            arrived_at=datetime.fromisoformat(arrived_at),
            revised_at=datetime.fromisoformat(revised_at),
            previous=await self.find_revision(article.id, previous_revision)
            if previous_revision
            else None,
        )

    async def get_last_arrival_time(self, before: datetime) -> datetime | None:
        """Return when the last revision was added before an instant; None if there is none."""
        ((at,),) = await self._database.fetch(_LAST_ARRIVAL_TIME, (format_utc(before),))
        return datetime.fromisoformat(at) if at else None

    async def get_last_change_time(self) -> datetime | None:
        """Return when an article was last added, revised or withdrawn; None if never."""
        ((at,),) = await self._database.fetch(_LAST_CHANGE_TIME)
        return datetime.fromisoformat(at) if at else None

    async def get_change_token(self) -> tuple[int, int]:
        """Return numbers that change with each new revision or withdrawal, cheap to read."""
        ((arrival_count, withdrawal_count),) = await self._database.fetch(_CHANGE_STATE)
        return arrival_count, withdrawal_count

    async def get_library_id(self) -> str:
        """Return the random id of this library, created with its database."""
        ((library_id,),) = await self._database.fetch("SELECT library_id FROM library")
        return str(library_id)

    async def has_ever_held_articles(self) -> bool:
        """Return whether an article was ever stored, even if all have been withdrawn."""
        ((has_held_articles,),) = await self._database.fetch(_HAS_EVER_HELD_ARTICLES)
        return bool(has_held_articles)

    async def get_withdrawn_revisions(self, ids: Iterable[ArticleId]) -> dict[ArticleId, int]:
        """Return the last revision of each article that was withdrawn; other ids are skipped."""
        rows = await self._database.fetch(_LAST_WITHDRAWN_REVISIONS, (json.dumps(list(ids)),))
        return dict(rows)

    async def truncate_wal(self) -> None:
        """Move what was stored from the write-ahead log into the database, unless it is in use."""
        await self._database.truncate_wal()

    async def find_last_withdrawal(self, article_id: ArticleId) -> Withdrawal | None:
        """Return the last withdrawal of an article, even if it was added again since.

        None if it was never withdrawn.
        """
        rows = await self._database.fetch(_LAST_WITHDRAWAL, (article_id,))
        return next(
            (
                Withdrawal(withdrawn_at=datetime.fromisoformat(at), reason=reason)
                for at, reason in rows
            ),
            None,
        )


async def _fetch_current_and_withdrawn(
    transaction: Transaction, articles: Iterable[Article]
) -> tuple[dict[ArticleId, Article], dict[ArticleId, int]]:
    """Return the articles' current revisions, and the last revision numbers of withdrawn ones."""
    ids = json.dumps([article.id for article in articles])
    current = [_row_to_article(*row) for row in await transaction.fetch(_FIND_CURRENT, (ids,))]
    withdrawn_rows = await transaction.fetch(_LAST_WITHDRAWN_REVISIONS, (ids,))
    return {article.id: article for article in current}, dict(withdrawn_rows)


def _classify_articles(
    articles: Iterable[Article],
    current: Mapping[ArticleId, Article],
    withdrawn_revisions: Mapping[ArticleId, int],
) -> tuple[tuple[PutOutcome, ...], list[Article]]:
    """Return the outcome for each article, and the new revisions to write."""
    outcomes, new_revisions, known = [], [], dict(current)
    for article in articles:
        known_article = known.get(article.id)
        last_revision = (
            known_article.revision if known_article else withdrawn_revisions.get(article.id, 0)
        )
        if known_article == replace(article, revision=last_revision):
            outcomes.append(PutOutcome.UNCHANGED)
        else:
            outcomes.append(PutOutcome.REVISED if known_article else PutOutcome.ADDED)
            known[article.id] = replace(article, revision=last_revision + 1)
            new_revisions.append(known[article.id])
    return tuple(outcomes), new_revisions


def _article_to_row(article: Article, ingested_at: str) -> tuple[Any, ...]:
    if article.published_on is None:
        message = f"article {article.id} has no date"
        raise ValueError(message)
    return (
        article.id,
        article.revision,
        article.title,
        article.has_derived_title,
        article.source,
        article.url,
        article.published_on.isoformat(),
        article.body,
        ingested_at,
    )


def _row_to_article(  # noqa: PLR0913, PLR0917 - the columns of one row, in the queries' order
    article_id: str,
    title: str,
    title_derived: int,
    source: str | None,
    url: str | None,
    published_on: str,
    body: str,
    revision: int,
) -> Article:
    return Article(
        id=ArticleId(article_id),
        title=title,
        has_derived_title=bool(title_derived),
        source=source,
        url=url,
        published_on=date.fromisoformat(published_on),
        body=body,
        revision=revision,
    )
