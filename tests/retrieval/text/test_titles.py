import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.retrieval.text.titles import MAX_TITLE_CHARS, derive_title


@pytest.mark.parametrize(
    ("body", "title"),
    [
        pytest.param("Prices rose. Wages did not.", "Prices rose.", id="first sentence"),
        pytest.param("Prices rose", "Prices rose", id="no full stop"),
        pytest.param("Prices  rose\tfast. Then", "Prices rose fast.", id="white space"),
        pytest.param("—", "—", id="no letters"),
        pytest.param(f"{'a' * 79}. Then", f"{'a' * 79}.", id="just short enough"),
        pytest.param(f"{'a' * 79} b c d.", f"{'a' * 79}…", id="cut after a word"),
        pytest.param(f"ab {'c' * 100}.", "ab…", id="cut before a long word"),
        pytest.param("a" * 100, f"{'a' * 79}…", id="one long word"),
    ],
)
def test_a_title_is_the_first_sentence_cut_after_a_word(body: str, title: str) -> None:
    assert derive_title(body) == title


@given(st.text().map(str.strip).filter(bool))
def test_a_title_is_one_short_line_and_never_empty(body: str) -> None:
    title = derive_title(body)

    assert 0 < len(title) <= MAX_TITLE_CHARS
    assert " ".join(title.split()) == title
