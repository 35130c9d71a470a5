"""The short id by which an excerpt can be verified later."""

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
    r"""The receipt of `text` as it stands at `span` of the article's body.

    The first 16 hex digits of SHA-256 over the UTF-8 text `article_id\nstart\nend\ntext`.
    """
    payload = f"{article_id}\n{span.start}\n{span.end}\n{text}"
    return sha256(payload.encode()).hexdigest()[:_DIGITS]


def receipt_matches(receipt: str, article: Article, span: Span) -> bool:
    """Whether the receipt is that of the text at `span` of the article's body."""
    return make_receipt(article.id, span, span.extract(article.body)) == receipt


def parse_receipt(text: str) -> str:
    """The receipt that a person typed: capitals and surrounding space do not matter.

    Raises:
        MalformedReceipt: The text is no receipt.
    """
    receipt = text.strip().lower()
    if not _RECEIPT_PATTERN.fullmatch(receipt):
        raise MalformedReceipt(text)
    return receipt


class ReceiptStatus(StrEnum):
    """How a quote stands today."""

    IDENTICAL = "identical"
    MOVED = "moved"
    REVISED = "revised"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What verifying a receipt gives.

    Attributes:
        receipt: The receipt.
        status: Which of the five outcomes.
        article_id: The article that it was shown for; None where it never was.
        quoted: The article as it was quoted; None where it is gone or was never known.
        span: The quote's place in `quoted`; None with it.
        current: The article as it is now; None where it is gone or was never known.
        current_span: The quote's place in `current`, where it still stands word for word.
        revised_at: When `current` came in, where it is a later revision than `quoted`.
        withdrawn_at: When the article was taken back; None unless it was.
        reason: Why it was taken back; None unless it was.
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
        """Whether the quote stands word for word in the article as it is now."""
        return self.status in {ReceiptStatus.IDENTICAL, ReceiptStatus.MOVED}


def compare_revisions(receipt: str, quoted: Article, span: Span, current: Article) -> Verification:
    """How the quote at `span` of the revision `quoted` stands in the revision `current`."""
    quote = span.extract(quoted.body)
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
