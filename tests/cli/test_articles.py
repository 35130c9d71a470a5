"""The commands that add and remove articles."""

import os
from pathlib import Path

import pytest

from tests.builders import a_json_lines_file, a_text_file, an_article
from tests.cli.flood import BODY, ask_about_flood
from tests.commands import RunCommand


@pytest.mark.usefixtures("flood")
def test_a_removed_article_is_gone_from_search_at_once(run: RunCommand) -> None:
    removed = run("remove", "flood", "--reason", "Published in error.")

    assert (removed.code, removed.err) == (0, "")
    assert removed.out == "Removed flood. Its receipts now show the reason.\n"
    assert ask_about_flood(run).json["library"]["articles"] == 0


def test_no_file_keeps_the_text_of_a_removed_article(run: RunCommand, tmp_path: Path) -> None:
    articles = [
        an_article(f"Number {number}. {BODY * 80}", id=f"n{number}") for number in range(60)
    ]
    run("ingest", str(a_json_lines_file(tmp_path / "news.jsonl", articles)))

    run("remove", "n7", "--reason", "Published in error.")

    saved = (tmp_path / "data" / "corpus.npz").read_bytes()
    assert b"Number 8." in saved
    assert b"Number 7." not in saved


def test_an_ingest_prints_the_result_of_each_file(
    run: RunCommand, flood: Path, tmp_path: Path
) -> None:
    a_text_file(tmp_path / "in" / "council.txt", "The council met.")
    a_text_file(flood, f"{BODY} Nobody was hurt.")

    result = run("ingest", str(tmp_path / "in"))

    assert (result.code, result.err) == (0, "")
    assert result.out == f"{tmp_path}/in/council.txt: 1 added\n{flood}: 1 revised\n"


def test_a_refused_file_is_named_with_its_reason_and_ends_with_2_while_others_go_in(
    run: RunCommand, tmp_path: Path
) -> None:
    good = a_text_file(tmp_path / "in" / "flood.txt", BODY)
    bad = tmp_path / "in" / "notes.txt"
    bad.write_text("No date here.", encoding="utf-8")

    text, as_json = run("ingest", str(good.parent)), run("ingest", str(good.parent), "--json")

    assert (text.code, as_json.code) == (2, 2)
    assert f"Refused: {bad}: " in text.out
    assert as_json.json | {"refusals": None} == {
        "added": 0,
        "revised": 0,
        "unchanged": 1,
        "refused": 1,
        "refusals": None,
    }
    assert [refusal["path"] for refusal in as_json.json["refusals"]] == [str(bad)]
    assert ask_about_flood(run).code == 0


def test_a_path_that_does_not_exist_is_refused(run: RunCommand, tmp_path: Path) -> None:
    result = run("ingest", str(tmp_path / "nowhere"))

    assert result.code == 2
    assert "No such file" in result.out


def test_an_empty_folder_is_reported(run: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()

    result = run("ingest", str(tmp_path / "in"))

    assert (result.code, result.out) == (0, "No articles found.\n")


def test_a_file_name_with_control_characters_is_shown_harmless(
    run: RunCommand, tmp_path: Path
) -> None:
    bad = tmp_path / "\x1b[31mnotes.txt"
    bad.write_text("No date here.", encoding="utf-8")

    result = run("ingest", str(bad))

    assert "\x1b" not in result.out
    assert "␛[31mnotes.txt" in result.out


def test_no_progress_bar_is_drawn_without_a_terminal(run: RunCommand, tmp_path: Path) -> None:
    path = a_json_lines_file(
        tmp_path / "news.jsonl", [an_article(id=str(number)) for number in range(120)]
    )

    result = run("ingest", str(path))

    assert result == (0, f"{path}: 120 added\n", "")


@pytest.mark.usefixtures("flood")
def test_a_blank_reason_removes_nothing(run: RunCommand) -> None:
    result = run("remove", "flood", "--reason", " ")

    assert (result.code, result.out) == (2, "")
    assert ask_about_flood(run).json["library"]["articles"] == 1


def test_a_file_name_that_is_not_utf_8_is_named_in_text_and_in_json(
    run: RunCommand, tmp_path: Path
) -> None:
    bad = tmp_path / os.fsdecode(b"caf\xe9\xc2\x9b.txt")
    bad.write_text("No date here.", encoding="utf-8")

    text, as_json = run("ingest", str(tmp_path)), run("ingest", str(tmp_path), "--json")

    assert "caf\ufffd\ufffd.txt: the file has no date" in text.out
    assert as_json.json["refusals"][0]["path"] == str(bad)
    assert as_json.out.rstrip("\n").isprintable()
