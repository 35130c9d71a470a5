from datetime import date

from bot.lookups.changed import SINCE_FACT
from bot.lookups.listing import Listing, Lookup
from bot.model.span import Span
from bot.presentation.blocks import Action, Button, Heading, Quote
from bot.presentation.listing import build_listing_blocks, get_page_size
from bot.retrieval.answering.excerpts import Citation
from bot.retrieval.question.bounds import Bounds
from tests.builders import an_article


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


def a_listing(*days: date) -> Listing:
    return Listing(
        lookup=Lookup.CHANGED,
        entries=tuple(map(a_citation, days)),
        total=len(days),
        bounds=Bounds(),
        facts={SINCE_FACT: "2026-03-01"},
    )


def test_each_sentence_is_headed_as_earlier_or_later() -> None:
    blocks = build_listing_blocks(a_listing(date(2026, 2, 28), date(2026, 3, 1)))

    assert [block.text for block in blocks if isinstance(block, Heading | Quote)] == [
        "Last reported before 1 March 2026",
        "The river rose on 2026-02-28.",
        "Reported since 1 March 2026",
        "The river rose on 2026-03-01.",
    ]


def test_a_sentence_without_its_pair_keeps_its_side() -> None:
    blocks = build_listing_blocks(a_listing(date(2026, 3, 4)))

    assert Heading(text="Reported since 1 March 2026") in blocks


def test_a_page_has_two_pairs_with_buttons() -> None:
    listing = a_listing(*[date(2026, 2, 28), date(2026, 3, 1)] * 3)

    blocks = build_listing_blocks(listing, 5)

    assert get_page_size(listing) == 4
    assert [
        (block.action, block.rank)
        for block in blocks
        if isinstance(block, Button) and block.belongs_to_excerpt
    ] == [(Action.IN_CONTEXT, 5), (Action.ARTICLE, 5), (Action.IN_CONTEXT, 6), (Action.ARTICLE, 6)]


def test_no_pairs_are_reported_with_the_day() -> None:
    text = "No report since 1 March 2026 updates an earlier one."

    assert build_listing_blocks(a_listing())[0] == Heading(text=text, is_warning=True)
