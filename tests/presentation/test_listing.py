from dataclasses import replace
from datetime import date

import pytest

from bot.lookups.article import build_article_listing
from bot.lookups.listing import Listing, Lookup
from bot.lookups.search import DETAIL_FACT, SORT_FACT, Detail, Sort
from bot.model.day_range import DayRange
from bot.model.span import Span
from bot.presentation.blocks import Action, Block, Button, Heading, Line, Link, Quote
from bot.presentation.listing import (
    VIEWS,
    build_listing_blocks,
    build_query_line,
    get_page_positions,
    get_page_size,
    listing_to_json,
)
from bot.retrieval.answering.abstention import Reason, ReasonCode
from bot.retrieval.answering.excerpts import Citation
from bot.retrieval.question.bounds import Bounds
from tests.builders import an_article

FEBRUARY = DayRange(first=date(2026, 2, 1), last=date(2026, 2, 28))


def an_entry(number: int) -> Citation:
    body = f"The river rose {number} times."
    return Citation(
        article=an_article(body, id=f"flood-{number}", url="https://courier.example/flood"),
        span=Span(0, len(body)),
        answer_span=Span(0, len(body)),
        matches=(Span(4, 9),),
        score=1 / number,
    )


def a_listing(  # noqa: PLR0913 - a listing's attributes
    count: int = 12,
    *,
    total: int | None = None,
    sort: Sort = Sort.BEST,
    detail: Detail = Detail.FULL,
    bounds: Bounds | None = None,
    dates: tuple[DayRange, ...] = (),
) -> Listing:
    return Listing(
        lookup=Lookup.SEARCH,
        entries=tuple(map(an_entry, range(1, count + 1))),
        total=count if total is None else total,
        bounds=bounds or Bounds(),
        facts={SORT_FACT: sort.value, DETAIL_FACT: detail.value},
        dates=dates,
    )


def list_lines(blocks: tuple[Block, ...]) -> list[str]:
    return [block.text for block in blocks if isinstance(block, Line | Heading)]


def list_quotes(blocks: tuple[Block, ...]) -> list[str]:
    return [block.text for block in blocks if isinstance(block, Quote)]


def list_page_buttons(blocks: tuple[Block, ...]) -> list[tuple[str, int | None]]:
    return [
        (block.label, block.rank)
        for block in blocks
        if isinstance(block, Button) and block.action is Action.PAGE
    ]


def list_actions(blocks: tuple[Block, ...]) -> list[Action]:
    return [block.action for block in blocks if isinstance(block, Button)]


def test_every_lookup_except_search_and_article_has_one_view() -> None:
    assert VIEWS.keys() == set(Lookup) - {Lookup.SEARCH, Lookup.ARTICLE}


def test_a_page_shows_its_entries_and_their_numbers() -> None:
    blocks = build_listing_blocks(a_listing(), first_entry=6)

    assert list_quotes(blocks) == [f"The river rose {number} times." for number in range(6, 11)]
    assert list_lines(blocks)[0] == "6 to 10 of 12 passages."


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        (1, [("Next", 6)]),
        (6, [("Previous", 1), ("Next", 11)]),
        (4, [("Previous", 1), ("Next", 9)]),
        (11, [("Previous", 6)]),
    ],
)
def test_page_buttons_lead_only_to_existing_pages(
    first: int, expected: list[tuple[str, int]]
) -> None:
    assert list_page_buttons(build_listing_blocks(a_listing(), first)) == expected


def test_the_entries_after_a_smaller_page_come_next() -> None:
    blocks = build_listing_blocks(a_listing(), 1, 2)

    assert len(list_quotes(blocks)) == 2
    assert list_page_buttons(blocks) == [("Next", 3)]


def test_the_buttons_of_an_entry_carry_its_rank() -> None:
    blocks = build_listing_blocks(a_listing(), first_entry=11)

    ranks = [
        (block.action, block.rank)
        for block in blocks
        if isinstance(block, Button) and block.belongs_to_excerpt
    ]
    assert ranks == [
        (action, rank) for rank in (11, 12) for action in (Action.IN_CONTEXT, Action.ARTICLE)
    ]


def test_a_single_page_has_no_page_buttons() -> None:
    blocks = build_listing_blocks(a_listing(1))

    assert list_lines(blocks)[0] == "1 passage."
    assert list_page_buttons(blocks) == []


def test_entries_over_the_limit_are_counted() -> None:
    blocks = build_listing_blocks(a_listing(30, total=1234))

    assert list_lines(blocks)[0] == "1 to 5 of the first 30, of 1,234 passages."


def test_requested_entries_are_counted_among_all() -> None:
    assert list_lines(build_listing_blocks(a_listing(2, total=4)))[0] == "2 of 4 passages."


@pytest.mark.parametrize("sort", [Sort.NEWEST, Sort.OLDEST])
def test_results_by_day_count_articles(sort: Sort) -> None:
    assert list_lines(build_listing_blocks(a_listing(sort=sort)))[0] == "1 to 5 of 12 articles."


def test_a_compact_page_has_more_entries_without_buttons() -> None:
    blocks = build_listing_blocks(a_listing(detail=Detail.COMPACT))

    assert len(list_quotes(blocks)) == 8
    assert list_actions(blocks) == [Action.PAGE, Action.DELETE]
    assert len([block for block in blocks if isinstance(block, Link)]) == 8


def test_each_page_shows_the_dates_and_a_button_to_drop_them() -> None:
    listing = a_listing(bounds=Bounds(after=date(2026, 1, 2)), dates=(FEBRUARY,))

    for first in (1, 6):
        blocks = build_listing_blocks(listing, first)

        assert list_lines(blocks)[0] == "Dates understood: since 2 January 2026, February 2026."
        assert Action.UNDATED in list_actions(blocks)


def test_a_search_without_dates_has_no_button_to_drop_them() -> None:
    blocks = build_listing_blocks(a_listing())

    assert Action.UNDATED not in list_actions(blocks)
    assert not any("Dates understood" in line for line in list_lines(blocks))


def test_withdrawn_entries_are_counted() -> None:
    listing = replace(a_listing(2, total=3), gone_count=1)

    assert list_lines(build_listing_blocks(listing))[:2] == [
        "2 of 3 passages.",
        "Withdrawn and not shown: 1 passage.",
    ]


@pytest.mark.parametrize("lookup", [Lookup.SEARCH, Lookup.EVIDENCE, Lookup.TIMELINE])
def test_a_page_with_only_withdrawn_entries_does_not_say_that_nothing_was_found(
    lookup: Lookup,
) -> None:
    listing = replace(a_listing(0, total=1), lookup=lookup, gone_count=1)

    assert not any(isinstance(block, Heading) for block in build_listing_blocks(listing))


def test_an_empty_result_gives_reasons_and_the_count_without_dates() -> None:
    listing = replace(
        a_listing(0, dates=(FEBRUARY,)),
        reasons=(Reason(code=ReasonCode.OUT_OF_BOUNDS),),
        undated_total=1,
    )

    blocks = build_listing_blocks(listing)

    assert blocks[1] == Heading(text="No passages found.", is_warning=True)
    assert list_lines(blocks)[2:] == [
        "No article about this matches the dates, source and words that you set.",
        "Without these dates: 1 passage.",
    ]
    assert list_actions(blocks) == [Action.UNDATED, Action.DELETE]


def test_reasons_are_shown_beside_results() -> None:
    reason = Reason(code=ReasonCode.UNKNOWN_WORDS, words=("zeppelin",))

    blocks = build_listing_blocks(replace(a_listing(1), reasons=(reason,)))

    assert Line(text="No article contains “zeppelin”.", is_subtle=True) in blocks
    assert list_quotes(blocks)


def test_an_article_can_be_shown_from_any_paragraph_on() -> None:
    listing = build_article_listing(an_article("One.\n\nTwo.\n\nThree."))

    blocks = build_listing_blocks(listing, first_entry=2)

    assert list_quotes(blocks) == ["Two.", "Three."]
    assert list_actions(blocks) == [Action.PAGE, Action.DELETE]
    assert get_page_size(listing) > 1


def test_a_page_after_the_last_entry_is_empty() -> None:
    assert not get_page_positions(a_listing(3), first_entry=6)


def test_the_search_text_is_in_quotation_marks() -> None:
    assert build_query_line(" river ") == Line(text="“river”", is_subtle=True)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('"river rose"', "“river rose”"),
        ('"river rose" -Fulda', "“‘river rose’ -Fulda”"),
        ('"river rose" or "lake fell"', "“‘river rose’ or ‘lake fell’”"),
        ('a 9" pipe', '“a 9" pipe”'),
    ],
)
def test_quotation_marks_in_the_search_text_are_not_doubled(text: str, shown: str) -> None:
    assert build_query_line(text) == Line(text=shown, is_subtle=True)


def test_the_json_has_the_first_entries_and_the_dates() -> None:
    listing = a_listing(
        bounds=Bounds(after=date(2026, 1, 2), source="The Courier"), dates=(FEBRUARY,)
    )
    listing = replace(
        listing, reasons=(Reason(code=ReasonCode.UNKNOWN_WORDS, words=("zeppelin",)),)
    )

    shown = listing_to_json(listing, max_entries=2)

    assert [entry["rank"] for entry in shown.pop("entries")] == [1, 2]
    assert shown == {
        "lookup": "search",
        "total": 12,
        "after": "2026-01-02",
        "before": None,
        "source": "The Courier",
        "dates": ["February 2026"],
        "reasons": ["No article contains “zeppelin”."],
        "sort": "best",
        "detail": "full",
    }
