"""No request costs much more than an ordinary question, whatever its text."""

import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
import sentencex

from bot.lookups.article import build_article_listing
from bot.lookups.search import Sort
from bot.lookups.timeline import TimelineStep
from bot.model.day_range import DayRange
from bot.model.ids import Pseudonym
from bot.retrieval.question.bounds import Bounds
from bot.wiring import Application
from tests.builders import NOON, an_app, ask
from tests.services.made_library import COMMON_WORDS, LAST_DAY, make_articles

MAX_RATIO = 6.0
"""Twice the ratio that is promised for real libraries, since this one is small."""

_ARTICLES = 150
ASKER = Pseudonym("anna")
QUESTIONS = [
    f"What did the {COMMON_WORDS[number]} say about the {COMMON_WORDS[number + 5]}?"
    for number in range(9)
]
PHRASE = f'"{COMMON_WORDS[0]} {COMMON_WORDS[1]}"'
QUOTATIONS = [f"of {word} the" for word in COMMON_WORDS[:5]] + [
    f"the {word} in the {COMMON_WORDS[5]}" for word in COMMON_WORDS[:5]
]
MESSAGE = "May June " * 2_000
SINCE = LAST_DAY - timedelta(days=30)


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[Application]:
    async with an_app(tmp_path, DATELINE_LIBRARY__SEEDS="false") as app:
        await app.articles.put([*make_articles(_ARTICLES)], NOON)
        await app.services.library.refresh_and_save_index()
        yield app


def build_requests(app: Application) -> dict[str, Callable[[], Awaitable[object]]]:
    """Return the costliest request of each kind that a text of legal length can make."""
    browse = app.services.browse
    everywhere, common = Bounds(), " ".join(COMMON_WORDS)
    parse = browse.parse_query
    return {
        "question of common words": lambda: ask(app, common),
        "phrase of common words": lambda: ask(app, PHRASE),
        "search by day": lambda: browse.search(parse(PHRASE), everywhere, sort=Sort.NEWEST),
        "trend of phrases": lambda: browse.build_trend(
            browse.parse_trend_terms(f"{PHRASE}, {PHRASE.upper()}"), weeks=52
        ),
        "timeline": lambda: browse.build_timeline(
            parse(COMMON_WORDS[0]), Bounds(after=LAST_DAY - timedelta(days=800))
        ),
        "timeline of many words": lambda: browse.build_timeline(
            parse(common), everywhere, step=TimelineStep.MONTH
        ),
        "changes": lambda: browse.find_changes(parse(COMMON_WORDS[0]), since=SINCE),
        "evidence": lambda: browse.find_evidence(MESSAGE, sent_on=LAST_DAY),
        "quotations": lambda: browse.check_quotations(QUOTATIONS),
    }


async def measure_seconds(request: Callable[[], Awaitable[object]]) -> float:
    """Return the CPU time of a request, the shortest of three."""
    seconds = []
    for _ in range(3):
        start = time.process_time()
        await request()
        seconds.append(time.process_time() - start)
    return min(seconds)


async def test_no_request_costs_many_times_more_than_a_question(app: Application) -> None:
    ordinary = statistics.median(
        [await measure_seconds(partial(ask, app, question)) for question in QUESTIONS]
    )

    ratios = {
        name: await measure_seconds(request) / ordinary
        for name, request in build_requests(app).items()
    }

    assert {name: ratio for name, ratio in ratios.items() if ratio > MAX_RATIO} == {}


def refuse_to_split(*_: object) -> None:
    raise AssertionError


@pytest.mark.usefixtures("app")
async def test_requests_use_the_sentences_of_the_saved_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with an_app(tmp_path, DATELINE_LIBRARY__SEEDS="false") as restarted:
        monkeypatch.setattr(sentencex, "get_sentence_boundaries", refuse_to_split)
        for request in build_requests(restarted).values():
            await request()
        browse = restarted.services.browse
        listed = await browse.list_latest(count=3)
        await browse.list_published_on(DayRange(first=SINCE, last=LAST_DAY))
        answer = await ask(restarted, "Rain fell. What did the minister say? Tell me, please.")

        excerpt = answer.closest_excerpts[0] if answer.closest_excerpts else answer.excerpts[0]
        stored = await browse.find_article(listed.entries[0].article.id)
        assert stored
        listing = build_article_listing(stored, excerpt=None)
        key = (await restarted.services.listings.store(listing, ASKER, None)).key
        assert await restarted.services.listings.load(key)
        await restarted.services.shown_answers.store_citations(
            [excerpt], key="context", asker=ASKER, guild=None
        )
        context = await restarted.services.shown_answers.load_context("context", 1)

    assert context.excerpt.text == excerpt.text
