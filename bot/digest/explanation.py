"""Why an article is in a digest or not."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.digest.decisions import Decision
from bot.model.article import Article


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestExplanation:
    """What became of an article in a digest.

    Attributes:
        article: The article.
        arrived_at: When it came in.
        window_starts_at: The first moment that the digest covers.
        window_ends_at: The end of what it covers.
        zone: The zone of the digest.
        decision: Where it was decided; None where the article was not looked at.
        duplicate_of: The article that tells its story, where that is another.
        is_posted: Whether it is known that the digest was posted.
        is_refused: Whether Discord refused the whole digest.
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
