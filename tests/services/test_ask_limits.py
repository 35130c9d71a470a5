from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.retrieval.answering.confidence import EVIDENCE_NAMES
from bot.retrieval.scoring.weights import BM25_ONLY, INTERCEPT, Caution
from bot.wiring import Application
from tests import builders
from tests.builders import (
    NOON,
    an_article,
)
from tests.services.flood_library import FLOOD, answer_to
from tests.services.river_library import an_app


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[Application]:
    async with an_app(tmp_path) as app:
        yield app


async def test_articles_dated_after_the_clock_do_not_answer(tmp_path: Path) -> None:
    async with an_app(tmp_path, now=datetime(2026, 3, 1, 12, tzinfo=UTC)) as app:
        await app.articles.put([FLOOD], NOON)

        answer = await answer_to(app, "river rose metres")

    assert not answer.is_answered
    assert answer.closest_excerpts == ()


async def test_an_answer_shows_no_more_than_asked_for(app: Application) -> None:
    bodies = ["The river rose by two metres.", "In Linz the river rose early on Sunday."]
    await app.articles.put(
        [an_article(body, id=str(number)) for number, body in enumerate(bodies)], NOON
    )
    await app.index.refresh()
    question = app.services.ask.parse("river rose")

    shown = [
        len((await app.services.ask.ask_in_any_script(question, max_excerpts=limit)).excerpts)
        for limit in (1, None)
    ]

    assert shown == [1, 2]


async def test_bounds_leave_out_articles_of_other_days_and_sources(app: Application) -> None:
    await app.articles.put([FLOOD], NOON)

    inside = app.services.browse.parse_bounds("2 March 2026", "2026-03-02", "the courier")
    before = app.services.browse.parse_bounds(None, "1 March 2026", None)
    elsewhere = app.services.browse.parse_bounds(None, None, "The Herald")

    assert (await answer_to(app, "river rose", inside)).is_answered
    assert not (await answer_to(app, "river rose", before)).is_answered
    assert not (await answer_to(app, "river rose", elsewhere)).is_answered


async def test_articles_after_the_day_that_is_given_are_hidden(tmp_path: Path) -> None:
    async with an_app(tmp_path) as app:
        await app.articles.put([an_article()], NOON)
        question = app.services.ask.parse("river rose metres")

        shown = await app.services.ask.ask_in_any_script(question, today=date(2026, 3, 2))
        hidden = await app.services.ask.ask_in_any_script(question, today=date(2026, 3, 1))

    assert (shown.extent.articles, hidden.extent.articles) == (1, 0)


@pytest.mark.parametrize("caution", Caution)
async def test_the_setting_decides_how_sure_an_answer_has_to_be(
    tmp_path: Path, caution: Caution
) -> None:
    evidence = {**dict.fromkeys(EVIDENCE_NAMES, 0.0), INTERCEPT: 0.0}
    low_alone = {each: 0.2 if each is caution else 0.8 for each in Caution}
    high_alone = {each: 0.8 if each is caution else 0.2 for each in Caution}

    answered = []
    for least in (low_alone, high_alone):
        weights = replace(BM25_ONLY, evidence=evidence, min_confidences=least)
        async with builders.an_app(
            tmp_path, weights=weights, DATELINE_ANSWERS__CAUTION=caution
        ) as app:
            await app.articles.put([FLOOD], NOON)
            answered.append((await answer_to(app, "river rose metres")).is_answered)

    assert answered == [True, False]
