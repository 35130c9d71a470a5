from collections.abc import Sequence
from datetime import date, timedelta

from bot.lookups.listing import Listing, Lookup
from bot.lookups.timeline import STEP_FACT, UNQUOTED_FACT, UNTIL_FACT, TimelineStep
from bot.model.span import Span
from bot.presentation.blocks import Action, Block, Button, Heading, Line, Quote
from bot.presentation.listing import build_listing_blocks, get_page_size
from bot.retrieval.answering.excerpts import Citation
from bot.retrieval.question.bounds import Bounds
from tests.builders import an_article

WHAT = (
    "One sentence per week from the articles about this. "
    "“No articles” marks days without an article about this."
)


def a_citation(day: date) -> Citation:
    body = f"The river rose on {day}."
    span = Span(0, len(body))
    return Citation(
        article=an_article(body, published_on=day),
        span=span,
        answer_span=span,
        matches=(),
        score=1.0,
    )


def a_listing(
    *days: date,
    step: TimelineStep = TimelineStep.WEEK,
    total: int | None = None,
    bounds: Bounds | None = None,
    unquoted: str = "",
) -> Listing:
    return Listing(
        lookup=Lookup.TIMELINE,
        entries=tuple(map(a_citation, days)),
        total=len(days) if total is None else total,
        bounds=bounds or Bounds(),
        facts={STEP_FACT: step.value, UNQUOTED_FACT: unquoted, UNTIL_FACT: "2026-10-31"},
    )


def list_outline(blocks: Sequence[Block]) -> list[str]:
    """Return the headings, quotes and gaps of a timeline in order."""
    return [
        block.text
        for block in blocks
        if isinstance(block, Heading | Quote)
        or (isinstance(block, Line) and block.text.startswith("No articles"))
    ]


def test_each_step_is_headed_by_its_days_and_gaps_are_named() -> None:
    listing = a_listing(
        date(2026, 9, 30),
        date(2026, 10, 5),
        date(2026, 10, 12),
        date(2026, 10, 31),
        step=TimelineStep.WEEK,
    )

    assert list_outline(build_listing_blocks(listing)) == [
        "28 September to 4 October 2026",
        "The river rose on 2026-09-30.",
        "5 to 11 October 2026",
        "The river rose on 2026-10-05.",
        "12 to 18 October 2026",
        "The river rose on 2026-10-12.",
        "No articles: 19 to 25 October 2026",
        "26 October to 1 November 2026",
        "The river rose on 2026-10-31.",
    ]


def test_the_first_page_explains_gaps() -> None:
    listing = a_listing(*(date(2026, 1, 5) + timedelta(weeks=week) for week in range(7)))

    first, second = (build_listing_blocks(listing, first) for first in (1, 6))

    assert Line(text=WHAT, is_subtle=True) in first
    assert Line(text=WHAT, is_subtle=True) not in second


def test_days_and_months_are_named_as_people_name_them() -> None:
    days = (date(2026, 3, 2), date(2026, 3, 12))
    months = (date(2026, 3, 2), date(2026, 5, 12))

    by_day = list_outline(build_listing_blocks(a_listing(*days, step=TimelineStep.DAY)))
    by_month = list_outline(build_listing_blocks(a_listing(*months, step=TimelineStep.MONTH)))

    assert by_day[0::2] == [
        "2 March 2026",
        "No articles: 3 to 11 March 2026",
        "The river rose on 2026-03-12.",
    ]
    assert by_month[0::2] == [
        "March 2026",
        "No articles: April 2026",
        "The river rose on 2026-05-12.",
    ]


def test_gaps_end_at_the_bounds_or_today() -> None:
    bounds = Bounds(after=date(2026, 9, 1), before=date(2026, 12, 31))
    listing = a_listing(date(2026, 10, 7), bounds=bounds)

    told = list_outline(build_listing_blocks(listing))

    assert told == [
        "No articles: 1 September to 4 October 2026",
        "5 to 11 October 2026",
        "The river rose on 2026-10-07.",
        "No articles: 12 to 31 October 2026",
    ]


def test_a_bound_inside_a_step_leaves_no_gap() -> None:
    bounds = Bounds(after=date(2026, 10, 6), before=date(2026, 10, 9))

    told = list_outline(build_listing_blocks(a_listing(date(2026, 10, 7), bounds=bounds)))

    assert told == ["5 to 11 October 2026", "The river rose on 2026-10-07."]


def test_a_gap_before_a_page_is_on_that_page_and_the_last_at_the_end() -> None:
    days = [date(2026, 1, 5) + timedelta(weeks=2 * week) for week in range(7)]
    listing = a_listing(*days, bounds=Bounds(before=date(2026, 4, 30)))

    first, second = (list_outline(build_listing_blocks(listing, first)) for first in (1, 6))

    assert first[-1] == "The river rose on 2026-03-02."
    assert second[0] == "No articles: 9 to 15 March 2026"
    assert second[-1] == "No articles: 6 to 30 April 2026"


def test_a_gap_with_sentences_too_long_to_quote_says_so() -> None:
    listing = a_listing(date(2026, 3, 2), date(2026, 3, 23), unquoted="2026-01-05 2026-03-16")

    assert list_outline(build_listing_blocks(listing))[2] == (
        "No articles: 9 to 22 March 2026 (except some too long to quote)"
    )


def test_a_timeline_with_too_many_steps_says_what_to_do() -> None:
    days = [date(2026, 1, 5) + timedelta(days=day) for day in range(30)]
    bounds = Bounds(before=date(2026, 10, 31))
    by_day = a_listing(*days, step=TimelineStep.DAY, total=112, bounds=bounds)
    by_month = a_listing(date(2026, 1, 5), step=TimelineStep.MONTH, total=31)

    lines = [block.text for block in build_listing_blocks(by_day) if isinstance(block, Line)]
    last = list_outline(build_listing_blocks(by_day, 26))
    months = [block.text for block in build_listing_blocks(by_month) if isinstance(block, Line)]

    assert (
        "A timeline shows at most 30 steps, and this has 112; it ends on 3 February 2026."
        " To see the rest, choose steps of a week, a later start or a shorter period."
    ) in lines
    assert last[-1] == "The river rose on 2026-02-03."
    assert (
        "A timeline shows at most 30 steps, and this has 31; it ends on 31 January 2026."
        " To see the rest, choose a later start or a shorter period."
    ) in months


def test_a_timeline_without_articles_says_so() -> None:
    blocks = build_listing_blocks(a_listing())

    assert blocks[0] == Heading(text="No article covers all of this.", is_warning=True)
    assert not any(isinstance(block, Line) for block in blocks)


def test_a_timeline_of_sentences_too_long_to_quote_says_so() -> None:
    blocks = build_listing_blocks(a_listing(total=1, unquoted="2026-01-05"))

    assert blocks[0] == Heading(
        text="Everything that the articles say about this is too long to quote.", is_warning=True
    )


def test_a_page_has_five_steps_with_buttons() -> None:
    listing = a_listing(*(date(2026, 1, 5) + timedelta(weeks=week) for week in range(7)))

    blocks = build_listing_blocks(listing, 6)

    assert get_page_size(listing) == 5
    assert [
        (block.action, block.rank)
        for block in blocks
        if isinstance(block, Button) and block.belongs_to_excerpt
    ] == [(Action.IN_CONTEXT, 6), (Action.ARTICLE, 6), (Action.IN_CONTEXT, 7), (Action.ARTICLE, 7)]
