import os
import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from bot.presentation.findings import format_finding, has_no_problem
from bot.runtime.heartbeats import start_heartbeats
from bot.runtime.pseudonyms import Pseudonymizer
from bot.runtime.run_lock import hold_run_lock
from bot.search.embedded import INDEX_FILE
from bot.services.diagnostics import check_machine
from bot.services.finding import Finding, FindingState
from bot.settings.loading import load_settings
from bot.settings.settings import Settings
from bot.store.database import DATABASE_FILE, Database
from bot.store.migrations import MIGRATIONS
from tests.builders import NOON, PROJECT, a_home, an_app, an_article

Usage = namedtuple("Usage", "total used free")  # noqa: PYI024 - as shutil has it


def the_settings(folder: Path, home: Path = PROJECT, **environment: str) -> Settings:
    return load_settings(None, folder, environment, home)


async def check(settings: Settings) -> dict[str, Finding]:
    findings = await check_machine(settings, NOON)
    return {finding.part: finding for finding in findings}


async def fill(folder: Path, body: str = "The river rose.") -> None:
    async with an_app(folder, DATELINE_LIBRARY__SEEDS="false") as app:
        await app.articles.put([an_article(body)], NOON)


async def test_before_the_first_start_nothing_is_wrong_and_nothing_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "data"

    findings = await check(the_settings(folder))

    assert has_no_problem(list(findings.values()))
    assert findings["data folder"].state is FindingState.NOTE
    assert findings["database"].text.startswith("There is no database yet.")
    assert "index" not in findings
    assert not folder.exists()


async def test_a_library_is_shown_with_its_size(tmp_path: Path) -> None:
    await fill(tmp_path)

    findings = await check(the_settings(tmp_path))

    assert findings["database"].state is FindingState.OK
    assert findings["database"].text.endswith("is intact and contains 1 article.")
    assert findings["index"].state is FindingState.OK
    assert findings["index"].text == "The library is small, so each start builds its index."


async def test_a_saved_corpus_is_in_step_until_the_library_changes(tmp_path: Path) -> None:
    async with an_app(tmp_path, DATELINE_LIBRARY__SEEDS="false") as app:
        await app.articles.put([an_article("The river rose. " * 20_000)], NOON)
        await app.services.library.refresh_and_save_index()
    before = await check(the_settings(tmp_path))
    await fill(tmp_path, "The river fell.")

    after = await check(the_settings(tmp_path))

    assert (tmp_path / INDEX_FILE).exists()
    assert before["index"].state is FindingState.OK
    assert after["index"].text.startswith("The saved index is older")


async def test_a_damaged_database_is_wrong_and_says_what_to_do(tmp_path: Path) -> None:
    await fill(tmp_path, "The river rose. " * 2_000)
    path = tmp_path / DATABASE_FILE
    content = bytearray(path.read_bytes())
    content[-8192:] = bytes(8192)
    path.write_bytes(content)

    findings = await check(the_settings(tmp_path))

    assert findings["database"].state is FindingState.PROBLEM
    assert "Restore it from a backup" in format_finding(findings["database"])


async def test_a_foreign_file_is_wrong(tmp_path: Path) -> None:
    (tmp_path / DATABASE_FILE).write_bytes(b"no database " * 100)

    findings = await check(the_settings(tmp_path))

    assert findings["database"].state is FindingState.PROBLEM
    assert "not an SQLite database" in format_finding(findings["database"])


async def test_an_older_database_is_brought_up_to_date_by_the_next_start(tmp_path: Path) -> None:
    path = tmp_path / DATABASE_FILE
    async with Database.open(path, migrations=MIGRATIONS[:1]):
        pass

    findings = await check(the_settings(tmp_path))

    assert findings["database"].state is FindingState.NOTE
    assert "The next start updates it in" in findings["database"].text


async def test_missing_word_lists_are_a_problem_and_the_other_parts_are_reported(
    tmp_path: Path,
) -> None:
    home = a_home(tmp_path)
    await fill(tmp_path / "data")
    (home / "config" / "stop_words.txt").unlink()

    findings = await check(the_settings(tmp_path / "data", home))

    assert findings["word lists"].state is FindingState.PROBLEM
    assert findings["database"].state is FindingState.OK
    assert "index" not in findings


async def test_a_secret_that_others_may_read_is_wrong(tmp_path: Path) -> None:
    Pseudonymizer.from_folder(tmp_path)
    closed = await check(the_settings(tmp_path))
    (tmp_path / "secret").chmod(0o644)

    opened = await check(the_settings(tmp_path))

    assert closed["data folder"].state is FindingState.OK
    assert opened["data folder"].state is FindingState.PROBLEM
    assert "chmod 600" in opened["data folder"].text


@pytest.mark.parametrize(
    ("free", "state"), [(199_000_000, FindingState.PROBLEM), (200_000_000, FindingState.OK)]
)
async def test_a_disk_that_is_nearly_full_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, state: FindingState
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(free, 0, free))

    findings = await check(the_settings(tmp_path / "data" / "deep"))

    assert findings["disk space"].state is state


async def test_a_running_bot_is_reported_and_one_that_does_not_respond_is_a_problem(
    tmp_path: Path,
) -> None:
    settings = the_settings(tmp_path)
    async with start_heartbeats(tmp_path, ["gateway"], NOON):
        with hold_run_lock(tmp_path):
            well = await check(settings)
            late_findings = await check_machine(settings, NOON.replace(hour=14))
            late = {finding.part: finding for finding in late_findings}
        gone = await check(settings)

    assert well["bot"].state is FindingState.OK
    assert (late["bot"].state, "gateway" in late["bot"].text) == (FindingState.PROBLEM, True)
    assert gone["bot"].state is FindingState.NOTE


async def test_the_time_zone_is_shown_with_its_current_time(tmp_path: Path) -> None:
    findings = await check(the_settings(tmp_path, DATELINE_DATES__ZONE="Asia/Tokyo"))

    assert findings["time zone"].text.startswith("In Asia/Tokyo it is 21:00 on 3 March 2026. ")


async def fill_and_save(folder: Path) -> None:
    async with an_app(folder, DATELINE_LIBRARY__SEEDS="false") as app:
        await app.articles.put([an_article("The river rose. " * 20_000)], NOON)
        await app.services.library.refresh_and_save_index()


@pytest.mark.parametrize("is_deleted", [True, False], ids=["missing", "empty"])
async def test_an_emptied_database_beside_a_saved_index_is_wrong(
    tmp_path: Path, *, is_deleted: bool
) -> None:
    await fill_and_save(tmp_path)
    (tmp_path / DATABASE_FILE).unlink()
    if not is_deleted:
        (tmp_path / DATABASE_FILE).touch()

    findings = await check(the_settings(tmp_path))

    assert findings["database"].state is FindingState.PROBLEM
    assert "It is missing or empty, but the saved index" in format_finding(findings["database"])
    assert (tmp_path / DATABASE_FILE).exists() is not is_deleted


async def test_an_index_that_knows_more_than_the_database_is_wrong(tmp_path: Path) -> None:
    await fill(tmp_path)
    older = (tmp_path / DATABASE_FILE).read_bytes()
    await fill_and_save(tmp_path)
    (tmp_path / DATABASE_FILE).write_bytes(older)

    findings = await check(the_settings(tmp_path))

    assert findings["index"].state is FindingState.PROBLEM
    assert "lacks changes to 1 article that" in format_finding(findings["index"])


async def test_a_changed_text_in_the_database_is_wrong(tmp_path: Path) -> None:
    await fill_and_save(tmp_path)
    path = tmp_path / DATABASE_FILE
    content = path.read_bytes()
    place = content.index(b"river rose", len(content) // 2)
    path.write_bytes(content[:place] + b"rivet" + content[place + 5 :])

    findings = await check(the_settings(tmp_path))

    assert findings["database"].state is FindingState.OK  # no page is damaged
    assert findings["index"].state is FindingState.PROBLEM
    assert "The text of 1 article in it is damaged" in format_finding(findings["index"])


async def test_a_data_folder_that_others_can_open_is_noted(tmp_path: Path) -> None:
    os.chmod(tmp_path, 0o750)  # noqa: PTH101, S103 - Path.chmod would be refused in async code

    findings = await check(the_settings(tmp_path))

    assert findings["data folder"].state is FindingState.NOTE
    assert findings["data folder"].text.endswith(f"Run chmod 700 {tmp_path}.")


@pytest.mark.parametrize("name", ["run.lock", "heartbeats.json", "secret", "corpus.npz"])
async def test_a_folder_in_the_place_of_a_file_is_wrong_and_named(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / name).mkdir()

    findings = await check(the_settings(tmp_path))

    assert findings["data folder"].state is FindingState.PROBLEM
    assert findings["data folder"].text.startswith(f"{tmp_path / name} is a folder, ")
