from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.errors import StoreError
from bot.model.article import ArticleId
from bot.model.receipt import ShownReceipt
from bot.store.database import Database
from bot.store.receipts import ReceiptStore

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LATER = datetime(2026, 3, 3, 12, tzinfo=UTC)
FIRST = ShownReceipt(
    receipt="0123456789abcdef", article_id=ArticleId("pact"), revision=1, start=0, end=32
)
SECOND = ShownReceipt(
    receipt="fedcba9876543210", article_id=ArticleId("flood"), revision=2, start=5, end=6
)


@pytest.fixture
def store(database: Database) -> ReceiptStore:
    return ReceiptStore(database)


async def test_a_receipt_shown_is_found_again(store: ReceiptStore) -> None:
    await store.record([FIRST, SECOND], NOON)

    assert await store.find(FIRST.receipt) == FIRST
    assert await store.find(SECOND.receipt) == SECOND


async def test_a_receipt_never_shown_is_none(store: ReceiptStore) -> None:
    await store.record([FIRST], NOON)

    assert await store.find(SECOND.receipt) is None


async def test_of_a_receipt_shown_again_the_first_showing_stays(
    store: ReceiptStore, database: Database
) -> None:
    await store.record([FIRST, FIRST], NOON)

    await store.record([replace(FIRST, revision=2)], LATER)

    assert await store.find(FIRST.receipt) == FIRST
    assert await database.fetch("SELECT first_shown_at FROM receipts") == [
        ("2026-03-02T12:00:00+00:00",)
    ]


async def test_an_instant_outside_utc_is_refused(store: ReceiptStore) -> None:
    with pytest.raises(ValueError, match="not in UTC"):
        await store.record([FIRST], NOON.replace(tzinfo=None))


@pytest.mark.parametrize(
    "wrong",
    [
        replace(FIRST, receipt="0123"),
        replace(FIRST, revision=0),
        replace(FIRST, start=-1),
        replace(FIRST, start=32),
    ],
    ids=["short", "revision 0", "negative start", "empty"],
)
async def test_the_schema_refuses_invalid_receipts(
    store: ReceiptStore, wrong: ShownReceipt
) -> None:
    with pytest.raises(StoreError, match="constraint failed"):
        await store.record([SECOND, wrong], NOON)

    assert await store.find(SECOND.receipt) is None
