from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.errors import AnswerExpired, ArticleWithdrawn, UnknownButton
from bot.lookups.article import build_article_listing
from bot.lookups.listing import Listing
from bot.lookups.search import search_passages
from bot.model.article import ArticleId
from bot.model.day_range import DayRange
from bot.model.ids import Pseudonym, generate_key
from bot.retrieval.question.bounds import Bounds
from bot.services.listings import StoredListing
from bot.wiring import Application
from tests.builders import NOON, an_app, an_article, ask, build_searcher

ANNA = Pseudonym("a" * 32)
BEN = Pseudonym("b" * 32)
GUILD = "1191168914227200000"
AFTER = date(2026, 2, 2)
ARTICLES = [
    an_article(f"The river rose in {name}.", id=name, published_on=date(2026, 2, day))
    for day, name in enumerate(["bremen", "cologne", "dresden"], start=1)
]


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[Application]:
    async with an_app(tmp_path, DATELINE_LIBRARY__SEEDS="false") as app:
        await app.articles.put(ARTICLES, NOON)
        yield app


async def found(app: Application, terms: str = "river in 2 February 2026") -> Listing:
    query = app.services.browse.parse_query(terms)
    bounds = Bounds(after=AFTER, source="The Courier")
    return await search_passages(build_searcher(app), query, bounds)


async def again(app: Application, key: str) -> StoredListing:
    kept = await app.services.listings.load(key)
    assert kept
    return kept


async def remove(app: Application, article_id: str) -> None:
    await app.articles.withdraw(ArticleId(article_id), "wrong", NOON)


async def test_what_was_found_comes_back_but_for_words_that_were_typed(app: Application) -> None:
    listing = await found(app, "river zeppelin 2 February 2026")
    kept = await app.services.listings.store(listing, ANNA, GUILD)

    back = (await again(app, kept.key)).listing

    assert [each.text for each in back.entries] == [each.text for each in listing.entries]
    assert [each.matches for each in back.entries] == [each.matches for each in listing.entries]
    assert (back.lookup, back.total, back.facts) == (listing.lookup, listing.total, listing.facts)
    assert back.days == listing.days
    assert back.bounds == Bounds(after=AFTER)
    assert listing.reasons
    assert back.reasons == ()


async def test_what_was_found_belongs_to_who_asked_and_to_the_server(app: Application) -> None:
    kept = await app.services.listings.store(await found(app), ANNA, GUILD)

    row = await app.answers.find(kept.key, NOON)

    assert row
    assert (row.asker, row.guild) == (ANNA, GUILD)
    assert row.expires_at - row.shown_at == timedelta(days=app.settings.discord.answer_days)


async def test_entries_keep_their_revisions_while_articles_change(app: Application) -> None:
    kept = await app.services.listings.store(await found(app), ANNA, None)
    await app.articles.put([replace(ARTICLES[1], body="All was well.")], NOON)

    back = (await again(app, kept.key)).listing

    assert "The river rose in cologne." in [each.text for each in back.entries]


async def test_entries_keep_their_ranks_if_another_is_gone(app: Application) -> None:
    listing = await found(app)
    kept = await app.services.listings.store(listing, ANNA, None)
    await remove(app, listing.entries[0].article.id)

    back = await again(app, kept.key)

    assert len(listing.entries) == 2
    assert [each.article.id for each in back.listing.entries] == [listing.entries[1].article.id]
    assert back.listing.gone_count == 1
    assert back.get_rank(1) == 2
    assert [back.find_entry_number(rank) for rank in (1, 2)] == [1, 1]
    with pytest.raises(UnknownButton):
        back.find_entry_number(3)


async def test_the_paragraphs_of_an_article_keep_their_numbers(app: Application) -> None:
    kept = await app.services.listings.store(build_article_listing(ARTICLES[0]), ANNA, None)

    back = await again(app, kept.key)

    assert back.listing.entries[0].article.body == ARTICLES[0].body
    assert (back.get_rank(1), back.find_entry_number(1)) == (1, 1)
    with pytest.raises(UnknownButton):
        back.find_entry_number(2)


async def test_an_article_that_was_taken_back_can_not_be_read_on(app: Application) -> None:
    kept = await app.services.listings.store(build_article_listing(ARTICLES[0]), ANNA, None)
    await remove(app, ARTICLES[0].id)

    with pytest.raises(ArticleWithdrawn):
        await app.services.listings.load(kept.key)


async def test_an_answer_to_a_question_is_no_listing(app: Application) -> None:
    answer = await ask(app, "Where did the river rise?")
    key = await app.services.shown_answers.store(answer, ANNA)

    assert await app.services.listings.load(key) is None


async def test_an_unknown_key_is_reported_as_expired(app: Application) -> None:
    with pytest.raises(AnswerExpired):
        await app.services.listings.load(generate_key())
    with pytest.raises(AnswerExpired):
        await app.services.listings.store_undated(generate_key(), ANNA, None)


async def test_what_was_found_without_the_dates_stands_for_itself(app: Application) -> None:
    kept = await app.services.listings.store(await found(app), ANNA, GUILD)

    key = await app.services.listings.store_undated(kept.key, BEN, None)

    back = (await again(app, key)).listing
    row = await app.answers.find(key, NOON)
    assert row
    assert (row.asker, row.guild) == (BEN, None)
    assert len(back.entries) == 3
    assert back.total == 3
    assert back.days == ()
    assert len((await again(app, kept.key)).listing.entries) == 2


async def test_an_answer_without_its_dates_stands_for_itself(app: Application) -> None:
    answer = await ask(app, "Where did the river rise?", after="2 February 2026")
    undated = await app.services.ask.ask_without_dates(answer, Bounds(after=AFTER))
    assert undated
    kept_key = await app.services.shown_answers.store(answer, ANNA, undated=undated)

    key = await app.services.listings.store_undated(kept_key, ANNA, GUILD)

    page = await app.services.shown_answers.load_page(key, 0, 10)
    assert {each.excerpt.article.id for each in page.excerpts} == {"bremen", "cologne", "dresden"}
    assert sum(each.is_answer for each in page.excerpts) == undated.answering_count
    assert (page.passage_count, page.dates) == (undated.total, ())


async def test_a_question_without_dates_has_no_answer_without_them(app: Application) -> None:
    answer = await ask(app, "Where did the river rise?")

    assert await app.services.ask.ask_without_dates(answer, Bounds(source="The Courier")) is None


async def test_dates_of_a_question_are_left_out_as_well(app: Application) -> None:
    answer = await ask(app, "Where did the river rise on 1 February 2026?")

    undated = await app.services.ask.ask_without_dates(answer, Bounds())

    assert undated
    assert [mention.days for mention in answer.query.dates] == [
        DayRange(first=date(2026, 2, 1), last=date(2026, 2, 1))
    ]
    assert undated.query.dates == ()
