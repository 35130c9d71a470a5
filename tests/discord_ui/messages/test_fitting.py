from collections.abc import Callable, Sequence

from bot.discord_ui.messages.fitting import (
    MORE_FOUND,
    QUOTE_TOO_LONG,
    TOO_LONG,
    fit_blocks,
    group_blocks,
)
from bot.presentation.blocks import Action, Block, Button, Heading, Line, Picture, Quote
from bot.presentation.buttons import build_more_button

HEADING = Heading(text="Closest passages (not an answer):")
INTRODUCTION = Line(text="Dates understood: March 2026.")
FOLLOW_UP = Button(label="Follow up", action=Action.FOLLOW_UP)
DELETE = Button(label="Delete", action=Action.DELETE)


def build_excerpt(rank: int) -> tuple[Block, ...]:
    """Return the blocks of the excerpt with this rank."""
    return (
        Quote(text=f"Quote {rank}."),
        Line(text=f"receipt {rank}"),
        Button(label="In context", action=Action.IN_CONTEXT, rank=rank),
        Button(label="Up", action=Action.VOTE_UP, rank=rank),
    )


def fits_quotes(quotes: int) -> Callable[[Sequence[Block]], bool]:
    """Return a check whether blocks have at most this many quotes."""
    return lambda blocks: sum(isinstance(block, Quote) for block in blocks) <= quotes


def test_an_excerpt_and_all_about_it_belong_together() -> None:
    groups = group_blocks([INTRODUCTION, *build_excerpt(1), *build_excerpt(2)])

    assert groups == [(INTRODUCTION,), build_excerpt(1), build_excerpt(2)]


def test_numbered_quotes_belong_together() -> None:
    numbered = (Quote(text="One.", number=1), Quote(text="Two.", number=2))

    assert group_blocks([INTRODUCTION, *numbered]) == [(INTRODUCTION,), numbered]


def test_a_heading_belongs_to_what_it_heads() -> None:
    groups = group_blocks([HEADING, INTRODUCTION, HEADING, *build_excerpt(1)])

    assert groups == [(HEADING, INTRODUCTION), (HEADING, *build_excerpt(1))]


def test_the_buttons_of_the_whole_answer_are_a_group() -> None:
    groups = group_blocks([*build_excerpt(1), FOLLOW_UP, DELETE])

    assert groups == [build_excerpt(1), (FOLLOW_UP, DELETE)]


def test_a_line_below_the_buttons_of_an_excerpt_stands_apart() -> None:
    groups = group_blocks([*build_excerpt(1), INTRODUCTION, HEADING, *build_excerpt(2)])

    assert groups == [build_excerpt(1), (INTRODUCTION,), (HEADING, *build_excerpt(2))]


def test_a_picture_stands_apart() -> None:
    picture = Picture(png=b"png", name="trend.png", alt="A chart")

    assert group_blocks([HEADING, picture, INTRODUCTION]) == [
        (HEADING,),
        (picture,),
        (INTRODUCTION,),
    ]


def test_what_fits_is_shown_whole() -> None:
    blocks = (INTRODUCTION, *build_excerpt(1), *build_excerpt(2), FOLLOW_UP)

    assert fit_blocks(blocks, fits_quotes(2)) == blocks


def test_the_last_excerpts_are_left_out_and_offered_first_of_the_answers_buttons() -> None:
    blocks = [*build_excerpt(4), *build_excerpt(5), *build_excerpt(6), FOLLOW_UP, DELETE]

    chosen = fit_blocks(blocks, fits_quotes(1))

    assert chosen == (*build_excerpt(4), build_more_button(5), FOLLOW_UP, DELETE)


def test_as_many_excerpts_stay_as_fit() -> None:
    blocks = [*build_excerpt(1), *build_excerpt(2), *build_excerpt(3)]

    chosen = fit_blocks(blocks, fits_quotes(2))

    assert chosen == (*build_excerpt(1), *build_excerpt(2), build_more_button(3))


def test_more_begins_with_the_first_excerpt_left_out() -> None:
    blocks = [*build_excerpt(1), *build_excerpt(2), build_more_button(3), FOLLOW_UP]

    chosen = fit_blocks(blocks, fits_quotes(1))

    assert chosen == (*build_excerpt(1), build_more_button(2), FOLLOW_UP)


def test_a_notice_replaces_excerpts_without_buttons_that_do_not_fit() -> None:
    chosen = fit_blocks([Quote(text="One."), Quote(text="Two.")], fits_quotes(1))

    assert chosen == (Quote(text="One."), MORE_FOUND)


def test_if_no_quote_fits_the_first_is_reported_as_too_long_and_keeps_its_receipt() -> None:
    blocks = [HEADING, *build_excerpt(1), *build_excerpt(2), FOLLOW_UP]

    chosen = fit_blocks(blocks, fits_quotes(0))

    assert chosen == (
        HEADING,
        QUOTE_TOO_LONG,
        *build_excerpt(1)[1:],
        build_more_button(2),
        FOLLOW_UP,
    )


def test_a_single_quote_that_does_not_fit_is_reported_as_too_long() -> None:
    chosen = fit_blocks(build_excerpt(1), fits_quotes(0))

    assert chosen == (QUOTE_TOO_LONG, *build_excerpt(1)[1:])


def test_if_nothing_fits_a_line_says_so() -> None:
    assert fit_blocks([INTRODUCTION], lambda _: False) == (TOO_LONG,)
