import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.model.guild_preferences import GuildOverrides
from bot.model.ids import Pseudonym
from bot.model.shown_answer import ShownAnswer
from bot.store.answers import AnswerStore
from bot.store.database import Database
from bot.store.guilds import GuildStore
from tests.builders import NOON
from tests.store.folders import read_folder

HARBOUR = "1191168914227200000"
LIGHTHOUSE = "1191168914231394304"
BUSY = GuildOverrides(
    guild=HARBOUR,
    max_excerpts=5,
    is_visible=False,
    channels=(7, 1 << 62),
    zone=ZoneInfo("Asia/Kolkata"),
)


@pytest.fixture
def store(database: Database) -> GuildStore:
    return GuildStore(database)


async def put_overrides(store: GuildStore, settings: GuildOverrides) -> GuildOverrides:
    return await store.change(settings.guild, lambda _: settings)


async def add_answer(database: Database, guild: str | None, key: str = "key") -> None:
    answer = ShownAnswer(
        key=key,
        excerpts=(),
        answering_count=0,
        total=0,
        dates=(),
        asker=Pseudonym("a" * 32),
        shown_at=NOON,
        expires_at=NOON + timedelta(days=7),
        guild=guild,
    )
    await AnswerStore(database).put(answer)


async def count_rows(database: Database, guild: str) -> dict[str, int]:
    tables = ("answers_shown", "servers", "servers_left")
    counts = {
        table: await database.fetch(f"SELECT count(*) FROM {table} WHERE guild = ?", (guild,))  # noqa: S608
        for table in tables
    }
    return {table: count for table, ((count,),) in counts.items() if count}


async def fetch_left(database: Database) -> dict[str, str]:
    return dict(await database.fetch("SELECT guild, left_at FROM servers_left"))


async def test_a_server_that_set_nothing_has_no_settings_of_its_own(store: GuildStore) -> None:
    assert await store.get_overrides(HARBOUR) == GuildOverrides(guild=HARBOUR)


async def test_server_settings_are_read_back_unchanged(store: GuildStore) -> None:
    await put_overrides(store, BUSY)

    assert await store.get_overrides(HARBOUR) == BUSY
    assert await store.get_overrides(LIGHTHOUSE) == GuildOverrides(guild=LIGHTHOUSE)


async def test_a_change_starts_from_what_was_set_before(store: GuildStore) -> None:
    await put_overrides(store, BUSY)

    changed = await store.change(HARBOUR, lambda before: replace(before, is_visible=True))

    assert changed == replace(BUSY, is_visible=True)
    assert await store.get_overrides(HARBOUR) == changed


async def test_settings_set_back_to_the_usual_leave_no_row(
    store: GuildStore, database: Database
) -> None:
    await put_overrides(store, BUSY)

    await put_overrides(store, GuildOverrides(guild=HARBOUR))

    assert await count_rows(database, HARBOUR) == {}


async def test_servers_with_rows_that_the_bot_is_not_in_are_marked_as_left(
    store: GuildStore, database: Database
) -> None:
    await put_overrides(store, BUSY)
    await add_answer(database, LIGHTHOUSE, "other")
    await add_answer(database, None)

    await store.update_presence(lambda guild: guild == HARBOUR, NOON)
    await store.update_presence(lambda guild: guild == HARBOUR, NOON + timedelta(days=1))

    assert await fetch_left(database) == {LIGHTHOUSE: NOON.isoformat()}


async def test_a_server_without_stored_data_is_not_marked(
    store: GuildStore, database: Database
) -> None:
    await store.update_presence(lambda _: False, NOON)

    assert await fetch_left(database) == {}


async def test_a_server_that_the_bot_rejoined_loses_its_mark(
    store: GuildStore, database: Database
) -> None:
    await put_overrides(store, BUSY)
    await store.update_presence(lambda _: False, NOON)

    await store.update_presence(lambda _: True, NOON)

    assert await fetch_left(database) == {}
    assert await store.get_overrides(HARBOUR) == BUSY


async def test_nothing_is_written_without_a_change(store: GuildStore, database: Database) -> None:
    await put_overrides(store, BUSY)
    await store.update_presence(lambda _: True, NOON)
    before = await database.get_data_version()

    await store.update_presence(lambda _: True, NOON)

    assert await database.get_data_version() == before


async def test_all_about_a_server_goes_once_it_was_left_long_enough_ago(
    store: GuildStore, database: Database
) -> None:
    await put_overrides(store, BUSY)
    await add_answer(database, HARBOUR)
    await add_answer(database, LIGHTHOUSE, "other")
    await store.update_presence(lambda guild: guild == LIGHTHOUSE, NOON)

    early = await store.purge(NOON - timedelta(microseconds=1))
    before = await count_rows(database, HARBOUR)
    due = await store.purge(NOON)

    assert (early, due) == (0, 1)
    assert before == {"answers_shown": 1, "servers": 1, "servers_left": 1}
    assert await count_rows(database, HARBOUR) == {}
    assert await count_rows(database, LIGHTHOUSE) == {"answers_shown": 1}


async def test_a_server_is_forgotten_in_every_table_that_speaks_of_it(
    store: GuildStore, database: Database
) -> None:
    async with database.transaction() as transaction:
        await transaction.execute("CREATE TABLE others (guild TEXT) STRICT")
        await transaction.execute("INSERT INTO others VALUES (?), (?)", (HARBOUR, LIGHTHOUSE))
    await put_overrides(store, BUSY)
    await add_answer(database, HARBOUR)

    deleted = await store.forget(HARBOUR)

    assert deleted == 3
    assert await count_rows(database, HARBOUR) == {}
    assert await database.fetch("SELECT guild FROM others") == [(LIGHTHOUSE,)]


async def test_no_file_of_the_database_holds_a_server_that_was_forgotten(
    store: GuildStore, database: Database, path: Path
) -> None:
    await put_overrides(store, BUSY)
    await add_answer(database, HARBOUR)
    before = read_folder(path)

    await store.forget(HARBOUR)

    assert HARBOUR.encode() in before
    assert HARBOUR.encode() not in read_folder(path)


async def test_emptying_an_empty_log_counts_as_no_change(
    store: GuildStore, database: Database
) -> None:
    await put_overrides(store, BUSY)
    await database.truncate_wal()
    before = await database.get_data_version()

    assert await database.truncate_wal()

    assert await database.get_data_version() == before


async def test_the_log_is_not_emptied_while_another_process_reads(
    store: GuildStore, database: Database, path: Path
) -> None:
    await put_overrides(store, BUSY)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT * FROM servers").fetchall()
    await put_overrides(store, replace(BUSY, max_excerpts=1))

    meanwhile = await database.truncate_wal()
    other.close()
    afterwards = await database.truncate_wal()

    assert (meanwhile, afterwards) == (False, True)
