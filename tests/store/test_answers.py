import asyncio
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.errors import StoreError
from bot.model.article import ArticleId
from bot.model.day_range import DayRange
from bot.model.ids import Pseudonym, generate_key
from bot.model.shown_answer import (
    MAX_EXCERPTS,
    AnswerRetention,
    ShownAnswer,
    ShownExcerpt,
    ShownListing,
    ShownShares,
)
from bot.model.span import Span
from bot.store.answers import AnswerStore
from bot.store.database import Database
from tests.store.folders import read_folder

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
WEEK = timedelta(days=7)
MOMENT = timedelta(microseconds=1)
ANNA = Pseudonym("a" * 32)
BEN = Pseudonym("b" * 32)
EXCERPT = ShownExcerpt(
    article_id=ArticleId("flood"),
    revision=2,
    span=Span(10, 90),
    answer_span=Span(40, 90),
    matches=(Span(12, 17), Span(50, 55)),
    score=1 / 3,
    shares=ShownShares(
        terms={Span(12, 17): 1 / 7, Span(50, 55): 2.0}, features={"together": 0.1, "repeats": -1.0}
    ),
)
SHOWN = ShownAnswer(
    key="0123456789-_abcd",
    excerpts=(EXCERPT, replace(EXCERPT, matches=(), revision=1, shares=None)),
    answering_count=1,
    total=42,
    dates=(
        DayRange(first=date(2026, 2, 21), last=date(2026, 2, 28)),
        DayRange(first=date(2026, 3, 1), last=None),
        DayRange(first=None, last=date(2026, 3, 2)),
    ),
    asker=ANNA,
    shown_at=NOON,
    expires_at=NOON + WEEK,
)

FOUND = replace(
    SHOWN,
    listing=ShownListing(
        lookup="search", after=date(2026, 2, 21), before=None, facts={"detail": "full"}
    ),
    undated_excerpts=(replace(EXCERPT, shares=None), EXCERPT),
    undated_answering_count=1,
    undated_total=7,
    guild="1191168914227200000",
)


@pytest.fixture
def store(database: Database) -> AnswerStore:
    return AnswerStore(database)


async def test_an_answer_is_found_as_it_was_kept(store: AnswerStore) -> None:
    await store.put(SHOWN)

    assert await store.find(SHOWN.key, NOON) == SHOWN


async def test_what_a_lookup_found_is_kept_with_what_it_found_without_the_dates(
    store: AnswerStore,
) -> None:
    await store.put(FOUND)

    assert await store.find(FOUND.key, NOON) == FOUND


async def test_an_answer_of_a_version_without_lookups_is_found(
    store: AnswerStore, database: Database
) -> None:
    columns = "key, excerpts, answering_count, total, dates, asker, shown_at, expires_at"
    row = ("old", "[]", 0, 3, "[]", ANNA, NOON.isoformat(), (NOON + WEEK).isoformat())
    async with database.transaction() as transaction:
        await transaction.execute(
            f"INSERT INTO answers_shown ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - a constant
            row,
        )

    found = await store.find("old", NOON)

    assert found == replace(SHOWN, key="old", excerpts=(), dates=(), answering_count=0, total=3)


async def test_an_answer_without_excerpts_and_dates_is_kept(store: AnswerStore) -> None:
    bare = replace(SHOWN, excerpts=(), dates=(), answering_count=0, total=0)

    await store.put(bare)

    assert await store.find(SHOWN.key, NOON) == bare


async def test_an_answer_of_a_version_that_kept_no_shares_is_found(
    store: AnswerStore, database: Database
) -> None:
    await store.put(SHOWN)
    older = json.dumps([["flood", 2, [10, 90], [40, 90], [[12, 17], [50, 55]], 1 / 3]])
    async with database.transaction() as transaction:
        await transaction.execute("UPDATE answers_shown SET excerpts = ?", (older,))

    found = await store.find(SHOWN.key, NOON)

    assert found == replace(SHOWN, excerpts=(replace(EXCERPT, shares=None),))


async def test_a_key_never_given_finds_nothing(store: AnswerStore) -> None:
    await store.put(SHOWN)

    assert await store.find(generate_key(), NOON) is None


@pytest.mark.parametrize("shown_at", [NOON, NOON + MOMENT], ids=["on the second", "between"])
async def test_an_answer_is_found_until_it_expires(store: AnswerStore, shown_at: datetime) -> None:
    expires_at = shown_at + WEEK
    await store.put(replace(SHOWN, shown_at=shown_at, expires_at=expires_at))

    assert await store.find(SHOWN.key, expires_at - MOMENT)
    assert await store.find(SHOWN.key, expires_at) is None


async def test_expired_answers_are_purged_and_the_rest_stays(store: AnswerStore) -> None:
    later = replace(SHOWN, key=generate_key(), expires_at=SHOWN.expires_at + MOMENT)
    await store.put(SHOWN)
    await store.put(later)

    assert await store.purge(SHOWN.expires_at) == 1

    assert await store.find(SHOWN.key, NOON) is None
    assert await store.find(later.key, NOON) == later
    assert await store.purge(SHOWN.expires_at) == 0


async def test_the_answers_of_one_person_are_counted_until_the_last_expires(
    store: AnswerStore,
) -> None:
    await store.put(replace(SHOWN, key="one", expires_at=NOON + MOMENT))
    await store.put(replace(SHOWN, key="two"))
    await store.put(replace(SHOWN, key="other", asker=BEN))

    kept = await store.get_retention(ANNA)
    nothing = await store.get_retention(Pseudonym("c" * 32))

    assert kept == AnswerRetention(count=2, expires_at=NOON + WEEK)
    assert nothing == AnswerRetention(count=0, expires_at=None)


async def test_no_file_holds_an_answer_that_was_deleted(store: AnswerStore, path: Path) -> None:
    await store.put(SHOWN)
    before = read_folder(path)

    await store.purge(NOON + WEEK)

    after = read_folder(path)
    assert SHOWN.key.encode() in before
    assert ANNA.encode() in before
    assert SHOWN.key.encode() not in after
    assert ANNA.encode() not in after


async def test_answers_are_deleted_with_the_messages_that_they_answer(store: AnswerStore) -> None:
    for key, question in (("one", "11"), ("two", "12"), ("other", "13")):
        await store.put(replace(SHOWN, key=key))
        await store.record_reply(key, question_id=question, reply_id=f"{question}00")
    await store.put(replace(SHOWN, key="of a command"))

    removed = await store.remove_by_questions(["11", "12", "99"])
    again = await store.remove_by_questions(["11"])

    assert sorted(removed) == ["1100", "1200"]
    assert again == ()
    assert [
        key for key in ("one", "two", "other", "of a command") if await store.find(key, NOON)
    ] == [
        "other",
        "of a command",
    ]


async def test_an_answer_that_is_stored_again_keeps_its_reply(store: AnswerStore) -> None:
    await store.put(SHOWN)
    await store.record_reply(SHOWN.key, question_id="11", reply_id="12")
    await store.put(SHOWN)

    assert await store.remove_by_questions(["11"]) == ("12",)


async def test_the_reply_of_an_answer_that_is_gone_is_not_recorded(store: AnswerStore) -> None:
    await store.record_reply(SHOWN.key, question_id="11", reply_id="12")

    assert await store.remove_by_questions(["11"]) == ()


async def test_a_message_that_was_deleted_leaves_no_trace_in_the_files(
    store: AnswerStore, path: Path
) -> None:
    await store.put(SHOWN)
    await store.record_reply(SHOWN.key, question_id="998877665544332211", reply_id="12")
    before = read_folder(path)

    await store.remove_by_questions(["998877665544332211"])

    assert b"998877665544332211" in before
    assert b"998877665544332211" not in read_folder(path)


async def test_the_answers_of_one_person_can_be_deleted(store: AnswerStore) -> None:
    of_ben = replace(SHOWN, key=generate_key(), asker=BEN)
    await store.put(SHOWN)
    await store.put(replace(SHOWN, key=generate_key()))
    await store.put(of_ben)

    assert await store.delete_by_person(ANNA) == 2

    assert await store.find(SHOWN.key, NOON) is None
    assert await store.find(of_ben.key, NOON) == of_ben


async def test_one_answer_can_be_deleted(store: AnswerStore) -> None:
    other = replace(SHOWN, key=generate_key())
    await store.put(SHOWN)
    await store.put(other)

    await store.remove(SHOWN.key)
    await store.remove("never given")

    assert await store.find(SHOWN.key, NOON) is None
    assert await store.find(other.key, NOON) == other


async def test_what_is_kept_under_a_key_takes_the_place_of_what_was(store: AnswerStore) -> None:
    other = replace(FOUND, key=SHOWN.key)
    await store.put(SHOWN)

    await store.put(other)

    assert await store.find(SHOWN.key, NOON) == other


@pytest.mark.parametrize("answer", [SHOWN, FOUND], ids=["answer", "listing"])
async def test_the_same_passages_shown_again_renew_the_row(
    store: AnswerStore, answer: ShownAnswer
) -> None:
    again = replace(
        answer,
        key=generate_key(),
        excerpts=tuple(replace(each, matches=(), score=0.5) for each in answer.excerpts),
        shown_at=NOON + WEEK - MOMENT,
        expires_at=NOON + 2 * WEEK - MOMENT,
    )

    keys = [await store.put_or_renew(each) for each in (answer, again)]

    assert keys == [answer.key, answer.key]
    assert await store.find(again.key, NOON) is None
    assert await store.find(answer.key, NOON + WEEK) == replace(again, key=answer.key)


@pytest.mark.parametrize(
    "changes",
    [
        {"asker": BEN},
        {"guild": None},
        {"dates": ()},
        {"listing": replace(FOUND.listing, after=None)},  # type: ignore[type-var]
        {"excerpts": (replace(EXCERPT, revision=3),)},
        {"excerpts": (replace(EXCERPT, span=Span(0, 90)), FOUND.excerpts[1])},
        {"undated_excerpts": FOUND.undated_excerpts[:1]},
        {"shown_at": NOON + WEEK, "expires_at": NOON + 2 * WEEK},
    ],
    ids=["asker", "server", "dates", "bounds", "revision", "span", "undated", "expired"],
)
async def test_other_passages_people_and_places_get_a_row_of_their_own(
    store: AnswerStore, changes: dict[str, Any]
) -> None:
    other = replace(FOUND, key=generate_key(), **changes)

    keys = [await store.put_or_renew(each) for each in (FOUND, other)]

    assert keys == [FOUND.key, other.key]
    assert await store.find(FOUND.key, NOON) == FOUND


async def test_passages_that_also_answer_a_message_do_not_go_with_it(store: AnswerStore) -> None:
    shown_again = replace(SHOWN, key=generate_key())
    await store.put(SHOWN)
    await store.record_reply(SHOWN.key, question_id="1", reply_id="2")

    key = await store.put_or_renew(shown_again)
    await store.remove_by_questions(["1"])

    assert await store.find(key, NOON) == shown_again


async def test_the_same_passages_stored_at_once_share_a_row(store: AnswerStore) -> None:
    answers = [replace(FOUND, key=generate_key()) for _ in range(5)]

    keys = await asyncio.gather(*map(store.put_or_renew, answers))

    assert len({*keys}) == 1


async def test_an_instant_outside_utc_is_refused(store: AnswerStore) -> None:
    with pytest.raises(ValueError, match="not in UTC"):
        await store.put(replace(SHOWN, shown_at=NOON.replace(tzinfo=None)))


def test_more_excerpts_than_are_kept_are_refused() -> None:
    many = (EXCERPT,) * (MAX_EXCERPTS + 1)

    with pytest.raises(ValueError, match="31 excerpts are more than can be stored"):
        replace(SHOWN, excerpts=many)
    with pytest.raises(ValueError, match="31 excerpts are more than can be stored"):
        replace(SHOWN, undated_excerpts=many)


async def test_as_many_excerpts_as_are_kept_are_taken(store: AnswerStore) -> None:
    full = replace(SHOWN, excerpts=(EXCERPT,) * MAX_EXCERPTS)

    await store.put(full)

    assert await store.find(SHOWN.key, NOON) == full


@pytest.mark.parametrize(
    "wrong",
    [
        replace(SHOWN, key="k" * 17),
        replace(SHOWN, key=""),
        replace(SHOWN, asker=Pseudonym("")),
        replace(SHOWN, total=-1),
        replace(SHOWN, answering_count=-1),
        replace(SHOWN, expires_at=NOON),
        replace(SHOWN, undated_total=-1),
        replace(SHOWN, undated_answering_count=-1),
        replace(SHOWN, guild=""),
    ],
    ids=[
        "long key",
        "no key",
        "nobody",
        "total",
        "answering",
        "expired at once",
        "undated total",
        "undated answering",
        "no guild",
    ],
)
async def test_the_schema_refuses_impossible_answers(
    store: AnswerStore, wrong: ShownAnswer
) -> None:
    with pytest.raises(StoreError, match="constraint failed"):
        await store.put(wrong)


def test_keys_are_different_and_fit_into_a_button() -> None:
    keys = {generate_key() for _ in range(100)}

    assert len(keys) == 100
    assert all(re.fullmatch(r"[\w-]{16}", key, re.ASCII) for key in keys)
