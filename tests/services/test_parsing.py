from collections.abc import AsyncIterator
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from bot.dates.calendar import range_text
from bot.errors import QueryError, ReversedBounds, UnknownDate
from bot.services import app as running
from bot.services import parsing as typed
from tests import builders
from tests.retrieval.builders import some_weights

an_app = partial(builders.an_app, weights=some_weights())


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[running.App]:
    async with an_app(tmp_path) as app:
        yield app


async def test_a_question_without_anything_to_search_for_is_refused(app: running.App) -> None:
    with pytest.raises(QueryError):
        typed.parse_question(app, "🙂")


async def test_a_question_is_read_on_the_clock_s_day(app: running.App) -> None:
    query = typed.parse_question(app, "What did Altman say yesterday?")

    assert [mention.days.first for mention in query.dates] == [date(2026, 3, 2)]


async def test_bounds_begin_with_the_first_day_meant_and_end_with_the_last(
    app: running.App,
) -> None:
    bounds = typed.parse_bounds(app, "February 2026", "February 2026", None)

    assert (bounds.after, bounds.before) == (date(2026, 2, 1), date(2026, 2, 28))


@pytest.mark.parametrize(
    ("after", "before"),
    [("", None), ("no day", None), ("3/2", None), (None, "2026-02-30"), (None, "since March")],
)
async def test_a_bound_that_is_no_day_is_refused(
    app: running.App, after: str | None, before: str | None
) -> None:
    with pytest.raises(UnknownDate):
        typed.parse_bounds(app, after, before, None)


async def test_bounds_without_a_day_between_them_are_refused(app: running.App) -> None:
    with pytest.raises(ReversedBounds, match="between 5 March 2026 and 1 March 2026"):
        typed.parse_bounds(app, "2026-03-05", "2026-03-01", None)


async def test_dates_are_read_as_on_the_day_that_is_given(tmp_path: Path) -> None:
    day = date(2025, 1, 1)
    async with an_app(tmp_path) as app:
        bounds = typed.parse_bounds(app, "yesterday", "today", None, today=day)
        query = typed.parse_question(app, "flood in Rome yesterday", today=day)

    assert (bounds.after, bounds.before) == (date(2024, 12, 31), day)
    assert [range_text(mention.days) for mention in query.dates] == ["31 December 2024"]
