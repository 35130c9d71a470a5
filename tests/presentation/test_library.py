from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.lookups.source_counts import SourceSummary
from bot.lookups.status import Status
from bot.presentation.blocks import Block, Heading, Line
from bot.presentation.library import (
    build_sources_blocks,
    build_status_blocks,
    sources_to_json,
    status_to_json,
)
from bot.presentation.wording import NO_ARTICLES_YET
from bot.retrieval.index.extent import Extent

COURIER = SourceSummary(
    name="The Courier", article_count=1234, first_on=date(2020, 3, 1), last_on=date(2026, 3, 2)
)
HERALD = SourceSummary(
    name="The Herald", article_count=1, first_on=date(2026, 3, 1), last_on=date(2026, 3, 1)
)
NOT_GIVEN = replace(HERALD, name=None, article_count=2)
STATUS = Status(
    extent=Extent(articles=2, passages=9, first_date=date(2026, 3, 1), last_date=date(2026, 3, 2)),
    changed_at=datetime(2026, 3, 2, 23, 30, tzinfo=UTC),
    version="0.1.0",
)


def list_texts(blocks: tuple[Block, ...]) -> list[str]:
    return [block.text for block in blocks if isinstance(block, Heading | Line)]


def test_each_source_is_listed_with_its_articles_and_days() -> None:
    assert list_texts(build_sources_blocks([COURIER, HERALD, NOT_GIVEN])) == [
        "2 sources",
        "The Courier: 1,234 articles, 1 March 2020 to 2 March 2026",
        "The Herald: 1 article, 1 March 2026",
        "No source: 2 articles, 1 March 2026",
    ]


def test_omitted_sources_are_counted_and_articles_without_a_source_stay() -> None:
    assert list_texts(
        build_sources_blocks([COURIER, HERALD, HERALD, NOT_GIVEN], max_sources=1)
    ) == [
        "3 sources",
        "The Courier: 1,234 articles, 1 March 2020 to 2 March 2026",
        "No source: 2 articles, 1 March 2026",
        "2 more sources: 2 articles.",
    ]


def test_articles_may_name_no_source_at_all() -> None:
    assert list_texts(build_sources_blocks([NOT_GIVEN]))[0] == "No article names a source"


def test_an_empty_library_has_no_sources() -> None:
    assert build_sources_blocks([]) == (Heading(text=NO_ARTICLES_YET, is_warning=True),)


def test_a_long_name_is_truncated() -> None:
    text = list_texts(build_sources_blocks([replace(HERALD, name="x" * 61)]))[1]

    assert text.startswith(f"{'x' * 59}…: 1 article")


def test_the_json_of_sources_has_null_for_no_source() -> None:
    assert sources_to_json([COURIER, NOT_GIVEN]) == {
        "sources": [
            {
                "name": "The Courier",
                "articles": 1234,
                "first_date": "2020-03-01",
                "last_date": "2026-03-02",
            },
            {
                "name": None,
                "articles": 2,
                "first_date": "2026-03-01",
                "last_date": "2026-03-01",
            },
        ]
    }


def test_the_status_shows_times_in_the_zone() -> None:
    assert list_texts(build_status_blocks(STATUS, ZoneInfo("Europe/Berlin"))) == [
        "Dateline 0.1.0",
        "The library has 2 articles from 1 to 2 March 2026.",
        "The search index has 9 passages.",
        "The library last changed on 3 March 2026 at 00:30 (Europe/Berlin).",
    ]


def test_unknown_values_are_omitted() -> None:
    bare = Status(
        extent=Extent(articles=0, passages=0, first_date=None, last_date=None),
        changed_at=None,
        version="0.1.0",
    )

    assert list_texts(build_status_blocks(bare, UTC)) == [
        "Dateline 0.1.0",
        "The library has 0 articles.",
        "The search index has 0 passages.",
    ]


def test_the_status_shows_the_latency() -> None:
    told = build_status_blocks(replace(STATUS, latency=timedelta(milliseconds=41.6)), UTC)

    assert list_texts(told)[-1] == "Discord answers in 42 ms."


@pytest.mark.parametrize(
    ("uptime", "told"),
    [
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(hours=2, minutes=3, seconds=59), "2 hours and 3 minutes"),
        (timedelta(days=1, minutes=5), "1 day and 5 minutes"),
        (timedelta(days=400, hours=23, minutes=59), "400 days and 23 hours"),
    ],
)
def test_the_status_shows_the_uptime(uptime: timedelta, told: str) -> None:
    blocks = build_status_blocks(replace(STATUS, uptime=uptime), UTC)

    assert list_texts(blocks)[-1] == f"The bot has been running for {told}."


def test_the_json_of_the_status_has_null_for_unknown_values() -> None:
    assert status_to_json(STATUS) == {
        "version": "0.1.0",
        "articles": 2,
        "passages": 9,
        "first_date": "2026-03-01",
        "last_date": "2026-03-02",
        "changed_at": "2026-03-02T23:30:00+00:00",
    }
    nothing = Extent(articles=0, passages=0, first_date=None, last_date=None)
    assert status_to_json(Status(extent=nothing, changed_at=None, version="0.1.0")) == {
        "version": "0.1.0",
        "articles": 0,
        "passages": 0,
        "first_date": None,
        "last_date": None,
        "changed_at": None,
    }
