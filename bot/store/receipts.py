"""Receipts of the excerpts that people were shown."""

from collections.abc import Sequence
from datetime import datetime

from bot.model.article import ArticleId
from bot.model.receipt import ShownReceipt
from bot.store.database import Database, format_utc

_RECORD = """
    INSERT INTO receipts (
        receipt, article_id, revision, start_offset, end_offset, first_shown_at
    ) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (receipt) DO NOTHING
"""
_FIND = """
    SELECT article_id, revision, start_offset, end_offset FROM receipts WHERE receipt = ?
"""


class ReceiptStore:
    """The receipts of shown excerpts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def record(self, receipts: Sequence[ShownReceipt], shown_at: datetime) -> None:
        """Store receipts; one shown before keeps its first time."""
        first_shown_at = format_utc(shown_at)
        rows = [
            (
                receipt.receipt,
                receipt.article_id,
                receipt.revision,
                receipt.start,
                receipt.end,
                first_shown_at,
            )
            for receipt in receipts
        ]
        async with self._database.transaction() as transaction:
            await transaction.execute_many(_RECORD, rows)

    async def find(self, receipt: str) -> ShownReceipt | None:
        """Return the position of the excerpt with this receipt; None if it was never shown."""
        for article_id, revision, start, end in await self._database.fetch(_FIND, (receipt,)):
            return ShownReceipt(
                receipt=receipt,
                article_id=ArticleId(article_id),
                revision=revision,
                start=start,
                end=end,
            )
        return None
