import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.retrieval.text.long_texts import find_all, iter_matches, replace_characters

WORD = re.compile(r"\w+(?:-\w+)*")
PARTS = st.lists(
    st.sampled_from(["a", "-", " ", "word " * 700, " " * 9_000, "x" * 400]), max_size=60
)


@given(PARTS.map("".join))
def test_long_texts_have_the_same_matches_as_short_ones(text: str) -> None:
    spans = [match.span() for match in iter_matches(WORD, text)]

    assert spans == [match.span() for match in WORD.finditer(text)]
    assert find_all(WORD, text) == WORD.findall(text)


def test_a_word_without_end_is_cut_but_not_lost() -> None:
    text = "a-" * 50_000 + "b"

    words = find_all(WORD, text)

    assert len(words) < 10
    assert "".join(words).replace("-", "") == text.replace("-", "")


@pytest.mark.parametrize("length", [10, 50_000])
def test_characters_are_replaced_throughout(length: int) -> None:
    assert replace_characters(re.compile("\t"), " ", "a\t" * length) == "a " * length
