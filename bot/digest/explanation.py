"""The explanation of why an article is in a digest or not."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.digest.decisions import Decision
from bot.model.article import Article


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestExplanation:
    """The result for one article in one delivery.

    Attributes:
        article: The article.
        arrived_at: When it was added to the library.
        window_starts_at: The first moment that the digest covers.
        window_ends_at: The end of the half-open window.
        zone: The time zone of the digest.
        decision: The recorded decision; None if the article was not considered.
        duplicate_of: The article that reports its story instead; None if there is none.
        is_posted: Whether the digest is known to have been posted.
        is_refused: Whether the whole digest failed to be posted.
    """

    article: Article
    arrived_at: datetime
    window_starts_at: datetime
    window_ends_at: datetime
    zone: ZoneInfo
    decision: Decision | None
    duplicate_of: Article | None = None
    is_posted: bool = True
    is_refused: bool = False
