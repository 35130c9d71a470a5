"""At which step an article was taken into a digest or left out."""

from dataclasses import dataclass
from enum import StrEnum

from bot.retrieval.article import ArticleId


class Step(StrEnum):
    """The steps at which it is decided, in the order in which they are gone through."""

    REVISED = "revised"
    WINDOW = "window"
    SOURCE = "source"
    TOPIC = "topic"
    DUPLICATE_OF = "duplicate_of"
    OVER_LIMIT = "over_limit"
    TAKEN = "taken"


class Revised(StrEnum):
    """What a revision means for a digest.

    CORRECTED is named with both sentences; UNSEEN was shown by no digest before; of SAME no sentence
    that is short enough to be shown has changed.
    """

    CORRECTED = "corrected"
    UNSEEN = "unseen"
    SAME = "same"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What became of one article.

    Attributes:
        article_id: The article.
        step: Where it was decided.
        detail: What else is to be said: at the window, how the article stands to it (`Standing`); of
            a revised one, what that means (`Revised`); of one that tells the story of another, that
            one's id; of one that is taken or over the limit, its place, from 1.
    """

    article_id: ArticleId
    step: Step
    detail: str = ""
