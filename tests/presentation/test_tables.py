from bot.presentation.blocks import Table
from bot.presentation.tables import format_table


def test_only_the_first_column_is_left_aligned() -> None:
    block = Table(
        header=("week of", "river", "all"), rows=(("2 March", "7", "1234"), ("9", "12", "5"))
    )

    assert format_table(block) == [
        "week of  river   all",
        "2 March      7  1234",
        "9           12     5",
    ]


def test_no_line_ends_in_spaces() -> None:
    block = Table(header=("week of", "note"), rows=(("2 March", ""),))

    assert format_table(block) == ["week of  note", "2 March"]


def test_a_right_to_left_word_moves_no_column() -> None:
    block = Table(header=("week of", "נהר", "all"), rows=(("2 March", "7", "9"),))

    assert format_table(block) == [
        "week of  \u2068נהר\u2069  all",
        "2 March    7    9",
    ]
