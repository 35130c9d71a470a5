from dataclasses import replace
from datetime import date

import pytest

from bot.lookups.quotations import CheckedQuotation, QuotationStatus, find_in_articles
from bot.model.span import Span
from bot.presentation.blocks import Block, Heading, Line, Link, Quote
from bot.presentation.quotations import (
    HOW_COMPARED,
    NOT_FOUND_CAVEAT,
    NOTHING_QUOTED,
    QUOTATION_TOO_LONG,
    build_quotation_blocks,
    quotations_to_json,
)
from bot.retrieval.index.extent import Extent
from tests.builders import PUBLISHED_ON, an_article

FLOOD = an_article("Rain fell.\n\nThe river rose by two metres.", url="https://courier.example/1")
FOUND = find_in_articles([FLOOD], "river rose by")
ABSENT = CheckedQuotation(quotation="gone with the wind", status=QuotationStatus.ABSENT)
EXTENT = Extent(articles=3, passages=4, first_date=PUBLISHED_ON, last_date=date(2026, 3, 5))
WHERE = "in “The flood” · The Courier, 2 March 2026, paragraph 2"


def build_blocks(
    *found: CheckedQuotation, max_excerpt_chars: int = 600, **others: int
) -> tuple[Block, ...]:
    return build_quotation_blocks(
        found,
        EXTENT,
        max_excerpt_chars=max_excerpt_chars,
        **{"quotation_count": len(found), **others},
    )


def test_a_found_quotation_is_shown_with_its_sentence_place_and_receipt() -> None:
    assert FOUND.citation
    assert build_blocks(FOUND) == (
        Heading(text="“river rose by”"),
        Quote(text="The river rose by two metres.", matches=(Span(4, 17),)),
        Line(text=f"Found word for word {WHERE}."),
        Line(text=f"receipt {FOUND.citation.receipt}", is_subtle=True),
        Link(label="Open the article", url="https://courier.example/1"),
        HOW_COMPARED,
    )


def test_a_quotation_that_is_not_found_is_shown_with_the_extent_searched() -> None:
    assert build_blocks(ABSENT) == (
        Heading(text="“gone with the wind”"),
        Line(text="Not found in any article."),
        HOW_COMPARED,
        Line(
            text=f"{NOT_FOUND_CAVEAT} The library has 3 articles from 2 to 5 March 2026.",
            is_subtle=True,
        ),
    )


@pytest.mark.parametrize(
    ("likeness", "verdict"),
    [
        (QuotationStatus.VERBATIM, f"Found word for word {WHERE}."),
        (QuotationStatus.RECASED, f"Found with different capital letters {WHERE}."),
    ],
)
def test_each_status_has_a_verdict(likeness: QuotationStatus, verdict: str) -> None:
    assert Line(text=verdict) in build_blocks(replace(FOUND, status=likeness))


def test_a_quotation_of_common_words_is_shown_as_not_searched() -> None:
    common = CheckedQuotation(quotation="it is so", status=QuotationStatus.COMMON)

    assert build_blocks(common)[1:] == (
        Line(text="Not searched, because it has only words that nearly every article contains."),
        HOW_COMPARED,
    )


@pytest.mark.parametrize(("others", "told"), [(1, "1 more article"), (2, "2 more articles")])
def test_other_articles_with_the_quotation_are_counted(others: int, told: str) -> None:
    line = Line(text=f"Found word for word {WHERE}, and in {told}.")

    assert line in build_blocks(replace(FOUND, other_count=others))


def test_a_sentence_that_is_too_long_is_mentioned_instead_of_shown() -> None:
    blocks = build_blocks(FOUND, max_excerpt_chars=28)

    assert not [block for block in blocks if isinstance(block, Quote)]
    assert QUOTATION_TOO_LONG in blocks
    assert any(isinstance(block, Link) for block in blocks)


def test_quotations_over_the_limit_are_shown_with_their_place() -> None:
    blocks = build_blocks(FOUND, FOUND, max_shown=1)

    assert sum(isinstance(block, Quote) for block in blocks) == 1
    assert sum(isinstance(block, Link) for block in blocks) == 1
    assert blocks.count(Line(text=f"Found word for word {WHERE}.")) == 2
    assert QUOTATION_TOO_LONG not in blocks


def test_the_number_of_checked_quotations_is_shown_if_there_are_more() -> None:
    first = build_blocks(FOUND, ABSENT, quotation_count=5)[0]

    assert first == Line(text="Only the first 2 of 5 quotations were checked.", is_subtle=True)


def test_a_text_without_quotations_explains_what_counts_as_one() -> None:
    assert build_blocks() == (NOTHING_QUOTED,)


def test_long_titles_sources_and_quotations_are_truncated() -> None:
    wordy = replace(FLOOD, title="t" * 100, has_derived_title=True, source="s" * 100)
    found = find_in_articles([wordy], "river rose by")

    heading, _, verdict, *_ = build_blocks(replace(found, quotation="q" * 200))

    assert heading == Heading(text=f"“{'q' * 89}…”")
    assert isinstance(verdict, Line)
    assert f"in “{'t' * 59}…” (first words) · {'s' * 59}…, 2 March" in verdict.text


def test_the_json_has_each_quotation_with_its_place() -> None:
    value = quotations_to_json([FOUND, ABSENT], 2)

    assert value["quoted"] == 2
    first, second = value["quotations"]
    assert (first["quotation"], first["likeness"], first["others"]) == (
        "river rose by",
        "verbatim",
        0,
    )
    assert first["citation"]["article_id"] == "flood"
    assert first["citation"]["paragraph"] == 2
    assert (second["likeness"], second["citation"]) == ("absent", None)
