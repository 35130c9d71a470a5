"""Speed and memory of the ranking, compared with its parent class.

Usage: `python -m tests.benchmarks.ranking`.

Each ranking is built and queried in a process of its own, one after the other. "Held" is the memory
still allocated after the build, measured by tracemalloc in one more process, since tracing slows
the build. "Resident" is the growth of the process, which includes memory that the allocator keeps
for later. Both include the terms as a tokeniser makes them: each passage has strings of its own.
"""

import gc
import os
import statistics
import time
import tracemalloc
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Plus
from rich.console import Console
from rich.table import Table

from bot.retrieval.index.bm25 import BM25Ranking
from tests.benchmarks.made_corpus import make_passages, make_queries

T = TypeVar("T")
PASSAGES = 100_000
QUERIES = make_queries(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurements:
    """The measurements of one ranking; `scores` are those of the first query."""

    build_seconds: float
    resident_megabytes: float
    get_scores_ms: float
    matching_ms: float | None
    scores: NDArray[np.float64]


def measure_resident_megabytes() -> float:
    """Return the resident memory of this process."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def measure_median_ms(ask: Callable[[list[str]], Any]) -> float:
    """Return the median time of one query, after one round to warm up."""
    for query in QUERIES:
        ask(query)
    times = []
    for query in QUERIES:
        began = time.perf_counter()
        ask(query)
        times.append(time.perf_counter() - began)
    return 1000 * statistics.median(times)


def measure_ranking(kind: type, passages: int) -> Measurements:
    """Build a ranking of this class and measure it."""
    before = measure_resident_megabytes()
    began = time.perf_counter()
    ranking = kind(make_passages(passages))
    build_seconds = time.perf_counter() - began
    return Measurements(
        build_seconds=build_seconds,
        resident_megabytes=measure_resident_megabytes() - before,
        get_scores_ms=measure_median_ms(ranking.get_scores),
        matching_ms=measure_median_ms(ranking.score_matches) if kind is BM25Ranking else None,
        scores=ranking.get_scores(QUERIES[0]),
    )


def measure_held_megabytes(kind: type, passages: int) -> float:
    """Build a ranking of this class and return the memory that it holds."""
    tracemalloc.start()
    _ranking = kind(make_passages(passages))
    gc.collect()
    return tracemalloc.get_traced_memory()[0] / 2**20


def run_apart(measure: Callable[[type, int], T], kind: type, passages: int) -> T:
    """Return the result of `measure` in a process of its own."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as processes:
        return processes.submit(measure, kind, passages).result()


def format_row(name: str, measurements: Measurements, held: float | None) -> list[str]:
    """Return the measurements as cells; a dash stands for those not made."""
    return [
        name,
        f"{measurements.build_seconds:.1f}",
        f"{measurements.resident_megabytes:.0f}",
        "-" if held is None else f"{held:.0f}",
        f"{measurements.get_scores_ms:.2f}",
        "-" if measurements.matching_ms is None else f"{measurements.matching_ms:.2f}",
    ]


def main() -> None:
    """Measure the parent and the ranking, then the ranking at six times the size."""
    parent, own = (run_apart(measure_ranking, kind, PASSAGES) for kind in (BM25Plus, BM25Ranking))
    parent_held, own_held = (
        run_apart(measure_held_megabytes, kind, PASSAGES) for kind in (BM25Plus, BM25Ranking)
    )
    large = run_apart(measure_ranking, BM25Ranking, 6 * PASSAGES)
    np.testing.assert_allclose(own.scores, parent.scores, rtol=1e-9)
    table = Table("ranking", "build s", "resident MB", "held MB", "get_scores ms", "matching ms")
    table.add_row(*format_row("BM25Plus, 100 000", parent, parent_held))
    table.add_row(*format_row("Ranking, 100 000", own, own_held))
    table.add_row(*format_row("Ranking, 600 000", large, None))
    Console(width=100).print(
        table,
        f"get_scores: {parent.get_scores_ms / own.get_scores_ms:.0f} times faster",
        f"resident: {parent.resident_megabytes / own.resident_megabytes:.1f} times smaller",
        f"held: {parent_held / own_held:.1f} times smaller",
        sep="\n",
    )


if __name__ == "__main__":
    main()
