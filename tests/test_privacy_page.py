"""PRIVACY.md, held to the schema: what is kept about people and servers stands there, and no more."""

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
"""The tables of the library. A receipt says that an excerpt was shown, and not to whom.

The last one is SQLite's own: the highest number that a table has given.
"""


def list_kept_columns() -> set[str]:
    """Each column of the tables that are about people or servers."""
    with closing(sqlite3.connect(":memory:")) as connection:
        for step in MIGRATIONS:
            connection.executescript(step.sql)
        rows = connection.execute(
            "SELECT tables.name, columns.name FROM sqlite_schema AS tables"
            " JOIN pragma_table_info(tables.name) AS columns WHERE tables.type = 'table'"
        ).fetchall()
    return {f"{table}.{column}" for table, column in rows if table not in ABOUT_NOBODY}


def list_named_columns() -> set[str]:
    """Each column that the table of what is stored names."""
    stored = PAGE.partition("## What is stored")[2].partition("\n## ")[0]
    cells = [row.split("|")[2] for row in stored.splitlines() if row.startswith("|")]
    return {column for cell in cells for column in re.findall(r"`(\w+\.\w+)`", cell)}


def test_the_page_names_each_column_that_is_about_people_or_servers() -> None:
    assert list_named_columns() == list_kept_columns()


def test_the_page_tells_the_times_that_are_usual() -> None:
    usual = Sections()

    told = dict(re.findall(r"(\d+) days \(`(\w+\.\w+)`\)", PAGE))

    assert {key: days for days, key in told.items()} == {
        "discord.answer_days": str(usual.discord.answer_days),
        "privacy.left_server_days": str(usual.privacy.left_server_days),
    }
