from collections.abc import AsyncIterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.lookups.listing import Listing, Lookup
from bot.lookups.timeline import (
    MAX_STEPS,
    STEP_FACT,
    UNQUOTED_FACT,
    UNTIL_FACT,
    TimelineStep,
    build_timeline,
    choose_default_step,
)
from bot.model.article import Article
from bot.retrieval.question.bounds import Bounds
from bot.wiring import Application
from tests.builders import NOON, an_app, an_article, build_searcher
from tests.retrieval.builders import some_weights

TODAY = date(2026, 3, 3)
FIRST = date(2026, 1, 5)
"""A Monday."""


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[Application]:
    async with an_app(tmp_path, weights=some_weights(), DATELINE_LIBRARY__SEEDS="false") as app:
        yield app


def article_on(day: date, body: str = "The river rose.", source: str = "The Courier") -> Article:
    return an_article(body, id=f"{day} {body}", published_on=day, source=source)


def day_after(days: int) -> date:
    return FIRST + timedelta(days=days)


async def the_timeline(  # noqa: PLR0913 - what a timeline depends on
    app: Application,
    articles: Sequence[Article],
    topic: str = "river",
    bounds: Bounds | None = None,
    *,
    step: TimelineStep | None = None,
    today: date = TODAY,
) -> Listing:
    await app.articles.put(articles, NOON)
    await app.index.refresh()
    query = app.services.browse.parse_query(topic, today=today)
    return await build_timeline(build_searcher(app, today), query, bounds or Bounds(), step=step)


def days(listing: Listing) -> list[date | None]:
    return [entry.article.published_on for entry in listing.entries]


async def test_each_step_has_its_best_sentence_oldest_first(app: Application) -> None:
    articles = [
        article_on(day_after(8), "The river fell in Erfurt."),
        article_on(day_after(1), "The river rose."),
        article_on(day_after(2), "In Erfurt the river rose."),
        article_on(day_after(3), "Erfurt slept while the bridge stood."),
    ]

    listing = await the_timeline(app, articles, "river Erfurt", step=TimelineStep.WEEK)

    assert [entry.text for entry in listing.entries] == [
        "In Erfurt the river rose.",
        "The river fell in Erfurt.",
    ]
    assert (listing.lookup, listing.total) == (Lookup.TIMELINE, 2)
    assert listing.facts == {STEP_FACT: "week", UNQUOTED_FACT: "", UNTIL_FACT: "2026-03-03"}


async def test_steps_without_articles_on_the_topic_are_skipped(app: Application) -> None:
    articles = [
        article_on(day_after(0), "The river rose in Erfurt."),
        article_on(day_after(1), "The river rose in Cologne."),
        article_on(day_after(2), "The river rose in Erfurt again."),
    ]

    listing = await the_timeline(app, articles, "river Erfurt", step=TimelineStep.DAY)

    assert days(listing) == [day_after(0), day_after(2)]


@pytest.mark.parametrize(
    ("apart", "expected"),
    [
        (29, TimelineStep.DAY),
        (30, TimelineStep.WEEK),
        (209, TimelineStep.WEEK),
        (210, TimelineStep.MONTH),
    ],
)
def test_the_default_step_is_the_shortest_with_at_most_thirty_steps(
    apart: int, expected: TimelineStep
) -> None:
    assert choose_default_step([FIRST, day_after(apart)]) is expected


def test_the_weeks_of_a_default_step_are_calendar_weeks() -> None:
    assert choose_default_step([day_after(6), day_after(6 + 204)]) is TimelineStep.MONTH
    assert choose_default_step([]) is TimelineStep.DAY


async def test_only_visible_articles_within_the_bounds_are_shown(app: Application) -> None:
    articles = [article_on(day_after(day)) for day in (0, 1, 2, 3)]
    articles.append(article_on(day_after(2), "The river fell.", source="The Herald"))
    bounds = Bounds(after=day_after(1), source="The Courier")

    listing = await the_timeline(
        app, articles, bounds=bounds, step=TimelineStep.DAY, today=day_after(2)
    )

    assert days(listing) == [day_after(1), day_after(2)]
    assert {entry.article.source for entry in listing.entries} == {"The Courier"}
    assert listing.bounds == bounds


async def test_a_step_is_limited_by_the_bounds(app: Application) -> None:
    articles = [
        article_on(day_after(0), "The river rose."),
        article_on(day_after(1), "It was the river."),
        article_on(day_after(2), "The river fell."),
    ]
    bounds = Bounds(after=day_after(1), before=day_after(1))

    listing = await the_timeline(app, articles, bounds=bounds, step=TimelineStep.WEEK)

    assert days(listing) == [day_after(1)]


async def test_undated_results_use_the_same_step(app: Application) -> None:
    articles = [article_on(day_after(day)) for day in (0, 40, 41)]

    listing = await the_timeline(app, articles, bounds=Bounds(after=day_after(40)))

    assert days(listing) == [day_after(40), day_after(41)]
    assert [entry.article.published_on for entry in listing.undated] == [
        day_after(0),
        day_after(40),
        day_after(41),
    ]
    assert (listing.undated_total, listing.facts[STEP_FACT]) == (3, "day")


async def test_without_bounds_there_are_no_undated_results(app: Application) -> None:
    listing = await the_timeline(app, [article_on(day_after(0))])

    assert (listing.undated, listing.undated_total) == ((), 0)


@pytest.mark.parametrize(
    ("topic", "expected"),
    [
        ("river in January 2026", Bounds(after=date(2026, 1, 1), before=date(2026, 1, 31))),
        ("river since 6 January 2026", Bounds(after=date(2026, 1, 6))),
        ("river until 6 January 2026", Bounds(before=date(2026, 1, 6))),
        (
            "river on 5 January 2026 and 7 January 2026",
            Bounds(after=date(2026, 1, 5), before=date(2026, 1, 7)),
        ),
    ],
)
async def test_dates_in_the_topic_limit_the_timeline(
    app: Application, topic: str, expected: Bounds
) -> None:
    listing = await the_timeline(app, [article_on(day_after(0))], topic)

    assert listing.bounds == expected


async def test_given_bounds_override_dates_in_the_topic(app: Application) -> None:
    bounds = Bounds(after=day_after(40), source="The Courier")

    listing = await the_timeline(app, [article_on(day_after(41))], "river in January 2026", bounds)

    assert listing.bounds == bounds
    assert days(listing) == [day_after(41)]


async def test_the_first_thirty_steps_are_shown_and_all_are_counted(app: Application) -> None:
    articles = [article_on(day_after(day)) for day in range(MAX_STEPS + 2)]

    listing = await the_timeline(app, articles, step=TimelineStep.DAY)

    assert days(listing) == [day_after(day) for day in range(MAX_STEPS)]
    assert listing.total == MAX_STEPS + 2


async def test_a_step_with_too_long_sentences_is_named(app: Application) -> None:
    long = f"The river rose {'and rose ' * 80}."
    articles = [article_on(day_after(0)), article_on(day_after(7), long), article_on(day_after(14))]
    bounds = Bounds(after=day_after(1))

    listing = await the_timeline(app, articles, bounds=bounds, step=TimelineStep.WEEK)

    assert days(listing) == [day_after(14)]
    assert listing.facts[UNQUOTED_FACT] == day_after(7).isoformat()
    assert listing.total == 2


async def test_an_unknown_topic_has_no_steps(app: Application) -> None:
    listing = await the_timeline(app, [article_on(day_after(0))], "comet")

    assert (listing.entries, listing.total) == ((), 0)


def test_every_step_but_the_longest_has_a_coarser_one() -> None:
    assert [step.coarser for step in TimelineStep] == [TimelineStep.WEEK, TimelineStep.MONTH, None]
