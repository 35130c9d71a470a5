"""Decisions: the step at which each article was included in a digest or not."""

from dataclasses import dataclass
from enum import StrEnum

from bot.model.article import ArticleId


class DecisionStep(StrEnum):
    """The steps of the selection, in the order in which they are checked.

    OVER_LIMIT: the story is not in the message, but “More” shows it. FAR_OVER_LIMIT: the story is
    not shown anywhere, so none of its articles counts as the duplicate of another. TAKEN: it is an
    entry.
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
"""The steps of articles that a digest reported: as an entry, below one, or behind “More”."""


class RevisionOutcome(StrEnum):
    """The effect of a revision on a digest.

    CORRECTED: both sentences are shown. UNSEEN: no earlier digest included the article. SAME: no
    sentence short enough to show has changed.
    """

    CORRECTED = "corrected"
    UNSEEN = "unseen"
    SAME = "same"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The result for one article.

    Attributes:
        article_id: The article.
        step: The step that decided.
        detail: For WINDOW a `WindowPosition`, for REVISED a `RevisionOutcome`, for DUPLICATE_OF the
            id of the article that reports the story, and for TAKEN, OVER_LIMIT and FAR_OVER_LIMIT
            the rank of the story, from 1. Empty for other steps.
    """

    article_id: ArticleId
    step: DecisionStep
    detail: str = ""
