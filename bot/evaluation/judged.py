"""A folder of judged questions -> articles, questions and what is known of their answers."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.errors import JudgedError
from bot.evaluation.lines import Line, lines, text_lines
from bot.model.article import Article, ArticleId
from bot.retrieval.text.titles import derived_title

CORPUS_FILES = ("corpus.jsonl", "corpus.jsonl.gz")
QUESTIONS_FILE = "queries.jsonl"
GRADES_FILE = "qrels.tsv"

_ALTERNATIVES = re.compile(r";\s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the answering code may know of a judged question.

    Attributes:
        id: What names it in its folder.
        text: The question.
        asked_on: The day it was asked; None where that is not known.
    """

    id: str
    text: str
    asked_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What is known of the answer to a question, and never reaches the answering code.

    Attributes:
        answers: What a quote that answers holds, in one of several wordings.
        evidence: Sentences that answer; they count where no wording is given.
        answerable: Whether the articles answer; None where nobody said.
        has_answer: Whether an answer is counted on, and can be recognised.
        grades: How well each relevant article fits; an article that is not named has 0.
    """

    answers: tuple[str, ...]
    evidence: tuple[str, ...]
    answerable: bool | None
    has_answer: bool
    grades: Mapping[ArticleId, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A folder of judged questions: the judgements by the questions' ids."""

    articles: tuple[Article, ...]
    questions: tuple[Question, ...]
    judgements: Mapping[str, Judgement]


def read(folder: Path) -> Judged:
    """The judged questions of a folder.

    Raises:
        JudgedError: A file is missing, or a line of one can't be used.
    """
    articles = tuple(map(_article, _with_distinct_ids(lines(_corpus_file(folder)))))
    asked = tuple(_with_distinct_ids(lines(folder / QUESTIONS_FILE)))
    questions = tuple(map(_question, asked))
    known = {each.id for each in articles}
    grades = _grades(folder / GRADES_FILE, {each.id for each in questions}, known)
    return Judged(
        articles=articles,
        questions=questions,
        judgements={
            question.id: _judgement(line, grades.get(question.id, {}))
            for question, line in zip(questions, asked, strict=True)
        },
    )


def _corpus_file(folder: Path) -> Path:
    found = [path for name in CORPUS_FILES if (path := folder / name).is_file()]
    if len(found) != 1:
        reason = f"a folder of judged questions holds either {' or '.join(CORPUS_FILES)}"
        raise JudgedError(folder, None, reason)
    return found[0]


def _with_distinct_ids(found: Iterable[Line]) -> Iterator[Line]:
    seen: dict[str, int] = {}
    for line in found:
        own = line.required("id")
        if own in seen:
            raise JudgedError(
                *line.place, f"its id {own[:40]!r} stands on line {seen[own]} already: give another"
            )
        seen[own] = line.number
        yield line


def _article(line: Line) -> Article:
    body = re.sub(r"\r\n?", "\n", line.required("text")).strip()
    title = " ".join(line.text("title").split())
    return Article(
        id=ArticleId(line.required("id")),
        title=title or derived_title(body),
        title_derived=not title,
        source=line.text("source") or None,
        url=line.text("url") or None,
        published_on=line.day("date"),
        body=body,
    )


def _question(line: Line) -> Question:
    return Question(id=line.required("id"), text=line.required("text"), asked_on=line.day("date"))


def _judgement(line: Line, grades: Mapping[ArticleId, int]) -> Judgement:
    answers = tuple(filter(str.strip, _ALTERNATIVES.split(line.text("answer"))))
    evidence = line.texts("evidence")
    answerable, marked = line.flag("answerable"), line.flag("has_answer_gold")
    said = answerable if marked is None else marked
    return Judgement(
        answers=answers,
        evidence=evidence,
        answerable=answerable,
        has_answer=bool(answers) if said is None else said and bool(answers or evidence),
        grades=grades,
    )


def _grades(
    path: Path, questions: set[str], articles: set[ArticleId]
) -> dict[str, dict[ArticleId, int]]:
    """For each question how well the articles fit that the file names for it."""
    grades: dict[str, dict[ArticleId, int]] = {}
    for number, text in enumerate(text_lines(path), start=1):
        if not text.strip():
            continue
        question, article, grade = _row(path, number, text)
        if question not in questions or article not in articles:
            name = article if question in questions else question
            reason = f"it names {name[:80]!r}, which the other files do not hold"
            raise JudgedError(path, number, reason)
        grades.setdefault(question, {})[ArticleId(article)] = grade
    return grades


def _row(path: Path, number: int, text: str) -> tuple[str, str, int]:
    cells = text.rstrip("\r\n").split("\t")
    try:
        question, article, grade = cells
        return question, article, int(grade)
    except ValueError as error:
        reason = "give a question's id, an article's id and a whole number, with tabs between"
        raise JudgedError(path, number, reason) from error
