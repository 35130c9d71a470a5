"""The limits on answers and digests, from the settings."""

from bot.digest.compose import DigestLimits
from bot.retrieval.scoring.limits import AnswerLimits
from bot.retrieval.scoring.weights import Caution
from bot.settings.settings import Settings


def build_answer_limits(settings: Settings, max_excerpts: int | None = None) -> AnswerLimits:
    """Return the limits on an answer.

    Args:
        settings: The settings.
        max_excerpts: The maximum number of excerpts; None for the setting.
    """
    return AnswerLimits(
        max_excerpts=max_excerpts or settings.answers.max_excerpts,
        max_excerpt_chars=settings.answers.max_excerpt_chars,
        steer_days=settings.dates.steer_days,
        caution=Caution(settings.answers.caution),
    )


def build_digest_limits(settings: Settings) -> DigestLimits:
    """Return the limits on a digest's contents."""
    return DigestLimits(
        late_days=settings.digest.late_days,
        max_excerpt_chars=settings.answers.max_excerpt_chars,
    )
