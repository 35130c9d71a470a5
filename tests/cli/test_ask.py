"""The command that answers a question."""

import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from tests.builders import PROJECT, SEED_QUESTION, a_json_lines_file, a_text_file, an_article
from tests.cli.flood import ANSWER_KEYS, BODY, EXCERPT_KEYS, QUESTION, ask_about_flood
from tests.commands import RunCommand


def test_an_answer_ends_with_0(run: RunCommand) -> None:
    result = run("ask", SEED_QUESTION)

    assert result.code == 0
    assert result.out.startswith("▌ ")
    assert "2 March 2026 · paragraph " in result.out
    assert "no source" in result.out


@pytest.mark.usefixtures("flood")
def test_an_abstention_ends_with_3(run: RunCommand) -> None:
    result = run("ask", "What is the price of saffron?")

    assert (result.code, result.err) == (3, "")
    assert result.out.startswith("The articles do not answer this.\n")


def test_a_misspelt_word_is_reported_with_a_suggestion(run: RunCommand) -> None:
    meant = "No article contains “Antropic”. Did you mean “Anthropic”?"

    result = run("ask", "What did Antropic say?")
    value = run("ask", "What did Antropic say?", "--json").json

    assert result.code == 3
    assert f"\n{meant}\n" in result.out
    assert value["reasons"] == [meant]


@pytest.mark.usefixtures("flood")
def test_explain_shows_the_summands_of_the_score(run: RunCommand) -> None:
    value = ask_about_flood(run).json["excerpts"][0]

    explained = ask_about_flood(run, "--explain").json["excerpts"][0]
    text = run("ask", QUESTION, "--explain")

    shares = explained.pop("shares")
    added = sum([*shares["terms"].values(), *shares["features"].values()])
    assert explained == value
    assert added == pytest.approx(value["score"], rel=0, abs=1e-9)
    assert shares["terms"].keys() == {"river", "rose", "metres"}
    assert "  river\n" in text.out
    assert f"{value['score']:.2f}  score\n" in text.out


@pytest.mark.usefixtures("flood")
def test_a_question_may_come_in_several_arguments(run: RunCommand) -> None:
    result = run("ask", "river", "rose", "metres", "--json")

    assert result.json["question"] == QUESTION


def test_the_first_question_of_an_empty_library_says_that_the_seeds_were_added(
    run: RunCommand,
) -> None:
    first, second = run("ask", SEED_QUESTION), run("ask", SEED_QUESTION)

    assert first.err == f"The library was empty. Added 1 article from {PROJECT / 'seeds'}.\n"
    assert second.err == ""
    assert first.out == second.out


@pytest.mark.usefixtures("flood")
def test_the_object_of_an_answer_has_its_keys_and_verbatim_quotes(run: RunCommand) -> None:
    result = ask_about_flood(run)

    value = result.json
    assert value.keys() == ANSWER_KEYS
    assert value["answered"] is True
    assert value["library"].keys() == {"articles", "passages", "first_date", "last_date"}
    for excerpt in value["excerpts"]:
        assert excerpt.keys() == EXCERPT_KEYS
        assert excerpt["quote"] == BODY[excerpt["start"] : excerpt["end"]]


@pytest.mark.usefixtures("flood")
def test_the_object_of_an_abstention_has_the_same_keys(run: RunCommand) -> None:
    result = run("ask", "Which minister paid for the river boats in Lisbon?", "--json")

    assert result.code == 3
    assert result.json.keys() == ANSWER_KEYS
    assert result.json["reasons"]
    assert all(excerpt.keys() == EXCERPT_KEYS for excerpt in result.json["closest"])


@pytest.mark.usefixtures("flood")
def test_a_receipt_is_recomputed_with_hashlib_alone(run: RunCommand) -> None:
    (excerpt,) = ask_about_flood(run).json["excerpts"]

    signed = f"{excerpt['article_id']}\n{excerpt['start']}\n{excerpt['end']}\n{excerpt['quote']}"
    assert excerpt["receipt"] == sha256(signed.encode("utf-8")).hexdigest()[:16]


def test_json_is_one_line_in_the_letters_of_the_article(run: RunCommand, tmp_path: Path) -> None:
    run(
        "ingest", str(a_text_file(tmp_path / "in" / "fluss.txt", "Der Fluß stieg über zwei Meter."))
    )

    result = run("ask", "Fluß stieg", "--json")

    assert result.out.count("\n") == 1
    assert "Der Fluß stieg über zwei Meter." in result.out


def test_limit_bounds_the_excerpts(run: RunCommand, tmp_path: Path) -> None:
    bodies = ["The river rose by two metres.", "In Linz the river rose early on Sunday."]
    articles = [an_article(body, id=str(number)) for number, body in enumerate(bodies)]
    run("ingest", str(a_json_lines_file(tmp_path / "news.jsonl", articles)))

    shown = [
        len(run("ask", "river rose", "--json", *limit).json["excerpts"])
        for limit in ((), ("--limit", "1"))
    ]

    assert shown == [2, 1]


@pytest.mark.parametrize(
    ("bounds", "code"),
    [
        (["--after", "2026-03-02", "--before", "2 March 2026"], 0),
        (["--after", "2026-03-03"], 3),
        (["--before", "2026-03-01"], 3),
        (["--source", "The Herald"], 3),
    ],
)
@pytest.mark.usefixtures("flood")
def test_bounds_leave_articles_out(run: RunCommand, bounds: list[str], code: int) -> None:
    assert ask_about_flood(run, *bounds).code == code


def test_control_characters_reach_a_program_verbatim_and_a_person_visibly(
    run: RunCommand, tmp_path: Path
) -> None:
    body = "The river \x1b[31mrose\x1b[0m by two metres."
    run("ingest", str(a_text_file(tmp_path / "in" / "flood.txt", body)))

    text, as_json = run("ask", QUESTION), ask_about_flood(run)

    assert "\x1b" not in text.out
    assert "The river ␛[31mrose␛[0m by two metres." in text.out
    assert as_json.json["excerpts"][0]["quote"] == body


@pytest.mark.usefixtures("flood")
def test_a_question_is_not_stored(run: RunCommand, tmp_path: Path) -> None:
    ask_about_flood(run)

    with closing(sqlite3.connect(tmp_path / "data" / "dateline.sqlite3")) as connection:
        dump = "\n".join(connection.iterdump())
    assert QUESTION not in dump


def test_a_question_without_end_is_refused_at_once(run: RunCommand) -> None:
    result = run("ask", "how much " * 11_000)

    assert (result.code, result.out) == (2, "")
    assert "Shorten it to 300 or fewer" in result.err


def test_json_reaches_a_terminal_without_control_characters(
    run: RunCommand, tmp_path: Path
) -> None:
    body = "The river \x1b]0;x\x07rose \x9b2Jby two\u2028metres."
    run("ingest", str(a_json_lines_file(tmp_path / "news.jsonl", [an_article(body)])))

    result = run("ask", QUESTION, "--json")

    assert result.out.rstrip("\n").isprintable()
    assert result.json["excerpts"][0]["quote"] == body
