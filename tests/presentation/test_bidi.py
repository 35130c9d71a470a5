import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.presentation.bidi import isolate_bidi, isolate_lines

LRE, RLE, PDF, LRO, RLO = "\u202a\u202b\u202c\u202d\u202e"
LRI, RLI, FSI, PDI = "\u2066\u2067\u2068\u2069"
LINE_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"

hostile_text = st.text(
    st.sampled_from(f"ab ש{LINE_ENDS}{LRE}{RLE}{PDF}{LRO}{RLO}{LRI}{RLI}{FSI}{PDI}")
)


def open_at_each_place(line: str) -> list[list[str]]:
    """Return the open controls before each character of a line and after the last, by UAX #9."""
    opened: list[str] = []
    history: list[list[str]] = [[]]
    for character in line:
        if character in LRE + RLE + LRO + RLO + LRI + RLI + FSI:
            opened.append(character)
        elif character == PDF and opened and opened[-1] in LRE + RLE + LRO + RLO:
            opened.pop()
        elif character == PDI and any(opener in LRI + RLI + FSI for opener in opened):
            while opened.pop() not in LRI + RLI + FSI:
                pass
        history.append(list(opened))
    return history


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", FSI + PDI),
        ("rain", f"{FSI}rain{PDI}"),
        (f"{RLO}rain", f"{FSI}{RLO}rain{PDF}{PDI}"),
        (f"{RLO}rain{PDF}", f"{FSI}{RLO}rain{PDF}{PDI}"),
        (f"{RLI}{LRE}rain", f"{FSI}{RLI}{LRE}rain{PDF}{PDI}{PDI}"),
        (f"{RLI}{LRE}rain{PDI}", f"{FSI}{RLI}{LRE}rain{PDI}{PDI}"),
        (f"rain{PDI}{RLO}flood", f"{FSI}{FSI}rain{PDI}{RLO}flood{PDF}{PDI}"),
        (f"{RLE}rain{PDI}", f"{FSI}{FSI}{RLE}rain{PDI}{PDI}"),
        (f"rain{PDF}", f"{FSI}rain{PDF}{PDI}"),
        (f"{RLI}rain{PDF}{PDI}", f"{FSI}{RLI}rain{PDF}{PDI}{PDI}"),
        (f"{RLO}rain\nflood", f"{FSI}{RLO}rain{PDF}{PDI}\n{FSI}flood{PDI}"),
        ("rain\r\nflood", f"{FSI}rain{PDI}\r\n{FSI}flood{PDI}"),
        ("zero\u200bwidth\u200d", f"{FSI}zero\u200bwidth\u200d{PDI}"),
    ],
)
def test_controls_opened_in_a_line_are_closed_at_its_end(text: str, expected: str) -> None:
    assert isolate_lines(text) == expected


@given(hostile_text)
def test_every_line_is_one_isolate_from_its_first_to_its_last_character(text: str) -> None:
    for line in isolate_lines(text).splitlines():
        before, *inside, after = open_at_each_place(line)

        assert before == after == []
        assert all(opened[:1] == [FSI] for opened in inside)


@given(hostile_text)
def test_the_text_inside_its_isolates_is_unchanged(text: str) -> None:
    lines = zip(text.splitlines(), isolate_lines(text).splitlines(), strict=False)

    assert all(line in isolate for line, isolate in lines)


@pytest.mark.parametrize("text", ["Über 3.5 % – “so” 😀, 日本語\u200b.", ""])
def test_left_to_right_text_is_unchanged(text: str) -> None:
    assert isolate_bidi(text) == text


@pytest.mark.parametrize("text", ["שלום", "مرحبا", "٣", f"rain{PDI}", f"{RLO}rain", f"{LRE}rain"])
def test_other_text_is_isolated(text: str) -> None:
    assert isolate_bidi(text) == isolate_lines(text)
