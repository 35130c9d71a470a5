"""An ingest that is killed at any moment leaves whole articles, and the next one completes it."""

import json
import os
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
ARTICLES = 1_000
KILLS = 6
KILLS_AT_ONCE = 2
SHARE = 150
"""Each kill comes in another stretch of so many articles, none of them at the end."""
MOST_DELAY_SECONDS = 0.02
DEADLINE_SECONDS = 120.0

Rows = set[tuple[str, int, str, str]]
"""Id, revision, body and instant of each revision."""


@pytest.fixture(scope="module")
def bodies() -> dict[str, str]:
    """Return made articles of about 1 kB each, by id."""
    chance = random.Random(20260302)  # noqa: S311 - made text, no secret
    words = ["".join(chance.choices("abcdefghilmnoprstu", k=7)) for _ in range(2_000)]
    return {
        f"made-{number}": f"{number} {' '.join(chance.choices(words, k=120))}."
        for number in range(ARTICLES)
    }


@pytest.fixture(scope="module")
def lines(bodies: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("input") / "made.jsonl"
    fields = {"title": "Made", "date": "2026-03-02"}
    path.write_text(
        "".join(
            json.dumps(fields | {"id": id_, "text": text}) + "\n" for id_, text in bodies.items()
        ),
        encoding="utf-8",
    )
    return path


def _start_ingest(lines: Path, data_dir: Path) -> subprocess.Popen[bytes]:
    environment = os.environ | {
        "DATELINE_DATA_DIR": str(data_dir),
        "DATELINE_LIBRARY__SEEDS": "false",
    }
    return subprocess.Popen(  # noqa: S603 - the program itself, with made arguments
        [sys.executable, "-m", "bot", "ingest", str(lines)],
        cwd=PROJECT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def _count(database: Path) -> int:
    """Count the articles that a reader sees; none before there is a table of them."""
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            ((count,),) = connection.execute("SELECT count(*) FROM articles")
    except sqlite3.OperationalError:
        return 0
    return int(count)


def _kill_at(count: int, delay: float, lines: Path, data_dir: Path) -> None:
    """Ingest until a reader sees `count` articles, wait a little more, and kill the process."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    with _start_ingest(lines, data_dir) as process:
        while _count(data_dir / "dateline.sqlite3") < count and process.poll() is None:
            assert time.monotonic() < deadline
            time.sleep(0.001)
        time.sleep(delay)
        process.kill()


def _complete(lines: Path, data_dir: Path) -> None:
    with _start_ingest(lines, data_dir) as process:
        _, errors = process.communicate(timeout=DEADLINE_SECONDS)
    assert process.returncode == 0, errors.decode()


def _read_revisions(database: Path) -> Rows:
    """Return the revisions in the database, after checking its integrity."""
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        current = connection.execute("SELECT article_id, revision FROM articles").fetchall()
        revisions = connection.execute(
            "SELECT article_id, revision, body, ingested_at FROM revisions"
        ).fetchall()
    assert set(current) == {(article_id, revision) for article_id, revision, _, _ in revisions}
    return set(revisions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """When an ingest is killed: so many seconds after a reader sees so many articles."""

    count: int
    delay: float
    data_dir: Path


def _kill_and_complete(kill: Kill, lines: Path) -> tuple[Rows, Rows]:
    """Return the revisions after the kill, and those after the ingest that completed it."""
    database = kill.data_dir / "dateline.sqlite3"
    _kill_at(kill.count, kill.delay, lines, kill.data_dir)
    revisions = _read_revisions(database)
    _complete(lines, kill.data_dir)
    return revisions, _read_revisions(database)


def test_an_ingest_killed_at_random_moments_leaves_whole_articles_and_completes(
    bodies: Mapping[str, str], lines: Path, tmp_path: Path
) -> None:
    chance = random.Random(2)  # noqa: S311 - moments, no secret
    whole = {(article_id, 1, body) for article_id, body in bodies.items()}
    kills = [
        Kill(
            count=chance.randrange(number * SHARE, (number + 1) * SHARE) + 1,
            delay=chance.uniform(0, MOST_DELAY_SECONDS),
            data_dir=tmp_path / str(number),
        )
        for number in range(KILLS)
    ]

    with ThreadPoolExecutor(KILLS_AT_ONCE) as pool:
        results = [*pool.map(lambda kill: _kill_and_complete(kill, lines), kills)]

    counts = [len(partial) for partial, _ in results]
    print(f"articles left by {KILLS} kills: {counts}")  # noqa: T201 - the figures of the run
    for partial, completed in results:
        assert {row[:3] for row in partial} <= whole
        assert {row[:3] for row in completed} == whole
        assert partial <= completed  # also by instant: nothing was stored a second time
    assert sum(0 < count < ARTICLES for count in counts) >= 3
