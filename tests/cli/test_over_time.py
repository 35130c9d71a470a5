"""The commands that follow a topic over time."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.cli.runner import ExitCode
from tests.builders import a_json_lines_file, an_article
from tests.commands import RunCommand

NOON = ("--as-of", "2026-03-03")
ARTICLES = [
    replace(an_article(body, id=name), published_on=day)
    for name, day, body in (
        ("old", date(2026, 1, 20), "Engineers said that the dam holds two metres."),
        ("new", date(2026, 2, 20), "Engineers said that the dam holds five metres."),
        ("baker", date(2026, 3, 2), "Bakers sell bread at noon."),
    )
]


@pytest.fixture(autouse=True)
def library(tmp_path: Path, run: RunCommand) -> None:
    path = a_json_lines_file(tmp_path / "articles.jsonl", ARTICLES)
    assert run("ingest", str(path)).code == ExitCode.DONE


def test_a_timeline_is_printed_whole_with_its_gaps(run: RunCommand) -> None:
    result = run("timeline", "dam", "--step", "week", *NOON)

    assert result.code == ExitCode.DONE
    assert (
        "\n19 to 25 January 2026\n\n▌ Engineers said that the dam holds two metres.\n" in result.out
    )
    assert "No articles: 26 January to 15 February 2026\n" in result.out
    assert result.out.count("▌") == 2


def test_a_timeline_is_bounded_by_days_and_source(run: RunCommand) -> None:
    bounded = run("timeline", "the", "dam", "--after", "February", "--json", *NOON).json
    elsewhere = run("timeline", "dam", "--source", "The Herald", *NOON)

    assert [entry["article_id"] for entry in bounded["entries"]] == ["new"]
    assert (bounded["lookup"], bounded["after"]) == ("timeline", "2026-02-01")
    assert (elsewhere.code, elsewhere.out) == (
        ExitCode.ABSTAINED,
        "No article covers all of this.\n",
    )


def test_changes_are_printed_in_pairs(run: RunCommand) -> None:
    result = run("changed", "dam", "--since", "1 February 2026", *NOON)

    assert result.code == ExitCode.DONE
    assert result.out.index("two metres") < result.out.index("five metres")
    assert "\nReported since 1 February 2026\n" in result.out


def test_without_changes_the_exit_code_is_3(run: RunCommand) -> None:
    result = run("changed", "bread", "--since", "1 February 2026", "--json", *NOON)

    assert (result.code, result.json["entries"]) == (ExitCode.ABSTAINED, [])


def test_quotes_over_time_can_be_verified(run: RunCommand) -> None:
    entries = run("changed", "dam", "--since", "1 February 2026", "--json", *NOON).json["entries"]
    entries += run("timeline", "dam", "--json", *NOON).json["entries"]

    assert {run("verify", entry["receipt"], *NOON).code for entry in entries} == {ExitCode.DONE}


def test_a_trend_is_printed_in_numbers(run: RunCommand) -> None:
    result = run("trend", "dam, bread", "--weeks", "8", *NOON)

    assert result.code == ExitCode.DONE
    assert "\nweek    dam  bread  all\n" in result.out
    assert "\n19 Jan    1      0    1\n" in result.out
    assert "[picture" not in result.out


def test_a_trend_is_written_as_a_picture_and_as_an_object(run: RunCommand, tmp_path: Path) -> None:
    path = tmp_path / "trend.png"

    result = run("trend", "dam", "--png", str(path), "--json", *NOON)

    assert path.read_bytes().startswith(b"\x89PNG\r\n")
    assert sum(result.json["terms"][0]["counts"]) == 2


def test_a_picture_that_can_not_be_written_is_wrong_usage(run: RunCommand, tmp_path: Path) -> None:
    result = run("trend", "dam", "--png", str(tmp_path), *NOON)

    assert result.code == ExitCode.WRONG_INPUT
    assert "(Is a directory)" in result.err


def test_a_trend_without_matching_articles_ends_with_3(run: RunCommand) -> None:
    result = run("trend", "comet", *NOON)

    assert result.code == ExitCode.ABSTAINED
    assert result.out.startswith("No article from these weeks contains this.\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ("trend", "dam", "--weeks", "3"),
        ("trend", "a1,b2,c3,d4,e5"),
        ("timeline", "dam", "--step", "year"),
        ("timeline", "dam", "--after", "2 March 2026", "--before", "1 March 2026"),
        ("changed", "dam"),
        ("changed", "dam", "--since", "someday"),
    ],
    ids=" ".join,
)
def test_wrong_input_ends_with_2(run: RunCommand, arguments: tuple[str, ...]) -> None:
    assert run(*arguments, *NOON).code == ExitCode.WRONG_INPUT


@pytest.mark.usefixtures("without_matplotlib")
def test_a_chart_without_matplotlib_is_refused_with_what_to_install(
    run: RunCommand, tmp_path: Path
) -> None:
    path = tmp_path / "trend.png"

    result = run("trend", "dam", "--png", str(path), *NOON)

    assert result.code == 1
    assert "pip install matplotlib" in result.err
    assert not path.exists()
