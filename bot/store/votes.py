"""What people think of excerpts: one vote a person and receipt."""

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
    """The votes in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def cast(self, receipt: str, person: Pseudonym, *, is_upvote: bool) -> bool | None:
        """Votes in place of the person's earlier vote; the same vote again takes it back.

        Returns:
            The person's vote from now on; None where it was taken back.

        Raises:
            StoreError: No excerpt was shown by this receipt.
        """
        vote = (receipt, person, is_upvote)
        async with self._database.transaction() as transaction:
            if await transaction.fetch(_REMOVE, vote):
                return None
            await transaction.execute(_CAST, vote)
            return is_upvote

    async def count_by_receipt(self, receipt: str) -> VoteCounts:
        """How people voted on the excerpt of a receipt."""
        ((up, down),) = await self._database.fetch(_COUNT_BY_RECEIPT, (receipt,))
        return VoteCounts(up=up, down=down)

    async def count_by_person(self, person: Pseudonym) -> int:
        """How many votes the person has cast."""
        ((count,),) = await self._database.fetch(_COUNT_BY_PERSON, (person,))
        return int(count)

    async def delete_by_person(self, person: Pseudonym) -> int:
        """Deletes all votes of the person; gives how many these were."""
        return await self._database.delete(_DELETE_BY_PERSON, (person,))
