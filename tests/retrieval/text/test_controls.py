"""Visible substitutes for control characters."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.retrieval.text.controls import escape_json_controls, show_controls

CONTROL_CATEGORIES = {"Cc", "Cs", "Zl", "Zp"}
any_text = st.text(st.characters())  # half surrogate pairs included


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m", "␛[31m"),
        ("a\x07b", "a␇b"),
        ("\x00\x08\r\x7f", "␀␈␍␡"),
        ("a\n\tb", "a\n\tb"),
        ("\x9b2J \x85", "\ufffd2J \ufffd"),
        ("one\u2028two\u2029", "one␤two␤"),
        ("name\udcff", "name\ufffd"),
        ("naïve 洪水 😀 \u202e", "naïve 洪水 😀 \u202e"),
    ],
)
def test_a_control_character_has_a_visible_substitute(text: str, shown: str) -> None:
    assert show_controls(text) == shown


@given(any_text)
def test_no_control_character_is_left_and_every_offset_stays(text: str) -> None:
    shown = show_controls(text)

    assert len(shown) == len(text)
    assert CONTROL_CATEGORIES.isdisjoint(
        unicodedata.category(char) for char in shown if char not in "\n\t"
    )


@given(any_text)
def test_every_other_character_stays(text: str) -> None:
    changed = [char for char, shown in zip(text, show_controls(text), strict=True) if char != shown]

    assert all(unicodedata.category(char) in CONTROL_CATEGORIES for char in changed)


@given(st.dictionaries(any_text, st.lists(any_text)))
def test_json_has_no_control_character_and_keeps_its_value(value: dict[str, list[str]]) -> None:
    serialized = escape_json_controls(json.dumps(value, ensure_ascii=False))

    assert json.loads(serialized) == value
    assert show_controls(serialized) == serialized
    assert "\n" not in serialized


def test_json_does_not_reorder_the_text_around_it() -> None:
    assert escape_json_controls('"\u202edoolf"') == '"\\u202edoolf"'
