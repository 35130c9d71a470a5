"""Running judged questions against an index."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import chain, islice

from bot.errors import QueryError
from bot.evaluation.judged import JudgedQuestion
from bot.evaluation.outcome import QuestionOutcome
from bot.model.article import Article, ArticleId
from bot.model.progress import ProgressCallback
from bot.retrieval.answering.answer import Answer, build_answer
from bot.retrieval.question.bounds import Bounds
from bot.retrieval.question.query import Query, parse_query
from bot.retrieval.question.validation import validate_question
from bot.retrieval.scoring.limits import AnswerLimits
from bot.retrieval.scoring.results import SearchResult
from bot.retrieval.scoring.weights import BM25_ONLY, Weights
from bot.retrieval.search_index import MAX_HITS, SearchIndex
from bot.retrieval.text.terms import Analyser

MAX_RANKED = 100
"""The maximum number of articles in a ranking."""

MAX_DAYS_AFTER_QUESTION = 2
"""Articles dated up to this many days after the question are visible: dates are the crawler's."""

_BATCH_SIZE = 500
"""The number of articles that are added in one step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluatedQuestion:
    """A question with its answer.

    Attributes:
        question: The question.
        answer: The answer, or the error if the question can't be searched for.
        ranking: The articles found, best first, at most MAX_RANKED.
        elapsed_ms: The time that the answer took.
    """

    question: JudgedQuestion
    answer: Answer | QueryError
    ranking: tuple[ArticleId, ...]
    elapsed_ms: float

    @property
    def outcome(self) -> QuestionOutcome:
        """The measured part of the answer."""
        answer = self.answer if isinstance(self.answer, Answer) else None
        shown = (answer.excerpts or answer.closest_excerpts) if answer else ()
        return QuestionOutcome(
            text=self.question.text,
            is_answered=answer is not None and answer.is_answered,
            quotes=tuple(excerpt.text for excerpt in shown),
            score=shown[0].score if shown else None,
            confidence=answer.confidence if answer else None,
            elapsed_ms=self.elapsed_ms,
            ranking=self.ranking,
        )


def build_index(
    articles: Sequence[Article], analyser: Analyser, progress: ProgressCallback | None = None
) -> SearchIndex:
    """Build the index of the articles."""
    index = SearchIndex.from_articles((), analyser)
    for start in range(0, len(articles), _BATCH_SIZE):
        batch = articles[start : start + _BATCH_SIZE]
        index = index.with_changes(removed=frozenset(), added=batch)
        if progress:
            progress(start + len(batch), len(articles))
    return index


def ask_all(
    questions: Sequence[JudgedQuestion],
    index: SearchIndex,
    *,
    weights: Weights | None,
    by_date: bool,
    progress: ProgressCallback | None = None,
) -> Iterator[EvaluatedQuestion]:
    """Answer all questions, in their order.

    Args:
        questions: The questions.
        index: The index to search.
        weights: The weights of features and evidence; None for BM25 alone.
        by_date: Whether the clock is the day of each question, which hides articles dated more than
            MAX_DAYS_AFTER_QUESTION days later. Otherwise, and for questions without a day, the
            clock is the last day of the index. Without dated articles there is no clock, and dates
            in questions are words like others.
        progress: Called after each question.
    """
    dates = [article.published_on for article in index.articles if article.published_on]
    last_day = max(dates, default=None)
    for count, question in enumerate(questions, start=1):
        asked_on = question.asked_on if by_date and dates else None
        evaluated = _ask(
            question,
            index,
            today=asked_on or last_day,
            until=asked_on and asked_on + timedelta(days=MAX_DAYS_AFTER_QUESTION),
            weights=weights or BM25_ONLY,
        )
        if progress:
            progress(count, len(questions))
        yield evaluated


def _ask(
    question: JudgedQuestion,
    index: SearchIndex,
    *,
    today: date | None,
    until: date | None,
    weights: Weights,
) -> EvaluatedQuestion:
    started = time.perf_counter()
    try:
        query = parse_query(validate_question(question.text), today=today, analyser=index.analyser)
    except QueryError as error:
        return EvaluatedQuestion(
            question=question, answer=error, ranking=(), elapsed_ms=_ms_since(started)
        )
    result, answer = _answer(query, index, until=until, weights=weights)
    elapsed_ms = _ms_since(started)
    # A search analyses fewer passages than the ranking needs, so BM25 alone orders the rest.
    ranked_ids = chain(
        (hit.analysis.article.id for hit in result.hits),
        index.rank_articles_by_bm25(query, until=until),
    )
    return EvaluatedQuestion(
        question=question,
        answer=answer,
        ranking=tuple(islice(dict.fromkeys(ranked_ids), MAX_RANKED)),
        elapsed_ms=elapsed_ms,
    )


def _answer(
    query: Query, index: SearchIndex, *, until: date | None, weights: Weights
) -> tuple[SearchResult, Answer]:
    """Return the search result, and the answer built from its first MAX_HITS hits."""
    limits = AnswerLimits()
    result = index.search(
        query, bounds=Bounds(), until=until, limits=limits, weights=weights, max_hits=MAX_RANKED
    )
    shown = replace(result, hits=result.hits[:MAX_HITS])
    return result, build_answer(query, shown, limits=limits, weights=weights)


def _ms_since(started: float) -> float:
    return 1000 * (time.perf_counter() - started)
