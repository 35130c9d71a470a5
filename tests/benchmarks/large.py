"""Time per question in a large library.

Usage: `python -m tests.benchmarks.large FOLDER`.

FOLDER contains judged questions. Some of them are asked as `dateline eval` asks them, with the
shipped weights: first about the folder's own articles, then about copies of them under new ids, up
to PASSAGES passages. A loop of plain additions is timed beside each, to compare machines. Copies
share cached terms and sentences, which makes them faster, so look at the first row as well.
"""

import resource
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from bot.evaluation.judged import JudgedQuestion, read_judged_collection
from bot.evaluation.runner import ask_all
from bot.model.article import Article, ArticleId
from bot.retrieval.search_index import SearchIndex
from bot.retrieval.text.passages import split_passages
from tests.benchmarks.search import measure_yardstick_ms
from tests.builders import the_analyser, the_weights

PASSAGES = 600_000
QUESTIONS = 200
WARMING_UP = 20


def main(folder: str) -> None:
    """Measure both libraries, one after the other."""
    judged = read_judged_collection(Path(folder))
    every = max(1, len(judged.questions) // QUESTIONS)
    questions = judged.questions[::every][:QUESTIONS]
    table = Table(
        *("passages", "built in s", "median ms", "p95 ms", "a million additions ms", "peak MB"),
        title=f"{len(questions)} questions, parsed, searched for and answered",
    )
    for articles in (judged.articles, repeat_articles(judged.articles)):
        table.add_row(*measure_row(articles, questions))
    Console(width=100).print(table)


def repeat_articles(articles: Sequence[Article]) -> Iterator[Article]:
    """Yield the articles repeatedly, under new ids, until they have PASSAGES passages."""
    sizes = [len(split_passages(article)) for article in articles]
    reached = 0
    for turn in count():
        for article, size in zip(articles, sizes, strict=True):
            if reached >= PASSAGES:
                return
            yield replace(article, id=ArticleId(f"{article.id}-{turn}"))
            reached += size


def measure_row(articles: Iterable[Article], questions: Sequence[JudgedQuestion]) -> list[str]:
    """Measure an index of these articles, and return the results as cells."""
    began = time.perf_counter()
    corpus = SearchIndex.from_articles(articles, the_analyser())
    build_seconds = time.perf_counter() - began
    before = measure_yardstick_ms()
    times = measure_ms(corpus, questions)
    return [
        f"{len(corpus.to_arrays()['rows']):,}".replace(",", " "),
        f"{build_seconds:.0f}",
        f"{np.percentile(times, 50):.1f}",
        f"{np.percentile(times, 95):.1f}",
        f"{before:.0f}, then {measure_yardstick_ms():.0f}",
        f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}",
    ]


def measure_ms(corpus: SearchIndex, questions: Sequence[JudgedQuestion]) -> list[float]:
    """Return the time of each question, after some questions to warm up."""
    warm = len(questions[:WARMING_UP])
    asked = ask_all((*questions[:warm], *questions), corpus, weights=the_weights(), by_date=True)
    return [question.elapsed_ms for question in asked][warm:]


if __name__ == "__main__":
    main(*sys.argv[1:])
