"""Whether a quote that was shown still stands in its article."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.model.article import Article
from bot.model.span import Span
from bot.retrieval.answering.receipts import Standing, Verification, compared, fits, parsed_receipt
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
    receipt = parsed_receipt(text)
    shown = await app.receipts.find(receipt)
    if shown is None:
        return Verification(receipt=receipt, standing=Standing.UNKNOWN)
    span = Span(shown.start, shown.end)
    current = await app.articles.current_one(shown.article_id)
    then = await app.articles.revision(shown.article_id, shown.revision)
    quoted = next((each for each in (then, current) if each and fits(receipt, each, span)), None)
    zone = zone or app.settings.dates.zone
    if current and (current.published_on or date.min) > app.today_in(zone):
        current = quoted  # a revision that is dated later is hidden, as all else is
    if current and quoted:
        revised_at = await _revised_at(app, quoted, current, zone)
        return replace(compared(receipt, quoted, span, current), revised_at=revised_at)
    withdrawal = await app.articles.withdrawal(shown.article_id)
    return Verification(
        receipt=receipt,
        standing=Standing.WITHDRAWN,
        article_id=shown.article_id,
        current=current,
        withdrawn_at=withdrawal.at.astimezone(zone) if withdrawal else None,
        reason=withdrawal.reason if withdrawal else None,
    )


async def _revised_at(
    app: App, quoted: Article, current: Article, zone: ZoneInfo
) -> datetime | None:
    """When the article became what it is; None where it is as it was quoted."""
    if quoted == current:
        return None
    at = await app.articles.ingested_at(current.id, current.revision)
    return at.astimezone(zone) if at else None  # it may have been taken back this moment
