from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from bot.errors import EmptyQuery, EmptyQuestion, QueryError, TooManyTerms
from bot.lookups.trend import Trend, build_trend, list_mondays, parse_terms
from bot.wiring import Application
from tests.builders import NOON, an_app, an_article, the_analyser

TODAY = date(2026, 3, 4)
"""A Wednesday."""

ARTICLES = [
    an_article(body, id=str(number), published_on=day)
    for number, (day, body) in enumerate(
        [
            (date(2026, 2, 8), "The river rose before the first week."),
            (date(2026, 2, 9), "The river rose."),
            (date(2026, 2, 15), "The river fell. Ferries ran."),
            (date(2026, 2, 18), "Nothing of all that."),
            (date(2026, 3, 2), "The river and the Ferry."),
            (date(2026, 3, 4), "The river rose again."),
            (date(2026, 3, 5), "The river tomorrow."),
        ]
    )
]


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[Application]:
    async with an_app(tmp_path, DATELINE_LIBRARY__SEEDS="false") as app:
        await app.articles.put(ARTICLES, NOON)
        yield app


async def the_trend(app: Application, text: str, *, weeks: int = 4, today: date = TODAY) -> Trend:
    return await build_trend(
        app.index, parse_terms(text, app.index.analyser), weeks=weeks, today=today
    )


async def test_the_articles_of_each_week_are_counted_for_each_term(app: Application) -> None:
    found = await the_trend(app, "river, river ferry")

    assert found.mondays == (
        date(2026, 2, 9),
        date(2026, 2, 16),
        date(2026, 2, 23),
        date(2026, 3, 2),
    )
    assert found.counts == {"river": (2, 0, 0, 2), "river ferry": (1, 0, 0, 1)}
    assert found.article_counts == (2, 1, 0, 2)
    assert found.until == TODAY


async def test_words_of_a_date_are_plain_words(app: Application) -> None:
    await app.articles.put([an_article("On 2 March the river rose.", id="dated")], NOON)

    found = await the_trend(app, "river 2 March")

    assert found.counts == {"river 2 March": (0, 0, 0, 1)}


@pytest.mark.parametrize(("text", "expected"), [("river, sea", False), ("sea", True)])
async def test_a_trend_without_matching_articles_is_empty(
    app: Application,
    text: str,
    expected: bool,  # noqa: FBT001 - a case
) -> None:
    assert (await the_trend(app, text)).is_empty is expected


@pytest.mark.parametrize(
    ("today", "expected"), [(date(2026, 3, 7), True), (date(2026, 3, 8), False)]
)
async def test_a_week_ends_on_sunday(
    app: Application,
    today: date,
    expected: bool,  # noqa: FBT001 - a case
) -> None:
    assert (await the_trend(app, "river", today=today)).is_last_week_partial is expected


def test_terms_are_separated_by_commas_and_unique_as_first_entered() -> None:
    typed = parse_terms(' Hong  Kong,,Brexit , "prime minister", hong kong,', the_analyser())

    assert list(typed) == ["Hong Kong", "Brexit", '"prime minister"']
    assert typed['"prime minister"'].phrases


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (" ", EmptyQuestion),
        (", ,", EmptyQuery),
        ("river, the", EmptyQuery),
        ("a1,b2,c3,d4,e5", TooManyTerms),
    ],
)
def test_invalid_terms_are_refused(text: str, error: type[QueryError]) -> None:
    with pytest.raises(error):
        parse_terms(text, the_analyser())


def test_weeks_begin_on_monday_across_years() -> None:
    assert list_mondays(date(2026, 1, 4), 2) == (date(2025, 12, 22), date(2025, 12, 29))
