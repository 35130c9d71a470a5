"""Whether a quote that was shown still stands in its article."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.model.article import Article
from bot.model.span import Span
from bot.retrieval.answering.receipts import (
    ReceiptStatus,
    Verification,
    compare_revisions,
    parse_receipt,
    receipt_matches,
)
from bot.services.app import App


async def verify(app: App, text: str, zone: ZoneInfo | None = None) -> Verification:
    """Whether the quote of a receipt still stands.

    Args:
        app: The app.
        text: The receipt, as typed.
        zone: Where it is the day that instants are told by; None for the zone of the settings.

    Raises:
        MalformedReceipt: The text is no receipt.
        StoreError: The database can't be used.
    """
    receipt = parse_receipt(text)
    shown_receipt = await app.receipts.find(receipt)
    if shown_receipt is None:
        return Verification(receipt=receipt, status=ReceiptStatus.UNKNOWN)
    span = Span(shown_receipt.start, shown_receipt.end)
    current = await app.articles.find(shown_receipt.article_id)
    shown_revision = await app.articles.find_revision(
        shown_receipt.article_id, shown_receipt.revision
    )
    quoted = next(
        (
            article
            for article in (shown_revision, current)
            if article and receipt_matches(receipt, article, span)
        ),
        None,
    )
    zone = zone or app.settings.dates.zone
    if current and (current.published_on or date.min) > app.get_today(zone):
        current = quoted  # a revision that is dated later is hidden, as all else is
    if current and quoted:
        revised_at = await _find_revised_at(app, quoted, current, zone)
        return replace(compare_revisions(receipt, quoted, span, current), revised_at=revised_at)
    withdrawal = await app.articles.find_last_withdrawal(shown_receipt.article_id)
    return Verification(
        receipt=receipt,
        status=ReceiptStatus.WITHDRAWN,
        article_id=shown_receipt.article_id,
        current=current,
        withdrawn_at=withdrawal.withdrawn_at.astimezone(zone) if withdrawal else None,
        reason=withdrawal.reason if withdrawal else None,
    )


async def _find_revised_at(
    app: App, quoted: Article, current: Article, zone: ZoneInfo
) -> datetime | None:
    """When the article became what it is; None where it is as it was quoted."""
    if quoted == current:
        return None
    ingested_at = await app.articles.get_ingestion_time(current.id, current.revision)
    return (
        ingested_at.astimezone(zone) if ingested_at else None
    )  # it may have been taken back this moment
