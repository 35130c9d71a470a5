"""The commands search and article in this process."""

from pathlib import Path

import pytest

from tests.builders import a_json_lines_file, an_article
from tests.commands import RunCommand

ARTICLES = [
    an_article(
        "The lock gates held. Nobody slept.", id="gates", title="Locks", url="https://c.example"
    ),
    an_article("The river rose.\n\nThe gates of the lock broke.", id="river", title="High water"),
]


@pytest.fixture(autouse=True)
def library(tmp_path: Path, run: RunCommand) -> None:
    path = a_json_lines_file(tmp_path / "articles.jsonl", ARTICLES)
    assert run("ingest", str(path)).code == 0


def test_passages_with_the_terms_are_shown_and_can_be_verified(run: RunCommand) -> None:
    result = run("search", '"lock gates"')

    receipt = result.out.partition("receipt ")[2].split()[0]
    assert result.code == 0
    assert result.out.startswith("1 passage.\n\n▌ The lock gates held. Nobody slept.\n")
    assert run("verify", receipt).code == 0


def test_the_object_has_the_first_entries_and_counts_all(run: RunCommand) -> None:
    value = run("search", "lock", "--limit", "1", "--sort", "newest", "--json").json

    assert (value["lookup"], value["total"], value["sort"]) == ("search", 2, "newest")
    assert [entry["rank"] for entry in value["entries"]] == [1]


def test_a_compact_search_shows_one_sentence_of_each(run: RunCommand) -> None:
    result = run("search", "lock gates", "--detail", "compact")

    assert "The lock gates held." in result.out
    assert "Nobody slept." not in result.out


def test_the_dates_understood_are_shown(run: RunCommand) -> None:
    result = run("search", "lock", "--after", "1 March 2026")

    assert result.out.startswith("Dates understood: since 1 March 2026.\n")


def test_a_search_that_finds_nothing_ends_with_3_and_says_why(run: RunCommand) -> None:
    result = run("search", "zeppelin")

    assert result.code == 3
    assert result.out == "No passages found.\nNo article contains “zeppelin”.\n"


@pytest.mark.parametrize("arguments", [["-- -lock"], ["lock", "--after", "x"]])
def test_unusable_search_terms_end_with_2(run: RunCommand, arguments: list[str]) -> None:
    assert run("search", *arguments).code == 2


@pytest.mark.parametrize("title", ["river", "high WATER", "courier high"])
def test_an_article_is_found_by_its_id_or_words_of_its_title_and_source(
    run: RunCommand, title: str
) -> None:
    result = run("article", title)

    assert result.code == 0
    assert result.out == (
        "High water\nThe Courier\n2 March 2026 · 2 paragraphs\n"
        "\n1\n▌ The river rose.\n\n2\n▌ The gates of the lock broke.\n"
    )


def test_the_object_of_an_article_has_its_paragraphs(run: RunCommand) -> None:
    value = run("article", "river", "--json").json

    texts = [paragraph["text"] for paragraph in value["article"]["paragraphs"]]
    assert texts == ["The river rose.", "The gates of the lock broke."]


def test_a_title_that_fits_no_article_ends_with_3(run: RunCommand) -> None:
    assert run("article", "zeppelin").code == 3
    assert run("article", "zeppelin", "--json").json == {"article": None}


def test_an_article_dated_later_than_the_clock_is_not_found(run: RunCommand) -> None:
    assert run("--as-of", "2026-03-01", "article", "river").code == 3
