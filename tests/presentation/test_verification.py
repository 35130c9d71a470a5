from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.model.article import Article, ArticleId
from bot.model.span import Span
from bot.presentation.blocks import Heading, Line, Link, Quote
from bot.presentation.verification import build_verification_blocks, verification_to_json
from bot.retrieval.answering.receipts import ReceiptStatus, Verification, compare_revisions
from tests.builders import an_article

RECEIPT = "0123456789abcdef"
QUOTED = an_article("Rain fell.\n\nThe river rose by two metres.")
QUOTE = Span(12, 41)
ADDRESS = "https://courier.example/flood"
REVISED = an_article("Rain fell.\n\nThe river rose by one metre.", revision=2)
MOVED = an_article("No rain.\n\nRain fell.\n\nThe river rose by two metres.", revision=2)
WITHDRAWN = Verification(
    receipt=RECEIPT,
    status=ReceiptStatus.WITHDRAWN,
    article_id=ArticleId("flood"),
    withdrawn_at=datetime(2026, 3, 4, 9, tzinfo=UTC),
    reason="Published in error.",
)
UNKNOWN = Verification(receipt=RECEIPT, status=ReceiptStatus.UNKNOWN)


def test_an_unchanged_quote_is_shown_once_with_its_place() -> None:
    blocks = build_verification_blocks(compare_revisions(RECEIPT, QUOTED, QUOTE, QUOTED))

    assert blocks == (
        Heading(text="The article still contains this quote, word for word."),
        Quote(text="The river rose by two metres."),
        Line(text="The flood · The Courier"),
        Line(text="2 March 2026 · paragraph 2 · revision 1", is_subtle=True),
    )


def test_a_quote_that_moved_is_shown_with_both_places() -> None:
    blocks = build_verification_blocks(compare_revisions(RECEIPT, QUOTED, QUOTE, MOVED))

    assert blocks == (
        Heading(text="The article still contains this quote, word for word, in another place."),
        Quote(text="The river rose by two metres."),
        Line(text="The flood · The Courier"),
        Line(text="2 March 2026 · paragraph 2 · revision 1", is_subtle=True),
        Line(text="The quote is now in paragraph 3 of revision 2, dated 2 March 2026."),
    )


def test_a_revised_quote_is_shown_with_the_text_that_replaced_it() -> None:
    blocks = build_verification_blocks(compare_revisions(RECEIPT, QUOTED, QUOTE, REVISED))

    assert blocks == (
        Heading(text="The article was revised and no longer contains this quote."),
        Quote(text="The river rose by two metres."),
        Line(text="The flood · The Courier"),
        Line(text="2 March 2026 · paragraph 2 · revision 1", is_subtle=True),
        Heading(text="In the same place, revision 2 says:"),
        Quote(text="The river rose by one metre."),
        Line(text="The flood · The Courier"),
        Line(text="2 March 2026 · paragraph 2 · revision 2", is_subtle=True),
    )


@pytest.mark.parametrize(
    ("current", "said"),
    [
        (REVISED, Heading(text="In the same place, revision 2 of 4 March 2026 says:")),
        (
            MOVED,
            Line(
                text="The quote is now in paragraph 3 of revision 2 of 4 March 2026, dated 2 March 2026."
            ),
        ),
    ],
    ids=["revised", "moved"],
)
def test_the_day_of_a_revision_is_shown_if_known(current: Article, said: Heading | Line) -> None:
    revised_at = datetime(2026, 3, 4, 9, tzinfo=UTC)
    verification = replace(
        compare_revisions(RECEIPT, QUOTED, QUOTE, current), revised_at=revised_at
    )

    assert said in build_verification_blocks(verification)
    assert verification_to_json(verification)["revised_at"] == "2026-03-04T09:00:00+00:00"


@pytest.mark.parametrize("current", [QUOTED, MOVED, REVISED], ids=["same", "moved", "revised"])
def test_the_current_article_can_be_opened_if_it_has_an_address(current: Article) -> None:
    linked = replace(current, url=ADDRESS)

    (*_, last) = build_verification_blocks(compare_revisions(RECEIPT, QUOTED, QUOTE, linked))

    assert last == Link(label="Open the article", url=ADDRESS)


def test_a_revision_that_keeps_the_quote_in_place_is_mentioned() -> None:
    longer = an_article(f"{QUOTED.body} Then it fell.", revision=2)

    blocks = build_verification_blocks(compare_revisions(RECEIPT, QUOTED, QUOTE, longer))

    assert blocks[0] == Heading(text="The article still contains this quote, word for word.")
    assert blocks[-1] == Line(
        text="The quote is now in paragraph 2 of revision 2, dated 2 March 2026."
    )


def test_a_revision_with_fewer_paragraphs_is_shown_by_its_last_one() -> None:
    shorter = an_article("Rain fell.", revision=2)

    blocks = build_verification_blocks(compare_revisions(RECEIPT, QUOTED, QUOTE, shorter))

    assert Quote(text="Rain fell.") in blocks


def test_a_quote_of_several_paragraphs_names_the_first_and_last() -> None:
    whole = Span(0, len(QUOTED.body))

    blocks = build_verification_blocks(compare_revisions(RECEIPT, QUOTED, whole, QUOTED))

    assert blocks[-1] == Line(text="2 March 2026 · paragraphs 1 to 2 · revision 1", is_subtle=True)


def test_a_withdrawal_is_shown_with_its_day_and_reason() -> None:
    assert build_verification_blocks(WITHDRAWN) == (
        Heading(text="The article was withdrawn and its text was deleted."),
        Line(text="Article flood, withdrawn on 4 March 2026. Reason: Published in error."),
    )


def test_a_withdrawn_article_that_was_added_again_is_named() -> None:
    again = replace(WITHDRAWN, current=an_article("Snow fell.", revision=2))

    assert build_verification_blocks(again)[2:] == (
        Line(text="The library now has a different text with this article ID:"),
        Line(text="The flood · The Courier"),
        Line(text="2 March 2026", is_subtle=True),
    )


def test_an_unknown_receipt_is_reported_as_never_shown() -> None:
    assert build_verification_blocks(UNKNOWN) == (
        Heading(text="No excerpt was ever shown with this receipt."),
    )


@pytest.mark.parametrize("standing", list(ReceiptStatus))
def test_every_status_has_a_heading(standing: ReceiptStatus) -> None:
    (heading, *_) = build_verification_blocks(Verification(receipt=RECEIPT, status=standing))

    assert isinstance(heading, Heading)


def test_the_json_of_a_moved_quote_has_its_current_place() -> None:
    value = verification_to_json(compare_revisions(RECEIPT, QUOTED, QUOTE, MOVED))

    assert value == {
        "receipt": RECEIPT,
        "standing": "moved",
        "stands": True,
        "article_id": "flood",
        "quote": "The river rose by two metres.",
        "revision": 1,
        "current_revision": 2,
        "start": 22,
        "end": 51,
        "revised_at": None,
        "withdrawn_at": None,
        "reason": None,
    }


def test_the_json_of_a_revised_quote_has_no_current_place() -> None:
    value = verification_to_json(compare_revisions(RECEIPT, QUOTED, QUOTE, REVISED))

    assert value["stands"] is False
    assert (value["start"], value["end"]) == (None, None)
    assert (value["revision"], value["current_revision"]) == (1, 2)


def test_the_json_of_a_withdrawal_has_its_time_and_reason() -> None:
    value = verification_to_json(WITHDRAWN)

    assert value["standing"] == "withdrawn"
    assert value["withdrawn_at"] == "2026-03-04T09:00:00+00:00"
    assert value["reason"] == "Published in error."
    assert value["quote"] is None


def test_the_json_of_an_unknown_receipt_has_nothing_more() -> None:
    value = verification_to_json(UNKNOWN)

    given = {key for key, member in value.items() if member is not None}
    assert given == {"receipt", "standing", "stands"}
