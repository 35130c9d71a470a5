"""docs/reference/json.md, held to what the commands print."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import typer.main

from bot.cli.commands import build_commands
from tests.builders import SEED_QUESTION, a_json_lines_file, an_article
from tests.commands import RunCommand
from tests.documentation.markdown import parse_table, split_sections
from tests.documentation.pages import read_reference

SECTIONS = {
    heading: {key.strip("`"): kind for key, kind, _ in parse_table(text)}
    for heading, text in split_sections(read_reference("json.md")).items()
}
LISTING = "search, timeline, changed, latest, on"

SIMPLE_TYPES: Mapping[str, Callable[[Any], bool]] = {
    "text": lambda value: isinstance(value, str),
    "number": lambda value: isinstance(value, float | int) and not isinstance(value, bool),
    "whole number": lambda value: type(value) is int,
    "true or false": lambda value: isinstance(value, bool),
    "day": lambda value: str(date.fromisoformat(value)) == value,
    "time": lambda value: datetime.fromisoformat(value).tzinfo is not None,
}

COMMANDS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "ask": (("ask", SEED_QUESTION), ("ask",)),
    "ask, abstaining": (("ask", "Who is the CEO of Anthropic?"), ("ask",)),
    "ask, explained": (("ask", "Who rose by two metres?", "--explain"), ("ask",)),
    "search": (("search", "river"), (LISTING, "search")),
    "search, without result": (("search", "zebra"), (LISTING, "search")),
    "timeline": (("timeline", "river", "--after", "February"), (LISTING, "timeline")),
    "changed": (("changed", "river rose", "--since", "2026-03-02"), (LISTING, "changed")),
    "latest": (("latest", "--source", "the courier"), (LISTING, "latest")),
    "on": (("on", "2026-03-01"), (LISTING, "on")),
    "article": (("article", "flood-1"), ("article",)),
    "article, not found": (("article", "zebra"), ("article",)),
    "trend": (("trend", "river, OpenAI"), ("trend",)),
    "verify": (("verify", "0123456789abcdef"), ("verify",)),
    "verify-quotes": (
        ("verify-quotes", '"rose by two metres" and "never said by anyone"'),
        ("verify-quotes",),
    ),
    "digest": (("digest", "--preview"), ("digest",)),
    "sources": (("sources",), ("sources",)),
    "status": (("status",), ("Extent", "status")),
    "doctor": (("doctor",), ("doctor",)),
}
"""A command line for each case, and the sections that describe what it prints."""


def check_object(value: Mapping[str, Any], *sections: str) -> None:
    """Check that an object has the documented keys with values of the documented types."""
    documented = {key: kind for section in sections for key, kind in SECTIONS[section].items()}
    required = {key for key, kind in documented.items() if not kind.endswith(", optional")}

    assert required <= value.keys() <= documented.keys(), sections
    for key, member in value.items():
        check_value(member, documented[key].removesuffix(", optional"), f"{sections[-1]}.{key}")


def check_value(value: Any, kind: str, place: str) -> None:
    """Check that a value is of the type that the page gives."""
    if kind.endswith(" or null"):
        if value is not None:
            check_value(value, kind.removesuffix(" or null"), place)
    elif kind.startswith("list of "):
        assert isinstance(value, list), place
        for member in value:
            check_value(member, kind.removeprefix("list of "), place)
    elif kind.startswith("object of "):
        assert isinstance(value, dict), place
        for member in value.values():
            check_value(member, kind.removeprefix("object of "), place)
    elif link := re.fullmatch(r"\[(\w+)\]\(#[\w-]+\)", kind):
        section = link[1].capitalize()
        check_object(value, *(["Excerpt", "Entry"] if section == "Entry" else [section]))
    else:
        assert SIMPLE_TYPES[kind](value), place


@pytest.fixture
def library(run: RunCommand, tmp_path: Path) -> Path:
    """Return a file of articles about a flood, after adding them and the articles that ship."""
    articles = [
        an_article("The river rose by one metre.", id="flood-0", published_on=date(2026, 2, 27)),
        an_article(id="flood-1", url="https://courier.example/flood"),
        an_article("The river rose by two metres. Rain fell.", id="flood-2", source="The Herald"),
    ]
    path = a_json_lines_file(tmp_path / "flood.jsonl", articles)
    assert run("status").code == 0
    assert run("ingest", str(path), "--as-of", "2026-03-03").code == 0
    return path


@pytest.mark.parametrize("case", COMMANDS)
@pytest.mark.usefixtures("library")
def test_a_command_prints_the_keys_of_the_page(run: RunCommand, case: str) -> None:
    arguments, sections = COMMANDS[case]

    result = run(*arguments, "--json", "--as-of", "2026-03-03")

    check_object(result.json, *sections)


@pytest.mark.usefixtures("library")
def test_changes_are_pairs_of_an_earlier_and_a_new_sentence(run: RunCommand) -> None:
    result = run("changed", "river rose", "--since", "2026-03-02", "--json")

    days = [entry["published_on"] for entry in result.json["entries"]]
    assert days
    assert all(earlier < "2026-03-02" <= later for earlier, later in split_into_pairs(days))


def split_into_pairs(values: list[str]) -> list[tuple[str, str]]:
    return list(zip(values[::2], values[1::2], strict=True))


def test_ingest_prints_the_keys_of_the_page(run: RunCommand, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("{}\n", encoding="utf-8")

    result = run("ingest", str(path), "--json")

    assert result.json["refusals"]
    check_object(result.json, "ingest")


def test_a_revised_and_a_withdrawn_article_are_verified_with_the_keys_of_the_page(
    run: RunCommand, library: Path
) -> None:
    as_of = ("--as-of", "2026-03-03")
    found = run("search", "one metre", "--json", *as_of).json["entries"]
    receipt = next(entry["receipt"] for entry in found if entry["article_id"] == "flood-0")
    library.write_text(
        library.read_text(encoding="utf-8").replace("one metre", "three metres"), encoding="utf-8"
    )
    run("ingest", str(library), *as_of)
    revised = run("verify", receipt, "--json").json
    run("remove", "flood-0", "--reason", "Published in error.")
    withdrawn = run("verify", receipt, "--json").json

    assert revised["revised_at"]
    assert withdrawn["withdrawn_at"]
    check_object(revised, "verify")
    check_object(withdrawn, "verify")


def test_eval_prints_and_writes_the_keys_of_the_page(run: RunCommand, tmp_path: Path) -> None:
    a_json_lines_file(tmp_path / "corpus.jsonl", [an_article()])
    (tmp_path / "queries.jsonl").write_text(
        '{"id": "q1", "text": "How far did the river rise?", "answer": "two metres"}\n'
        '{"id": "q2", "text": "the", "answerable": false}\n',
        encoding="utf-8",
    )
    (tmp_path / "qrels.tsv").write_text("q1\tflood\t1\n", encoding="utf-8")
    answers = tmp_path / "run.jsonl"
    run("eval", str(tmp_path), "--answers", str(answers))

    result = run("eval", str(tmp_path), "--against", str(answers), "--json")

    assert result.json["against"]
    check_object(result.json, "eval")
    first, second = map(json.loads, answers.read_text(encoding="utf-8").splitlines())
    assert (first.pop("id"), second.pop("id"), second.pop("library")) == ("q1", "q2", None)
    check_object(first, "ask")
    check_object(second | {"library": first["library"]}, "ask")


def test_each_command_with_json_has_a_section() -> None:
    commands = typer.main.get_group(build_commands()).commands
    documented = {name for heading in SECTIONS for name in heading.split(", ")}

    assert {
        name
        for name, command in commands.items()
        if any("--json" in parameter.opts for parameter in command.params)
    } <= documented
