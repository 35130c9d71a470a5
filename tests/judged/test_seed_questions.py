"""The judged questions about the seed: read the table with `pytest -s tests/judged`.

The rules of answering were made with `seed` and `seed_more` at hand. `seed_held_back` was written
without a look at the program; its wrong answers were read once, after which a few function words and
one polite beginning were added, so it is nearly, not wholly, unseen.
"""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from bot.retrieval.answer import Answer
from tests.builders import an_answer, seed_articles

FLOORS = {"seed": (22, 23), "seed_more": (25, 28), "seed_held_back": (16, 18)}
"""For each set how many answers and how many refusals must be right at the least."""

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


def judged_set(name: str) -> dict[str, Judged]:
    file = Path(__file__).parent / name / "queries.jsonl"
    lines = file.read_text(encoding="utf-8").splitlines()
    return {each.id: each for each in map(judged, lines)}


SETS = {name: judged_set(name) for name in FLOORS}
JUDGED = SETS["seed"]


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


@pytest.mark.parametrize("name", FLOORS)
def test_half_of_the_judged_questions_have_no_answer(name: str) -> None:
    counts = Counter(each.is_answerable for each in SETS[name].values())

    assert counts[True] == counts[False]


@pytest.mark.parametrize("name", FLOORS)
def test_judged_questions_are_answered_or_refused_rightly(name: str) -> None:
    answers = [(each, each.answer()) for each in SETS[name].values()]
    right = Counter(each.is_answerable for each, answer in answers if each.is_right(answer))

    print(f"\n{name}", *(row(*pair) for pair in answers), sep="\n")  # noqa: T201 - shown with -s

    assert right[True] >= FLOORS[name][0]
    assert right[False] >= FLOORS[name][1]
    assert all(answer.answered or answer.reasons for _, answer in answers)
