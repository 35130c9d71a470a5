from datetime import date, timedelta
from pathlib import Path

import bot
from bot.lookups.status import get_status
from bot.retrieval.index.extent import Extent
from tests.builders import NOON, PUBLISHED_ON, an_app, an_article

UNTIL = date(2026, 3, 3)


async def test_the_status_has_the_extent_and_the_last_change(tmp_path: Path) -> None:
    async with an_app(tmp_path) as app:
        later = an_article(id="later", published_on=date(2026, 3, 4))
        await app.articles.put([an_article(), later], NOON)

        found = await get_status(app.index, until=UNTIL, changed_at=NOON)

    assert found.extent == Extent(
        articles=1, passages=1, first_date=PUBLISHED_ON, last_date=PUBLISHED_ON
    )
    assert found.changed_at == NOON
    assert found.latency is found.uptime is None


async def test_the_status_has_version_latency_and_uptime(tmp_path: Path) -> None:
    async with an_app(tmp_path) as app:
        found = await get_status(
            app.index,
            until=UNTIL,
            changed_at=None,
            latency=timedelta(milliseconds=40),
            uptime=timedelta(days=1),
        )

    assert found.latency == timedelta(milliseconds=40)
    assert found.uptime == timedelta(days=1)
    assert found.changed_at is None
    assert found.version == bot.__version__
