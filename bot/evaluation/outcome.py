"""What came of a question, as far as it is measured: just now, or in a run that was written down."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.errors import JudgedError
from bot.evaluation.lines import Line, lines
from bot.model.article import ArticleId


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a reader saw of the answer to a question, and what was found.

    Attributes:
        text: The question as it was asked.
        answered: Whether it was answered; an abstention shows the closest passages.
        quotes: What was shown, best first.
        score: The score of the first one; None where nothing was shown.
        confidence: The probability that the first one answers; None where it is not calibrated.
        elapsed_ms: How long the answer took.
        ranking: The articles found, best first; None where that was not written down.
    """

    text: str
    answered: bool
    quotes: tuple[str, ...]
    score: float | None
    confidence: float | None
    elapsed_ms: float
    ranking: tuple[ArticleId, ...] | None


def read_outcomes(path: Path) -> Mapping[str, Outcome]:
    """What came of each question, by its id, in a run that `eval --answers` wrote.

    Raises:
        JudgedError: The file can't be read, or a line of it is no answer.
    """
    return {line.required("id"): _outcome(line) for line in lines(path)}


def _outcome(line: Line) -> Outcome:
    try:
        return _read(line.fields)
    except (KeyError, TypeError, ValueError) as error:
        reason = "it is no answer as eval --answers writes it"
        raise JudgedError(*line.place, reason) from error


def _read(fields: Mapping[str, Any]) -> Outcome:
    shown = fields["excerpts"] or fields["closest"]
    confidence = fields["confidence"]
    return Outcome(
        text=str(fields["question"]),
        answered=bool(fields["answered"]),
        quotes=tuple(str(excerpt["quote"]) for excerpt in shown),
        score=float(shown[0]["score"]) if shown else None,
        confidence=None if confidence is None else float(confidence),
        elapsed_ms=float(fields["elapsed_ms"]),
        ranking=None,
    )
