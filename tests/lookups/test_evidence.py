from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.dates.calendar import range_text
from bot.errors import EmptyQuery
from bot.lookups.evidence import MAX_TERMS, find_evidence, keep_heaviest_terms
from bot.lookups.listing import Listing, Lookup
from bot.model.span import Span
from bot.retrieval.question.query import Query, parse_query
from bot.wiring import Application
from tests.builders import NOON, PUBLISHED_ON, an_app, an_article, build_searcher, the_analyser
from tests.retrieval.builders import some_weights
from tests.scenario import river

TODAY = date(2026, 3, 3)


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[Application]:
    async with an_app(tmp_path, weights=some_weights(), DATELINE_LIBRARY__SEEDS="false") as app:
        await app.articles.put(river.ARTICLES, NOON)
        yield app


async def evidence_of(app: Application, text: str, *, said_on: date = TODAY) -> Listing:
    return await find_evidence(build_searcher(app, TODAY), text, sent_on=said_on)


def parse(text: str) -> Query:
    return parse_query(text, today=PUBLISHED_ON, analyser=the_analyser())


async def test_passages_with_most_of_the_message_come_first(app: Application) -> None:
    found = await evidence_of(app, "I heard that museum guards saved the paintings of Dresden.")

    assert found.lookup is Lookup.EVIDENCE
    assert found.entries[0].article.id == "dresden"
    assert (found.dates, found.undated) == ((), ())


async def test_a_date_steers_and_undated_results_are_kept(app: Application) -> None:
    found = await evidence_of(app, "The river rose on 27 March 2025.")

    assert [range_text(days) for days in found.dates] == ["27 March 2025"]
    assert found.entries[0].article.id == "fulda"
    assert found.undated[0].article.id != "fulda"
    assert found.undated_total == found.total == 5


async def test_dates_relate_to_the_day_of_the_message(app: Application) -> None:
    found = await evidence_of(app, "Yesterday the river rose.", said_on=date(2025, 3, 28))

    assert [range_text(days) for days in found.dates] == ["27 March 2025"]


async def test_articles_after_the_clock_are_hidden(app: Application) -> None:
    later = an_article("The river rose in Gera.", id="gera", published_on=date(2026, 3, 4))
    await app.articles.put([later], NOON)

    found = await evidence_of(app, "Gera")

    assert found.entries == ()


async def test_a_message_of_stop_words_has_nothing_to_search_for(app: Application) -> None:
    with pytest.raises(EmptyQuery):
        await evidence_of(app, "it is what it is")


def test_a_long_message_is_reduced_to_rare_and_repeated_terms() -> None:
    words = [f"w{number}" for number in range(40)]
    query = parse(" ".join(words))
    rarities = {word: float(number) for number, word in enumerate(words)}
    counts = dict.fromkeys(words, 1) | {"w2": 100}

    told = keep_heaviest_terms(query, rarities, counts)

    assert told.terms == ("w2", *words[-MAX_TERMS + 1 :])
    assert told.words == told.terms
    assert told.asked_terms == frozenset(told.terms)


def test_an_unknown_term_has_no_weight() -> None:
    query = parse(" ".join(f"w{number}" for number in range(MAX_TERMS + 1)))
    rarities = dict.fromkeys(query.terms, 1.0) | {"w0": 0.0}

    assert "w0" not in keep_heaviest_terms(query, rarities, dict.fromkeys(query.terms, 1)).terms


def test_a_message_has_no_phrases_or_exclusions() -> None:
    query = parse("“red lines” of the Pentagon -Google in New Delhi, multi-layered")
    whole = dict.fromkeys(query.terms, 1.0)

    told = keep_heaviest_terms(query, whole, dict.fromkeys(query.terms, 1))

    assert (told.phrases, told.excluded_terms) == ((), frozenset())
    assert ("new", "delhi") in told.names
    assert told.compound_terms == query.compound_terms != frozenset()


def test_a_name_with_a_dropped_part_is_dropped() -> None:
    words = " ".join(f"w{number}" for number in range(MAX_TERMS))
    query = parse(f"{words} in New Delhi")
    rarities = dict.fromkeys(query.terms, 1.0) | {"new": 0.0}

    told = keep_heaviest_terms(query, rarities, dict.fromkeys(query.terms, 1))

    assert told.names == ()


def test_the_dates_of_the_message_are_kept() -> None:
    query = parse("The river rose on 27 March 2025")

    told = keep_heaviest_terms(
        query, dict.fromkeys(query.terms, 1.0), dict.fromkeys(query.terms, 1)
    )

    assert told.dates == query.dates
    assert range_text(replace(told.dates[0], span=Span(0, 0)).days) == "27 March 2025"
