from bot.lookups.listing import Listing, Lookup
from bot.model.span import Span
from bot.presentation.blocks import Action, Button, Quote
from bot.presentation.evidence import NO_JUDGEMENT, NONE_FOUND
from bot.presentation.listing import build_listing_blocks
from bot.retrieval.answering.excerpts import Citation
from bot.retrieval.question.bounds import Bounds
from tests.builders import an_article

BODY = an_article("The river rose.").body


def a_listing(count: int) -> Listing:
    whole = Span(0, len(BODY))
    entries = tuple(
        Citation(
            article=an_article(BODY, id=f"flood-{number}"),
            span=whole,
            answer_span=whole,
            matches=(),
            score=1.0,
        )
        for number in range(count)
    )
    return Listing(lookup=Lookup.EVIDENCE, entries=entries, total=count, bounds=Bounds())


def test_a_page_has_three_passages_below_the_notice_to_judge() -> None:
    blocks = build_listing_blocks(a_listing(4))

    assert NO_JUDGEMENT in blocks
    assert sum(isinstance(block, Quote) for block in blocks) == 3
    assert [b.rank for b in blocks if isinstance(b, Button) and b.action is Action.PAGE] == [4]


def test_each_passage_can_be_read_in_its_article() -> None:
    buttons = [
        block for block in build_listing_blocks(a_listing(2), 2) if isinstance(block, Button)
    ]

    assert [b.rank for b in buttons if b.action in {Action.IN_CONTEXT, Action.ARTICLE}] == [2, 2]


def test_no_evidence_is_reported() -> None:
    blocks = build_listing_blocks(a_listing(0))

    assert NONE_FOUND in blocks
    assert NO_JUDGEMENT not in blocks
