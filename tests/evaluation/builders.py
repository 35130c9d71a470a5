"""Builders for the tests of evaluation."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.evaluation.judged import Judgement
from bot.evaluation.measures import MEASURES, JudgedOutcome, Measure, judge_outcome
from bot.evaluation.outcome import QuestionOutcome
from bot.model.article import ArticleId

ARTICLE = {"id": "flood", "title": "The flood", "date": "2026-03-02", "text": "The river rose."}
QUESTION = {"id": "q1", "text": "What rose?", "date": "2026-03-03", "answer": "the river"}


def a_folder(
    folder: Path,
    *,
    articles: Sequence[Mapping[str, Any]] = (ARTICLE,),
    questions: Sequence[Mapping[str, Any]] = (QUESTION,),
    grades: str = "q1\tflood\t1\n",
) -> Path:
    """Create a folder of judged questions."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, objects in (("corpus.jsonl", articles), ("queries.jsonl", questions)):
        lines = "".join(f"{json.dumps(fields)}\n" for fields in objects)
        (folder / name).write_text(lines, encoding="utf-8")
    (folder / "qrels.tsv").write_text(grades, encoding="utf-8")
    return folder


def an_outcome(  # noqa: PLR0913 - an outcome's attributes
    *quotes: str,
    text: str = "What rose?",
    answered: bool = True,
    score: float | None = 1.0,
    confidence: float | None = None,
    elapsed_ms: float = 5.0,
    ranking: Sequence[str] | None = (),
) -> QuestionOutcome:
    """Build an outcome with defaults for everything that a test does not set."""
    return QuestionOutcome(
        text=text,
        is_answered=answered,
        quotes=quotes,
        score=score,
        confidence=confidence,
        elapsed_ms=elapsed_ms,
        ranking=None if ranking is None else tuple(map(ArticleId, ranking)),
    )


def a_judgement(
    *answers: str,
    evidence: Sequence[str] = (),
    answerable: bool | None = None,
    grades: Mapping[str, int] | None = None,
) -> Judgement:
    """Build a judgement, which expects an answer if answers are given."""
    return Judgement(
        answers=answers,
        evidence=tuple(evidence),
        is_answerable=answerable,
        has_answer=bool(answers or evidence),
        grades={ArticleId(article_id): grade for article_id, grade in (grades or {}).items()},
    )


def a_mark(outcome: QuestionOutcome, judgement: Judgement | None = None) -> JudgedOutcome:
    """Judge the outcome by the judgement."""
    return judge_outcome(outcome, judgement or a_judgement("river"))


def the_measure(name: str) -> Measure:
    """Return the measure with this name."""
    return next(measure for measure in MEASURES if measure.name == name)
