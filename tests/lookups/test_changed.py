from collections.abc import AsyncIterator, Sequence
from datetime import date
from pathlib import Path

import pytest

from bot.lookups.changed import MAX_PAIRS, SINCE_FACT, find_changes
from bot.lookups.listing import Listing, Lookup
from bot.model.article import Article
from bot.wiring import Application
from tests.builders import NOON, an_app, an_article, build_searcher
from tests.retrieval.builders import some_weights

SINCE_DAY = date(2026, 2, 1)
TODAY = date(2026, 3, 3)
OTHERS = [
    an_article(f"Bakers in {town} sell {thing} at noon.", id=f"other {town}", published_on=day)
    for town, thing, day in (
        ("Bremen", "bread", date(2026, 1, 2)),
        ("Erfurt", "rolls", date(2026, 1, 3)),
        ("Lyon", "cake", date(2026, 2, 2)),
    )
]
"""Articles that make the words of the others rare."""


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[Application]:
    async with an_app(tmp_path, weights=some_weights(), DATELINE_LIBRARY__SEEDS="false") as app:
        await app.articles.put(OTHERS, NOON)
        yield app


def told_on(month: int, day: int, body: str) -> Article:
    return an_article(body, id=f"{month}-{day} {body[:40]}", published_on=date(2026, month, day))


async def list_changes(
    app: Application, articles: Sequence[Article], topic: str = "dam", today: date = TODAY
) -> Listing:
    await app.articles.put(articles, NOON)
    await app.index.refresh()
    query = app.services.browse.parse_query(topic)
    return await find_changes(build_searcher(app, today), query, since=SINCE_DAY)


def texts(listing: Listing) -> list[str]:
    return [entry.text for entry in listing.entries]


async def test_a_new_sentence_is_paired_with_the_last_earlier_one(
    app: Application,
) -> None:
    oldest = told_on(1, 10, "Engineers said that the dam holds five metres of water.")
    last = told_on(1, 20, "Engineers said that the dam holds three metres of water.")
    new = told_on(2, 10, "Engineers said that the dam holds five metres of water.")

    listing = await list_changes(app, [new, last, oldest])

    assert texts(listing) == [last.body, new.body]
    assert (listing.lookup, listing.total) == (Lookup.CHANGED, 2)
    assert listing.facts == {SINCE_FACT: "2026-02-01"}
    assert not listing.days


async def test_the_day_itself_counts_as_new(app: Application) -> None:
    before = told_on(1, 31, "Engineers said that the dam holds two metres of water.")
    new = told_on(2, 1, "Engineers said that the dam holds five metres of water.")

    assert texts(await list_changes(app, [before, new])) == [before.body, new.body]


async def test_a_pair_has_more_than_the_topic_in_common(app: Application) -> None:
    same = told_on(1, 10, "Engineers said that the dam holds two metres of water.")
    other = told_on(1, 20, "Engineers feed herons near the water of the dam.")
    new = told_on(2, 10, "Engineers said that the dam holds five metres of water.")

    assert texts(await list_changes(app, [same, other, new])) == [same.body, new.body]


@pytest.mark.parametrize(
    "before",
    [
        pytest.param("Herons nest at the dam near water and reeds.", id="of something else"),
        pytest.param("Engineers said the wall holds two metres of water.", id="not of the topic"),
        pytest.param("Did engineers say the dam holds two metres of water?", id="a question"),
        pytest.param(
            f"Engineers said the dam holds metres of water {'and more ' * 80}.", id="too long"
        ),
    ],
)
async def test_a_sentence_without_a_partner_is_skipped(app: Application, before: str) -> None:
    new = told_on(2, 10, "Engineers said that the dam holds five metres of water.")

    assert texts(await list_changes(app, [told_on(1, 10, before), new])) == []


async def test_the_new_sentence_is_the_best_of_each_article(app: Application) -> None:
    before = told_on(1, 10, "Engineers said that the dam holds two metres of water.")
    new = told_on(
        2,
        10,
        "It was the dam that engineers said holds five metres of water."
        " Engineers said that the dam holds five metres of water. Does the dam hold water?",
    )

    assert texts(await list_changes(app, [before, new])) == [
        before.body,
        "Engineers said that the dam holds five metres of water.",
    ]


async def test_a_sentence_on_part_of_the_topic_is_skipped(app: Application) -> None:
    before = told_on(1, 10, "Engineers said that the Erfurt dam holds two metres of water.")
    part = told_on(2, 9, "Engineers said that the dam holds two metres of water.")
    new = told_on(2, 10, "Engineers said that the Erfurt dam holds five metres of water.")

    listing = await list_changes(app, [before, part, new], "Erfurt dam")

    assert texts(listing) == [before.body, new.body]


async def test_an_earlier_sentence_is_paired_once_with_the_closest_new_one(
    app: Application,
) -> None:
    before = told_on(1, 10, "Engineers said that the dam holds two metres of water.")
    less = told_on(2, 10, "Engineers said that the dam was painted green by herons.")
    more = told_on(2, 11, "Engineers said that the dam holds five metres of water.")

    assert texts(await list_changes(app, [before, less, more])) == [before.body, more.body]


async def test_sentences_after_the_clock_are_hidden(app: Application) -> None:
    before = told_on(1, 10, "Engineers said that the dam holds two metres of water.")
    new = told_on(2, 10, "Engineers said that the dam holds five metres of water.")

    assert texts(await list_changes(app, [before, new], today=date(2026, 2, 9))) == []


async def test_pairs_are_limited_to_what_an_answer_stores(app: Application) -> None:
    towns = [f"place{number}" for number in range(MAX_PAIRS + 3)]
    before = [told_on(1, 10, f"The dam of {town} holds two metres.") for town in towns]
    new = [told_on(2, 10, f"The dam of {town} holds five metres.") for town in towns]

    listing = await list_changes(app, [*before, *new])

    assert len(listing.entries) == 2 * MAX_PAIRS
    assert all(
        earlier.text.split()[3] == later.text.split()[3]
        for earlier, later in zip(listing.entries[::2], listing.entries[1::2], strict=True)
    )
