"""How much of what a search finds is shown."""

from dataclasses import dataclass

from bot.retrieval.scoring.weights import Caution


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLimits:
    """How much an answer shows, and how sure it has to be.

    Attributes:
        max_excerpts: Excerpts at most.
        max_excerpt_chars: Characters of an excerpt at most.
        steer_days: For how many days after a date of the question an article speaks of it.
        caution: How sure it has to be.
    """

    max_excerpts: int = 3
    max_excerpt_chars: int = 600
    steer_days: int = 14
    caution: Caution = Caution.BALANCED
