"""Judged collections: a folder with articles, questions and judgements of their answers."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.errors import JudgedFileError
from bot.evaluation.lines import JsonLine, read_json_lines, read_text_lines
from bot.model.article import Article, ArticleId
from bot.retrieval.text.titles import derive_title

CORPUS_FILES = ("corpus.jsonl", "corpus.jsonl.gz")
QUESTIONS_FILE = "queries.jsonl"
GRADES_FILE = "qrels.tsv"

# "3; three" lists two wordings of one answer.
_ALTERNATIVES = re.compile(r";\s")


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedQuestion:
    """A judged question, without its judgement.

    The answering code receives only this.

    Attributes:
        id: The id of the question in its folder.
        text: The question.
        asked_on: The day on which it was asked; None if unknown.
    """

    id: str
    text: str
    asked_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The known answer to a question, which the answering code never receives.

    Attributes:
        answers: Wordings of the answer; a quote that answers contains one of them.
        evidence: Sentences that answer; they count if there are no `answers`.
        is_answerable: Whether the articles answer the question; None if unknown.
        has_answer: Whether an answer is expected and can be recognised.
        grades: The relevance grade of each graded article; all other articles have 0.
    """

    answers: tuple[str, ...]
    evidence: tuple[str, ...]
    is_answerable: bool | None
    has_answer: bool
    grades: Mapping[ArticleId, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedCollection:
    """A folder of judged questions; the judgements are keyed by question id."""

    articles: tuple[Article, ...]
    questions: tuple[JudgedQuestion, ...]
    judgements: Mapping[str, Judgement]


def read_judged_collection(folder: Path) -> JudgedCollection:
    """Read the judged questions of a folder.

    Raises:
        JudgedFileError: A file is missing, or a line is invalid.
    """
    articles = tuple(
        map(_parse_article, _check_distinct_ids(read_json_lines(_find_corpus_file(folder))))
    )
    question_lines = tuple(_check_distinct_ids(read_json_lines(folder / QUESTIONS_FILE)))
    questions = tuple(map(_parse_question, question_lines))
    article_ids = {article.id for article in articles}
    grades = _read_grades(
        folder / GRADES_FILE, {question.id for question in questions}, article_ids
    )
    return JudgedCollection(
        articles=articles,
        questions=questions,
        judgements={
            question.id: _parse_judgement(line, grades.get(question.id, {}))
            for question, line in zip(questions, question_lines, strict=True)
        },
    )


def _find_corpus_file(folder: Path) -> Path:
    paths = [path for name in CORPUS_FILES if (path := folder / name).is_file()]
    if len(paths) != 1:
        reason = f"the folder must contain either {' or '.join(CORPUS_FILES)}."
        raise JudgedFileError(folder, None, reason)
    return paths[0]


def _check_distinct_ids(records: Iterable[JsonLine]) -> Iterator[JsonLine]:
    seen: dict[str, int] = {}
    for line in records:
        line_id = line.get_required_text("id")
        if line_id in seen:
            raise JudgedFileError(
                *line.location,
                f"the id “{line_id[:40]}” is already used on line {seen[line_id]}. "
                "Give each line its own id.",
            )
        seen[line_id] = line.number
        yield line


def _parse_article(line: JsonLine) -> Article:
    body = re.sub(r"\r\n?", "\n", line.get_required_text("text")).strip()
    title = " ".join(line.get_text("title").split())
    return Article(
        id=ArticleId(line.get_required_text("id")),
        title=title or derive_title(body),
        has_derived_title=not title,
        source=line.get_text("source") or None,
        url=line.get_text("url") or None,
        published_on=line.get_date("date"),
        body=body,
    )


def _parse_question(line: JsonLine) -> JudgedQuestion:
    return JudgedQuestion(
        id=line.get_required_text("id"),
        text=line.get_required_text("text"),
        asked_on=line.get_date("date"),
    )


def _parse_judgement(line: JsonLine, grades: Mapping[ArticleId, int]) -> Judgement:
    answers = tuple(filter(str.strip, _ALTERNATIVES.split(line.get_text("answer"))))
    evidence = line.get_texts("evidence")
    answerable, marked = line.get_flag("answerable"), line.get_flag("has_answer_gold")
    expects_answer = answerable if marked is None else marked
    return Judgement(
        answers=answers,
        evidence=evidence,
        is_answerable=answerable,
        has_answer=bool(answers)
        if expects_answer is None
        else expects_answer and bool(answers or evidence),
        grades=grades,
    )


def _read_grades(
    path: Path, question_ids: set[str], article_ids: set[ArticleId]
) -> dict[str, dict[ArticleId, int]]:
    """Return the grades of the articles for each question."""
    grades: dict[str, dict[ArticleId, int]] = {}
    for number, text in enumerate(read_text_lines(path), start=1):
        if not text.strip():
            continue
        question, article, grade = _parse_grade(path, number, text)
        if question not in question_ids or article not in article_ids:
            name = article if question in question_ids else question
            reason = f"the id “{name[:80]}” does not occur in the other files. Correct it."
            raise JudgedFileError(path, number, reason)
        grades.setdefault(question, {})[ArticleId(article)] = grade
    return grades


def _parse_grade(path: Path, number: int, text: str) -> tuple[str, str, int]:
    cells = text.rstrip("\r\n").split("\t")
    try:
        question, article, grade = cells
        return question, article, int(grade)
    except ValueError as error:
        reason = (
            "the line is invalid. "
            "Write the question's id, the article's id and a whole number, separated by tabs."
        )
        raise JudgedFileError(path, number, reason) from error
