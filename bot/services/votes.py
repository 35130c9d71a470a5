"""The use case of voting on excerpts."""

from dataclasses import dataclass

from bot.model.ids import Pseudonym
from bot.model.vote import VoteCounts
from bot.retrieval.answering.receipts import parse_receipt
from bot.store.votes import VoteStore


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteResult:
    """The votes on an excerpt, and the person's own vote; None if they have removed it."""

    own_vote: bool | None
    votes: VoteCounts


class VoteService:
    """Stores and counts votes."""

    def __init__(self, *, votes: VoteStore) -> None:
        """Use the votes of this store."""
        self._votes = votes

    async def vote(self, receipt: str, person: Pseudonym, *, is_upvote: bool) -> VoteResult:
        """Vote on a shown excerpt; the same vote again removes it.

        Raises:
            MalformedReceipt: The text is not a receipt.
            StoreError: The receipt is unknown.
        """
        receipt = parse_receipt(receipt)
        own_vote = await self._votes.cast(receipt, person, is_upvote=is_upvote)
        return VoteResult(own_vote=own_vote, votes=await self._votes.count_by_receipt(receipt))
