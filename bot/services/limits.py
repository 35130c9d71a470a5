"""The limits that the settings put on answers and digests."""

from bot.digest.compose import DigestLimits
from bot.retrieval.scoring.limits import AnswerLimits
from bot.retrieval.scoring.weights import Caution
from bot.settings.settings import Settings


def build_answer_limits(settings: Settings, max_excerpts: int | None = None) -> AnswerLimits:
    """Return how much is shown, and how sure an answer has to be.

    Args:
        settings: The settings.
        max_excerpts: The most excerpts; None for the number in the settings.
    """
    return AnswerLimits(
        max_excerpts=max_excerpts or settings.answers.max_excerpts,
        max_excerpt_chars=settings.answers.max_excerpt_chars,
        steer_days=settings.dates.steer_days,
        caution=Caution(settings.answers.caution),
    )


def build_digest_limits(settings: Settings) -> DigestLimits:
    """Return how much a digest takes in."""
    return DigestLimits(
        late_days=settings.digest.late_days,
        max_excerpt_chars=settings.answers.max_excerpt_chars,
    )
