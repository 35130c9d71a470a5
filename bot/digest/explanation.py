"""Why an article is in a digest or not."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.digest.decisions import Decision
from bot.model.article import Article


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What became of an article in a digest.

    Attributes:
        article: The article.
        came_in_at: When it came in.
        first: The first moment that the digest covers.
        last: The end of what it covers.
        zone: The zone of the digest.
        decision: Where it was decided; None where the article was not looked at.
        told_by: The article that tells its story, where that is another.
        is_posted: Whether it is known that the digest was posted.
        is_refused: Whether Discord refused the whole digest.
    """

    article: Article
    came_in_at: datetime
    first: datetime
    last: datetime
    zone: ZoneInfo
    decision: Decision | None
    told_by: Article | None = None
    is_posted: bool = True
    is_refused: bool = False
