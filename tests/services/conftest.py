"""The library that most tests of services share."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.wiring import Application
from tests.services.river_library import ARTICLES, an_app, hold


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[Application]:
    async with an_app(tmp_path) as app:
        await hold(app, *ARTICLES.values())
        yield app
