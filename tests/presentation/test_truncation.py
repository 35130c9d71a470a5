import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.presentation.truncation import ELLIPSIS, count_utf16_units, truncate

FAMILY = "👨‍👩‍👧‍👦"
THUMB = "👍🏽"
FLAGS = "🇩🇪🇫🇷"
SCOTLAND = "🏴󠁧󠁢󠁳󠁣󠁴󠁿"
HEART = "❤️"
ACCENTED = "e\u0301\u0323"
HINDI = "नि"
HANGUL = "\u1112\u1161\u11ab"
KEYCAP = "1\ufe0f\u20e3"


@pytest.mark.parametrize("text", ["", "short", "x" * 10, "🌊" * 5])
def test_a_short_text_is_unchanged(text: str) -> None:
    assert truncate(text, 10) == text


def test_a_long_text_ends_in_an_ellipsis() -> None:
    assert truncate("The river rose", 10) == "The river…"
    assert truncate("The river rose", 9) == "The rive…"


def test_no_space_stands_before_the_ellipsis() -> None:
    assert truncate("The river rose", 5) == "The…"


@pytest.mark.parametrize(
    "whole",
    [FAMILY, THUMB, "🇩🇪", SCOTLAND, HEART, ACCENTED, HINDI, HANGUL, KEYCAP, "🌊"],
    ids=[
        "family",
        "tone",
        "flag",
        "tags",
        "variant",
        "accents",
        "Hindi",
        "Hangul",
        "keycap",
        "one",
    ],
)
def test_a_grapheme_cluster_is_never_cut(whole: str) -> None:
    text = f"ab{whole}cd"

    shown = {truncate(text, most) for most in range(1, count_utf16_units(text))}

    assert shown <= {"…", "a…", "ab…", f"ab{whole}…", f"ab{whole}c…"}
    assert f"ab{whole}…" in shown


def test_flags_are_only_separated_between_letter_pairs() -> None:
    assert truncate(f"{FLAGS}🇮🇹", 10) == f"{FLAGS}…"
    assert truncate(f"{FLAGS}🇮🇹", 8) == "🇩🇪…"


def test_a_single_flag_letter_pairs_with_the_next() -> None:
    assert truncate("🇩 🇩🇪x", 8) == "🇩 🇩🇪x"
    assert truncate("🇩 🇩🇪xyz", 8) == "🇩 🇩🇪…"


@given(st.text(), st.integers(1, 40))
def test_a_truncated_text_is_a_prefix_within_the_limit(text: str, most: int) -> None:
    shown = truncate(text, most)

    assert count_utf16_units(shown) <= most
    if shown != text:
        kept = shown.removesuffix(ELLIPSIS)
        assert text.startswith(kept)
        rest = text[len(kept) :]
        assert not unicodedata.category(rest[0]).startswith("M") or not kept
