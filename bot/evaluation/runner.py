"""Questions put to a corpus: what came of each, as values."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import chain, islice

from bot.errors import QueryError
from bot.evaluation.judged import Question
from bot.evaluation.outcome import Outcome
from bot.model.article import Article, ArticleId
from bot.retrieval.answering.answer import Answer, compose
from bot.retrieval.question.query import parse
from bot.retrieval.question.validation import checked_question
from bot.retrieval.scoring.limits import Bounds, Limits
from bot.retrieval.scoring.weights import PLAIN, Weights
from bot.retrieval.search_index import MAX_HITS, Corpus
from bot.retrieval.text.terms import Analyser

Progress = Callable[[int, int], None]
"""Gets how much is done and how much there is in all."""

MAX_RANKED = 100
"""The articles of a ranking at most."""

DAYS_AFTER = 2
"""An article dated so long after the question may still have been there: dates are the crawler's."""

_AT_ONCE = 500
"""The articles that are added in one step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question and what came of it.

    Attributes:
        question: The question.
        answer: The answer, or why nothing was searched for.
        ranking: The articles found, best first, at most MAX_RANKED.
        elapsed_ms: How long the answer took.
    """

    question: Question
    answer: Answer | QueryError
    ranking: tuple[ArticleId, ...]
    elapsed_ms: float

    @property
    def outcome(self) -> Outcome:
        """What is measured of it."""
        answer = self.answer if isinstance(self.answer, Answer) else None
        shown = (answer.excerpts or answer.closest) if answer else ()
        return Outcome(
            text=self.question.text,
            answered=answer is not None and answer.answered,
            quotes=tuple(excerpt.text for excerpt in shown),
            score=shown[0].score if shown else None,
            confidence=answer.confidence if answer else None,
            elapsed_ms=self.elapsed_ms,
            ranking=self.ranking,
        )


def corpus_of(
    articles: Sequence[Article], analyser: Analyser, progress: Progress | None = None
) -> Corpus:
    """The corpus of the articles."""
    corpus = Corpus.of((), analyser)
    for done in range(0, len(articles), _AT_ONCE):
        some = articles[done : done + _AT_ONCE]
        corpus = corpus.changed(removed=frozenset(), added=some)
        if progress:
            progress(done + len(some), len(articles))
    return corpus


def ask_all(
    questions: Sequence[Question],
    corpus: Corpus,
    *,
    weights: Weights | None,
    by_date: bool,
    progress: Progress | None = None,
) -> Iterator[Asked]:
    """What came of each question, in their order.

    Args:
        questions: The questions.
        corpus: What they are put to.
        weights: How much each feature and each piece of evidence counts; None for BM25 alone.
        by_date: Whether the day of a question is its clock, which hides articles of more than
            DAYS_AFTER days later; otherwise, and where it has none, the clock is the corpus's last day.
            Articles without dates have no clock: the days of a question are words like others.
        progress: Hears of each question once it is asked.
    """
    dated = [each.published_on for each in corpus.articles if each.published_on]
    last_day = max(dated, default=None)
    for done, question in enumerate(questions, start=1):
        asked_on = question.asked_on if by_date and dated else None
        asked = _asked(
            question,
            corpus,
            today=asked_on or last_day,
            until=asked_on and asked_on + timedelta(days=DAYS_AFTER),
            weights=weights or PLAIN,
        )
        if progress:
            progress(done, len(questions))
        yield asked


def _asked(
    question: Question,
    corpus: Corpus,
    *,
    today: date | None,
    until: date | None,
    weights: Weights,
) -> Asked:
    started = time.perf_counter()
    try:
        query = parse(checked_question(question.text), today=today, analyser=corpus.analyser)
    except QueryError as error:
        return Asked(question=question, answer=error, ranking=(), elapsed_ms=_ms_since(started))
    limits = Limits()
    found = corpus.search(
        query,
        bounds=Bounds(),
        until=until,
        limits=limits,
        weights=weights,
        most=MAX_RANKED,
    )
    answer = compose(
        query, replace(found, hits=found.hits[:MAX_HITS]), limits=limits, weights=weights
    )
    elapsed_ms = _ms_since(started)
    ranked = chain(
        (hit.reading.article.id for hit in found.hits), corpus.articles_by_bm25(query, until=until)
    )
    return Asked(
        question=question,
        answer=answer,
        ranking=tuple(islice(dict.fromkeys(ranked), MAX_RANKED)),
        elapsed_ms=elapsed_ms,
    )


def _ms_since(started: float) -> float:
    return 1000 * (time.perf_counter() - started)
