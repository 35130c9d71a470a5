"""What people think of excerpts."""

from dataclasses import dataclass

from bot.model.ids import Pseudonym
from bot.model.vote import VoteCounts
from bot.retrieval.answering.receipts import parse_receipt
from bot.store.votes import VoteStore


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteResult:
    """How people voted on an excerpt; `own_vote` is the vote of who voted last, None if taken back."""

    own_vote: bool | None
    votes: VoteCounts


class VoteService:
    """Casts and counts votes."""

    def __init__(self, *, votes: VoteStore) -> None:
        """Keep the votes in this store."""
        self._votes = votes

    async def vote(self, receipt: str, person: Pseudonym, *, is_upvote: bool) -> VoteResult:
        """Vote on an excerpt that was shown; the same vote again takes it back.

        Raises:
            MalformedReceipt: The text is no receipt.
            StoreError: No excerpt was shown by this receipt.
        """
        receipt = parse_receipt(receipt)
        own_vote = await self._votes.cast(receipt, person, is_upvote=is_upvote)
        return VoteResult(own_vote=own_vote, votes=await self._votes.count_by_receipt(receipt))
