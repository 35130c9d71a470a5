"""The imports that each package is allowed, checked in the source without running it."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
MODULES = sorted((PROJECT / "bot").rglob("*.py"))

ORDER = (
    "errors",
    "model",
    "english",
    "dates",
    "retrieval",
    "digest",
    "lookups",
    "evaluation",
    "settings",
    "runtime",
    "store",
    "library",
    "search",
    "services",
    "delivery",
    "presentation",
    "cli",
    "discord_ui",
    "local_discord",
    "wiring",
    "__main__",
)
"""The packages from the bottom to the top; each imports only those before it."""

NEVER = {
    "lookups": {"digest"},
    "evaluation": {"digest", "lookups"},
    "presentation": {"store", "search"},
    "cli": {"store", "search"},
    "discord_ui": {"store", "search", "cli"},
    "local_discord": set(ORDER),
    "wiring": {"cli"},
}
"""The packages that a package does not import, although they are below it."""

MAY_IMPORT = {
    package: frozenset(ORDER[:place]) - NEVER.get(package, set()) - {"local_discord"}
    for place, package in enumerate(ORDER)
}
MAY_IMPORT["__main__"] = frozenset(ORDER)
MAY_IMPORT["__init__"] = frozenset()

RETRIEVAL_ORDER = (
    "text",
    "question",
    "index",
    "scoring",
    "answering",
    "search_index",
    "library_search",
)
"""The parts of retrieval from the bottom to the top; each imports only those before it."""

LOCAL_DISCORD_MAY_IMPORT = {
    "__init__": set(),
    "errors": set(),
    "world": {"errors"},
    "rest": {"errors", "world"},
    "gateway": {"world"},
    "terminal": {"world"},
    "server": {"world", "rest", "gateway"},
    "main": {"server", "terminal"},
}
"""The imports that each part of local_discord is allowed."""

HOMES = {
    "sqlite3": "store",
    "aiosqlite": "store",
    "discord": "discord_ui",
    "matplotlib": "presentation",
    "structlog": "runtime",
}
ONE_FILE_EACH = ("rank_bm25", "sentencex", "Stemmer")
CLOCKS = {"now", "today", "utcnow"}


@cache  # each library is looked for in all modules
def list_imports(source: str, module: str) -> tuple[str, ...]:
    """Return the dotted name of each import in the source of `module`; relative ones are resolved."""
    return tuple(_iter_imports(source, module))


def _iter_imports(source: str, module: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = module.split(".")[: -node.level] if node.level else []
            origin = ".".join([*package, node.module] if node.module else package)
            yield from (f"{origin}.{alias.name}" for alias in node.names)


def get_layer(module: str) -> str:
    """Return the layer of a dotted module name, such as `model` for `bot.model.span`."""
    return module.split(".")[1]


def find_foreign_layers(source: str, module: str) -> set[str]:
    """Return the layers that `module` imports although its own layer is not allowed to."""
    own = get_layer(module)
    layers = {get_layer(name) for name in list_imports(source, module) if name.startswith("bot.")}
    return layers - MAY_IMPORT[own] - {own}


def find_later_parts(source: str, module: str) -> set[str]:
    """Return the parts of retrieval that `module` imports although they come after its own."""
    own = RETRIEVAL_ORDER.index(module.split(".")[2])
    parts = {
        name.split(".")[2]
        for name in list_imports(source, module)
        if name.startswith("bot.retrieval.")
    }
    return parts.intersection(RETRIEVAL_ORDER[own + 1 :])


def find_clock_lines(source: str) -> list[int]:
    """Return the lines that read a clock of the module datetime, under any name."""
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


def get_module(path: Path) -> str:
    """Return the dotted name of a file of this project, with `__init__` written out."""
    return ".".join(path.relative_to(PROJECT).with_suffix("").parts)


def find_importers(library: str) -> list[str]:
    """Return the modules of this project that import a library or a part of it."""
    return [
        get_module(path)
        for path in MODULES
        if any(
            name.split(".")[0] == library
            for name in list_imports(path.read_text(encoding="utf-8"), get_module(path))
        )
    ]


def test_every_module_stands_in_a_layer() -> None:
    layers = {get_layer(get_module(path)) for path in MODULES}

    assert layers <= MAY_IMPORT.keys()


@pytest.mark.parametrize("path", MODULES, ids=get_module)
def test_a_module_imports_only_the_layers_it_may(path: Path) -> None:
    module = get_module(path)

    assert not find_foreign_layers(path.read_text(encoding="utf-8"), module)


@pytest.mark.parametrize(
    "path",
    [path for path in MODULES if "retrieval" in path.parts and path.stem != "__init__"],
    ids=get_module,
)
def test_a_part_of_retrieval_imports_only_those_before_it(path: Path) -> None:
    assert not find_later_parts(path.read_text(encoding="utf-8"), get_module(path))


def test_every_part_of_retrieval_has_its_place() -> None:
    parts = {get_module(path).split(".")[2] for path in MODULES if "retrieval" in path.parts}

    assert parts == {*RETRIEVAL_ORDER, "__init__"}


@pytest.mark.parametrize(
    "path",
    [path for path in MODULES if get_layer(get_module(path)) == "local_discord"],
    ids=get_module,
)
def test_a_part_of_local_discord_imports_only_the_parts_it_may(path: Path) -> None:
    module = get_module(path)
    own = module.split(".")[2]
    names = (name.split(".") for name in list_imports(path.read_text(encoding="utf-8"), module))
    parts = {name[2] for name in names if name[:2] == ["bot", "local_discord"]}

    assert parts <= LOCAL_DISCORD_MAY_IMPORT[own] | {own}


@pytest.mark.parametrize("library", ONE_FILE_EACH)
def test_a_library_without_types_is_imported_in_one_file(library: str) -> None:
    importers = find_importers(library)

    assert len(importers) == 1
    assert get_layer(importers[0]) == "retrieval"


@pytest.mark.parametrize(("library", "home"), HOMES.items())
def test_a_library_is_imported_in_its_layer_only(library: str, home: str) -> None:
    layers = {get_layer(module) for module in find_importers(library)}

    assert layers <= {home}


@pytest.mark.parametrize("path", MODULES, ids=get_module)
def test_one_module_reads_the_clock(path: Path) -> None:
    lines = find_clock_lines(path.read_text(encoding="utf-8"))

    assert not lines or get_module(path) == "bot.runtime.clock"


@pytest.mark.parametrize(
    ("module", "source", "expected"),
    [
        ("bot.retrieval.search_index", "from bot.store.database import Database", {"store"}),
        ("bot.retrieval.search_index", "import bot.store.database as d", {"store"}),
        ("bot.retrieval.search_index", "from bot import store, errors", {"store"}),
        ("bot.retrieval.search_index", "from ..store import database", {"store"}),
        ("bot.retrieval.search_index", "from .. import settings", {"settings"}),
        ("bot.retrieval.__init__", "from ..services import ask", {"services"}),
        ("bot.errors", "from . import services", {"services"}),
        ("bot.store.database", "def f():\n    from bot.services.app import App", {"services"}),
        (
            "bot.retrieval.search_index",
            "from .span import Span\nfrom ..errors import BotError",
            set(),
        ),
        ("bot.retrieval.search_index", "import bottle\nimport json", set()),
        ("bot.__main__", "from bot.discord_ui import client", set()),
    ],
)
def test_the_checker_sees_an_import_however_it_is_written(
    module: str, source: str, expected: set[str]
) -> None:
    assert find_foreign_layers(source, module) == expected


@pytest.mark.parametrize(
    ("module", "source", "expected"),
    [
        ("bot.retrieval.index.bm25", "from bot.retrieval.scoring import pmi", {"scoring"}),
        ("bot.retrieval.text.terms", "from ..index.bm25 import BM25Ranking", {"index"}),
        ("bot.retrieval.scoring.pmi", "from bot.retrieval.index import bm25", set()),
        ("bot.retrieval.scoring.pmi", "from bot.retrieval.scoring import weights", set()),
    ],
)
def test_the_checker_sees_an_import_against_the_order_of_retrieval(
    module: str, source: str, expected: set[str]
) -> None:
    assert find_later_parts(source, module) == expected


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
    assert find_clock_lines(source) == [2]


def test_the_checker_leaves_other_names_alone() -> None:
    assert (
        find_clock_lines("import json as now\nfrom x import clock\nclock.now()\nself.today") == []
    )
