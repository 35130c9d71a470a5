"""PRIVACY.md names every stored column about people and servers."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.settings.sections import Sections
from bot.store.migrations import MIGRATIONS

PAGE = (Path(__file__).parents[1] / "PRIVACY.md").read_text(encoding="utf-8")

ABOUT_NOBODY = {
    *("migrations", "library", "articles", "revisions", "withdrawals", "receipts"),
    "sqlite_sequence",
}
"""The tables of the library. A receipt says that an excerpt was shown, but not to whom.

The last one is SQLite's own: it has the highest row id that a table has given out.
"""


def list_stored_columns() -> set[str]:
    """Return each column of the tables about people or servers."""
    with closing(sqlite3.connect(":memory:")) as connection:
        for step in MIGRATIONS:
            connection.executescript(step.sql)
        rows = connection.execute(
            "SELECT tables.name, columns.name FROM sqlite_schema AS tables"
            " JOIN pragma_table_info(tables.name) AS columns WHERE tables.type = 'table'"
        ).fetchall()
    return {f"{table}.{column}" for table, column in rows if table not in ABOUT_NOBODY}


def list_named_columns() -> set[str]:
    """Return each column that the page names in its table of stored data."""
    stored = PAGE.partition("## What is stored")[2].partition("\n## ")[0]
    cells = [row.split("|")[2] for row in stored.splitlines() if row.startswith("|")]
    return {column for cell in cells for column in re.findall(r"`(\w+\.\w+)`", cell)}


def test_the_page_names_each_column_that_is_about_people_or_servers() -> None:
    assert list_named_columns() == list_stored_columns()


def test_the_page_states_the_default_retention_times() -> None:
    defaults = Sections()

    stated = dict(re.findall(r"(\d+) days \(`(\w+\.\w+)`\)", PAGE))

    assert {key: days for days, key in stated.items()} == {
        "discord.answer_days": str(defaults.discord.answer_days),
        "privacy.left_server_days": str(defaults.privacy.left_server_days),
    }
