"""Recent arrivals, as digests query them."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.model.article import Article, ArticleId
from bot.store.articles import ArticleStore
from bot.store.database import Database
from bot.store.deliveries import DeliveryStore
from tests.builders import an_article

FIRST = datetime(2026, 3, 2, 9, tzinfo=UTC)
LAST = FIRST + timedelta(days=1)
WITHIN = FIRST + timedelta(hours=3)
ONE_MOMENT = timedelta(microseconds=1)
LONG_AGO = date(2026, 1, 1)


@pytest.fixture
def store(database: Database) -> ArticleStore:
    return ArticleStore(database)


def make_article(day: date, name: str = "river") -> Article:
    return an_article("The river rose.", id=name, published_on=day)


async def find_ids(store: ArticleStore, since: date = LONG_AGO) -> list[ArticleId]:
    return [arrival.article.id for arrival in await store.find_arrivals(FIRST, LAST, since)]


@pytest.mark.parametrize(
    ("at", "is_in"),
    [(FIRST - ONE_MOMENT, False), (FIRST, True), (LAST - ONE_MOMENT, True), (LAST, False)],
)
async def test_an_article_belongs_to_the_window_that_contains_its_arrival(
    store: ArticleStore, at: datetime, *, is_in: bool
) -> None:
    await store.put([make_article(date(2026, 2, 20))], at)

    assert await find_ids(store) == (["river"] if is_in else [])


async def test_an_article_is_given_as_it_came_in(store: ArticleStore) -> None:
    article = make_article(FIRST.date())
    await store.put([article], WITHIN)

    (arrival,) = await store.find_arrivals(FIRST, LAST, LONG_AGO)

    assert arrival.article == replace(article, revision=1)
    assert (arrival.arrived_at, arrival.revised_at) == (WITHIN, WITHIN)
    assert arrival.previous is None


async def test_a_revision_within_the_window_comes_with_what_it_was_before_it(
    store: ArticleStore,
) -> None:
    texts = ["one", "two", "three", "four"]
    before = FIRST - timedelta(days=20)
    times = [before, FIRST - ONE_MOMENT, WITHIN, WITHIN + ONE_MOMENT]
    for text, at in zip(texts, times, strict=True):
        await store.put([replace(make_article(before.date()), body=text)], at)

    (arrival,) = await store.find_arrivals(FIRST, LAST, LONG_AGO)

    assert arrival.article.body == "four"
    assert arrival.previous
    assert arrival.previous.body == "two"
    assert (arrival.arrived_at, arrival.revised_at) == (before, WITHIN + ONE_MOMENT)


async def test_what_came_in_and_was_revised_within_the_window_was_nothing_before(
    store: ArticleStore,
) -> None:
    await store.put([make_article(FIRST.date())], WITHIN)
    await store.put([replace(make_article(FIRST.date()), body="It fell.")], WITHIN + ONE_MOMENT)

    (arrival,) = await store.find_arrivals(FIRST, LAST, LONG_AGO)

    assert arrival.previous is None


@pytest.mark.parametrize(
    ("day", "is_in"),
    [
        (FIRST.date() - timedelta(days=2), False),
        (FIRST.date() - timedelta(days=1), True),
        (LAST.date() + timedelta(days=1), True),
        (LAST.date() + timedelta(days=2), False),
    ],
)
async def test_an_article_that_waited_is_given_around_its_day(
    store: ArticleStore, day: date, *, is_in: bool
) -> None:
    await store.put([make_article(day)], FIRST - timedelta(days=30))

    assert await find_ids(store) == (["river"] if is_in else [])


async def test_articles_published_long_before_are_left_out(store: ArticleStore) -> None:
    await store.put(
        [make_article(date(2026, 2, 1), "old"), make_article(date(2026, 2, 2), "late")], WITHIN
    )

    assert await find_ids(store, since=date(2026, 2, 2)) == ["late"]


async def test_withdrawn_articles_are_left_out(store: ArticleStore) -> None:
    await store.put([make_article(FIRST.date())], WITHIN)
    await store.withdraw(ArticleId("river"), "wrong", WITHIN)

    assert await find_ids(store) == []


async def test_the_last_to_come_in_is_known(store: ArticleStore) -> None:
    nothing = await store.get_last_arrival_time(LAST)
    await store.put([make_article(FIRST.date())], WITHIN)
    await store.put([make_article(FIRST.date(), "other")], WITHIN + ONE_MOMENT)

    assert nothing is None
    assert await store.get_last_arrival_time(WITHIN) is None
    assert await store.get_last_arrival_time(WITHIN + ONE_MOMENT) == WITHIN
    assert await store.get_last_arrival_time(LAST) == WITHIN + ONE_MOMENT


async def test_what_is_stored_after_a_window_ended_is_dated_after_it(tmp_path: Path) -> None:
    ticks = (FIRST + number * ONE_MOMENT for number in range(10_000))
    window_ends: list[datetime] = []
    path = tmp_path / "library.sqlite3"
    async with Database.open(path) as here, Database.open(path) as there:
        store, deliveries = ArticleStore(here), DeliveryStore(there)

        async def ends() -> None:
            for _ in range(20):
                end = await deliveries.read_clock_between_writes(lambda: next(ticks))
                seen = await ArticleStore(there).find_arrivals(FIRST, end, LONG_AGO)
                window_ends.append(end)
                counts.append(len(seen))

        async def puts() -> None:
            for number in range(20):
                await store.put([make_article(FIRST.date(), str(number))], lambda: next(ticks))

        counts: list[int] = []
        await asyncio.gather(ends(), puts())
        later = [len(await store.find_arrivals(FIRST, end, LONG_AGO)) for end in window_ends]

    assert counts == later
