import pytest

from bot.errors import (
    MalformedReceipt,
)
from bot.model.vote import VoteCounts
from bot.wiring import Application
from tests.services.river_library import ANNA, BEN, shown


async def test_one_votes_on_an_excerpt_and_takes_it_back(app: Application) -> None:
    _, found = await shown(app)
    receipt = found[0].receipt

    await app.services.votes.vote(receipt, BEN, is_upvote=False)
    first = await app.services.votes.vote(receipt, ANNA, is_upvote=True)
    changed = await app.services.votes.vote(receipt, ANNA, is_upvote=False)
    again = await app.services.votes.vote(receipt, ANNA, is_upvote=False)

    assert (first.own_vote, first.votes) == (True, VoteCounts(up=1, down=1))
    assert (changed.own_vote, changed.votes) == (False, VoteCounts(up=0, down=2))
    assert (again.own_vote, again.votes) == (None, VoteCounts(up=0, down=1))


async def test_the_receipt_of_an_excerpt_shown_later_takes_votes(app: Application) -> None:
    key, _ = await shown(app)
    await app.services.shown_answers.load_page(key, 3, 3)

    receipt = (await app.services.shown_answers.load_excerpt(key, 6)).receipt
    voted = await app.services.votes.vote(receipt, ANNA, is_upvote=True)

    assert voted.votes == VoteCounts(up=1, down=0)


async def test_a_vote_on_an_invalid_receipt_is_refused(app: Application) -> None:
    with pytest.raises(MalformedReceipt):
        await app.services.votes.vote("none", ANNA, is_upvote=True)
