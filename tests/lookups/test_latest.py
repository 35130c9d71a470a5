from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from bot.lookups.latest import (
    MAX_CHARS_FACT,
    SOURCE_FACT,
    NearestDays,
    list_latest,
    list_published_on,
)
from bot.lookups.listing import Listing, Lookup
from bot.lookups.source_counts import DayCount
from bot.model.day_range import DayRange
from bot.model.shown_answer import MAX_EXCERPTS
from bot.retrieval.question.bounds import Bounds
from bot.wiring import Application
from tests.builders import NOON, an_app, an_article

UNTIL = date(2026, 3, 3)
ARTICLES = [
    an_article("Old news stays.", id="old", source="The Herald", published_on=date(2026, 2, 20)),
    an_article("Ferries stop.", id="ferry", source=None, published_on=date(2026, 3, 1)),
    an_article("The river rose. It fell.", id="flood", published_on=date(2026, 3, 3)),
    an_article("A town floods.", id="a-town", source="The Herald", published_on=date(2026, 3, 3)),
    an_article("The river fell.", id="later", published_on=date(2026, 3, 4)),
]


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[Application]:
    async with an_app(tmp_path, DATELINE_LIBRARY__SEEDS="false") as app:
        await app.articles.put(ARTICLES, NOON)
        yield app


async def the_latest(
    app: Application, count: int = 5, source: str | None = None, until: date = UNTIL
) -> Listing:
    return await list_latest(app.index, count=count, source=source, until=until, max_chars=600)


async def list_days(
    app: Application, first: date | None, last: date | None, until: date = UNTIL
) -> Listing:
    days = DayRange(first=first, last=last)
    return await list_published_on(app.index, days=days, until=until, max_chars=600)


def ids(listing: Listing) -> list[str]:
    return [entry.article.id for entry in listing.entries]


async def test_the_latest_articles_are_newest_first_then_by_id(
    app: Application,
) -> None:
    listing = await the_latest(app, count=3)

    assert ids(listing) == ["a-town", "flood", "ferry"]
    assert listing.total == 4
    assert listing.lookup is Lookup.LATEST
    assert listing.facts == {MAX_CHARS_FACT: "600"}


async def test_articles_of_one_day_are_sorted_by_id_not_by_arrival(
    app: Application,
) -> None:
    await app.index.refresh()
    await app.articles.put([an_article(id="a-boat", published_on=UNTIL)], NOON)
    await app.index.refresh()

    assert ids(await the_latest(app, count=3)) == ["a-boat", "a-town", "flood"]


async def test_each_latest_article_has_its_lead_sentence(app: Application) -> None:
    listing = await the_latest(app, count=2)

    assert [entry.text for entry in listing.entries] == ["A town floods.", "The river rose."]


async def test_a_source_is_written_as_in_the_library(app: Application) -> None:
    listing = await the_latest(app, source=" the herald ")

    assert ids(listing) == ["a-town", "old"]
    assert listing.facts[SOURCE_FACT] == "The Herald"


async def test_an_unknown_source_has_no_articles(app: Application) -> None:
    listing = await the_latest(app, source="The Gazette")

    assert listing.entries == ()
    assert listing.total == 0
    assert listing.bounds == Bounds(source="The Gazette")
    assert SOURCE_FACT not in listing.facts


async def test_articles_after_the_current_day_are_not_listed(app: Application) -> None:
    assert ids(await the_latest(app, count=1, until=date(2026, 3, 4))) == ["later"]
    assert ids(await the_latest(app, until=date(2026, 2, 19))) == []


async def test_a_day_lists_its_articles_and_the_nearest_days(app: Application) -> None:
    listing = await list_days(app, date(2026, 3, 1), date(2026, 3, 1))

    assert ids(listing) == ["ferry"]
    assert listing.lookup is Lookup.ON
    assert listing.bounds == Bounds(after=date(2026, 3, 1), before=date(2026, 3, 1))
    assert NearestDays.from_facts(listing.facts) == NearestDays(
        before=DayCount(day=date(2026, 2, 20), article_count=1),
        after=DayCount(day=date(2026, 3, 3), article_count=2),
    )


async def test_a_day_without_articles_lists_the_nearest_days(app: Application) -> None:
    listing = await list_days(app, date(2026, 2, 22), date(2026, 2, 24))

    assert listing.entries == ()
    assert listing.total == 0
    assert NearestDays.from_facts(listing.facts) == NearestDays(
        before=DayCount(day=date(2026, 2, 20), article_count=1),
        after=DayCount(day=date(2026, 3, 1), article_count=1),
    )


async def test_a_range_of_days_lists_the_newest_first(app: Application) -> None:
    listing = await list_days(app, date(2026, 2, 20), date(2026, 3, 3))

    assert ids(listing) == ["a-town", "flood", "ferry", "old"]
    assert NearestDays.from_facts(listing.facts) == NearestDays(before=None, after=None)


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        (date(2026, 3, 1), None, ["a-town", "flood", "ferry"]),
        (None, date(2026, 3, 1), ["ferry", "old"]),
    ],
    ids=["since", "until"],
)
async def test_a_range_may_be_open(
    app: Application, first: date | None, last: date | None, found: list[str]
) -> None:
    assert ids(await list_days(app, first, last)) == found


async def test_days_after_the_current_one_are_hidden(app: Application) -> None:
    listing = await list_days(app, date(2026, 3, 4), date(2026, 3, 4))

    assert listing.entries == ()
    assert NearestDays.from_facts(listing.facts) == NearestDays(
        before=DayCount(day=date(2026, 3, 3), article_count=2), after=None
    )


async def test_listed_articles_are_limited_to_what_is_stored(app: Application) -> None:
    many = [an_article(id=f"n{number:02}") for number in range(MAX_EXCERPTS + 2)]
    await app.articles.put(many, NOON)
    await app.index.refresh()

    listing = await list_days(app, date(2026, 3, 2), date(2026, 3, 2))

    assert ids(listing) == [article.id for article in many[:MAX_EXCERPTS]]
    assert listing.total == MAX_EXCERPTS + 2


async def test_an_empty_library_lists_nothing(tmp_path: Path) -> None:
    async with an_app(tmp_path / "empty", DATELINE_LIBRARY__SEEDS="false") as app:
        newest, of_a_day = await the_latest(app), await list_days(app, UNTIL, UNTIL)

    assert newest.entries == of_a_day.entries == ()
    assert NearestDays.from_facts(of_a_day.facts) == NearestDays(before=None, after=None)
