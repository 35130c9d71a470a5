from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from bot.lookups.listing import Listing, Lookup
from bot.lookups.search import Detail, Sort, search_passages
from bot.model.day_range import DayRange
from bot.retrieval.answering.abstention import ReasonCode
from bot.retrieval.question.bounds import Bounds
from bot.wiring import Application
from tests.builders import NOON, an_app, an_article, build_searcher

LONG = "The ferry crossed and crossed again in the long grey rain, " * 12
ARTICLES = [
    an_article(
        "The river rose. Markets stayed open.\n\nBoats and more boats came down the river.",
        id="essen",
        published_on=date(2026, 2, 3),
    ),
    an_article(
        "The lock gates broke when the river rose. Nobody slept that night.",
        id="fulda",
        published_on=date(2026, 2, 20),
    ),
    an_article("The gates of the old lock held.", id="gera", published_on=date(2026, 2, 28)),
    an_article(f"{LONG}and was late.", id="hamm", published_on=date(2026, 3, 1)),
    an_article("The river froze.", id="later", published_on=date(2026, 4, 1)),
]


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[Application]:
    async with an_app(tmp_path, DATELINE_LIBRARY__SEEDS="false") as app:
        await app.articles.put(ARTICLES, NOON)
        yield app


async def search_library(
    app: Application,
    terms: str,
    bounds: Bounds | None = None,
    *,
    sort: Sort = Sort.BEST,
    detail: Detail = Detail.FULL,
) -> Listing:
    query = app.services.browse.parse_query(terms)
    return await search_passages(
        build_searcher(app), query, bounds or Bounds(), sort=sort, detail=detail
    )


def ids(listing: Listing) -> list[str]:
    return [entry.article.id for entry in listing.entries]


async def test_passages_with_most_terms_come_first(app: Application) -> None:
    listing = await search_library(app, "gates river rose")

    assert listing.lookup is Lookup.SEARCH
    assert ids(listing)[0] == "fulda"
    assert sorted(ids(listing)) == ["essen", "fulda", "gera"]
    assert listing.total == 3


async def test_matches_are_the_spans_of_the_terms(app: Application) -> None:
    listing = await search_library(app, "lock gates")

    entry = listing.entries[0]
    assert {match.extract(entry.article.body) for match in entry.matches} == {"lock", "gates"}


async def test_a_phrase_is_found_and_counted_side_by_side(app: Application) -> None:
    listing = await search_library(app, '"lock gates"')

    assert ids(listing) == ["fulda"]
    assert listing.total == 1


async def test_a_minus_excludes_a_word(app: Application) -> None:
    assert ids(await search_library(app, "river -gates")) == ["essen"]


async def test_a_single_letter_is_searched_for(app: Application) -> None:
    listing = await search_library(app, "z")

    assert listing.entries == ()


@pytest.mark.parametrize(
    ("sort", "expected"),
    [(Sort.NEWEST, ["fulda", "essen"]), (Sort.OLDEST, ["essen", "fulda"])],
)
async def test_sorted_by_day_each_article_with_all_terms_is_listed_once(
    app: Application, sort: Sort, expected: list[str]
) -> None:
    listing = await search_library(app, "river rose", sort=sort)

    assert ids(listing) == expected
    assert listing.total == 2


async def test_sorted_by_day_one_term_is_enough_if_no_article_has_all(
    app: Application,
) -> None:
    listing = await search_library(app, "boats gates", sort=Sort.NEWEST)

    assert ids(listing) == ["gera", "fulda", "essen"]


async def test_all_results_are_sorted_not_only_the_best(tmp_path: Path) -> None:
    best = [
        an_article("Barge, barge, barge.", id=f"best-{day}", published_on=date(2025, 1, day))
        for day in range(1, 32)
    ]
    newest = an_article(
        "Of all that was said there, one word was of a barge, and it was the last.",
        id="newest",
        published_on=date(2025, 6, 1),
    )
    async with an_app(tmp_path, DATELINE_LIBRARY__SEEDS="false") as app:
        await app.articles.put([*best, newest], NOON)

        listing = await search_library(app, "barge", sort=Sort.NEWEST)

    assert ids(listing)[:2] == ["newest", "best-31"]
    assert (len(listing.entries), listing.total) == (30, 32)


async def test_compact_entries_are_the_best_sentence(app: Application) -> None:
    full = await search_library(app, "lock river rose", Bounds(after=date(2026, 2, 10)))
    compact = await search_library(
        app, "lock river rose", Bounds(after=date(2026, 2, 10)), detail=Detail.COMPACT
    )

    entry = compact.entries[0]
    assert "Nobody slept that night." in full.entries[0].text
    assert entry.text == "The lock gates broke when the river rose."
    assert [match.extract(entry.article.body) for match in entry.matches] == [
        "lock",
        "river",
        "rose",
    ]


async def test_without_dates_nothing_else_is_searched(app: Application) -> None:
    listing = await search_library(app, "river")

    assert listing.days == ()
    assert (listing.undated, listing.undated_total) == ((), 0)


async def test_results_without_the_bounds_are_included(app: Application) -> None:
    listing = await search_library(
        app, "river", Bounds(after=date(2026, 2, 10), source="the courier")
    )

    assert ids(listing) == ["fulda"]
    assert listing.days == (DayRange(first=date(2026, 2, 10), last=None),)
    assert sorted(entry.article.id for entry in listing.undated) == ["essen", "fulda"]
    assert listing.undated_total == 2


async def test_dates_among_the_terms_are_recognised_and_can_be_removed(app: Application) -> None:
    listing = await search_library(app, "river 3 February 2026")

    assert listing.dates == (DayRange(first=date(2026, 2, 3), last=date(2026, 2, 3)),)
    plain = await search_library(app, "river")
    assert ids(listing)[0] == "essen"
    assert [entry.score for entry in listing.undated] == [entry.score for entry in plain.entries]


async def test_articles_dated_after_today_are_not_found(app: Application) -> None:
    assert "later" not in ids(await search_library(app, "river", sort=Sort.NEWEST))


@pytest.mark.parametrize("sort", Sort)
async def test_an_unknown_word_is_named_with_suggestions(app: Application, sort: Sort) -> None:
    listing = await search_library(app, "markets rivre", sort=sort)

    (reason,) = listing.reasons
    assert reason.code is ReasonCode.UNKNOWN_WORDS
    assert reason.words == ("rivre",)
    assert reason.suggestions == {"rivre": ("river",)}


@pytest.mark.parametrize(
    ("terms", "bounds", "lack"),
    [
        ('"river lock"', Bounds(), ReasonCode.NO_SUCH_PHRASE),
        ("river", Bounds(source="The Herald"), ReasonCode.OUT_OF_BOUNDS),
        ("ferry", Bounds(), ReasonCode.TOO_LONG),
    ],
)
async def test_without_results_there_is_a_reason(
    app: Application, terms: str, bounds: Bounds, lack: ReasonCode
) -> None:
    listing = await search_library(app, terms, bounds)

    assert listing.entries == ()
    assert [reason.code for reason in listing.reasons] == [lack]


async def test_an_empty_library_is_reported(tmp_path: Path) -> None:
    async with an_app(tmp_path, DATELINE_LIBRARY__SEEDS="false") as app:
        for sort in Sort:
            listing = await search_library(app, "river", sort=sort)

            assert [reason.code for reason in listing.reasons] == [ReasonCode.NO_ARTICLES]
