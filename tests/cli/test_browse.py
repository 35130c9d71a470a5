"""The commands latest, on, sources and status in this process."""

from datetime import date
from functools import partial
from pathlib import Path

import pytest

import bot
from tests.builders import a_json_lines_file, an_article
from tests.commands import RunCommand

ARTICLES = [
    an_article("The sea rose. It fell.", id="sea", source="The Herald"),
    an_article("Ferries stop.", id="ferry", source=None, published_on=date(2026, 2, 27)),
    an_article("It dried.", id="later", source="The Future", published_on=date(2026, 3, 9)),
]
AS_OF = ("--as-of", "2026-03-03T12:00")


@pytest.fixture
def run(run: RunCommand, monkeypatch: pytest.MonkeyPatch) -> RunCommand:
    """Return a function that runs a command without the seeds, as of 3 March 2026."""
    monkeypatch.setenv("DATELINE_LIBRARY__SEEDS", "false")
    return partial(run, *AS_OF)


@pytest.fixture
def library(tmp_path: Path, run: RunCommand) -> None:
    """Fill the library with ARTICLES."""
    assert run("ingest", str(a_json_lines_file(tmp_path / "in.jsonl", ARTICLES))).code == 0


@pytest.mark.usefixtures("library")
def test_the_latest_articles_are_printed_the_newest_first(run: RunCommand) -> None:
    result = run("latest")

    assert result.code == 0
    assert result.out.index("The sea rose.") < result.out.index("Ferries stop.")
    assert "It dried." not in result.out


@pytest.mark.usefixtures("library")
def test_the_latest_are_as_many_as_asked_for_and_of_one_source(run: RunCommand) -> None:
    one = run("latest", "--count", "1", "--json").json
    of_source = run("latest", "--source", "the herald", "--json").json

    assert [entry["article_id"] for entry in one["entries"]] == ["sea"]
    assert one["total"] == 2
    assert [entry["article_id"] for entry in of_source["entries"]] == ["sea"]
    assert of_source["source"] == "The Herald"


@pytest.mark.usefixtures("library")
def test_listed_quotes_can_be_verified(run: RunCommand) -> None:
    (entry,) = run("latest", "--count", "1", "--json").json["entries"]

    assert run("verify", entry["receipt"]).code == 0


@pytest.mark.usefixtures("library")
def test_a_day_is_printed_with_the_nearest_days(run: RunCommand) -> None:
    result = run("on", "27", "february")

    assert result.code == 0
    assert "27 February 2026: 1 article" in result.out
    assert "Ferries stop." in result.out
    assert "Closest later day: 2 March 2026, 1 article." in result.out


@pytest.mark.usefixtures("library")
def test_days_are_an_object_with_the_nearest_days(run: RunCommand) -> None:
    value = run("on", "28 february to 1 march", "--json").json

    assert (value["after"], value["before"], value["total"]) == ("2026-02-28", "2026-03-01", 0)
    assert (value["nearest_before"], value["nearest_after"]) == ("2026-02-27", "2026-03-02")


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(
    "arguments",
    [("on", "9 march 2026"), ("latest", "--source", "The Future")],
    ids=["a hidden day", "a hidden source"],
)
def test_nothing_found_ends_with_3(run: RunCommand, arguments: tuple[str, ...]) -> None:
    result = run(*arguments)

    assert result.code == 3
    assert "It dried." not in result.out


def test_an_invalid_date_ends_with_2(run: RunCommand) -> None:
    assert run("on", "blurb").code == 2


@pytest.mark.usefixtures("library")
def test_the_sources_are_printed(run: RunCommand) -> None:
    result = run("sources")

    assert result.code == 0
    assert result.out.splitlines() == [
        "1 source",
        "The Herald: 1 article, 2 March 2026",
        "No source: 1 article, 27 February 2026",
    ]
    assert [source["name"] for source in run("sources", "--json").json["sources"]] == [
        "The Herald",
        None,
    ]


@pytest.mark.usefixtures("library")
def test_the_status_is_printed(run: RunCommand) -> None:
    result = run("status")

    assert result.code == 0
    assert result.out.splitlines() == [
        f"Dateline {bot.__version__}",
        "The library has 2 articles from 27 February to 2 March 2026.",
        "The search index has 2 passages.",
        "The library last changed on 3 March 2026 at 12:00 (UTC).",
    ]
    assert run("status", "--json").json["articles"] == 2


def test_an_empty_library_has_nothing_to_list(run: RunCommand) -> None:
    assert run("latest").code == run("on", "2 march").code == run("sources").code == 3
    assert run("status").code == 0


@pytest.mark.parametrize("count", ["0", "11", "many"])
def test_a_count_is_1_to_10(run: RunCommand, count: str) -> None:
    assert run("latest", "--count", count).code == 2
