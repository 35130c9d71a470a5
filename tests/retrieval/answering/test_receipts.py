import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import MalformedReceipt
from bot.model.article import ArticleId
from bot.model.span import Span
from bot.retrieval.answering.receipts import (
    Standing,
    Verification,
    compared,
    fits,
    parsed_receipt,
    receipt_of,
)
from tests.builders import an_article

RECEIPT = "0123456789abcdef"
QUOTED = an_article("The river rose. The bridge closed. Nobody was hurt.")
QUOTE = Span(16, 34)


def test_a_receipt_is_the_known_one_for_a_known_quote() -> None:
    receipt = receipt_of(ArticleId("flood"), Span(0, 15), "The river rose.")

    # printf 'flood\n0\n15\nThe river rose.' | sha256sum | cut -c1-16
    assert receipt == "af6045bfa994249e"


@given(
    id=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1),
    text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
    start=st.integers(0, 10**6),
)
def test_anyone_can_recompute_a_receipt_with_hashlib_alone(id: str, text: str, start: int) -> None:  # noqa: A002 - the article's attribute
    span = Span(start, start + len(text))

    receipt = receipt_of(ArticleId(id), span, text)

    signed = f"{id}\n{start}\n{start + len(text)}\n{text}".encode()
    assert receipt == hashlib.sha256(signed).hexdigest()[:16]
    assert parsed_receipt(receipt) == receipt


@pytest.mark.parametrize("typed", [RECEIPT, RECEIPT.upper(), f"  {RECEIPT}\n"])
def test_capitals_and_space_around_a_receipt_do_not_matter(typed: str) -> None:
    assert parsed_receipt(typed) == RECEIPT


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
def test_what_can_be_no_receipt_is_refused_as_it_was_typed(typed: str) -> None:
    with pytest.raises(MalformedReceipt) as caught:
        parsed_receipt(typed)

    assert caught.value.text == typed


def test_a_quote_at_its_place_is_identical() -> None:
    current = an_article(f"{QUOTED.body} More rain came.", revision=2)

    verification = compared(RECEIPT, QUOTED, QUOTE, current)

    assert verification == Verification(
        receipt=RECEIPT,
        standing=Standing.IDENTICAL,
        article_id=QUOTED.id,
        quoted=QUOTED,
        span=QUOTE,
        current=current,
        found_at=QUOTE,
    )


def test_a_quote_that_stands_elsewhere_word_for_word_is_moved() -> None:
    current = an_article(f"Updated. {QUOTED.body}", revision=2)

    verification = compared(RECEIPT, QUOTED, QUOTE, current)

    assert verification.standing is Standing.MOVED
    assert verification.found_at is not None
    assert verification.found_at.of(current.body) == "The bridge closed."


def test_a_quote_that_stands_twice_is_identical_where_it_was() -> None:
    current = an_article("The bridge closed. The bridge closed. More.", revision=2)

    verification = compared(RECEIPT, current, Span(19, 37), current)

    assert (verification.standing, verification.found_at) == (Standing.IDENTICAL, (19, 37))


def test_a_quote_that_changed_is_revised_and_found_nowhere() -> None:
    current = an_article(QUOTED.body.replace("closed", "opened"), revision=2)

    verification = compared(RECEIPT, QUOTED, QUOTE, current)

    assert (verification.standing, verification.found_at) == (Standing.REVISED, None)
    assert (verification.quoted, verification.current) == (QUOTED, current)


@pytest.mark.parametrize(
    ("standing", "stands"),
    [
        (Standing.IDENTICAL, True),
        (Standing.MOVED, True),
        (Standing.REVISED, False),
        (Standing.WITHDRAWN, False),
        (Standing.UNKNOWN, False),
    ],
)
def test_a_quote_stands_where_it_is_found_word_for_word(
    standing: Standing,
    stands: bool,  # noqa: FBT001 - an expected value
) -> None:
    assert Verification(receipt=RECEIPT, standing=standing).stands is stands


def test_a_receipt_fits_only_the_text_that_it_was_made_for() -> None:
    article = an_article("The river rose. It fell.")
    receipt = receipt_of(article.id, Span(0, 15), "The river rose.")

    assert fits(receipt, article, Span(0, 15))
    assert not fits(receipt, an_article("The river fell. It rose."), Span(0, 15))
