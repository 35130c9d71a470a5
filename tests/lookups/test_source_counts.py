from datetime import date

import pytest

from bot.lookups.source_counts import DayCount, SourceSummary, count_by_day, list_sources
from bot.model.day_range import DayRange
from bot.retrieval.index.article_table import ArticleTable
from tests.builders import an_article

FIRST, SECOND, LAST = date(2026, 2, 27), date(2026, 3, 1), date(2026, 3, 4)
ARTICLES = ArticleTable.from_articles(
    [
        an_article(id="a", source="The Herald", published_on=LAST),
        an_article(id="b", source="The Courier", published_on=SECOND),
        an_article(id="c", source=None, published_on=FIRST),
        an_article(id="d", source=None, published_on=SECOND),
        an_article(id="e", source=None, published_on=SECOND),
        an_article(id="f", source="The Courier", published_on=FIRST),
        an_article(id="g", source="Bote", published_on=SECOND),
    ]
)


def test_days_are_oldest_first_with_their_counts() -> None:
    assert list(count_by_day(ARTICLES, until=LAST)) == [
        DayCount(day=FIRST, article_count=2),
        DayCount(day=SECOND, article_count=4),
        DayCount(day=LAST, article_count=1),
    ]


def test_later_days_are_hidden() -> None:
    assert [day_count.day for day_count in count_by_day(ARTICLES, until=date(2026, 3, 3))] == [
        FIRST,
        SECOND,
    ]


def test_an_empty_library_has_no_days_and_sources() -> None:
    empty = ArticleTable.from_articles(())

    assert len(count_by_day(empty, until=LAST)) == 0
    assert list_sources(empty, until=LAST) == ()


@pytest.mark.parametrize(
    ("first", "last", "places"),
    [
        (SECOND, SECOND, range(1, 2)),
        (date(2026, 2, 28), SECOND, range(1, 2)),
        (date(2026, 2, 28), date(2026, 2, 28), range(1, 1)),
        (None, SECOND, range(2)),
        (SECOND, None, range(1, 3)),
        (date(2027, 1, 1), None, range(3, 3)),
    ],
    ids=["one day", "a range", "none", "no beginning", "no end", "after all"],
)
def test_a_range_gives_the_indices_of_its_days(
    first: date | None, last: date | None, places: range
) -> None:
    assert count_by_day(ARTICLES, until=LAST).find_range(DayRange(first=first, last=last)) == places


def test_sources_are_sorted_by_size_then_by_name_with_missing_ones_last() -> None:
    assert list_sources(ARTICLES, until=LAST) == (
        SourceSummary(name="The Courier", article_count=2, first_on=FIRST, last_on=SECOND),
        SourceSummary(name="Bote", article_count=1, first_on=SECOND, last_on=SECOND),
        SourceSummary(name="The Herald", article_count=1, first_on=LAST, last_on=LAST),
        SourceSummary(name=None, article_count=3, first_on=FIRST, last_on=SECOND),
    )


def test_sources_with_only_later_articles_are_hidden() -> None:
    names = [source.name for source in list_sources(ARTICLES, until=SECOND)]

    assert names == ["The Courier", "Bote", None]
