"""Limits on an answer's size and certainty."""

from dataclasses import dataclass

from bot.retrieval.scoring.weights import Caution


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLimits:
    """The maximum size of an answer, and how sure it has to be.

    Attributes:
        max_excerpts: The maximum number of excerpts.
        max_excerpt_chars: The maximum length of an excerpt in characters.
        steer_days: The number of days after a date in the question whose articles are preferred.
        caution: How sure an answer has to be.
    """

    max_excerpts: int = 3
    max_excerpt_chars: int = 600
    steer_days: int = 14
    caution: Caution = Caution.BALANCED
