"""The use case of verifying a receipt."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.model.article import Article
from bot.model.receipt import ShownReceipt
from bot.model.span import Span
from bot.retrieval.answering.receipts import (
    ReceiptStatus,
    Verification,
    compare_revisions,
    parse_receipt,
    receipt_matches,
)
from bot.runtime.clock import Clock
from bot.store.articles import ArticleStore
from bot.store.receipts import ReceiptStore


class VerifyService:
    """Compares the quotes of receipts with the current articles."""

    def __init__(self, *, receipts: ReceiptStore, articles: ArticleStore, clock: Clock) -> None:
        """Verify the receipts of this store."""
        self._receipts = receipts
        self._articles = articles
        self._clock = clock

    async def verify(self, text: str, zone: ZoneInfo | None = None) -> Verification:
        """Return whether the quote of a receipt still stands in its article.

        Args:
            text: The receipt as entered.
            zone: The zone of the instants shown; None for the zone of the settings.

        Raises:
            MalformedReceipt: The text is not a receipt.
        """
        receipt = parse_receipt(text)
        shown = await self._receipts.find(receipt)
        if shown is None:
            return Verification(receipt=receipt, status=ReceiptStatus.UNKNOWN)
        span = Span(shown.start, shown.end)
        current = await self._articles.find(shown.article_id)
        shown_revision = await self._articles.find_revision(shown.article_id, shown.revision)
        quoted = next(
            (
                article
                for article in (shown_revision, current)
                if article and receipt_matches(receipt, article, span)
            ),
            None,
        )
        zone = zone or self._clock.zone
        if current and (current.published_on or date.min) > self._clock.today(zone):
            current = quoted  # a revision dated in the future is not visible yet
        if current and quoted:
            revised_at = await self._find_revised_at(quoted, current, zone)
            return replace(compare_revisions(receipt, quoted, span, current), revised_at=revised_at)
        return await self._report_withdrawn(receipt, shown, current, zone)

    async def _report_withdrawn(
        self, receipt: str, shown: ShownReceipt, current: Article | None, zone: ZoneInfo
    ) -> Verification:
        withdrawal = await self._articles.find_last_withdrawal(shown.article_id)
        return Verification(
            receipt=receipt,
            status=ReceiptStatus.WITHDRAWN,
            article_id=shown.article_id,
            current=current,
            withdrawn_at=withdrawal.withdrawn_at.astimezone(zone) if withdrawal else None,
            reason=withdrawal.reason if withdrawal else None,
        )

    async def _find_revised_at(
        self, quoted: Article, current: Article, zone: ZoneInfo
    ) -> datetime | None:
        """Return when the current revision was added; None if it is the quoted one."""
        if quoted == current:
            return None
        ingested_at = await self._articles.get_ingestion_time(current.id, current.revision)
        # The article may have been withdrawn at this moment.
        return ingested_at.astimezone(zone) if ingested_at else None
