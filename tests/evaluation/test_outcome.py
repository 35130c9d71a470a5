import json
from pathlib import Path
from typing import Any

import pytest

from bot.errors import NotAnAnswer
from bot.evaluation.outcome import QuestionOutcome, read_outcomes

QUOTES = [{"quote": "The river rose.", "score": 7.5}, {"quote": "It fell.", "score": 3}]
LINE = {
    "id": "q1",
    "question": "What rose?",
    "answered": True,
    "confidence": 0.8,
    "excerpts": QUOTES,
    "closest": [],
    "elapsed_ms": 4.2,
}


def read_line(folder: Path, **fields: Any) -> QuestionOutcome:
    path = folder / "run.jsonl"
    path.write_text(json.dumps(LINE | fields) + "\n", encoding="utf-8")
    return read_outcomes(path)["q1"]


def test_a_saved_answer_is_read(tmp_path: Path) -> None:
    outcome = read_line(tmp_path)

    assert outcome == QuestionOutcome(
        text="What rose?",
        is_answered=True,
        quotes=("The river rose.", "It fell."),
        score=7.5,
        confidence=0.8,
        elapsed_ms=4.2,
        ranking=None,
    )


def test_an_abstention_shows_the_closest_passages(tmp_path: Path) -> None:
    outcome = read_line(tmp_path, answered=False, excerpts=[], closest=QUOTES, confidence=None)

    assert not outcome.is_answered
    assert outcome.quotes == ("The river rose.", "It fell.")
    assert (outcome.score, outcome.confidence) == (7.5, None)


def test_without_quotes_there_is_no_score(tmp_path: Path) -> None:
    outcome = read_line(tmp_path, answered=False, excerpts=[])

    assert (outcome.quotes, outcome.score) == ((), None)


@pytest.mark.parametrize(
    "fields",
    [
        {"excerpts": 3},
        {"excerpts": ["The river rose."]},
        {"excerpts": [{"quote": "The river rose."}]},
        {"elapsed_ms": "soon"},
        {"confidence": [1]},
    ],
    ids=str,
)
def test_a_line_that_is_no_answer_is_refused(tmp_path: Path, fields: dict[str, Any]) -> None:
    with pytest.raises(NotAnAnswer) as raised:
        read_line(tmp_path, **fields)

    assert raised.value.line == 1


def test_a_line_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    path.write_text('{"id": "q1", "text": "What rose?"}\n', encoding="utf-8")

    with pytest.raises(NotAnAnswer):
        read_outcomes(path)
