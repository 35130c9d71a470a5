"""At which step an article was taken into a digest or left out."""

from dataclasses import dataclass
from enum import StrEnum

from bot.model.article import ArticleId


class DecisionStep(StrEnum):
    """The steps at which it is decided, in the order in which they are gone through.

    Stories OVER_LIMIT are not in the message, but a button away; those FAR_OVER_LIMIT are nowhere,
    and none of their articles is called the duplicate of another.
    """

    REVISED = "revised"
    WINDOW = "window"
    SOURCE = "source"
    TOPIC = "topic"
    DUPLICATE_OF = "duplicate_of"
    OVER_LIMIT = "over_limit"
    FAR_OVER_LIMIT = "far_over_limit"
    TAKEN = "taken"


REPORTED_STEPS = frozenset({DecisionStep.TAKEN, DecisionStep.DUPLICATE_OF, DecisionStep.OVER_LIMIT})
"""Where a digest told of an article: as an entry, below one, or a button away."""


class RevisionOutcome(StrEnum):
    """What a revision means for a digest.

    CORRECTED is told with both sentences; of UNSEEN no digest has told before; of SAME no sentence
    that is short enough to be shown has changed.
    """

    CORRECTED = "corrected"
    UNSEEN = "unseen"
    SAME = "same"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What became of one article.

    Attributes:
        article_id: The article.
        step: Where it was decided.
        detail: What else is to be said: at the window, how the article stands to it (`WindowPosition`); of
            a revised one, what that means (`RevisionOutcome`); of one that tells the story of another, that
            one's id; of one that is taken or over the limit, the place of its story, from 1.
    """

    article_id: ArticleId
    step: DecisionStep
    detail: str = ""
