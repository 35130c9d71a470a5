"""A receipt that was shown, with the place that it stands for."""

from dataclasses import dataclass

from bot.model.article import ArticleId


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownReceipt:
    """Where an excerpt stood when it was first shown.

    Attributes:
        receipt: What it can be verified by later.
        article_id: The article that it quotes.
        revision: The article's revision at that time.
        start: Where the excerpt begins in the body of that revision.
        end: Where it ends there, exclusive.
    """

    receipt: str
    article_id: ArticleId
    revision: int
    start: int
    end: int
