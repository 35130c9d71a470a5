"""The parts that all commands share: the global options and the help."""

import re
from pathlib import Path

import pytest

import bot
from bot.cli.commands import COMMANDS
from tests.builders import SEED_QUESTION
from tests.cli.flood import ask_about_flood
from tests.commands import RunCommand


def test_a_clock_before_the_article_hides_it(run: RunCommand) -> None:
    result = run("ask", SEED_QUESTION, "--json", "--as-of", "2026-03-01")

    assert result.code == 3
    assert result.json["library"]["articles"] == 0
    assert result.json["closest"] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["--as-of", "2026-03-01", "ask", "river", "--json"],
        ["ask", "--as-of", "2026-03-01", "river", "--json"],
        ["ask", "river", "--json", "--as-of=2026-03-01"],
    ],
)
@pytest.mark.usefixtures("flood")
def test_a_global_option_stands_before_or_after_the_command(
    run: RunCommand, arguments: list[str]
) -> None:
    result = run(*arguments)

    assert result.json["library"]["articles"] == 0


@pytest.mark.usefixtures("flood")
def test_the_data_folder_and_the_settings_are_named_by_options(
    run: RunCommand, tmp_path: Path
) -> None:
    config = tmp_path / "mine.toml"
    config.write_text("[library]\nseeds = false\n", encoding="utf-8")

    result = ask_about_flood(run, "--config", str(config), "--data-dir", str(tmp_path / "other"))

    assert result.code == 3
    assert result.json["library"]["articles"] == 0
    assert (tmp_path / "other" / "dateline.sqlite3").exists()


@pytest.mark.usefixtures("flood")
def test_words_after_two_dashes_are_the_question_s(run: RunCommand) -> None:
    result = run("ask", "--json", "--", "river", "--as-of")

    assert result.json["question"] == "river --as-of"


def test_without_a_command_the_help_is_shown(run: RunCommand) -> None:
    result = run()

    assert (result.code, result.err) == (0, "")
    assert all(f"  {command}  " in result.out for command in ("ask", "verify", "ingest", "remove"))


@pytest.mark.parametrize("flag", ["-h", "--help"])
@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_each_command_holds_an_example(
    run: RunCommand, command: str, flag: str
) -> None:
    result = run(command, flag)

    assert result.code == 0
    assert re.search(rf"\n  Example: .*dateline {command}\b", result.out)


@pytest.mark.parametrize(
    "arguments",
    [["--version"], ["ask", "river", "--version"], ["run", "--version"]],
    ids=" ".join,
)
def test_the_version_is_printed_and_nothing_else_done(
    run: RunCommand, tmp_path: Path, arguments: list[str]
) -> None:
    result = run(*arguments)

    assert result == (0, f"dateline {bot.__version__}\n", "")
    assert not (tmp_path / "data").exists()


@pytest.mark.usefixtures("flood")
def test_a_question_may_hold_the_name_of_a_flag_after_two_dashes(run: RunCommand) -> None:
    result = run("ask", "--json", "--", "river", "--version")

    assert result.json["question"] == "river --version"


def test_the_list_of_commands_shows_whole_summaries_without_a_full_stop(run: RunCommand) -> None:
    summaries = run().out.partition("Commands:\n")[2].splitlines()

    assert len(summaries) == len(COMMANDS)
    assert [line for line in summaries if line.endswith(".") or len(line) > 80] == []


@pytest.mark.parametrize(
    ("command", "text"),
    [
        ("ask", "Usage: dateline ask [OPTIONS] QUESTION...\n"),
        ("ask", "  QUESTION  Question, best in quotation marks\n"),
        ("ask", "Maximum number of excerpts  [1 to 10]\n"),
        ("ask", "Show this message and exit\n"),
        ("verify", "Usage: dateline verify [OPTIONS] RECEIPT\n"),
        ("verify-quotes", "Usage: dateline verify-quotes [OPTIONS] [TEXT]\n"),
    ],
)
def test_the_help_is_free_of_python_types_and_full_stops(
    run: RunCommand, command: str, text: str
) -> None:
    assert text in run(command, "--help").out
