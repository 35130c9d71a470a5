import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import MalformedReceipt
from bot.model.article import ArticleId
from bot.model.span import Span
from bot.retrieval.answering.receipts import (
    ReceiptStatus,
    Verification,
    compare_revisions,
    make_receipt,
    parse_receipt,
    receipt_matches,
)
from tests.builders import an_article

RECEIPT = "0123456789abcdef"
QUOTED = an_article("The river rose. The bridge closed. Nobody was hurt.")
QUOTE = Span(16, 34)


def test_a_known_quote_has_its_known_receipt() -> None:
    receipt = make_receipt(ArticleId("flood"), Span(0, 15), "The river rose.")

    # printf 'flood\n0\n15\nThe river rose.' | sha256sum | cut -c1-16
    assert receipt == "af6045bfa994249e"


@given(
    id=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1),
    text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
    start=st.integers(0, 10**6),
)
def test_anyone_can_recompute_a_receipt_with_hashlib_alone(id: str, text: str, start: int) -> None:  # noqa: A002 - the article's attribute
    span = Span(start, start + len(text))

    receipt = make_receipt(ArticleId(id), span, text)

    signed = f"{id}\n{start}\n{start + len(text)}\n{text}".encode()
    assert receipt == hashlib.sha256(signed).hexdigest()[:16]
    assert parse_receipt(receipt) == receipt


@pytest.mark.parametrize("typed", [RECEIPT, RECEIPT.upper(), f"  {RECEIPT}\n"])
def test_capitals_and_space_around_a_receipt_do_not_matter(typed: str) -> None:
    assert parse_receipt(typed) == RECEIPT


@pytest.mark.parametrize(
    "typed",
    [
        "",
        RECEIPT[:-1],
        RECEIPT + "0",
        "g" + RECEIPT[1:],
        "0123 456789abcdef",
        "\u0660" + RECEIPT[1:],
    ],
    ids=["empty", "short", "long", "other letter", "space inside", "other digits"],
)
def test_malformed_receipts_are_refused_as_entered(typed: str) -> None:
    with pytest.raises(MalformedReceipt) as caught:
        parse_receipt(typed)

    assert caught.value.text == typed


def test_a_quote_at_its_span_is_identical() -> None:
    current = an_article(f"{QUOTED.body} More rain came.", revision=2)

    verification = compare_revisions(RECEIPT, QUOTED, QUOTE, current)

    assert verification == Verification(
        receipt=RECEIPT,
        status=ReceiptStatus.IDENTICAL,
        article_id=QUOTED.id,
        quoted=QUOTED,
        span=QUOTE,
        current=current,
        current_span=QUOTE,
    )


def test_a_quote_elsewhere_in_the_body_is_moved() -> None:
    current = an_article(f"Updated. {QUOTED.body}", revision=2)

    verification = compare_revisions(RECEIPT, QUOTED, QUOTE, current)

    assert verification.status is ReceiptStatus.MOVED
    assert verification.current_span is not None
    assert verification.current_span.extract(current.body) == "The bridge closed."


def test_a_repeated_quote_is_identical_at_its_span() -> None:
    current = an_article("The bridge closed. The bridge closed. More.", revision=2)

    verification = compare_revisions(RECEIPT, current, Span(19, 37), current)

    assert (verification.status, verification.current_span) == (ReceiptStatus.IDENTICAL, (19, 37))


def test_a_changed_quote_is_revised_and_has_no_span() -> None:
    current = an_article(QUOTED.body.replace("closed", "opened"), revision=2)

    verification = compare_revisions(RECEIPT, QUOTED, QUOTE, current)

    assert (verification.status, verification.current_span) == (ReceiptStatus.REVISED, None)
    assert (verification.quoted, verification.current) == (QUOTED, current)


@pytest.mark.parametrize(
    ("standing", "stands"),
    [
        (ReceiptStatus.IDENTICAL, True),
        (ReceiptStatus.MOVED, True),
        (ReceiptStatus.REVISED, False),
        (ReceiptStatus.WITHDRAWN, False),
        (ReceiptStatus.UNKNOWN, False),
    ],
)
def test_the_current_span_contains_the_quote_verbatim(
    standing: ReceiptStatus,
    stands: bool,  # noqa: FBT001 - an expected value
) -> None:
    assert Verification(receipt=RECEIPT, status=standing).is_valid is stands


def test_a_receipt_fits_only_the_text_that_it_was_made_for() -> None:
    article = an_article("The river rose. It fell.")
    receipt = make_receipt(article.id, Span(0, 15), "The river rose.")

    assert receipt_matches(receipt, article, Span(0, 15))
    assert not receipt_matches(receipt, an_article("The river fell. It rose."), Span(0, 15))
