import asyncio
import tempfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import StoreError, UnknownArticle
from bot.model.article import Article, ArticleId, Withdrawal
from bot.store.articles import ArticleStore, PutOutcome
from bot.store.database import Database

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LATER = datetime(2026, 3, 3, 12, tzinfo=UTC)
PACT = Article(
    id=ArticleId("pact"),
    title="A pact is signed",
    has_derived_title=False,
    source="The Gazette",
    url="https://gazette.example/pact",
    published_on=date(2026, 3, 2),
    body="The two companies signed a pact.\n\nIt takes effect in May.",
)
FLOOD = Article(
    id=ArticleId("flood"),
    title="The river rose",
    has_derived_title=True,
    source=None,
    url=None,
    published_on=date(2026, 2, 27),
    body="The river rose by two metres.",
)
REVISED_PACT = replace(PACT, body="The two companies signed a pact on Monday.")


@pytest.fixture
def store(database: Database) -> ArticleStore:
    return ArticleStore(database)


async def test_an_article_comes_back_as_it_was_put(store: ArticleStore) -> None:
    outcomes = await store.put([PACT, FLOOD], NOON)

    assert outcomes == (PutOutcome.ADDED, PutOutcome.ADDED)
    assert await store.find_many([PACT.id, FLOOD.id]) == [PACT, FLOOD]


async def test_the_changes_name_added_and_withdrawn_articles(store: ArticleStore) -> None:
    told = [await store.get_change_token()]
    await store.put([PACT], NOON)
    told.append(await store.get_change_token())
    await store.put([PACT], NOON)
    unchanged = await store.get_change_token()
    await store.put([REVISED_PACT], NOON)
    told.append(await store.get_change_token())
    await store.withdraw(PACT.id, "asked for", NOON)
    told.append(await store.get_change_token())
    await store.put([PACT], NOON)
    told.append(await store.get_change_token())
    await store.withdraw(PACT.id, "asked for", NOON)
    told.append(await store.get_change_token())

    assert unchanged == told[1]
    assert len(set(told)) == len(told)


async def test_an_empty_library_never_changed(store: ArticleStore) -> None:
    assert await store.get_last_change_time() is None


async def test_the_library_changed_when_an_article_last_came_in(store: ArticleStore) -> None:
    await store.put([PACT], NOON)
    first = await store.get_last_change_time()
    await store.put([REVISED_PACT], LATER)

    assert first == NOON
    assert await store.get_last_change_time() == LATER


async def test_a_withdrawal_changes_the_library(store: ArticleStore) -> None:
    await store.put([PACT, FLOOD], NOON)

    await store.withdraw(PACT.id, "asked for", LATER)

    assert await store.get_last_change_time() == LATER


async def test_the_same_article_again_changes_nothing(store: ArticleStore) -> None:
    await store.put([PACT, FLOOD], NOON)

    outcomes = await store.put([PACT, FLOOD], LATER)

    assert outcomes == (PutOutcome.UNCHANGED, PutOutcome.UNCHANGED)
    assert await store.get_current_revisions() == {FLOOD.id: 1, PACT.id: 1}


async def test_putting_nothing_new_is_no_commit(store: ArticleStore, database: Database) -> None:
    await store.put([PACT], NOON)
    before = await database.get_data_version()

    await store.put([PACT], LATER)

    assert await database.get_data_version() == before


@pytest.mark.parametrize(
    "change",
    [
        {"body": "Another text."},
        {"title": "Another title"},
        {"has_derived_title": True},
        {"source": None},
        {"url": None},
        {"published_on": date(2026, 3, 1)},
    ],
    ids=lambda change: next(iter(change)),
)
async def test_any_change_is_the_next_revision(store: ArticleStore, change: dict[str, Any]) -> None:
    changed = replace(PACT, **change)
    await store.put([PACT], NOON)

    outcomes = await store.put([changed], LATER)

    assert outcomes == (PutOutcome.REVISED,)
    assert await store.find(PACT.id) == replace(changed, revision=2)
    assert await store.find_revision(PACT.id, 1) == PACT


async def test_an_earlier_text_put_again_is_a_revision_of_its_own(store: ArticleStore) -> None:
    await store.put([PACT], NOON)
    await store.put([REVISED_PACT], NOON)

    outcomes = await store.put([PACT], LATER)

    assert outcomes == (PutOutcome.REVISED,)
    assert await store.get_current_revisions() == {PACT.id: 3}


async def test_articles_of_one_id_in_one_batch_are_put_in_order(store: ArticleStore) -> None:
    outcomes = await store.put([PACT, PACT, REVISED_PACT], NOON)

    assert outcomes == (PutOutcome.ADDED, PutOutcome.UNCHANGED, PutOutcome.REVISED)
    assert await store.find(PACT.id) == replace(REVISED_PACT, revision=2)


async def test_the_revision_an_article_comes_with_does_not_matter(store: ArticleStore) -> None:
    await store.put([replace(PACT, revision=7)], NOON)

    outcomes = await store.put([replace(PACT, revision=9)], LATER)

    assert outcomes == (PutOutcome.UNCHANGED,)
    assert await store.get_current_revisions() == {PACT.id: 1}


async def test_an_article_without_a_date_is_refused_with_its_batch(store: ArticleStore) -> None:
    with pytest.raises(ValueError, match="flood has no date"):
        await store.put([PACT, replace(FLOOD, published_on=None)], NOON)

    assert await store.get_current_revisions() == {}


async def test_an_instant_outside_utc_is_refused(store: ArticleStore) -> None:
    naive = NOON.replace(tzinfo=None)

    with pytest.raises(ValueError, match="not in UTC"):
        await store.put([PACT], naive)
    with pytest.raises(ValueError, match="not in UTC"):
        await store.withdraw(PACT.id, "asked for", naive)


async def test_the_time_of_each_ingest_is_kept(store: ArticleStore, database: Database) -> None:
    await store.put([PACT], NOON)
    await store.put([REVISED_PACT], LATER)

    rows = await database.fetch("SELECT ingested_at FROM revisions ORDER BY revision")

    assert rows == [("2026-03-02T12:00:00+00:00",), ("2026-03-03T12:00:00+00:00",)]


async def test_each_revision_tells_when_it_came_in(store: ArticleStore) -> None:
    await store.put([PACT], NOON)
    await store.put([REVISED_PACT], LATER)

    assert await store.get_ingestion_time(PACT.id, 1) == NOON
    assert await store.get_ingestion_time(PACT.id, 2) == LATER
    assert await store.get_ingestion_time(PACT.id, 3) is None


async def test_an_article_came_in_with_its_first_revision(store: ArticleStore) -> None:
    await store.put([PACT], NOON)
    await store.put([REVISED_PACT, FLOOD], LATER)

    found = await store.get_arrival_times([PACT.id, FLOOD.id, ArticleId("unknown")])

    assert found == {PACT.id: NOON, FLOOD.id: LATER}


async def test_articles_come_in_the_order_asked_without_unknown_ones(store: ArticleStore) -> None:
    await store.put([PACT, FLOOD], NOON)

    found = await store.find_many([FLOOD.id, ArticleId("unknown"), PACT.id])

    assert found == [FLOOD, PACT]


async def test_more_articles_than_sqlite_takes_parameters_can_be_asked_for(
    store: ArticleStore,
) -> None:
    await store.put([PACT], NOON)
    strangers = [ArticleId(f"stranger {number}") for number in range(40_000)]

    assert await store.find_many([*strangers, PACT.id]) == [PACT]


async def test_an_id_of_digits_is_a_text(store: ArticleStore) -> None:
    numbered = replace(PACT, id=ArticleId("007"))
    await store.put([numbered], NOON)

    assert await store.find(ArticleId("007")) == numbered
    assert await store.find(ArticleId("7")) is None


async def test_an_unknown_article_is_none(store: ArticleStore) -> None:
    await store.put([PACT], NOON)

    assert await store.find(FLOOD.id) is None
    assert await store.find_revision(PACT.id, 2) is None
    assert await store.find_last_withdrawal(PACT.id) is None


async def test_a_removed_article_is_gone_in_all_revisions(store: ArticleStore) -> None:
    await store.put([PACT, FLOOD], NOON)
    await store.put([REVISED_PACT], NOON)

    await store.withdraw(PACT.id, "asked for", LATER)

    assert await store.find_many([PACT.id, FLOOD.id]) == [FLOOD]
    assert await store.find_revision(PACT.id, 1) is None
    assert await store.find_revision(PACT.id, 2) is None
    assert await store.get_current_revisions() == {FLOOD.id: 1}


async def test_a_withdrawal_says_when_and_why(store: ArticleStore) -> None:
    await store.put([PACT], NOON)

    await store.withdraw(PACT.id, "asked for", LATER)

    assert await store.find_last_withdrawal(PACT.id) == Withdrawal(
        withdrawn_at=LATER, reason="asked for"
    )


async def test_only_a_stored_article_can_be_removed(store: ArticleStore) -> None:
    await store.put([PACT], NOON)
    await store.withdraw(PACT.id, "asked for", NOON)

    with pytest.raises(UnknownArticle):
        await store.withdraw(FLOOD.id, "never held", LATER)
    with pytest.raises(UnknownArticle):
        await store.withdraw(PACT.id, "once more", LATER)

    assert await store.find_last_withdrawal(PACT.id) == Withdrawal(
        withdrawn_at=NOON, reason="asked for"
    )


async def test_an_article_that_comes_back_is_added_with_the_next_revision(
    store: ArticleStore,
) -> None:
    await store.put([PACT], NOON)
    await store.put([REVISED_PACT], NOON)
    await store.withdraw(PACT.id, "by mistake", NOON)

    outcomes = await store.put([PACT], LATER)

    assert outcomes == (PutOutcome.ADDED,)
    assert await store.find(PACT.id) == replace(PACT, revision=3)


async def test_the_last_withdrawal_is_returned_and_stays_after_the_article_returns(
    store: ArticleStore,
) -> None:
    await store.put([PACT], NOON)
    await store.withdraw(PACT.id, "first", NOON)
    await store.put([PACT], NOON)
    await store.withdraw(PACT.id, "second", LATER)
    await store.put([PACT], LATER)

    assert await store.find_last_withdrawal(PACT.id) == Withdrawal(
        withdrawn_at=LATER, reason="second"
    )
    assert await store.get_current_revisions() == {PACT.id: 3}


async def test_a_library_keeps_the_id_that_tells_it_from_another(
    store: ArticleStore, path: Path, tmp_path: Path
) -> None:
    async with Database.open(path) as same, Database.open(tmp_path / "other.sqlite3") as other:
        library_id = await store.get_library_id()

        assert await ArticleStore(same).get_library_id() == library_id
        assert await ArticleStore(other).get_library_id() != library_id


async def test_a_new_library_never_had_an_article(store: ArticleStore) -> None:
    assert not await store.has_ever_held_articles()


async def test_a_library_with_articles_had_one(store: ArticleStore) -> None:
    await store.put([PACT], NOON)

    assert await store.has_ever_held_articles()


async def test_a_library_emptied_by_removals_had_an_article(
    store: ArticleStore,
) -> None:
    await store.put([PACT], NOON)
    await store.withdraw(PACT.id, "asked for", LATER)

    assert await store.has_ever_held_articles()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE revisions SET published_on = '2026-02-30'",
        "UPDATE revisions SET body = ''",
        "UPDATE revisions SET title_derived = 2",
        "UPDATE revisions SET article_id = 'of no article'",
        "UPDATE articles SET revision = 0",
    ],
    ids=["impossible date", "empty body", "no truth value", "orphan", "revision 0"],
)
async def test_the_schema_refuses_invalid_articles(
    store: ArticleStore, database: Database, sql: str
) -> None:
    await store.put([PACT], NOON)

    with pytest.raises(StoreError, match="constraint failed"):
        async with database.transaction() as transaction:
            await transaction.execute(sql)


texts = st.text(alphabet=st.characters(exclude_categories=["Cs"]))
articles = st.builds(
    Article,
    id=st.sampled_from([ArticleId("a"), ArticleId("b")]),
    title=texts,
    has_derived_title=st.booleans(),
    source=st.none() | texts,
    url=st.none() | texts,
    published_on=st.dates(),
    body=texts.filter(str.strip),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(articles | st.sampled_from([ArticleId("a"), ArticleId("b")]), max_size=8))
def test_every_revision_is_kept_word_for_word_and_no_number_is_used_twice(
    steps: list[Article | str],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_put_and_remove(Path(folder) / "library.sqlite3", steps))


async def _put_and_remove(path: Path, steps: list[Article | str]) -> None:
    """Put articles, withdraw ids, and compare with a history in plain lists."""
    history: dict[str, list[Article]] = {}
    held: dict[str, list[Article]] = {}
    async with Database.open(path) as database:
        store = ArticleStore(database)
        for step in steps:
            if isinstance(step, Article):
                await store.put([step], NOON)
                numbers = history.setdefault(step.id, [])
                revisions = held.setdefault(step.id, [])
                if not revisions or replace(revisions[-1], revision=1) != step:
                    numbers.append(replace(step, revision=len(numbers) + 1))
                    revisions.append(numbers[-1])
            elif held.pop(step, None):
                await store.withdraw(ArticleId(step), "asked for", NOON)

        for article_id, numbers in history.items():
            for article in numbers:
                expected = article if article in held.get(article_id, []) else None
                assert await store.find_revision(article.id, article.revision) == expected
        assert await store.get_current_revisions() == {
            article_id: revisions[-1].revision for article_id, revisions in held.items()
        }
