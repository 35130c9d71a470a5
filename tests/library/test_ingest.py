import asyncio
import gzip
import json
import os
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import StoreError
from bot.library.ingest import IngestOutcome, IngestStatus, ingest
from bot.model.article import Article, ArticleId
from bot.store.articles import ArticleStore, PutOutcome
from bot.store.database import Database

AT = datetime(2026, 3, 3, tzinfo=UTC)
LIMIT = 1_000


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[ArticleStore]:
    async with Database.open(tmp_path / "database" / "dateline.sqlite3") as database:
        yield ArticleStore(database)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    return folder


def write_text(path: Path, body: str = "Prices rose.") -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"date 2026-03-02 {body}", encoding="utf-8")
    return path


def make_line(article_id: str, body: str = "Prices rose.") -> str:
    return json.dumps({"id": article_id, "date": "2026-03-02", "text": body}) + "\n"


async def ingest_paths(store: ArticleStore, *paths: Path) -> tuple[IngestOutcome, ...]:
    return await ingest(paths, store, at=AT, max_article_bytes=LIMIT)


def summarize(outcomes: tuple[IngestOutcome, ...]) -> list[tuple[str, int | None, str]]:
    return [(outcome.path.name, outcome.line, outcome.status) for outcome in outcomes]


async def test_ingested_articles_are_in_the_store(store: ArticleStore, folder: Path) -> None:
    path = write_text(folder / "a.txt")

    outcomes = await ingest_paths(store, folder)

    assert outcomes == (
        IngestOutcome(path=path, line=None, article_id=ArticleId("a"), status=IngestStatus.ADDED),
    )
    article = await store.find(ArticleId("a"))
    assert article is not None
    assert (article.published_on, article.body) == (date(2026, 3, 2), "Prices rose.")


async def test_outcomes_are_in_the_order_of_the_input(store: ArticleStore, folder: Path) -> None:
    write_text(folder / "b.txt")
    (folder / "a.jsonl").write_text(make_line("1") + "{\n\n" + make_line("4"), encoding="utf-8")
    (folder / "c.txt").write_bytes(b"\0")
    missing = folder / "0.txt"

    outcomes = await ingest_paths(store, folder, missing)

    assert summarize(outcomes) == [
        ("a.jsonl", 1, "added"),
        ("a.jsonl", 2, "refused"),
        ("a.jsonl", 4, "added"),
        ("b.txt", None, "added"),
        ("c.txt", None, "refused"),
        ("0.txt", None, "refused"),
    ]
    assert [bool(outcome.reason) for outcome in outcomes] == [False, True, False, False, True, True]


@pytest.mark.parametrize("name", ["a.jsonl", "a.NDJSON", "a.jsonl.gz", "a.ndjson.gz"])
async def test_json_lines_are_known_by_their_name(
    store: ArticleStore, folder: Path, name: str
) -> None:
    raw = make_line("1").encode()
    (folder / name).write_bytes(gzip.compress(raw) if name.endswith("gz") else raw)

    outcomes = await ingest_paths(store, folder)

    assert summarize(outcomes) == [(name, 1, "added")]


async def test_the_same_again_is_unchanged_and_a_changed_body_a_revision(
    store: ArticleStore, folder: Path
) -> None:
    write_text(folder / "a.txt")
    changed = write_text(folder / "b.txt")
    await ingest_paths(store, folder)
    write_text(changed, "Prices fell.")

    outcomes = await ingest_paths(store, folder)

    assert summarize(outcomes) == [("a.txt", None, "unchanged"), ("b.txt", None, "revised")]
    assert await store.get_current_revisions() == {"a": 1, "b": 2}


async def test_all_places_with_one_id_are_refused_and_name_another(
    store: ArticleStore, folder: Path
) -> None:
    first = write_text(folder / "a" / "x.txt")
    second = folder / "b.jsonl"
    second.write_text(make_line("y") + make_line("x"), encoding="utf-8")
    third = write_text(folder / "c" / "x.md")

    outcomes = await ingest_paths(store, folder)

    assert [(outcome.path, outcome.line, outcome.reason) for outcome in outcomes] == [
        (
            first,
            None,
            f"the id “x” is also used in {second}, line 2. Give each article its own id.",
        ),
        (second, 1, None),
        (second, 2, f"the id “x” is also used in {first}. Give each article its own id."),
        (third, None, f"the id “x” is also used in {first}. Give each article its own id."),
    ]
    assert await store.get_current_revisions() == {"y": 1}


async def test_ids_that_meet_in_distant_batches_are_refused(
    store: ArticleStore, folder: Path
) -> None:
    lines = [make_line(str(number)) for number in range(120)]
    (folder / "a.jsonl").write_text("".join([*lines, lines[0]]), encoding="utf-8")

    outcomes = await ingest_paths(store, folder)

    assert [outcome.line for outcome in outcomes if outcome.reason] == [1, 121]
    assert len(await store.get_current_revisions()) == 119


async def test_a_refused_article_claims_no_id(store: ArticleStore, folder: Path) -> None:
    (folder / "x.jpg").write_bytes(b"\xff\xd8\0")
    write_text(folder / "x.txt")

    outcomes = await ingest_paths(store, folder)

    assert summarize(outcomes) == [("x.jpg", None, "refused"), ("x.txt", None, "added")]


async def test_progress_counts_places_up_to_their_number(store: ArticleStore, folder: Path) -> None:
    lines = [make_line(str(number)) for number in range(110)]
    (folder / "a.jsonl").write_text("".join([*lines, "{\n"]), encoding="utf-8")
    calls: list[tuple[int, int]] = []

    await ingest(
        [folder],
        store,
        at=AT,
        max_article_bytes=LIMIT,
        progress=lambda done, count: calls.append((done, count)),
    )

    assert calls == [(50, 111), (100, 111), (111, 111)]


async def test_long_articles_make_small_batches(store: ArticleStore, folder: Path) -> None:
    lines = [make_line(str(number), "a" * 900_000) for number in range(11)]
    (folder / "a.jsonl").write_text("".join(lines), encoding="utf-8")
    calls: list[int] = []

    await ingest(
        [folder],
        store,
        at=AT,
        max_article_bytes=1_000_000,
        progress=lambda done, _: calls.append(done),
    )

    assert calls == [5, 10, 11]


async def test_a_file_that_grows_between_the_passes_gives_no_id_twice(
    store: ArticleStore, folder: Path
) -> None:
    lines = [make_line(str(number)) for number in range(60)]
    path = folder / "a.jsonl"
    path.write_text("".join(lines), encoding="utf-8")

    def grow(done: int, _: int) -> None:
        if done == 50:
            path.write_text("".join([*lines, lines[0], make_line("new")]), encoding="utf-8")

    outcomes = await ingest([folder], store, at=AT, max_article_bytes=LIMIT, progress=grow)

    late = [(outcome.line, outcome.reason) for outcome in outcomes if outcome.reason]
    reason = "the file changed while it was being read. Ingest it again."
    assert late == [(61, reason), (62, reason)]


async def test_a_file_that_vanishes_between_the_passes_is_refused_and_the_others_go_in(
    store: ArticleStore, folder: Path
) -> None:
    (folder / "a.jsonl").write_text("".join(map(make_line, map(str, range(50)))), encoding="utf-8")
    gone = write_text(folder / "b.txt")
    write_text(folder / "c.txt")

    def remove(*_: int) -> None:
        gone.unlink(missing_ok=True)

    outcomes = await ingest([folder], store, at=AT, max_article_bytes=LIMIT, progress=remove)

    assert summarize(outcomes)[50:] == [("b.txt", None, "refused"), ("c.txt", None, "added")]
    assert (
        outcomes[50].reason
        == "it can't be read (No such file or directory). Check the path and its permissions."
    )


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs Linux's /proc")
async def test_a_file_that_fails_while_read_is_refused_and_the_others_go_in(
    store: ArticleStore, folder: Path
) -> None:
    (folder / "a.txt").symlink_to("/proc/self/mem")
    write_text(folder / "b.txt")

    outcomes = await ingest_paths(store, folder)

    assert summarize(outcomes) == [("a.txt", None, "refused"), ("b.txt", None, "added")]
    assert (
        outcomes[0].reason
        == f"it can't be read ({os.strerror(5)}). Check the path and its permissions."
    )


async def test_an_empty_folder_has_no_outcomes(store: ArticleStore, folder: Path) -> None:
    assert await ingest_paths(store, folder) == ()


class FullStore(ArticleStore):
    """A store that takes one batch and then has no room for another."""

    async def put(
        self, articles: Sequence[Article], at: datetime | Callable[[], datetime]
    ) -> tuple[PutOutcome, ...]:
        if await self.has_ever_held_articles():
            raise StoreError(Path("dateline.sqlite3"), "the disk is full.")
        return await super().put(articles, at)


async def test_articles_stored_before_a_store_error_stay(tmp_path: Path, folder: Path) -> None:
    lines = [make_line(str(number)) for number in range(60)]
    (folder / "a.jsonl").write_text("".join(lines), encoding="utf-8")

    async with Database.open(tmp_path / "dateline.sqlite3") as database:
        store = FullStore(database)
        with pytest.raises(StoreError, match="full"):
            await ingest_paths(store, folder)
        held = await store.get_current_revisions()

    assert len(held) == 50


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    raw=st.binary(max_size=300)
    | st.binary(max_size=100).map(lambda tail: b"date 2026-03-02 " + tail)
    | st.binary(max_size=100).map(lambda tail: gzip.compress(b'{"id": "1"}') + tail),
    name=st.sampled_from(["a.txt", "a.jsonl", "a.jsonl.gz"]),
)
async def test_any_bytes_at_all_have_outcomes(
    store: ArticleStore, folder: Path, raw: bytes, name: str
) -> None:
    path = folder / name
    path.write_bytes(raw)

    outcomes = await ingest_paths(store, path)

    assert all(outcome.path == path for outcome in outcomes)
    assert outcomes or not raw.strip()


async def test_two_ingests_of_the_same_articles_at_once_add_each_once(
    store: ArticleStore, folder: Path, tmp_path: Path
) -> None:
    ids = [str(number) for number in range(200)]
    (folder / "a.jsonl").write_text("".join(map(make_line, ids)), encoding="utf-8")
    async with Database.open(tmp_path / "database" / "dateline.sqlite3") as other_database:
        results = await asyncio.gather(
            ingest_paths(store, folder), ingest_paths(ArticleStore(other_database), folder)
        )

    statuses = [{str(one.status), str(other.status)} for one, other in zip(*results, strict=True)]
    assert statuses == [{"added", "unchanged"}] * 200
    assert await store.get_current_revisions() == dict.fromkeys(ids, 1)


async def test_a_clock_that_was_set_back_stores_the_articles(
    store: ArticleStore, folder: Path
) -> None:
    write_text(folder / "a.txt")
    await ingest_paths(store, folder)
    write_text(folder / "a.txt", "Prices fell.")

    earlier = AT.replace(year=2020)
    (outcome,) = await ingest([folder], store, at=earlier, max_article_bytes=LIMIT)

    assert outcome.status is IngestStatus.REVISED
    assert await store.get_current_revisions() == {"a": 2}
