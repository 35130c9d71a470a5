import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from bot.lookups.trend import MAX_WEEKS, Trend
from bot.presentation.blocks import Block, Heading, Line, Picture, Table
from bot.presentation.sums import MAX_COLUMNS
from bot.presentation.tables import format_table
from bot.presentation.trend import build_trend_blocks, draw_trend, format_alt_text, trend_to_json

MONDAY = date(2026, 2, 9)
PICTURE = Picture(png=b"png", name="trend.png", alt="A chart")


def a_trend(
    counts: Mapping[str, tuple[int, ...]] | None = None,
    *,
    articles: tuple[int, ...] = (9, 8, 0, 1234),
    until: date = date(2026, 3, 8),
) -> Trend:
    counts = {"river": (1, 0, 0, 7), "ferry": (2, 0, 2, 0)} if counts is None else counts
    mondays = tuple(MONDAY + timedelta(weeks=week) for week in range(len(articles)))
    return Trend(mondays=mondays, counts=counts, article_counts=articles, until=until)


def list_lines(blocks: Sequence[Block]) -> list[str]:
    return [block.text for block in blocks if isinstance(block, Line)]


def test_a_trend_is_shown_in_numbers() -> None:
    heading, *rest, table = build_trend_blocks(a_trend())

    assert heading == Heading(text="Articles per week, 9 February to 8 March 2026")
    assert list_lines(rest) == [
        "river: 8 articles, most in one week: 7 (week of 2 March 2026)",
        "ferry: 4 articles, most in one week: 2 (in 2 weeks)",
        "The library has 1,251 articles from these 4 weeks.",
    ]
    assert table == Table(
        header=("week", "river", "ferry", "all"),
        rows=(
            ("9 Feb", "1", "2", "9"),
            ("16 Feb", "0", "0", "8"),
            ("23 Feb", "0", "2", "0"),
            ("2 Mar", "7", "0", "1234"),
        ),
    )


def test_the_picture_is_above_the_numbers() -> None:
    blocks = build_trend_blocks(a_trend(), PICTURE)

    assert blocks[1] == PICTURE
    assert (blocks[0], *blocks[2:]) == build_trend_blocks(a_trend())


def test_an_unfinished_week_is_mentioned() -> None:
    blocks = build_trend_blocks(a_trend(until=date(2026, 3, 4)))

    assert list_lines(blocks)[-1].endswith(" The last week is counted only up to 4 March 2026.")


def test_a_term_without_articles_has_no_peak() -> None:
    blocks = build_trend_blocks(a_trend({"river": (1, 0, 0, 0), "sea": (0, 0, 0, 0)}))

    assert list_lines(blocks)[1] == "sea: 0 articles"


def test_a_trend_without_articles_names_the_terms() -> None:
    blocks = build_trend_blocks(
        a_trend({"sea": (0, 0, 0, 0), "\u05d9\u05dd": (0, 0, 0, 0)}), PICTURE
    )

    assert blocks[0] == Heading(text="No article from these weeks contains this.", is_warning=True)
    assert list_lines(blocks) == [
        "Searched for “sea” or “\u2068\u05d9\u05dd\u2069” in articles from 9 February to 8 March 2026.",
        "The library has 1,251 articles from these 4 weeks.",
    ]
    assert len(blocks) == 3


def test_the_numbers_of_four_long_terms_fit_on_a_phone() -> None:
    counts = {f"{letter} very long term": (0, 0, 0, 999) for letter in "abcd"}
    *_, table = build_trend_blocks(a_trend(counts))

    assert isinstance(table, Table)
    assert table.header[1] == "a ve…"
    assert max(map(len, format_table(table))) <= MAX_COLUMNS


def test_the_alt_text_describes_the_picture() -> None:
    assert format_alt_text(a_trend()) == (
        "Bar chart of articles per week, 9 February to 8 March 2026."
        " river: 8 articles, most in one week: 7 (week of 2 March 2026);"
        " ferry: 4 articles, most in one week: 2 (in 2 weeks)."
    )


def test_the_alt_text_keeps_within_discords_limit() -> None:
    text = format_alt_text(a_trend({"x" * 299: (1, 0, 0, 0), "😀" * 400: (0, 0, 0, 0)}))

    assert 998 <= len(text.encode("utf-16-le")) // 2 <= 1_000
    assert text.endswith("…")


def test_a_picture_is_a_png_with_a_plain_name_and_an_alt_text() -> None:
    picture = draw_trend(a_trend())

    assert picture.png.startswith(b"\x89PNG\r\n")
    assert (picture.name, picture.alt) == ("trend.png", format_alt_text(a_trend()))


def test_the_json_has_each_week_of_each_term() -> None:
    value = json.loads(json.dumps(trend_to_json(a_trend({"river": (1, 0, 0, 7)}))))

    assert value == {
        "weeks": ["2026-02-09", "2026-02-16", "2026-02-23", "2026-03-02"],
        "until": "2026-03-08",
        "terms": [{"term": "river", "counts": [1, 0, 0, 7]}],
        "articles": [9, 8, 0, 1234],
    }


def test_a_year_of_four_terms_fits_in_one_message() -> None:
    counts = {f"term {number} of many": (999,) * MAX_WEEKS for number in range(4)}
    blocks = build_trend_blocks(a_trend(counts, articles=(9999,) * MAX_WEEKS))

    shown = [*list_lines(blocks), *format_table(next(b for b in blocks if isinstance(b, Table)))]

    assert sum(len(line) + 1 for line in shown) < 3_500
