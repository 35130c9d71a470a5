from collections.abc import AsyncIterator
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from bot.dates.calendar import range_text
from bot.errors import QueryError, ReversedBounds, UnknownDate
from bot.wiring import Application
from tests import builders
from tests.retrieval.builders import some_weights

an_app = partial(builders.an_app, weights=some_weights())


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[Application]:
    async with an_app(tmp_path) as app:
        yield app


async def test_a_question_without_anything_to_search_for_is_refused(app: Application) -> None:
    with pytest.raises(QueryError):
        app.services.ask.parse("🙂")


async def test_a_question_is_read_on_the_clock_s_day(app: Application) -> None:
    query = app.services.ask.parse("What did Altman say yesterday?").query

    assert [mention.days.first for mention in query.dates] == [date(2026, 3, 2)]


async def test_bounds_begin_with_the_first_day_meant_and_end_with_the_last(
    app: Application,
) -> None:
    bounds = app.services.browse.parse_bounds("February 2026", "February 2026", None)

    assert (bounds.after, bounds.before) == (date(2026, 2, 1), date(2026, 2, 28))


@pytest.mark.parametrize(
    ("after", "before"),
    [("", None), ("no day", None), ("3/2", None), (None, "2026-02-30"), (None, "since March")],
)
async def test_a_bound_that_is_no_day_is_refused(
    app: Application, after: str | None, before: str | None
) -> None:
    with pytest.raises(UnknownDate):
        app.services.browse.parse_bounds(after, before, None)


async def test_bounds_without_a_day_between_them_are_refused(app: Application) -> None:
    with pytest.raises(ReversedBounds, match="after=2026-03-05, before=2026-03-01"):
        app.services.browse.parse_bounds("2026-03-05", "2026-03-01", None)


async def test_dates_are_read_as_on_the_day_that_is_given(tmp_path: Path) -> None:
    day = date(2025, 1, 1)
    async with an_app(tmp_path) as app:
        bounds = app.services.browse.parse_bounds("yesterday", "today", None, today=day)
        query = app.services.ask.parse("flood in Rome yesterday", today=day).query

    assert (bounds.after, bounds.before) == (date(2024, 12, 31), day)
    assert [range_text(mention.days) for mention in query.dates] == ["31 December 2024"]
