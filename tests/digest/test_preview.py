"""Previewing the digest of a day by publication dates."""

from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.digest.compose import Digest, DigestLimits
from bot.digest.preview import compose_preview
from bot.errors import FutureDay
from tests.builders import NOON, an_app, an_article
from tests.digest.builders import a_subscription

TODAY = NOON.date()


async def preview(
    folder: Path, day: date, *, at: time = time(9), zone: str = "UTC", until: date = TODAY
) -> Digest:
    """Return the preview from a library with one arrival time, long after the day."""
    days = (date(2026, 2, 1), date(2026, 2, 2), date(2026, 2, 3), date(2026, 3, 3))
    async with an_app(folder, DATELINE_LIBRARY__SEEDS="false") as app:
        listed = [
            an_article(f"Thing{day.day}{day.month} happened.", id=str(day), published_on=day)
            for day in days
        ]
        await app.articles.put(listed, lambda: NOON)
        return await compose_preview(
            app.index,
            a_subscription(time_of_day=at, zone=ZoneInfo(zone)),
            day,
            until=until,
            limits=DigestLimits(),
        )


def ids(digest: Digest) -> list[str]:
    return [entry.citation.article.id for entry in digest.entries]


async def test_a_preview_of_a_day_includes_all_articles_published_that_day(tmp_path: Path) -> None:
    assert ids(await preview(tmp_path, date(2026, 2, 2))) == ["2026-02-02"]


async def test_a_digest_at_midnight_covers_the_day_before(tmp_path: Path) -> None:
    digest = await preview(tmp_path, date(2026, 2, 2), at=time(0))

    assert ids(digest) == ["2026-02-01"]


async def test_articles_stand_in_the_day_of_the_zone(tmp_path: Path) -> None:
    digest = await preview(tmp_path, date(2026, 2, 2), zone="Pacific/Auckland")

    assert ids(digest) == ["2026-02-02"]
    assert digest.window.ends_at == datetime.fromisoformat("2026-02-01T20:00+00:00")


async def test_of_a_day_to_come_there_is_no_preview(tmp_path: Path) -> None:
    with pytest.raises(FutureDay, match="2026-03-03"):
        await preview(tmp_path, date(2026, 3, 3), until=date(2026, 3, 2))
