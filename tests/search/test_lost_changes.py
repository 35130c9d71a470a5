"""A database that was emptied, deleted or parted from its log, beside an intact saved index."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.errors import StoreError
from bot.model.article import ArticleId
from bot.search.embedded import INDEX_FILE, MAX_UNSAVED_CHARS
from bot.store.database import DATABASE_FILE
from bot.wiring import Application
from tests.builders import NOON, an_app, an_article

LONG_BODY = "The river rose by two metres. " * (MAX_UNSAVED_CHARS // 30 + 1)
EMPTIED = (
    f"it is missing or empty, but the saved index {INDEX_FILE} is not. Restore it from a backup"
)


async def store_and_save(app: Application, *names: str, body: str = LONG_BODY) -> None:
    await app.articles.put([an_article(body, id=name) for name in names], NOON)
    await app.services.library.refresh_and_save_index()


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    """Create a data folder with one article and a saved index."""
    async with an_app(tmp_path / "data") as app:
        await store_and_save(app, "flood")
    return tmp_path / "data"


async def start(folder: Path) -> list[ArticleId]:
    """Start as a command does, and return the ids of the articles."""
    async with an_app(folder, DATELINE_LIBRARY__SEEDS="false") as app:
        await app.services.library.ingest_seeds()
        return list((await app.services.library.refresh()).ids)


async def get_refusal(folder: Path) -> str:
    with pytest.raises(StoreError) as caught:
        await start(folder)
    assert caught.value.path == folder / DATABASE_FILE
    return caught.value.reason


async def copy_killed(app: Application, folder: Path, copy: Path) -> Path:
    """Copy a folder that is in use: the copy is what a killed process leaves behind."""
    await app.articles.get_library_id()
    shutil.copytree(folder, copy)
    return copy


def empty(path: Path) -> None:
    os.truncate(path, 0)


@pytest.mark.parametrize("damage", [empty, Path.unlink], ids=["empty", "missing"])
async def test_an_emptied_database_beside_a_saved_index_is_no_new_library(
    folder: Path, damage: Callable[[Path], None]
) -> None:
    index = (folder / INDEX_FILE).read_bytes()
    damage(folder / DATABASE_FILE)

    reasons = [await get_refusal(folder) for _ in range(2)]

    assert all(reason.startswith(EMPTIED) for reason in reasons)
    assert (folder / INDEX_FILE).read_bytes() == index


async def test_moving_all_files_away_begins_a_new_library(folder: Path) -> None:
    empty(folder / DATABASE_FILE)
    await get_refusal(folder)
    shutil.move(folder, folder.with_name("old"))

    assert await start(folder) == []


async def test_restoring_the_database_from_a_backup_is_enough(folder: Path) -> None:
    backup = (folder / DATABASE_FILE).read_bytes()
    empty(folder / DATABASE_FILE)
    await get_refusal(folder)
    (folder / DATABASE_FILE).write_bytes(backup)

    assert await start(folder) == ["flood"]


async def test_articles_that_were_only_in_a_deleted_log_are_missed(
    folder: Path, tmp_path: Path
) -> None:
    async with an_app(folder) as app:
        await store_and_save(app, "storm", "fire")
        killed = await copy_killed(app, folder, tmp_path / "killed")
    (killed / f"{DATABASE_FILE}-wal").unlink()
    (killed / f"{DATABASE_FILE}-shm").unlink()

    reason = await get_refusal(killed)
    (killed / INDEX_FILE).unlink()

    assert f"lacks changes to 2 articles that the saved index {INDEX_FILE} contains" in reason
    assert f"delete {INDEX_FILE}" in reason
    assert await start(killed) == ["flood"]


async def test_a_revision_that_was_only_in_a_deleted_log_is_missed(
    folder: Path, tmp_path: Path
) -> None:
    async with an_app(folder) as app:
        await store_and_save(app, "flood", body=LONG_BODY + "It fell again.")
        killed = await copy_killed(app, folder, tmp_path / "killed")
    (killed / f"{DATABASE_FILE}-wal").unlink()
    (killed / f"{DATABASE_FILE}-shm").unlink()

    assert "lacks changes to 1 article that" in await get_refusal(killed)


async def test_a_killed_process_with_its_log_loses_nothing(folder: Path, tmp_path: Path) -> None:
    async with an_app(folder) as app:
        await store_and_save(app, "storm")
        killed = await copy_killed(app, folder, tmp_path / "killed")

    assert await start(killed) == ["flood", "storm"]


async def test_ingested_articles_do_not_need_the_log(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "storm.txt"
    path.write_text("date 2026-03-02\nThe storm came.", encoding="utf-8")
    async with an_app(folder) as app:
        await app.services.library.add_articles([path])
        killed = await copy_killed(app, folder, tmp_path / "killed")
    (killed / f"{DATABASE_FILE}-wal").unlink()
    (killed / f"{DATABASE_FILE}-shm").unlink()

    assert await start(killed) == ["flood", "storm"]


async def test_an_index_with_articles_withdrawn_since_is_no_loss(folder: Path) -> None:
    async with an_app(folder) as app:
        await app.articles.put([an_article(id="storm")], NOON)
        await app.articles.withdraw(ArticleId("flood"), "Published in error.", NOON)

    assert await start(folder) == ["storm"]


async def test_a_library_without_articles_keeps_its_index(folder: Path) -> None:
    async with an_app(folder) as app:
        await app.articles.withdraw(ArticleId("flood"), "Published in error.", NOON)

    assert await start(folder) == []
