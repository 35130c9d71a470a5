from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.errors import UnknownDate
from bot.runtime.clock import parse_time_source
from bot.wiring import Application
from tests import builders
from tests.retrieval.builders import some_weights

an_app = partial(builders.an_app, weights=some_weights())


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[Application]:
    async with an_app(tmp_path) as app:
        yield app


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
        ("1 March 2026", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-01T09:30", datetime(2026, 3, 1, 9, 30, tzinfo=UTC)),
        ("2026-03-01T09:30+02:00", datetime(2026, 3, 1, 7, 30, tzinfo=UTC)),
        ("2026-03-01T09:30Z", datetime(2026, 3, 1, 9, 30, tzinfo=UTC)),
    ],
)
async def test_a_clock_starts_at_the_day_or_instant_given_and_ticks_on(
    app: Application, text: str, expected: datetime
) -> None:
    clock = parse_time_source(text, app.settings)

    first, second = clock(), clock()

    assert expected <= first < second < expected + timedelta(minutes=1)
    assert first.utcoffset() == timedelta(0)


async def test_a_clock_s_day_begins_in_the_settings_zone(tmp_path: Path) -> None:
    async with an_app(tmp_path, DATELINE_DATES__ZONE="Europe/Berlin") as app:
        clock = parse_time_source("2026-03-01", app.settings)

    begins = datetime(2026, 3, 1, tzinfo=timezone(timedelta(hours=1)))
    assert begins <= clock() < begins + timedelta(minutes=1)


@pytest.mark.parametrize("text", ["", "soon", "3/2", "until March", "0001-01-01", "9999-12-31"])
async def test_a_clock_is_not_started_at_what_is_no_day(app: Application, text: str) -> None:
    with pytest.raises(UnknownDate):
        parse_time_source(text, app.settings)


async def test_today_is_another_day_in_another_zone(tmp_path: Path) -> None:
    async with an_app(tmp_path, now=datetime(2026, 3, 3, 23, 30, tzinfo=UTC)) as app:
        assert app.clock.today(ZoneInfo("UTC")) == date(2026, 3, 3)
        assert app.clock.today(ZoneInfo("Asia/Kolkata")) == date(2026, 3, 4)


async def test_today_is_the_day_in_the_settings_zone(tmp_path: Path) -> None:
    late = datetime(2026, 3, 3, 23, 30, tzinfo=UTC)

    async with an_app(tmp_path, now=late, DATELINE_DATES__ZONE="Europe/Berlin") as app:
        assert app.clock.today() == date(2026, 3, 4)
