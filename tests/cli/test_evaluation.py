"""The command that measures answers against judged questions."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.builders import a_home
from tests.cli.flood import ANSWER_KEYS, EXCERPT_KEYS, QUOTE, RECORD
from tests.commands import RunCommand
from tests.evaluation.builders import a_folder


@pytest.fixture
def judged_folder(tmp_path: Path) -> Path:
    """Return a folder with three judged questions about `flood`; one can't be searched for."""
    questions: list[dict[str, Any]] = [
        {"id": "q1", "text": "river rose metres", "answer": "2 metres"},
        {"id": "q2", "text": "What is the price of saffron?", "answerable": False},
        {"id": "q3", "text": "When?", "answer": "noon"},
    ]
    return a_folder(tmp_path / "judged", articles=[RECORD], questions=questions)


def test_judged_questions_are_measured(run: RunCommand, judged_folder: Path) -> None:
    result = run("eval", str(judged_folder))

    lines = result.out.splitlines()
    assert (result.code, result.err) == (0, "")
    assert lines[0] == "3 questions, 1 article"
    assert any(re.fullmatch(r"answer@1 +0\.500 +0\.000 to 1\.000 +2", line) for line in lines)


def test_the_measures_are_printed_as_one_json_object(run: RunCommand, judged_folder: Path) -> None:
    value = run("eval", str(judged_folder), "--json").json

    assert value["questions"] == 3
    assert value["measures"]["recall of no"]["figure"] == 1
    assert value["against"] is None


def test_the_answers_are_written_as_ask_prints_them_with_their_ids(
    run: RunCommand, judged_folder: Path, tmp_path: Path
) -> None:
    file = tmp_path / "run.jsonl"

    assert run("eval", str(judged_folder), "--answers", str(file)).code == 0

    answered, refused, unsearched = map(json.loads, file.read_text("utf-8").splitlines())
    assert [answer["id"] for answer in (answered, refused, unsearched)] == ["q1", "q2", "q3"]
    assert answered.keys() == refused.keys() == unsearched.keys() == ANSWER_KEYS | {"id"}
    assert answered["excerpts"][0]["quote"] == QUOTE
    assert answered["excerpts"][0].keys() == EXCERPT_KEYS
    assert refused["reasons"] == ["No article contains “price” or “saffron”."]
    assert unsearched["reasons"][0].startswith("There is nothing to search for")
    assert unsearched["library"] is None


def test_a_run_is_compared_with_one_that_was_written_down(
    run: RunCommand, judged_folder: Path, tmp_path: Path
) -> None:
    file = tmp_path / "run.jsonl"
    run("eval", str(judged_folder), "--answers", str(file))

    result = run("eval", str(judged_folder), "--against", str(file), "--json")

    against = result.json["against"]
    assert against["questions"] == 3
    assert against["measures"]["answer@1"]["difference"] == 0


def test_plain_leaves_the_features_out(
    run: RunCommand, judged_folder: Path, tmp_path: Path
) -> None:
    files = [tmp_path / "plain.jsonl", tmp_path / "featured.jsonl"]

    run("eval", str(judged_folder), "--answers", str(files[0]), "--plain")
    run("eval", str(judged_folder), "--answers", str(files[1]))

    plain, featured = (
        json.loads(file.read_text("utf-8").splitlines()[0])["excerpts"][0]["score"]
        for file in files
    )
    assert plain < featured


def test_without_dates_no_article_is_hidden(run: RunCommand, tmp_path: Path) -> None:
    question = {"id": "q1", "text": "How far did the river rise?", "date": "2020-01-01"}
    folder = a_folder(tmp_path / "judged", articles=[RECORD], questions=[question])

    found = [
        run("eval", str(folder), "--json", *flags).json["measures"]["R@100"]["figure"]
        for flags in ((), ("--no-dates",))
    ]

    assert found == [0, 1]


@pytest.mark.parametrize("command", [["ask", "river rose metres"], ["eval", "{judged}"]])
def test_weights_that_are_missing_stop_the_program_with_one_sentence(
    run: RunCommand,
    judged_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: list[str],
) -> None:
    weights = a_home(tmp_path / "home") / "config" / "weights.toml"
    weights.unlink()
    monkeypatch.setenv("DATELINE_HOME", str(tmp_path / "home"))

    result = run(*(argument.format(judged=judged_folder) for argument in command))

    assert (result.code, result.out) == (2, "")
    assert f"an't use the weights in {weights}. " in result.err


def test_plain_needs_no_weights(
    run: RunCommand, judged_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (a_home(tmp_path / "home") / "config" / "weights.toml").unlink()
    monkeypatch.setenv("DATELINE_HOME", str(tmp_path / "home"))

    assert run("eval", str(judged_folder), "--plain").code == 0


def test_measuring_leaves_the_library_alone(
    run: RunCommand, judged_folder: Path, tmp_path: Path
) -> None:
    run("eval", str(judged_folder))

    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["absent"], "he folder must contain either corpus.jsonl"),
        (["{judged}", "--against", "absent.jsonl"], "absent.jsonl. The file can't be read"),
        (["{judged}", "--answers", "{judged}"], "t can't be written (Is a directory)"),
        (["{judged}", "--as-of", "2026-03-02"], "the folder gives the day of each question"),
    ],
)
def test_eval_reports_wrong_input(
    run: RunCommand, judged_folder: Path, arguments: list[str], complaint: str
) -> None:
    result = run("eval", *(argument.format(judged=judged_folder) for argument in arguments))

    assert (result.code, result.out) == (2, "")
    assert complaint in result.err
