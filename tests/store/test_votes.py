from pathlib import Path

import pytest

from bot.errors import StoreError
from bot.model.article import ArticleId
from bot.model.ids import Pseudonym
from bot.model.receipt import ShownReceipt
from bot.model.vote import VoteCounts
from bot.store.database import Database
from bot.store.receipts import ReceiptStore
from bot.store.votes import VoteStore
from tests.builders import NOON
from tests.store.folders import read_folder

ONE = "0123456789abcdef"
OTHER = "fedcba9876543210"
ANNA = Pseudonym("a" * 32)
BEN = Pseudonym("b" * 32)


@pytest.fixture
async def store(database: Database) -> VoteStore:
    shown = [
        ShownReceipt(receipt=receipt, article_id=ArticleId("flood"), revision=1, start=0, end=9)
        for receipt in (ONE, OTHER)
    ]
    await ReceiptStore(database).record(shown, NOON)
    return VoteStore(database)


async def test_votes_are_counted_for_each_receipt(store: VoteStore) -> None:
    await store.cast(ONE, ANNA, is_upvote=True)
    await store.cast(ONE, BEN, is_upvote=False)
    await store.cast(OTHER, ANNA, is_upvote=False)

    assert await store.count_by_receipt(ONE) == VoteCounts(up=1, down=1)
    assert await store.count_by_receipt(OTHER) == VoteCounts(up=0, down=1)


async def test_a_receipt_without_votes_counts_none(store: VoteStore) -> None:
    assert await store.count_by_receipt(ONE) == VoteCounts(up=0, down=0)


async def test_another_vote_replaces_the_first(store: VoteStore) -> None:
    assert await store.cast(ONE, ANNA, is_upvote=True) is True

    assert await store.cast(ONE, ANNA, is_upvote=False) is False

    assert await store.count_by_receipt(ONE) == VoteCounts(up=0, down=1)


@pytest.mark.parametrize("up", [True, False])
async def test_the_same_vote_again_takes_it_back(store: VoteStore, up: bool) -> None:  # noqa: FBT001 - a parameter of the test
    await store.cast(ONE, BEN, is_upvote=up)
    before = await store.count_by_receipt(ONE)
    await store.cast(ONE, ANNA, is_upvote=up)

    assert await store.cast(ONE, ANNA, is_upvote=up) is None

    assert await store.count_by_receipt(ONE) == before


async def test_a_vote_on_an_excerpt_never_shown_is_refused(store: VoteStore) -> None:
    with pytest.raises(StoreError, match="FOREIGN KEY"):
        await store.cast("0" * 16, ANNA, is_upvote=True)


async def test_the_votes_of_a_person_are_counted(store: VoteStore) -> None:
    await store.cast(ONE, ANNA, is_upvote=True)
    await store.cast(OTHER, ANNA, is_upvote=False)
    await store.cast(ONE, BEN, is_upvote=True)

    assert [await store.count_by_person(person) for person in (ANNA, BEN)] == [2, 1]


async def test_no_file_contains_a_person_after_their_votes_are_deleted(
    store: VoteStore, path: Path
) -> None:
    await store.cast(ONE, ANNA, is_upvote=True)
    before = read_folder(path)

    await store.delete_by_person(ANNA)

    assert ANNA.encode() in before
    assert ANNA.encode() not in read_folder(path)


async def test_all_votes_of_a_person_can_be_deleted(store: VoteStore) -> None:
    await store.cast(ONE, ANNA, is_upvote=True)
    await store.cast(OTHER, ANNA, is_upvote=True)
    await store.cast(ONE, BEN, is_upvote=True)

    assert await store.delete_by_person(ANNA) == 2

    assert await store.count_by_receipt(ONE) == VoteCounts(up=1, down=0)
    assert await store.count_by_receipt(OTHER) == VoteCounts(up=0, down=0)
