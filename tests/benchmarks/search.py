"""Time of a whole search, with features and date bounds.

Usage: `python -m tests.benchmarks.search`.

The library has 100 000 made passages in 5 000 articles, one a day. A loop of plain additions is
timed in the same run, to compare machines.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial

from rich.console import Console
from rich.table import Table

from bot.model.article import Article, ArticleId
from bot.retrieval.answering.answer import build_answer
from bot.retrieval.question.bounds import Bounds
from bot.retrieval.question.query import Query
from bot.retrieval.scoring.limits import AnswerLimits
from bot.retrieval.scoring.results import SearchResult
from bot.retrieval.search_index import SearchIndex
from bot.retrieval.text.terms import Analyser
from tests.benchmarks.made_corpus import make_passages, make_queries
from tests.builders import the_weights

ARTICLES = 5_000
PARAGRAPHS = 20
SENTENCE = 15
FIRST_DAY = date(2010, 1, 1)
LAST_DAY = FIRST_DAY + timedelta(days=ARTICLES)
EVERYTHING = Bounds()
HALF = Bounds(after=FIRST_DAY + timedelta(days=1_250), before=FIRST_DAY + timedelta(days=3_750))


def make_articles() -> Iterator[Article]:
    """Yield articles of made passages, each one a paragraph of sentences of SENTENCE words."""
    passages = make_passages(ARTICLES * PARAGRAPHS)
    for number in range(ARTICLES):
        paragraphs = [make_paragraph(next(passages)) for _ in range(PARAGRAPHS)]
        yield Article(
            id=ArticleId(f"article-{number}"),
            title=f"Article {number}",
            has_derived_title=False,
            source=None,
            url=None,
            published_on=FIRST_DAY + timedelta(days=number),
            body="\n\n".join(paragraphs),
        )


def make_paragraph(terms: list[str]) -> str:
    """Join the terms into sentences."""
    starts = range(0, len(terms), SENTENCE)
    return " ".join(
        f"{' '.join(terms[start : start + SENTENCE])}.".capitalize() for start in starts
    )


def measure_ms(work: Callable[[Query], object], queries: list[Query]) -> list[float]:
    """Return the sorted times of the queries, after some queries to warm up."""
    for query in queries[:20]:
        work(query)
    times = []
    for query in queries:
        began = time.perf_counter()
        work(query)
        times.append(1000 * (time.perf_counter() - began))
    return sorted(times)


def measure_yardstick_ms() -> float:
    """Return the time of a million additions in plain Python, the median of five rounds."""
    times = []
    for _ in range(5):
        began = time.perf_counter()
        total = 0
        for number in range(1_000_000):
            total += number
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times)


def main() -> None:
    """Build the library, then time searches and whole answers."""
    began = time.perf_counter()
    corpus = SearchIndex.from_articles(make_articles(), Analyser(()))
    build_seconds = time.perf_counter() - began
    queries = [Query(terms=tuple(terms), words=tuple(terms)) for terms in make_queries(200)]

    limits, weights = AnswerLimits(), the_weights()

    def make_search(bounds: Bounds) -> Callable[[Query], SearchResult]:
        return partial(corpus.search, bounds=bounds, until=LAST_DAY, limits=limits, weights=weights)

    def answer(query: Query) -> object:
        found = make_search(EVERYTHING)(query)
        return build_answer(query, found, limits=limits, weights=weights)

    table = Table("task", "median ms", "p95 ms")
    for name, work in {
        "search": make_search(EVERYTHING),
        "search within date bounds": make_search(HALF),
        "search and answer": answer,
    }.items():
        times = measure_ms(work, queries)
        table.add_row(
            name, f"{statistics.median(times):.1f}", f"{times[int(0.95 * len(times))]:.1f}"
        )
    Console(width=100).print(
        table,
        f"built in {build_seconds:.0f} s",
        f"a million additions: {measure_yardstick_ms():.0f} ms",
        sep="\n",
    )


if __name__ == "__main__":
    main()
