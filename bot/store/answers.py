"""Answers and what lookups found, so that their buttons work later; never what was asked."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from bot.model.article import ArticleId
from bot.model.day_range import DayRange
from bot.model.ids import Pseudonym
from bot.model.shown_answer import AnswerShown, KeptAnswers, ShownExcerpt, ShownListing, ShownShares
from bot.model.span import Span
from bot.store.database import Database, utc_text

_ADD = """
    INSERT INTO answers_shown (
        key, excerpts, answering_count, total, dates, asker, shown_at, expires_at, listing,
        undated, undated_answering_count, undated_total, guild
    ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (key) DO UPDATE SET
        excerpts = excluded.excerpts,
        answering_count = excluded.answering_count,
        total = excluded.total,
        dates = excluded.dates,
        asker = excluded.asker,
        shown_at = excluded.shown_at,
        expires_at = excluded.expires_at,
        listing = excluded.listing,
        undated = excluded.undated,
        undated_answering_count = excluded.undated_answering_count,
        undated_total = excluded.undated_total,
        guild = excluded.guild
"""
_FIND = """
    SELECT
        key, excerpts, answering_count, total, dates, asker, shown_at, expires_at, listing,
        undated, undated_answering_count, undated_total, guild
    FROM answers_shown
    WHERE key = ? AND expires_at > ?
"""
_KEPT_OF = "SELECT count(*), max(expires_at) FROM answers_shown WHERE asker = ?"
_PURGE = "DELETE FROM answers_shown WHERE expires_at <= ? RETURNING key"
_DELETE_OF = "DELETE FROM answers_shown WHERE asker = ? RETURNING key"
_REMOVE = "DELETE FROM answers_shown WHERE key = ? RETURNING key"


class AnswerStore:
    """The answers shown in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, shown: AnswerShown) -> None:
        """Keeps an answer under its key, in place of what was kept under it.

        Raises:
            ValueError: One of its instants is not in UTC.
        """
        row = (
            shown.key,
            json.dumps([_numbers(each) for each in shown.excerpts]),
            shown.answering_count,
            shown.total,
            json.dumps([_day_texts(each) for each in shown.dates]),
            shown.asker,
            utc_text(shown.shown_at),
            utc_text(shown.expires_at),
            json.dumps(_listing_object(shown.listing)) if shown.listing else None,
            json.dumps([_numbers(each) for each in shown.undated]),
            shown.undated_answering_count,
            shown.undated_total,
            shown.guild,
        )
        async with self._database.transaction() as transaction:
            await transaction.execute(_ADD, row)

    async def find(self, key: str, now: datetime) -> AnswerShown | None:
        """The answer of that key; None where there is none, or it has expired."""
        rows = await self._database.fetch(_FIND, (key, utc_text(now)))
        return next((_answer_of(*row) for row in rows), None)

    async def kept_of(self, person: Pseudonym) -> KeptAnswers:
        """How much is kept of what the person asked."""
        ((count, until),) = await self._database.fetch(_KEPT_OF, (person,))
        return KeptAnswers(count=count, until=datetime.fromisoformat(until) if until else None)

    async def purge(self, now: datetime) -> int:
        """Deletes what has expired; gives how many answers that were."""
        return await self._delete(_PURGE, utc_text(now))

    async def delete_of(self, person: Pseudonym) -> int:
        """Deletes what the person asked; gives how many answers that were."""
        return await self._delete(_DELETE_OF, person)

    async def remove(self, key: str) -> None:
        """Deletes the answer of that key, where there is one."""
        await self._delete(_REMOVE, key)

    async def _delete(self, sql: str, parameter: str) -> int:
        async with self._database.transaction() as transaction:
            deleted = await transaction.fetch(sql, (parameter,))
        await self._database.empty_log()
        return len(deleted)


def _numbers(shown: ShownExcerpt) -> list[object]:
    return [
        shown.article_id,
        shown.revision,
        shown.span,
        shown.answering,
        shown.matches,
        shown.score,
        _share_numbers(shown.shares) if shown.shares else None,
    ]


def _share_numbers(shares: ShownShares) -> list[object]:
    return [[(*place, share) for place, share in shares.terms.items()], dict(shares.features)]


def _excerpt_of(  # noqa: PLR0913, PLR0917 - in the order of _numbers
    article_id: str,
    revision: int,
    span: Sequence[int],
    answering: Sequence[int],
    matches: Sequence[Sequence[int]],
    score: float,
    shares: tuple[Sequence[tuple[int, int, float]], Mapping[str, float]] | None = None,
) -> ShownExcerpt:
    return ShownExcerpt(
        article_id=ArticleId(article_id),
        revision=revision,
        span=Span(*span),
        answering=Span(*answering),
        matches=tuple(Span(*match) for match in matches),
        score=score,
        shares=_shares_of(*shares) if shares else None,
    )


def _shares_of(
    terms: Sequence[tuple[int, int, float]], features: Mapping[str, float]
) -> ShownShares:
    return ShownShares(
        terms={Span(start, end): share for start, end, share in terms}, features=features
    )


def _listing_object(listing: ShownListing) -> dict[str, object]:
    return {
        "lookup": listing.lookup,
        "after": _day_text(listing.after),
        "before": _day_text(listing.before),
        "facts": dict(listing.facts),
    }


def _listing_of(
    *, lookup: str, after: str | None, before: str | None, facts: Mapping[str, str]
) -> ShownListing:
    return ShownListing(lookup=lookup, after=_day_of(after), before=_day_of(before), facts=facts)


def _day_texts(days: DayRange) -> list[str | None]:
    return [_day_text(days.first), _day_text(days.last)]


def _days_of(texts: Sequence[str | None]) -> DayRange:
    first, last = map(_day_of, texts)
    return DayRange(first=first, last=last)


def _day_text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day_of(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _answer_of(  # noqa: PLR0913, PLR0917 - the columns of one row, in the query's order
    key: str,
    excerpts: str,
    answering_count: int,
    total: int,
    dates: str,
    asker: str,
    shown_at: str,
    expires_at: str,
    listing: str | None,
    undated: str,
    undated_answering_count: int,
    undated_total: int,
    guild: str | None,
) -> AnswerShown:
    return AnswerShown(
        key=key,
        excerpts=tuple(_excerpt_of(*numbers) for numbers in json.loads(excerpts)),
        answering_count=answering_count,
        total=total,
        dates=tuple(map(_days_of, json.loads(dates))),
        asker=Pseudonym(asker),
        shown_at=datetime.fromisoformat(shown_at),
        expires_at=datetime.fromisoformat(expires_at),
        listing=_listing_of(**json.loads(listing)) if listing else None,
        undated=tuple(_excerpt_of(*numbers) for numbers in json.loads(undated)),
        undated_answering_count=undated_answering_count,
        undated_total=undated_total,
        guild=guild,
    )
