"""An article as it came into the library: when, and what it was before."""

from dataclasses import dataclass
from datetime import datetime

from bot.model.article import Article


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An article, and when it came in.

    Attributes:
        article: The article in its current revision.
        arrived_at: When its first revision came in.
        revised_at: When its current revision came in; the same for one that was never revised.
        previous: The last revision of it that came in before those looked at, where there is one.
    """

    article: Article
    arrived_at: datetime
    revised_at: datetime
    previous: Article | None = None
