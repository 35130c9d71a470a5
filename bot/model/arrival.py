"""An article with the times when it was added and revised."""

from dataclasses import dataclass
from datetime import datetime

from bot.model.article import Article


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An article with the times when it was added and revised.

    Attributes:
        article: The article in its current revision.
        arrived_at: When its first revision was added.
        revised_at: When its current revision was added; equal to `arrived_at` if never revised.
        previous: The last revision from before the period in question; None if there was none.
    """

    article: Article
    arrived_at: datetime
    revised_at: datetime
    previous: Article | None = None
