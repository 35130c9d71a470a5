from bot.presentation.blocks import Sum
from bot.presentation.sums import MAX_COLUMNS, format_sum


def test_numbers_are_aligned_above_a_rule_and_the_total() -> None:
    block = Sum(rows=(("river", 9.5), ("it rained", 1.25), ("it was dry", -0.5)), label="score")

    assert format_sum(block) == [
        " 9.50  river",
        " 1.25  it rained",
        "-0.50  it was dry",
        "─────",
        "10.25  score",
    ]


def test_a_number_wider_than_the_total_makes_room_for_itself() -> None:
    block = Sum(rows=(("river", 10.0), ("it was dry", -9.0)), label="score")

    assert format_sum(block) == ["10.00  river", "-9.00  it was dry", "─────", " 1.00  score"]


def test_a_long_label_is_wrapped_below_itself() -> None:
    block = Sum(rows=(("one sentence tells how far the river rose", 1.0),), label="score")

    assert format_sum(block)[:2] == [
        "1.00  one sentence tells how far the",
        "      river rose",
    ]


def test_no_line_is_wider_than_a_phone() -> None:
    lines = format_sum(Sum(rows=(("x" * 100, 1.0), ("the river " * 9, 100.0)), label="score"))

    assert max(map(len, lines)) == MAX_COLUMNS


def test_each_label_is_isolated() -> None:
    lines = format_sum(Sum(rows=((f"{'x' * 34} הצפה", 1.0),), label="score"))

    assert lines[:2] == [f"1.00  {'x' * 34}", "      \u2068הצפה\u2069"]
