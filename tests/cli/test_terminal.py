from collections.abc import Sequence
from datetime import UTC, datetime
from io import StringIO

import pytest
from rich.console import Console

from bot.cli.terminal import show
from bot.model.span import Span
from bot.presentation.blocks import (
    Action,
    Block,
    Button,
    Heading,
    Line,
    Link,
    Moment,
    Picture,
    Quote,
    Sum,
    Table,
)

LONG = "The river rose by two metres overnight, and the old bridge was closed to all traffic."
BOLD, DIM, OFF = "\x1b[1m", "\x1b[2m", "\x1b[0m"


def plain(blocks: Sequence[Block]) -> str:
    """Return the text for a file or a pipe."""
    file = StringIO()
    show(blocks, Console(file=file, width=60))
    return file.getvalue()


def on_terminal(blocks: Sequence[Block]) -> str:
    """Return the text for a terminal with 60 columns."""
    file = StringIO()
    show(
        blocks,
        Console(file=file, width=60, force_terminal=True, color_system="standard", _environ={}),
    )
    return file.getvalue()


def test_a_quote_is_not_wrapped_without_a_terminal() -> None:
    text = plain([Quote(text=LONG)])

    assert text == f"▌ {LONG}\n"


def test_a_quote_keeps_its_own_lines_without_a_terminal() -> None:
    text = plain([Quote(text="The river rose.\n\nThe bridge was closed.")])

    assert text == "▌ The river rose.\n▌ \n▌ The bridge was closed.\n"


def test_a_sum_stands_in_columns_and_can_steer_nothing() -> None:
    text = plain([Sum(rows=(("river\x1b[2J", 1.5), ("rain", 10.0)), label="score")])

    assert text == " 1.50  river␛[2J\n10.00  rain\n─────\n11.50  score\n"


def test_a_table_stands_in_columns_and_can_steer_nothing() -> None:
    text = plain([Table(header=("week", "river\x1b[2J"), rows=(("2 Mar", "7"),))])

    assert text == "week   river␛[2J\n2 Mar          7\n"


def test_a_moment_is_printed_as_its_text_without_control_characters() -> None:
    text = plain([Moment(text="Monday, 08:30\x1b[2J", at=datetime(2026, 3, 2, tzinfo=UTC))])

    assert text == "Monday, 08:30␛[2J\n"


def test_a_picture_is_printed_as_its_description() -> None:
    text = plain([Picture(png=b"png", name="trend.png", alt="A chart\x1b[2J")])

    assert text == "[picture: A chart␛[2J]\n"


def test_a_numbered_quote_stands_below_its_number() -> None:
    shown = plain(
        [Line(text="An article"), Quote(text="One.", number=1), Quote(text="Two.", number=2)]
    )

    assert shown == "An article\n\n1\n▌ One.\n\n2\n▌ Two.\n"


def test_no_style_reaches_a_file() -> None:
    text = plain(
        [Heading(text="No."), Quote(text=LONG, matches=(Span(4, 9),)), Line(text="2 March")]
    )

    assert "\x1b" not in text


def test_every_wrapped_line_of_a_quote_has_its_bar_on_a_terminal() -> None:
    lines = on_terminal([Quote(text=LONG)]).splitlines()

    assert len(lines) == 2
    assert all("▌ " in line for line in lines)
    assert all(len(line) <= 60 + len("\x1b[36m\x1b[0m") for line in lines)


def test_matches_are_bold_on_a_terminal() -> None:
    text = on_terminal([Quote(text="The river rose.", matches=(Span(4, 9), Span(10, 14)))])

    assert f"The {BOLD}river{OFF} {BOLD}rose{OFF}." in text


def test_a_match_stays_bold_after_control_characters() -> None:
    text = on_terminal([Quote(text="\x1b[31mThe river", matches=(Span(9, 14),))])

    assert f"␛[31mThe {BOLD}river{OFF}" in text


def test_a_narrow_terminal_still_shows_twenty_columns_of_a_quote() -> None:
    file = StringIO()

    show([Quote(text="a" * 20)], Console(file=file, width=5, force_terminal=True, _environ={}))

    assert "a" * 20 in file.getvalue()


def test_headings_are_bold_and_particulars_dim_on_a_terminal() -> None:
    text = on_terminal(
        [Heading(text="No."), Line(text="Words."), Line(text="2 March", is_subtle=True)]
    )

    assert text == f"{BOLD}No.{OFF}\nWords.\n{DIM}2 March{OFF}\n"


def test_a_blank_line_stands_before_each_quote_and_heading_but_the_first() -> None:
    text = plain(
        [Quote(text="One."), Line(text="1 March"), Quote(text="Two."), Heading(text="No.")]
    )

    assert text == "▌ One.\n1 March\n\n▌ Two.\n\nNo.\n"


def test_a_link_shows_its_address_whole() -> None:
    url = f"https://courier.example/{'x' * 80}"

    text = plain([Link(label="Open the article", url=url)])

    assert text == f"Open the article: {url}\n"


@pytest.mark.parametrize(
    "block",
    [
        Heading(text="[bold]1[/bold] :smile:"),
        Line(text="[bold]1[/bold] :smile:"),
        Quote(text="[bold]1[/bold] :smile:"),
    ],
    ids=lambda block: type(block).__name__,
)
def test_text_in_brackets_is_no_markup(block: Block) -> None:
    assert "[bold]1[/bold] :smile:" in on_terminal([block])


@pytest.mark.parametrize(
    "block",
    [
        Heading(text="\x1b]0;x\x07"),
        Line(text="\x1b]0;x\x07"),
        Quote(text="\x1b]0;x\x07"),
        Link(label="Open", url="\x1b]0;x\x07"),
        Link(label="\x1b]0;x\x07", url="https://courier.example/"),
    ],
    ids=lambda block: type(block).__name__,
)
def test_an_escape_sequence_in_a_text_is_shown_not_sent(block: Block) -> None:
    text = plain([block])

    assert "␛]0;x␇" in text


def test_each_line_of_a_quote_keeps_its_direction_to_itself() -> None:
    text = plain([Quote(text="\u202edoolf\nThe river rose.")])

    assert text == "▌ \u2068\u202edoolf\u202c\u2069\n▌ The river rose.\n"


def test_buttons_are_not_shown() -> None:
    text = plain([Line(text="2 March"), Button(label="More", action=Action.MORE)])

    assert text == "2 March\n"
