from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.lookups.catalogue import ArticleCard
from bot.lookups.completions import DateSuggestion
from bot.model.article import ArticleId
from bot.model.day_range import DayRange
from bot.presentation.bidi import FIRST_STRONG_ISOLATE, POP_ISOLATE
from bot.presentation.labels import MAX_LABEL_CHARS, format_days_label, format_title_label
from bot.presentation.truncation import count_utf16_units

ARABIC = "ارتفع منسوب النهر"


def a_card(title: str = "The flood", source: str | None = "The Courier") -> ArticleCard:
    return ArticleCard(
        id=ArticleId("flood"), title=title, source=source, published_on=date(2026, 3, 2)
    )


def test_an_article_is_labelled_with_its_day_title_and_source() -> None:
    assert format_title_label(a_card()) == "2 Mar 2026 · The flood · The Courier"


def test_a_missing_source_is_omitted() -> None:
    assert format_title_label(a_card(source=None)) == "2 Mar 2026 · The flood"


def test_a_long_label_truncates_the_title() -> None:
    label = format_title_label(a_card(title="river " * 30))

    assert MAX_LABEL_CHARS - 1 <= count_utf16_units(label) <= MAX_LABEL_CHARS
    assert label.endswith("river river… · The Courier")


def test_a_long_source_is_truncated_too() -> None:
    label = format_title_label(a_card(title="river " * 30, source="The Courier of " * 9))

    assert count_utf16_units(label) <= MAX_LABEL_CHARS
    assert label.endswith("… · The Courier of The Courier of…")


def test_a_right_to_left_title_is_isolated() -> None:
    label = format_title_label(a_card(title=ARABIC, source=ARABIC))

    isolated = f"{FIRST_STRONG_ISOLATE}{ARABIC}{POP_ISOLATE}"
    assert label == f"2 Mar 2026 · {isolated} · {isolated}"


def test_a_long_right_to_left_title_is_truncated_within_its_isolate() -> None:
    label = format_title_label(a_card(title=f"{ARABIC} " * 9, source=None))

    assert count_utf16_units(label) <= MAX_LABEL_CHARS
    assert label.endswith(f"…{POP_ISOLATE}")


def test_bidi_controls_are_removed() -> None:
    label = format_title_label(a_card(title="\u202eThe \u2066flood\u2069\u202c\u200f"))

    assert label == "2 Mar 2026 · The flood · The Courier"


@given(st.text(max_size=200), st.none() | st.text(min_size=1, max_size=60))
def test_a_label_is_never_empty_and_never_too_long(title: str, source: str | None) -> None:
    label = format_title_label(a_card(title=title, source=source))

    assert label.startswith("2 Mar 2026 · ")
    assert count_utf16_units(label) <= MAX_LABEL_CHARS


@pytest.mark.parametrize(
    ("last", "articles", "label"),
    [
        (date(2026, 3, 2), 1, "2 March 2026 · 1 article"),
        (date(2026, 3, 31), 1234, "2 to 31 March 2026 · 1,234 articles"),
    ],
    ids=["a day", "a range"],
)
def test_days_are_labelled_with_their_number_of_articles(
    last: date, articles: int, label: str
) -> None:
    days = DayRange(first=date(2026, 3, 2), last=last)

    assert format_days_label(DateSuggestion(days=days, article_count=articles)) == label
