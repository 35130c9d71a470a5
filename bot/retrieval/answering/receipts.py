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
_FORM = re.compile(rf"[0-9a-f]{{{_DIGITS}}}")


def receipt_of(article_id: ArticleId, span: Span, text: str) -> str:
    r"""The receipt of `text` as it stands at `span` of the article's body.

    The first 16 hex digits of SHA-256 over the UTF-8 text `article_id\nstart\nend\ntext`.
    """
    signed = f"{article_id}\n{span.start}\n{span.end}\n{text}"
    return sha256(signed.encode()).hexdigest()[:_DIGITS]


def fits(receipt: str, article: Article, span: Span) -> bool:
    """Whether the receipt is that of the text at `span` of the article's body."""
    return receipt_of(article.id, span, span.of(article.body)) == receipt


def parsed_receipt(text: str) -> str:
    """The receipt that a person typed: capitals and surrounding space do not matter.

    Raises:
        MalformedReceipt: The text is no receipt.
    """
    receipt = text.strip().lower()
    if not _FORM.fullmatch(receipt):
        raise MalformedReceipt(text)
    return receipt


class Standing(StrEnum):
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
        standing: Which of the five outcomes.
        article_id: The article that it was shown for; None where it never was.
        quoted: The article as it was quoted; None where it is gone or was never known.
        span: The quote's place in `quoted`; None with it.
        current: The article as it is now; None where it is gone or was never known.
        found_at: The quote's place in `current`, where it still stands word for word.
        revised_at: When `current` came in, where it is a later revision than `quoted`.
        withdrawn_at: When the article was taken back; None unless it was.
        reason: Why it was taken back; None unless it was.
    """

    receipt: str
    standing: Standing
    article_id: ArticleId | None = None
    quoted: Article | None = None
    span: Span | None = None
    current: Article | None = None
    found_at: Span | None = None
    revised_at: datetime | None = None
    withdrawn_at: datetime | None = None
    reason: str | None = None

    @property
    def stands(self) -> bool:
        """Whether the quote stands word for word in the article as it is now."""
        return self.standing in {Standing.IDENTICAL, Standing.MOVED}


def compared(receipt: str, quoted: Article, span: Span, current: Article) -> Verification:
    """How the quote at `span` of the revision `quoted` stands in the revision `current`."""
    quote = span.of(quoted.body)
    if span.of(current.body) == quote:
        standing, found_at = Standing.IDENTICAL, span
    elif (start := current.body.find(quote)) >= 0:
        standing, found_at = Standing.MOVED, Span(start, start + len(quote))
    else:
        standing, found_at = Standing.REVISED, None
    return Verification(
        receipt=receipt,
        standing=standing,
        article_id=quoted.id,
        quoted=quoted,
        span=span,
        current=current,
        found_at=found_at,
    )
