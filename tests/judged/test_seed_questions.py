"""Judged questions about the seed articles; `pytest -s tests/judged` prints the answers.

Each folder contains judged questions; their corpus is the seed. The rules of answering were
developed with `seed` and `seed_more`. `seed_held_back` was written without looking at the program.
Its wrong answers were read once, after which a few function words and one polite beginning were
added, so it is nearly, but not entirely, unseen.
"""

import json
import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.evaluation.judged import read_judged_collection
from bot.evaluation.measures import JudgedOutcome, judge_outcome
from bot.evaluation.report import Report, build_report
from bot.evaluation.runner import EvaluatedQuestion, ask_all, build_index
from bot.retrieval.answering.answer import Answer
from bot.retrieval.answering.excerpts import Excerpt
from tests.builders import a_json_lines_file, seed_articles, the_analyser, the_weights

FLOORS = {"seed": (22, 23), "seed_more": (27, 26), "seed_held_back": (18, 16)}
"""The minimum numbers of right answers and right refusals for each set."""

NAMED_ANSWERED = ("yes-01", "yes-02", "yes-03", "yes-04", "yes-05", "yes-06")
NAMED_REFUSED = ("no-01", "no-02", "no-03", "no-04", "no-05")


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedAnswer:
    """A judged question, its answer, and the paragraphs that answer it."""

    asked: EvaluatedQuestion
    mark: JudgedOutcome
    paragraphs: tuple[int, ...]

    @property
    def is_right(self) -> bool:
        """Whether the first excerpt answers or, if there is no answer, the question is refused."""
        if not self.mark.judgement.is_answerable or not self.mark.outcome.is_answered:
            return self.mark.judgement.is_answerable == self.mark.outcome.is_answered
        first = self.first
        return (
            first is not None
            and first.paragraph in self.paragraphs
            and self.mark.has_correct_quote(1)
        )

    @property
    def first(self) -> Excerpt | None:
        """The first excerpt, shown or closest."""
        return next(iter(self.answer.excerpts or self.answer.closest_excerpts), None)

    @property
    def answer(self) -> Answer:
        """The answer."""
        assert isinstance(self.asked.answer, Answer)
        return self.asked.answer

    def __str__(self) -> str:
        first, question = self.first, self.asked.question
        quote = f"{first.paragraph:2} {first.text[:60]!r}" if first else " - nothing"
        verdict = "right" if self.is_right else "WRONG"
        says = "answers" if self.answer.is_answered else "refuses"
        return f"{verdict} {says} {question.id:7} {question.text[:64]:64} {quote}"


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedRun:
    """The answers to a set of questions, by question id, with the report."""

    questions: Mapping[str, JudgedAnswer]
    report: Report


def run_folder(folder: Path) -> JudgedRun:
    judged = read_judged_collection(folder)
    lines = map(json.loads, (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines())
    paragraphs = {line["id"]: tuple(line.get("paragraphs", ())) for line in lines}
    corpus = build_index(judged.articles, the_analyser())
    asked = {
        question.question.id: question
        for question in ask_all(judged.questions, corpus, weights=the_weights(), by_date=True)
    }
    return JudgedRun(
        questions={
            name: JudgedAnswer(
                asked=question,
                mark=judge_outcome(question.outcome, judged.judgements[name]),
                paragraphs=paragraphs[name],
            )
            for name, question in asked.items()
        },
        report=build_report(judged, {name: question.outcome for name, question in asked.items()}),
    )


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, JudgedRun]:
    """Ask each set of questions about the seed."""
    folders = {}
    for name in FLOORS:
        folder = tmp_path_factory.mktemp("judged") / name
        shutil.copytree(Path(__file__).parent / name, folder)
        a_json_lines_file(folder / "corpus.jsonl", seed_articles())
        folders[name] = folder
    return {name: run_folder(folder) for name, folder in folders.items()}


@pytest.mark.parametrize("name", NAMED_ANSWERED)
def test_a_question_that_the_seed_answers_is_answered_in_the_first_excerpt(
    runs: Mapping[str, JudgedRun], name: str
) -> None:
    one = runs["seed"].questions[name]

    assert one.is_right, str(one)


@pytest.mark.parametrize("name", NAMED_REFUSED)
def test_a_question_that_the_seed_does_not_answer_is_refused_with_reasons(
    runs: Mapping[str, JudgedRun], name: str
) -> None:
    one = runs["seed"].questions[name]

    assert not one.answer.is_answered, str(one)
    assert one.answer.reasons
    assert 1 <= len(one.answer.closest_excerpts) <= 3


@pytest.mark.parametrize("name", FLOORS)
def test_half_of_the_judged_questions_have_no_answer(
    runs: Mapping[str, JudgedRun], name: str
) -> None:
    counts = Counter(one.mark.judgement.is_answerable for one in runs[name].questions.values())

    assert counts[True] == counts[False]


@pytest.mark.parametrize("name", FLOORS)
def test_judged_questions_are_answered_or_refused_correctly(
    runs: Mapping[str, JudgedRun], name: str
) -> None:
    questions = runs[name].questions.values()
    right = Counter(one.mark.judgement.is_answerable for one in questions if one.is_right)

    print(f"\n{name}", *questions, sep="\n")  # noqa: T201 - shown with -s

    assert right[True] >= FLOORS[name][0]
    assert right[False] >= FLOORS[name][1]
    assert all(one.answer.is_answered or one.answer.reasons for one in questions)


@pytest.mark.parametrize("name", FLOORS)
def test_the_report_agrees_with_the_judgements(runs: Mapping[str, JudgedRun], name: str) -> None:
    figures = {result.measure.name: result for result in runs[name].report.results}

    answers, refusals = figures["answer@1"], figures["recall of no"]

    assert answers.value * answers.count >= FLOORS[name][0]
    assert refusals.value * refusals.count >= FLOORS[name][1]
