"""Who may import whom: the layers of CONTRIBUTING.md, read off the source without running it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
MODULES = sorted((PROJECT / "bot").rglob("*.py"))

ARTICLES = frozenset({"retrieval", "store", "errors"})
FINDING = ARTICLES | {"settings", "library", "saved_corpus", "live_corpus"}
SHOWING = frozenset({"presentation", "lookups", "digest", "evaluation"})
RUNNING = frozenset({"people", "life", "logs"})

MAY_IMPORT: dict[str, frozenset[str]] = {
    "errors": frozenset(),
    "settings": frozenset({"errors"}),
    "retrieval": frozenset({"errors"}),
    "people": frozenset({"errors"}),
    "life": frozenset({"errors"}),
    "logs": frozenset({"settings", "errors"}),
    "store": frozenset({"retrieval", "people", "errors"}),
    "library": ARTICLES | {"settings"},
    "saved_corpus": frozenset({"retrieval", "errors"}),
    "live_corpus": ARTICLES | {"settings", "saved_corpus"},
    "digest": ARTICLES | {"live_corpus"},
    "lookups": ARTICLES | {"live_corpus"},
    "evaluation": frozenset({"retrieval", "errors"}),
    "presentation": frozenset({"retrieval", "library", "lookups", "digest", "errors"}),
    "manner": frozenset({"settings", "store", "errors"}),
    "config_files": frozenset({"settings", "retrieval", "errors"}),
    "app": FINDING | SHOWING | RUNNING | {"config_files"},
    "typed": FINDING | {"app"},
    "verifying": FINDING | {"app"},
    "shown": FINDING | RUNNING | {"app"},
    "conversation": FINDING | SHOWING | RUNNING | {"app", "typed", "shown"},
    "browsing": FINDING | SHOWING | RUNNING | {"app", "typed", "shown"},
    "subscribing": FINDING | SHOWING | RUNNING | {"app", "typed"},
    "explaining": FINDING | SHOWING | RUNNING | {"app"},
    "alerting": FINDING | SHOWING | RUNNING | {"app"},
    "alert_delivery": FINDING | SHOWING | RUNNING | {"app", "shown", "alerting"},
    "examining": FINDING | SHOWING | RUNNING | {"app", "config_files"},
    "discord_ui": FINDING
    | SHOWING
    | RUNNING
    | {"subscribing", "explaining", "alerting", "alert_delivery"}
    | {"manner", "app", "typed", "verifying", "conversation", "browsing", "examining"},
    "command_line": frozenset({"errors"}),
    "cli": SHOWING | {"app", "config_files", "typed", "verifying", "command_line", "errors"},
    "lookup_commands": SHOWING | {"retrieval", "app", "typed", "cli", "command_line", "errors"},
    "digest_commands": SHOWING
    | {"retrieval", "app", "subscribing", "cli", "lookup_commands", "command_line", "errors"},
    "local_discord": frozenset(),
}
MAY_IMPORT["__main__"] = frozenset(MAY_IMPORT)
MAY_IMPORT["__init__"] = frozenset()

HOMES = {
    "sqlite3": "store",
    "aiosqlite": "store",
    "discord": "discord_ui",
    "matplotlib": "presentation",
    "structlog": "logs",
}
ONE_FILE_EACH = ("rank_bm25", "sentencex", "Stemmer")
CLOCKS = {"now", "today", "utcnow"}


def imported(source: str, module: str) -> Iterator[str]:
    """The dotted name of each import in the source of `module`; a relative one is made whole."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = module.split(".")[: -node.level] if node.level else []
            origin = ".".join([*package, node.module] if node.module else package)
            yield from (f"{origin}.{alias.name}" for alias in node.names)


def layer_of(module: str) -> str:
    """The layer of a dotted module of ours: `retrieval` for `bot.retrieval.span`."""
    return module.split(".")[1]


def foreign_layers(source: str, module: str) -> set[str]:
    """The layers that the source of `module` imports although its own layer may not."""
    own = layer_of(module)
    layers = {layer_of(name) for name in imported(source, module) if name.startswith("bot.")}
    return layers - MAY_IMPORT[own] - {own}


def clocks_read(source: str) -> list[int]:
    """The lines that read a clock of the module datetime, under whatever name."""
    tree = ast.parse(source)
    names = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        or (isinstance(node, ast.ImportFrom) and node.module == "datetime")
        for alias in node.names
        if isinstance(node, ast.ImportFrom) or alias.name == "datetime"
    }
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in CLOCKS
        and ast.unparse(node.value).split(".")[0] in names
    ]


def module_of(path: Path) -> str:
    """The dotted name of a file of ours, with `__init__` written out."""
    return ".".join(path.relative_to(PROJECT).with_suffix("").parts)


def importers_of(library: str) -> list[str]:
    """The modules of ours that import the library or a part of it."""
    return [
        module_of(path)
        for path in MODULES
        if any(
            name.split(".")[0] == library
            for name in imported(path.read_text(encoding="utf-8"), module_of(path))
        )
    ]


def test_every_module_stands_in_a_layer() -> None:
    layers = {layer_of(module_of(path)) for path in MODULES}

    assert layers <= MAY_IMPORT.keys()


@pytest.mark.parametrize("path", MODULES, ids=module_of)
def test_a_module_imports_only_the_layers_it_may(path: Path) -> None:
    foreign = foreign_layers(path.read_text(encoding="utf-8"), module_of(path))

    assert not foreign


@pytest.mark.parametrize("library", ONE_FILE_EACH)
def test_a_library_without_types_is_imported_in_one_file(library: str) -> None:
    importers = importers_of(library)

    assert len(importers) == 1
    assert layer_of(importers[0]) == "retrieval"


@pytest.mark.parametrize(("library", "home"), HOMES.items())
def test_a_library_is_imported_in_its_layer_only(library: str, home: str) -> None:
    layers = {layer_of(module) for module in importers_of(library)}

    assert layers <= {home}


@pytest.mark.parametrize("path", MODULES, ids=module_of)
def test_only_the_app_reads_the_clock(path: Path) -> None:
    lines = clocks_read(path.read_text(encoding="utf-8"))

    assert not lines or module_of(path) == "bot.app"


@pytest.mark.parametrize(
    ("module", "source", "expected"),
    [
        ("bot.retrieval.ranking", "from bot.store.database import Database", {"store"}),
        ("bot.retrieval.ranking", "import bot.store.database as d", {"store"}),
        ("bot.retrieval.ranking", "from bot import store, errors", {"store"}),
        ("bot.retrieval.ranking", "from ..store import database", {"store"}),
        ("bot.retrieval.ranking", "from .. import settings", {"settings"}),
        ("bot.retrieval.__init__", "from ..app import App", {"app"}),
        ("bot.errors", "from . import app", {"app"}),
        ("bot.store.database", "def f():\n    from bot.app import App", {"app"}),
        ("bot.retrieval.ranking", "from .span import Span\nfrom ..errors import BotError", set()),
        ("bot.retrieval.ranking", "import bottle\nimport json", set()),
        ("bot.__main__", "from bot.discord_ui import client", set()),
    ],
)
def test_the_checker_sees_an_import_however_it_is_written(
    module: str, source: str, expected: set[str]
) -> None:
    assert foreign_layers(source, module) == expected


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime\ndatetime.now(UTC)",
        "from datetime import date as day\nday.today()",
        "import datetime\ndatetime.datetime.utcnow()",
        "import datetime as dt\nread = dt.datetime.now",
    ],
)
def test_the_checker_sees_a_clock_under_any_name(source: str) -> None:
    assert clocks_read(source) == [2]


def test_the_checker_leaves_other_names_alone() -> None:
    assert clocks_read("import json as now\nfrom x import clock\nclock.now()\nself.today") == []
