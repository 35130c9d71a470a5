import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from bot.errors import SettingsError, StoreError
from bot.presentation.errors import describe_error
from bot.retrieval.scoring.weights import BM25_ONLY, Caution
from bot.store.database import DATABASE_FILE
from bot.wiring import Application
from tests import builders
from tests.builders import (
    a_home,
)
from tests.retrieval.builders import some_weights

an_app = partial(builders.an_app, weights=some_weights())


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[Application]:
    async with an_app(tmp_path) as app:
        yield app


def weights_text(least: Mapping[Caution, float]) -> str:
    """Return weights for BM25 alone, with the least confidence of an answer for each caution."""
    numbers = "\n".join(f"{caution} = {number}" for caution, number in least.items())
    return f"[candidates]\n[features]\n[statement]\n[evidence]\n[least]\n{numbers}\n"


@pytest.mark.parametrize("content", [None, b"\xff\xfe"], ids=["missing", "not UTF-8"])
async def test_stop_words_that_can_not_be_read_are_named(
    tmp_path: Path, content: bytes | None
) -> None:
    home = a_home(tmp_path / "home")
    path = home / "config" / "stop_words.txt"
    path.unlink()
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(SettingsError) as caught:
        async with an_app(tmp_path, home=home):
            pass

    assert describe_error(caught.value) == (
        f"Can't use the stop words in {path}. The file can't be read. Restore it from Dateline's repository."
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(r"(?s).*", None, id="missing"),
        pytest.param(r"(?s).*", "\udcff", id="not UTF-8"),
        pytest.param(r'"article" = ', "article: ", id="not TOML"),
        pytest.param(r'"article" = .*', '"article" = "much"', id="no number"),
        pytest.param(r"\[features\]", "[others]", id="no features"),
        pytest.param(r'"careful" = .*', "", id="a caution missing"),
        pytest.param(r'"held" = .*', "", id="evidence missing"),
        pytest.param(r'"intercept" = .*', "", id="the intercept missing"),
        pytest.param(r'"held" = ', '"hold" = ', id="unknown evidence"),
        pytest.param(r"\[statement\]", "[others]", id="no statement"),
        pytest.param(r'"covered" = ', '"over" = ', id="an unknown feature"),
        pytest.param(
            r"\[statement\]", '[statement]\n"over" = 1.0', id="an unknown feature of a statement"
        ),
        pytest.param(
            r"\[candidates\]",
            '[candidates]\n"kind" = 1.0',
            id="a candidate's feature not from afar",
        ),
    ],
)
async def test_weights_that_can_not_be_used_are_named(
    tmp_path: Path, old: str, new: str | None
) -> None:
    home = a_home(tmp_path / "home")
    path = home / "config" / "weights.toml"
    content = path.read_text(encoding="utf-8")
    changed = re.sub(old, lambda _: new or "", content, count=1)
    assert changed != content
    path.unlink()
    if new is not None:
        path.write_bytes(changed.encode("utf-8", errors="surrogateescape"))

    with pytest.raises(SettingsError) as caught:
        async with an_app(tmp_path, home=home):
            pass

    assert describe_error(caught.value) == (
        f"Can't use the weights in {path}. "
        "The file is damaged or missing. Restore it from Dateline's repository."
    )


async def test_the_weights_are_those_of_the_project_folder(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    path = home / "config" / "weights.toml"
    path.write_text(weights_text(dict.fromkeys(Caution, 0.4)), encoding="utf-8")

    async with builders.an_app(tmp_path, home=home) as app:
        assert app.weights == replace(BM25_ONLY, min_confidences=dict.fromkeys(Caution, 0.4))


async def test_a_database_that_can_not_be_used_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / DATABASE_FILE).write_text("no database " * 100, encoding="utf-8")

    with pytest.raises(StoreError, match="not an SQLite database"):
        async with an_app(tmp_path):
            pass
