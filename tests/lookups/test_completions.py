from datetime import date, timedelta

import pytest

from bot.dates.calendar import range_text
from bot.dates.grammar import parse_day_range
from bot.lookups.completions import suggest_dates, suggest_sources
from bot.retrieval.index.article_table import ArticleTable
from tests.builders import an_article

TODAY = date(2026, 3, 4)
DAYS = {
    date(2025, 3, 9): 1,
    date(2025, 12, 31): 1,
    date(2026, 2, 24): 2,
    date(2026, 2, 27): 1,
    date(2026, 3, 2): 3,
    date(2026, 3, 5): 1,
}
ARTICLES = ArticleTable.from_articles(
    [
        an_article(id=f"{day}-{number}", published_on=day)
        for day, count in DAYS.items()
        for number in range(count)
    ]
)


def offer_dates(typed: str, *, articles: ArticleTable = ARTICLES, most: int = 25) -> list[str]:
    found = suggest_dates(typed, articles, today=TODAY, limit=most)
    return [f"{range_text(suggestion.days)}: {suggestion.article_count}" for suggestion in found]


def test_empty_text_suggests_the_newest_visible_days() -> None:
    assert offer_dates("") == [
        "2 March 2026: 3",
        "27 February 2026: 1",
        "24 February 2026: 2",
        "31 December 2025: 1",
        "9 March 2025: 1",
    ]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        (
            "last week",
            ["23 February to 1 March 2026: 3", "27 February 2026: 1", "24 February 2026: 2"],
        ),
        ("27 february", ["27 February 2026: 1"]),
        ("march", ["2 March 2026: 3", "9 March 2025: 1"]),
        ("2026-02", ["February 2026: 3", "27 February 2026: 1", "24 February 2026: 2"]),
        ("2 mar", ["2 March 2026: 3"]),
        ("2026-0", ["2 March 2026: 3", "27 February 2026: 1", "24 February 2026: 2"]),
        ("dece", ["31 December 2025: 1"]),
        (
            "since 25 february",
            ["since 25 February 2026: 4", "2 March 2026: 3", "27 February 2026: 1"],
        ),
        ("yesterday", []),
        ("5 march 2026", []),
        ("blurb", []),
    ],
)
def test_days_are_suggested_by_meaning_or_by_prefix(typed: str, found: list[str]) -> None:
    assert offer_dates(typed) == found


def test_suggested_days_parse_to_themselves() -> None:
    for suggestion in suggest_dates("2026", ARTICLES, today=TODAY, limit=25):
        assert parse_day_range(range_text(suggestion.days), TODAY) == suggestion.days


def test_the_limit_of_days_is_respected() -> None:
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(30)]
    many = ArticleTable.from_articles([an_article(id=str(day), published_on=day) for day in days])

    assert len(offer_dates("", articles=many)) == 25
    assert offer_dates("january 2026", articles=many, most=2) == [
        "January 2026: 30",
        "30 January 2026: 1",
    ]


def test_an_empty_library_suggests_nothing() -> None:
    empty = ArticleTable.from_articles(())

    assert suggest_dates("march", empty, today=TODAY, limit=25) == ()
    assert suggest_sources("", empty, until=TODAY, max_chars=100, limit=25) == ()


def test_one_day_is_suggested_once() -> None:
    assert offer_dates("2 march 2026") == ["2 March 2026: 3"]


SOURCES = ArticleTable.from_articles(
    [
        an_article(id=str(number), source=source, published_on=published_on)
        for number, (source, published_on) in enumerate(
            [
                ("Morning Post", TODAY),
                ("Morning Post", TODAY),
                ("Post of Essen", TODAY),
                ("POSTILLON", TODAY),
                ("POSTILLON", TODAY),
                ("Reuters", TODAY),
                (None, TODAY),
                ("Post of Tomorrow", TODAY + timedelta(days=1)),
                ("P" * 101, TODAY),
            ]
        )
    ]
)


def sources(typed: str, most: int = 25) -> list[str | None]:
    found = suggest_sources(typed, SOURCES, until=TODAY, max_chars=100, limit=most)
    return [source.name for source in found]


def test_sources_that_begin_with_the_text_come_first_then_the_larger() -> None:
    assert sources(" post") == ["POSTILLON", "Post of Essen", "Morning Post"]


def test_missing_or_long_or_later_sources_are_not_suggested() -> None:
    assert sources("") == ["Morning Post", "POSTILLON", "Post of Essen", "Reuters"]


def test_the_limit_of_sources_is_respected() -> None:
    assert sources("", most=1) == ["Morning Post"]
