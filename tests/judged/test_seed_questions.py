"""The judged questions about the seed: read the table with `pytest -s tests/judged`."""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from bot.retrieval.answer import Answer
from tests.builders import an_answer, seed_articles

QUESTIONS_FILE = Path(__file__).parent / "seed" / "queries.jsonl"
NAMED_ANSWERED = ("yes-01", "yes-02", "yes-03", "yes-04", "yes-05", "yes-06")
NAMED_REFUSED = ("no-01", "no-02", "no-03", "no-04", "no-05")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A question with what its first excerpt must hold; `words` is None where any will do."""

    id: str
    question: str
    asked_on: date
    is_answerable: bool
    words: str | None
    paragraphs: tuple[int, ...]

    def answer(self) -> Answer:
        return an_answer(self.question, *seed_articles(), today=self.asked_on)

    def is_right(self, answer: Answer) -> bool:
        """Whether it is answered in the first excerpt or, where it can't be, not at all."""
        if not self.is_answerable or not answer.answered:
            return self.is_answerable == answer.answered
        first = answer.excerpts[0]
        return first.paragraph in self.paragraphs and (self.words or "") in first.text


def judged(line: str) -> Judged:
    fields = json.loads(line)
    return Judged(
        id=fields["id"],
        question=fields["text"],
        asked_on=date.fromisoformat(fields["date"]),
        is_answerable=fields["answerable"],
        words=fields.get("answer"),
        paragraphs=tuple(fields.get("paragraphs", ())),
    )


JUDGED = {
    each.id: each for each in map(judged, QUESTIONS_FILE.read_text(encoding="utf-8").splitlines())
}


def row(each: Judged, answer: Answer) -> str:
    """What came first for a question, as a line of the table."""
    first = next(iter(answer.excerpts or answer.closest), None)
    quote = f"{first.paragraph:2} {first.text[:60]!r}" if first else " - nothing"
    verdict = "right" if each.is_right(answer) else "WRONG"
    says = "answers" if answer.answered else "refuses"
    return f"{verdict} {says} {each.id:6} {each.question[:64]:64} {quote}"


@pytest.mark.parametrize("name", NAMED_ANSWERED)
def test_a_question_that_the_seed_answers_is_answered_in_the_first_excerpt(name: str) -> None:
    answer = JUDGED[name].answer()

    assert JUDGED[name].is_right(answer), row(JUDGED[name], answer)


@pytest.mark.parametrize("name", NAMED_REFUSED)
def test_a_question_that_the_seed_does_not_answer_is_refused_with_reasons(name: str) -> None:
    answer = JUDGED[name].answer()

    assert not answer.answered, row(JUDGED[name], answer)
    assert answer.reasons
    assert 1 <= len(answer.closest) <= 3


def test_half_of_the_judged_questions_have_no_answer() -> None:
    counts = Counter(each.is_answerable for each in JUDGED.values())

    assert counts == {True: 24, False: 24}


def test_nearly_all_judged_questions_are_answered_or_refused_rightly() -> None:
    answers = {name: each.answer() for name, each in JUDGED.items()}
    right = Counter(
        each.is_answerable for name, each in JUDGED.items() if each.is_right(answers[name])
    )

    print("", *(row(JUDGED[name], answer) for name, answer in answers.items()), sep="\n")  # noqa: T201 - the table is shown with -s

    assert right[True] >= 22
    assert right[False] >= 23


def test_every_refusal_gives_a_reason() -> None:
    answers = [each.answer() for each in JUDGED.values()]

    assert all(answer.answered or answer.reasons for answer in answers)
