from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.article import Article, ArticleId
from bot.retrieval.index.article_table import UNDATED, ArticleTable
from tests.builders import an_article

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
ARTICLES = st.lists(
    st.builds(
        Article,
        id=st.builds(ArticleId, TEXT),
        title=TEXT,
        has_derived_title=st.booleans(),
        source=st.none() | st.sampled_from(["Reuters", "The Courier"]) | TEXT.filter(bool),
        url=st.none() | TEXT,
        published_on=st.none() | st.dates(),
        body=TEXT.filter(str.strip),
        revision=st.integers(1, 2**31 - 1),
    ),
    max_size=6,
)
KEPT = an_article(id="kept", source="Reuters", published_on=date(2026, 3, 1))
DROPPED = an_article(id="dropped", source="The Courier")
ADDED = an_article(id="added", source=None, published_on=None)


def columns(articles: ArticleTable) -> list[object]:
    return [
        *(articles.ids, articles.sources, articles.source_numbers.tolist()),
        *(articles.revisions.tolist(), articles.days.tolist()),
        *(articles.records.tobytes(), articles.record_starts.tolist()),
    ]


@given(ARTICLES)
def test_articles_are_stored_without_loss(listed: list[Article]) -> None:
    articles = ArticleTable.from_articles(iter(listed))

    assert list(articles) == listed
    assert len(articles) == len(listed)


@given(ARTICLES)
def test_a_table_survives_a_round_trip_through_arrays(listed: list[Article]) -> None:
    articles = ArticleTable.from_articles(listed)

    again = ArticleTable.from_arrays(articles.to_arrays())

    assert columns(again) == columns(articles)
    assert list(again) == listed


@given(before=ARTICLES, added=ARTICLES, data=st.data())
def test_a_changed_table_equals_a_newly_built_one(
    before: list[Article], added: list[Article], data: st.DataObject
) -> None:
    size = len(before)
    keep = data.draw(st.lists(st.booleans(), min_size=size, max_size=size))
    articles = ArticleTable.from_articles(before)
    columns_before = columns(articles)

    changed = articles.with_changes(
        np.array(keep, dtype=np.bool_), ArticleTable.from_articles(added)
    )

    stays = [article for article, is_kept in zip(before, keep, strict=True) if is_kept]
    assert columns(changed) == columns(ArticleTable.from_articles([*stays, *added]))
    assert columns(articles) == columns_before


def test_a_source_is_numbered_by_its_first_appearance() -> None:
    articles = ArticleTable.from_articles([DROPPED, KEPT, ADDED, DROPPED])

    assert list(articles.sources) == ["The Courier", "Reuters", ""]
    assert articles.source_numbers.tolist() == [0, 1, 2, 0]


def test_a_source_without_articles_is_dropped() -> None:
    articles = ArticleTable.from_articles([DROPPED, KEPT])

    changed = articles.with_changes(np.array([False, True]), ArticleTable.from_articles([ADDED]))

    assert list(changed.sources) == ["Reuters", ""]


def test_days_are_ordinals_and_an_article_without_a_date_has_none() -> None:
    articles = ArticleTable.from_articles([KEPT, ADDED])

    assert articles.days.tolist() == [date(2026, 3, 1).toordinal(), UNDATED]


def test_an_index_beyond_the_last_article_is_refused() -> None:
    with pytest.raises(IndexError):
        ArticleTable.from_articles([KEPT])[1]


@given(ARTICLES)
def test_each_title_is_read_without_the_body(articles: list[Article]) -> None:
    columns = ArticleTable.from_articles(articles)

    assert [columns.get_title(place) for place in range(len(columns))] == [
        article.title for article in articles
    ]
