"""The table of stored names, checked against the schema and the records."""

import importlib
import pkgutil
import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from functools import cache

import pytest

import bot.model
from bot.model.activity import ActivityState
from bot.store.migrations import MIGRATIONS
from tests.builders import PROJECT

PAGE = (PROJECT / "docs" / "contributing" / "stored-names.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(\w+)\.(\w+)` \| `(\w+)\.(\w+)` \|$", PAGE, re.MULTILINE)


@cache
def read_schema() -> frozenset[str]:
    """Return the columns of today's schema, each as `table.column`."""
    with closing(sqlite3.connect(":memory:")) as connection:
        for migration in MIGRATIONS:
            connection.executescript(migration.sql)
        rows = connection.execute(
            "SELECT tables.name, columns.name FROM sqlite_schema AS tables"
            " JOIN pragma_table_info(tables.name) AS columns WHERE tables.type = 'table'"
        )
        return frozenset(f"{table}.{column}" for table, column in rows)


@cache
def find_records() -> Mapping[str, set[str]]:
    """Return the fields of each record of the model."""
    modules = [
        importlib.import_module(f"bot.model.{module.name}")
        for module in pkgutil.iter_modules(bot.model.__path__)
    ]
    return {
        name: set(getattr(record, "__annotations__", ()))
        for module in modules
        for name, record in vars(module).items()
        if isinstance(record, type)
    }


@pytest.mark.parametrize(("table", "column", "record", "field"), ROWS)
def test_a_stored_name_and_its_name_in_code_exist(
    table: str, column: str, record: str, field: str
) -> None:
    assert f"{table}.{column}" in read_schema()
    assert field in find_records()[record]


def test_the_table_is_read() -> None:
    assert len(ROWS) > 10
    assert ActivityState.SUSPENDED.value == "troubled"
