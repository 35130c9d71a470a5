"""Shown answers and lookup results, stored so that their buttons work; never the question."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.model.article import ArticleId
from bot.model.day_range import DayRange
from bot.model.ids import Pseudonym
from bot.model.shown_answer import (
    AnswerRetention,
    ShownAnswer,
    ShownExcerpt,
    ShownListing,
    ShownShares,
)
from bot.model.span import Span
from bot.store.database import Database, format_utc

_PUT = """
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
_FIND_SIMILAR = """
    SELECT key, excerpts, undated
    FROM answers_shown
    WHERE asker = ? AND guild IS ? AND listing IS ? AND dates = ? AND total = ? AND expires_at > ?
        AND question_id IS NULL  -- else it would be deleted with the message that it answers
"""
_COUNT_BY_PERSON = "SELECT count(*), max(expires_at) FROM answers_shown WHERE asker = ?"
_PURGE = "DELETE FROM answers_shown WHERE expires_at <= ? RETURNING key"
_DELETE_BY_PERSON = "DELETE FROM answers_shown WHERE asker = ? RETURNING key"
_REMOVE = "DELETE FROM answers_shown WHERE key = ? RETURNING key"
_RECORD_REPLY = "UPDATE answers_shown SET question_id = ?, reply_id = ? WHERE key = ?"
_FIND_BY_QUESTIONS = """
    SELECT key FROM answers_shown WHERE question_id IN (SELECT value FROM json_each(?))
"""
_REMOVE_BY_QUESTIONS = """
    DELETE FROM answers_shown WHERE question_id IN (SELECT value FROM json_each(?))
    RETURNING reply_id
"""


class AnswerStore:
    """The shown answers and lookup results."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, answer: ShownAnswer) -> None:
        """Store an answer, replacing the one with the same key."""
        async with self._database.transaction() as transaction:
            await transaction.execute(_PUT, _answer_to_row(answer))

    async def put_or_renew(self, answer: ShownAnswer) -> str:
        """Store an answer in the row of an earlier one with the same passages, if there is one.

        The earlier answer is of the same person in the same place and has not expired. Its key stays,
        so that the buttons of both messages work; all else is replaced.

        Returns:
            The key under which the answer is stored.
        """
        async with self._database.transaction() as transaction:
            # In the transaction, so that two presses of a button at once share a row, too.
            similar = await transaction.fetch(_FIND_SIMILAR, _answer_to_similar_parameters(answer))
            shown = answer.excerpts, answer.undated_excerpts
            passages = _list_passages(*map(_excerpts_to_json, shown))
            keys = (key for key, *stored in similar if _list_passages(*stored) == passages)
            stored_answer = replace(answer, key=next(keys, answer.key))
            await transaction.execute(_PUT, _answer_to_row(stored_answer))
        return stored_answer.key

    async def find(self, key: str, now: datetime) -> ShownAnswer | None:
        """Return the answer with this key; None if it does not exist or has expired."""
        rows = await self._database.fetch(_FIND, (key, format_utc(now)))
        return next((_row_to_answer(*row) for row in rows), None)

    async def get_retention(self, person: Pseudonym) -> AnswerRetention:
        """Return how many of a person's answers are stored, and when the last one expires."""
        ((count, expires_at),) = await self._database.fetch(_COUNT_BY_PERSON, (person,))
        return AnswerRetention(
            count=count, expires_at=datetime.fromisoformat(expires_at) if expires_at else None
        )

    async def purge(self, now: datetime) -> int:
        """Delete the answers that expired at `now` or before; return how many there were."""
        return await self._database.delete(_PURGE, (format_utc(now),))

    async def delete_by_person(self, person: Pseudonym) -> int:
        """Delete the answers to a person; return how many there were."""
        return await self._database.delete(_DELETE_BY_PERSON, (person,))

    async def remove(self, key: str) -> None:
        """Delete the answer with this key, if it exists."""
        await self._database.delete(_REMOVE, (key,))

    async def record_reply(self, key: str, *, question_id: str, reply_id: str) -> None:
        """Record the message that the answer with this key replies to, and the reply."""
        async with self._database.transaction() as transaction:
            await transaction.execute(_RECORD_REPLY, (question_id, reply_id, key))

    async def remove_by_questions(self, question_ids: Collection[str]) -> tuple[str, ...]:
        """Delete the answers to these messages, and return the ids of the replies."""
        parameters = (json.dumps([*question_ids]),)
        # Most messages that are deleted are no questions, and reading does not wait for a writer.
        if not await self._database.fetch(_FIND_BY_QUESTIONS, parameters):
            return ()
        async with self._database.transaction() as transaction:
            rows = await transaction.fetch(_REMOVE_BY_QUESTIONS, parameters)
        await self._database.truncate_wal()
        return tuple(reply_id for (reply_id,) in rows)


def _answer_to_similar_parameters(answer: ShownAnswer) -> tuple[object, ...]:
    return (
        answer.asker,
        answer.guild,
        _listing_to_json(answer.listing),
        _dates_to_json(answer.dates),
        answer.total,
        format_utc(answer.shown_at),
    )


def _list_passages(excerpts: str, undated: str) -> tuple[list[object], ...]:
    """Return the article, revision and span of each excerpt; matches and scores may differ."""
    return tuple([numbers[:3] for numbers in json.loads(text)] for text in (excerpts, undated))


def _excerpts_to_json(excerpts: Sequence[ShownExcerpt]) -> str:
    return json.dumps([_excerpt_to_numbers(excerpt) for excerpt in excerpts])


def _dates_to_json(dates: Sequence[DayRange]) -> str:
    return json.dumps([_day_range_to_texts(day_range) for day_range in dates])


def _listing_to_json(listing: ShownListing | None) -> str | None:
    return json.dumps(_listing_to_object(listing)) if listing else None


def _excerpt_to_numbers(excerpt: ShownExcerpt) -> list[object]:
    return [
        excerpt.article_id,
        excerpt.revision,
        excerpt.span,
        excerpt.answer_span,
        excerpt.matches,
        excerpt.score,
        _shares_to_numbers(excerpt.shares) if excerpt.shares else None,
    ]


def _shares_to_numbers(shares: ShownShares) -> list[object]:
    return [[(*span, share) for span, share in shares.terms.items()], dict(shares.features)]


def _numbers_to_excerpt(  # noqa: PLR0913, PLR0917 - in the order of _excerpt_to_numbers
    article_id: str,
    revision: int,
    span: Sequence[int],
    answer_span: Sequence[int],
    matches: Sequence[Sequence[int]],
    score: float,
    shares: tuple[Sequence[tuple[int, int, float]], Mapping[str, float]] | None = None,
) -> ShownExcerpt:
    return ShownExcerpt(
        article_id=ArticleId(article_id),
        revision=revision,
        span=Span(*span),
        answer_span=Span(*answer_span),
        matches=tuple(Span(*match) for match in matches),
        score=score,
        shares=_numbers_to_shares(*shares) if shares else None,
    )


def _numbers_to_shares(
    terms: Sequence[tuple[int, int, float]], features: Mapping[str, float]
) -> ShownShares:
    return ShownShares(
        terms={Span(start, end): share for start, end, share in terms}, features=features
    )


def _listing_to_object(listing: ShownListing) -> dict[str, object]:
    return {
        "lookup": listing.lookup,
        "after": _day_to_text(listing.after),
        "before": _day_to_text(listing.before),
        "facts": dict(listing.facts),
    }


def _object_to_listing(
    *, lookup: str, after: str | None, before: str | None, facts: Mapping[str, str]
) -> ShownListing:
    return ShownListing(
        lookup=lookup, after=_text_to_day(after), before=_text_to_day(before), facts=facts
    )


def _day_range_to_texts(days: DayRange) -> list[str | None]:
    return [_day_to_text(days.first), _day_to_text(days.last)]


def _texts_to_day_range(texts: Sequence[str | None]) -> DayRange:
    first, last = map(_text_to_day, texts)
    return DayRange(first=first, last=last)


def _day_to_text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _text_to_day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _answer_to_row(answer: ShownAnswer) -> tuple[object, ...]:
    return (
        answer.key,
        _excerpts_to_json(answer.excerpts),
        answer.answering_count,
        answer.total,
        _dates_to_json(answer.dates),
        answer.asker,
        format_utc(answer.shown_at),
        format_utc(answer.expires_at),
        _listing_to_json(answer.listing),
        _excerpts_to_json(answer.undated_excerpts),
        answer.undated_answering_count,
        answer.undated_total,
        answer.guild,
    )


def _row_to_answer(  # noqa: PLR0913, PLR0917 - the columns of one row, in the query's order
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
) -> ShownAnswer:
    return ShownAnswer(
        key=key,
        excerpts=tuple(_numbers_to_excerpt(*numbers) for numbers in json.loads(excerpts)),
        answering_count=answering_count,
        total=total,
        dates=tuple(map(_texts_to_day_range, json.loads(dates))),
        asker=Pseudonym(asker),
        shown_at=datetime.fromisoformat(shown_at),
        expires_at=datetime.fromisoformat(expires_at),
        listing=_object_to_listing(**json.loads(listing)) if listing else None,
        undated_excerpts=tuple(_numbers_to_excerpt(*numbers) for numbers in json.loads(undated)),
        undated_answering_count=undated_answering_count,
        undated_total=undated_total,
        guild=guild,
    )
