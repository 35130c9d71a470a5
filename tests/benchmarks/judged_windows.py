"""Judged questions with all windows that a search may show, and with their first excerpts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from bot.errors import QueryError
from bot.evaluation.judged import JudgedCollection, Judgement, read_judged_collection
from bot.evaluation.learning import Flags, Matrix
from bot.evaluation.matching import contains_answer
from bot.evaluation.runner import MAX_DAYS_AFTER_QUESTION, build_index
from bot.retrieval.answering.answer import extract_excerpts, remove_near_duplicates
from bot.retrieval.answering.confidence import EVIDENCE_NAMES, ConfidenceModel
from bot.retrieval.question.bounds import Bounds
from bot.retrieval.question.query import Query, parse_query
from bot.retrieval.scoring.features import FEATURE_NAMES
from bot.retrieval.scoring.limits import AnswerLimits
from bot.retrieval.scoring.results import CandidateWindow
from bot.retrieval.scoring.weights import Weights
from bot.retrieval.search_index import SearchIndex
from tests.builders import the_analyser

MAX_FOUND = 3
"""The number of excerpts that readers see by default."""

LIMITS = AnswerLimits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A folder of judged questions with an index of its articles."""

    name: str
    judged: JudgedCollection
    corpus: SearchIndex

    @classmethod
    def from_path(cls, path: Path) -> Self:
        """Read the folder at `path`."""
        judged = read_judged_collection(path)
        corpus = build_index(judged.articles, the_analyser())
        return cls(name=path.name, judged=judged, corpus=corpus)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class QuestionWindows:
    """A question with an answer, or a claim, and the windows that may be shown for it.

    Attributes:
        columns: A row per window: its BM25 share, then its features in the order of FEATURE_NAMES.
        passages: The number of the passage of each window.
        right: For each window, whether it contains the answer or its article is about the claim.
    """

    columns: Matrix
    passages: NDArray[np.intp]
    right: Flags

    def check_found(self, weights: Matrix) -> tuple[bool, bool]:
        """Return whether the best window is right, and whether one of the best three is.

        At most one window per passage counts, its best.
        """
        order = np.argsort(-(self.columns @ weights), kind="stable")
        _, firsts = np.unique(self.passages[order], return_index=True)
        shown = self.right[order[np.sort(firsts)[:MAX_FOUND]]]
        return bool(shown[:1].any()), bool(shown.any())


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstExcerpt:
    """The first excerpt for a question, with its evidence and judgement.

    Attributes:
        folder: The name of the question's folder.
        evidence: The evidence, in the order of EVIDENCE_NAMES.
        is_ruled_out: Whether it can't answer, whatever the evidence.
        is_right: Whether it contains the answer.
        answerable: Whether the articles answer the question; None if unknown.
    """

    folder: str
    evidence: tuple[float, ...]
    is_ruled_out: bool
    is_right: bool
    answerable: bool | None


def find_question_windows(folder: Folder, weights: Weights) -> Iterator[QuestionWindows]:
    """Yield the windows of each question in the folder that has an answer."""
    for query, judgement in _iter_decided(folder):
        if judgement.has_answer:
            found = folder.corpus.find_candidate_windows(
                query, until=_get_last_day(query), limits=LIMITS, weights=weights
            )
            yield _make_question_windows(list(found), judgement)


def find_claim_windows(folder: Folder, weights: Weights) -> Iterator[QuestionWindows]:
    """Yield the windows of each claim in a folder that is judged by articles alone.

    A window is right if its article is judged to be about the claim.
    """
    for query, judgement in _iter_parsed(folder):
        if judgement.grades and not judgement.has_answer and not query.answer_type.is_question:
            found = folder.corpus.find_candidate_windows(
                query, until=_get_last_day(query), limits=LIMITS, weights=weights
            )
            yield _make_claim_windows(list(found), judgement)


def _make_question_windows(
    candidates: list[CandidateWindow], judgement: Judgement
) -> QuestionWindows:
    right = [
        contains_answer(
            candidate.window.span.extract(candidate.analysis.article.body), judgement.answers
        )
        for candidate in candidates
    ]
    return _make_windows(candidates, right)


def _make_claim_windows(candidates: list[CandidateWindow], judgement: Judgement) -> QuestionWindows:
    grades = judgement.grades
    return _make_windows(
        candidates, [grades.get(candidate.analysis.article.id, 0) > 0 for candidate in candidates]
    )


def _make_windows(candidates: list[CandidateWindow], right: list[bool]) -> QuestionWindows:
    numbers: dict[tuple[str, int], int] = {}
    passages = [
        numbers.setdefault((analysis.article.id, analysis.passage.start), len(numbers))
        for analysis in (candidate.analysis for candidate in candidates)
    ]
    rows = [
        [candidate.bm25, *(candidate.feature_values[name] for name in FEATURE_NAMES)]
        for candidate in candidates
    ]
    return QuestionWindows(
        columns=np.array(rows, dtype=np.float64).reshape(-1, 1 + len(FEATURE_NAMES)),
        passages=np.array(passages, dtype=np.intp),
        right=np.array(right, dtype=np.bool_),
    )


def find_first_excerpts(folder: Folder, weights: Weights) -> Iterator[FirstExcerpt]:
    """Yield the first excerpt for each question of the folder that has one."""
    for query, judgement in _iter_decided(folder):
        found = folder.corpus.search(
            query, bounds=Bounds(), until=_get_last_day(query), limits=LIMITS, weights=weights
        )
        excerpts = remove_near_duplicates(extract_excerpts(found, LIMITS))
        model = ConfidenceModel(query=query, result=found, limits=LIMITS, weights=weights)
        for excerpt in excerpts[:1]:
            evidence = model.compute_evidence(excerpt, excerpts)
            accepted = judgement.answers or judgement.evidence
            yield FirstExcerpt(
                folder=folder.name,
                evidence=tuple(evidence[piece] for piece in EVIDENCE_NAMES),
                is_ruled_out=model.is_ruled_out(excerpt),
                is_right=judgement.has_answer and contains_answer(excerpt.text, accepted),
                answerable=judgement.is_answerable,
            )


def _iter_decided(folder: Folder) -> Iterator[tuple[Query, Judgement]]:
    """Yield the questions for which the right response is known."""
    for query, judgement in _iter_parsed(folder):
        if judgement.has_answer or judgement.is_answerable is False:
            yield query, judgement


def _iter_parsed(folder: Folder) -> Iterator[tuple[Query, Judgement]]:
    """Yield the questions that can be searched for, each on its day if the articles are dated."""
    is_dated = any(article.published_on for article in folder.corpus.articles)
    for question in folder.judged.questions:
        today = question.asked_on if is_dated else None
        try:
            query = parse_query(question.text, today=today, analyser=the_analyser())
        except QueryError:
            continue
        yield query, folder.judged.judgements[question.id]


def _get_last_day(query: Query) -> date | None:
    """Return the last day that is visible for the question."""
    return query.asked_on and query.asked_on + timedelta(days=MAX_DAYS_AFTER_QUESTION)
