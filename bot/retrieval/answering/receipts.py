"""Receipts: short ids by which excerpts can be verified later."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from bot.errors import MalformedReceipt
from bot.model.article import Article, ArticleId
from bot.model.span import Span

_DIGITS = 16
_RECEIPT_PATTERN = re.compile(rf"[0-9a-f]{{{_DIGITS}}}")


def make_receipt(article_id: ArticleId, span: Span, text: str) -> str:
    r"""Return the receipt of `text` at `span` of the article's body.

    It is the first 16 hex digits of SHA-256 over the UTF-8 text `article_id\nstart\nend\ntext`.
    """
    # Never change this: receipts given long ago stay valid, and anyone can recompute them.
    payload = f"{article_id}\n{span.start}\n{span.end}\n{text}"
    return sha256(payload.encode()).hexdigest()[:_DIGITS]


def receipt_matches(receipt: str, article: Article, span: Span) -> bool:
    """Return whether the receipt belongs to the text at `span` of the article's body."""
    return make_receipt(article.id, span, span.extract(article.body)) == receipt


def parse_receipt(text: str) -> str:
    """Return the receipt in what a person entered, ignoring case and surrounding space.

    Raises:
        MalformedReceipt: The text is no receipt.
    """
    receipt = text.strip().lower()
    if not _RECEIPT_PATTERN.fullmatch(receipt):
        raise MalformedReceipt(text)
    return receipt


class ReceiptStatus(StrEnum):
    """The outcomes of verifying a receipt."""

    IDENTICAL = "identical"
    MOVED = "moved"
    REVISED = "revised"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """The result of verifying a receipt.

    Attributes:
        receipt: The receipt.
        status: The outcome.
        article_id: The article of the receipt; None if the receipt is unknown.
        quoted: The article as it was quoted; None if it was removed or is unknown.
        span: The span of the quote in `quoted`; None if `quoted` is None.
        current: The current revision of the article; None if it was removed or is unknown.
        current_span: The span of the quote in `current`; None if it is not there verbatim.
        revised_at: The time when `current` was added, if it is a later revision than `quoted`.
        withdrawn_at: The time when the article was withdrawn; None if it was not.
        reason: The reason why it was withdrawn; None if it was not.
    """

    receipt: str
    status: ReceiptStatus
    article_id: ArticleId | None = None
    quoted: Article | None = None
    span: Span | None = None
    current: Article | None = None
    current_span: Span | None = None
    revised_at: datetime | None = None
    withdrawn_at: datetime | None = None
    reason: str | None = None

    @property
    def is_valid(self) -> bool:
        """Whether the current revision of the article contains the quote verbatim."""
        return self.status in {ReceiptStatus.IDENTICAL, ReceiptStatus.MOVED}


def compare_revisions(receipt: str, quoted: Article, span: Span, current: Article) -> Verification:
    """Compare the quote at `span` of the revision `quoted` with the revision `current`."""
    quote = span.extract(quoted.body)
    # The span comes first: a quote that occurs twice is not moved.
    if span.extract(current.body) == quote:
        status, current_span = ReceiptStatus.IDENTICAL, span
    elif (start := current.body.find(quote)) >= 0:
        status, current_span = ReceiptStatus.MOVED, Span(start, start + len(quote))
    else:
        status, current_span = ReceiptStatus.REVISED, None
    return Verification(
        receipt=receipt,
        status=status,
        article_id=quoted.id,
        quoted=quoted,
        span=span,
        current=current,
        current_span=current_span,
    )
