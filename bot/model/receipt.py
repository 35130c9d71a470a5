"""Receipts of excerpts that were shown."""

from dataclasses import dataclass

from bot.model.article import ArticleId


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownReceipt:
    """The place of an excerpt when it was first shown.

    Attributes:
        receipt: The id by which the excerpt can be verified.
        article_id: The article that it quotes.
        revision: The revision of the article at that time.
        start: The first character of the excerpt in the body of that revision.
        end: The end of the excerpt there, exclusive.
    """

    receipt: str
    article_id: ArticleId
    revision: int
    start: int
    end: int
