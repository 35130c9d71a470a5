"""Votes on excerpts: one for each person and receipt."""

from bot.model.ids import Pseudonym
from bot.model.vote import VoteCounts
from bot.store.database import Database

_REMOVE = "DELETE FROM votes WHERE (receipt, person, up) = (?, ?, ?) RETURNING up"
_CAST = """
    INSERT INTO votes (receipt, person, up) VALUES (?, ?, ?)
    ON CONFLICT (receipt, person) DO UPDATE SET up = excluded.up
"""
_COUNT_BY_RECEIPT = (
    "SELECT count(*) FILTER (WHERE up), count(*) FILTER (WHERE NOT up) FROM votes WHERE receipt = ?"
)
_COUNT_BY_PERSON = "SELECT count(*) FROM votes WHERE person = ?"
_DELETE_BY_PERSON = "DELETE FROM votes WHERE person = ? RETURNING receipt"


class VoteStore:
    """The votes on excerpts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def cast(self, receipt: str, person: Pseudonym, *, is_upvote: bool) -> bool | None:
        """Store a vote in place of the person's earlier one; the same vote again removes it.

        Returns:
            The person's vote from now on; None if it was removed.

        Raises:
            StoreError: The receipt is unknown.
        """
        vote = (receipt, person, is_upvote)
        async with self._database.transaction() as transaction:
            if await transaction.fetch(_REMOVE, vote):
                return None
            await transaction.execute(_CAST, vote)
            return is_upvote

    async def count_by_receipt(self, receipt: str) -> VoteCounts:
        """Return the votes for and against the excerpt with this receipt."""
        ((up, down),) = await self._database.fetch(_COUNT_BY_RECEIPT, (receipt,))
        return VoteCounts(up=up, down=down)

    async def count_by_person(self, person: Pseudonym) -> int:
        """Return how many votes a person has cast."""
        ((count,),) = await self._database.fetch(_COUNT_BY_PERSON, (person,))
        return int(count)

    async def delete_by_person(self, person: Pseudonym) -> int:
        """Delete all votes of a person; return how many there were."""
        return await self._database.delete(_DELETE_BY_PERSON, (person,))
