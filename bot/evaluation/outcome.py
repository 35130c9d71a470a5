"""Outcomes of questions, from this run or from a saved one."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.errors import NotAnAnswer
from bot.evaluation.lines import JsonLine, read_json_lines
from bot.model.article import ArticleId


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionOutcome:
    """The measured part of the answer to a question.

    Attributes:
        text: The question.
        is_answered: Whether it was answered; an abstention shows the closest passages.
        quotes: The quotes shown, best first.
        score: The score of the first quote; None if nothing was shown.
        confidence: The probability that the first quote answers; None if it is not calibrated.
        elapsed_ms: The time that the answer took.
        ranking: The articles found, best first; None if the run did not save them.
    """

    text: str
    is_answered: bool
    quotes: tuple[str, ...]
    score: float | None
    confidence: float | None
    elapsed_ms: float
    ranking: tuple[ArticleId, ...] | None


def read_outcomes(path: Path) -> Mapping[str, QuestionOutcome]:
    """Read the outcomes of a run that `eval --answers` wrote, by question id.

    Raises:
        JudgedFileError: The file can't be read, or one of its lines is no answer.
    """
    return {line.get_required_text("id"): _parse_outcome(line) for line in read_json_lines(path)}


def _parse_outcome(line: JsonLine) -> QuestionOutcome:
    try:
        return _parse_fields(line.fields)
    except (KeyError, TypeError, ValueError) as error:
        raise NotAnAnswer(*line.location) from error


def _parse_fields(fields: Mapping[str, Any]) -> QuestionOutcome:
    shown = fields["excerpts"] or fields["closest"]
    confidence = fields["confidence"]
    return QuestionOutcome(
        text=str(fields["question"]),
        is_answered=bool(fields["answered"]),
        quotes=tuple(str(excerpt["quote"]) for excerpt in shown),
        score=float(shown[0]["score"]) if shown else None,
        confidence=None if confidence is None else float(confidence),
        elapsed_ms=float(fields["elapsed_ms"]),
        ranking=None,
    )
