"""The commands in this process; tests/scenario/test_terminal.py runs them as a process."""

import json
import re
import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from bot.cli import commands as cli
from bot.cli.runner import hoist_global_options
from bot.store.database import DATABASE_NAME
from tests.builders import (
    PROJECT,
    SEED_QUESTION,
    a_home,
    a_json_lines_file,
    a_text_file,
    an_article,
)
from tests.commands import Ended, Run
from tests.evaluation.builders import a_folder

QUOTE = "The river rose by two metres."
BODY = f"Rain fell {'and fell ' * 50}for a week.\n\n{QUOTE}"
"""Its first sentence is so long that no other is shown with it."""

FLOOD = {"id": "flood", "date": "2026-03-02", "text": BODY}
ANSWER_KEYS = {
    "question",
    "answered",
    "confidence",
    "reasons",
    "excerpts",
    "closest",
    "library",
    "elapsed_ms",
}
EXCERPT_KEYS = {
    "quote",
    "published_on",
    "article_id",
    "title",
    "title_derived",
    "source",
    "url",
    "paragraph",
    "start",
    "end",
    "revision",
    "rank",
    "score",
    "receipt",
}


@pytest.fixture
def flood(tmp_path: Path, run: Run) -> Path:
    """A file whose article, `flood`, is in the library."""
    path = a_text_file(tmp_path / "in" / "flood.txt", BODY)
    assert run("ingest", str(path)).code == 0
    return path


def receipt_of(ended: Ended) -> str:
    return str(ended.value["excerpts"][0]["receipt"])


def asked(run: Run, *arguments: str) -> Ended:
    return run("ask", "river rose metres", "--json", *arguments)


def test_an_answer_ends_with_0(run: Run) -> None:
    ended = run("ask", SEED_QUESTION)

    assert ended.code == 0
    assert ended.out.startswith("▌ ")
    assert "2 March 2026 · paragraph " in ended.out
    assert "source not given" in ended.out


@pytest.mark.usefixtures("flood")
def test_an_abstention_ends_with_3(run: Run) -> None:
    ended = run("ask", "What is the price of saffron?")

    assert (ended.code, ended.err) == (3, "")
    assert ended.out.startswith("The articles do not answer this.\n")


def test_a_misspelt_word_is_told_with_the_one_that_may_be_meant(run: Run) -> None:
    meant = "No article holds “Antropic”. Did you mean “Anthropic”?"

    ended = run("ask", "What did Antropic say?")
    value = run("ask", "What did Antropic say?", "--json").value

    assert ended.code == 3
    assert f"\n{meant}\n" in ended.out
    assert value["reasons"] == [meant]


@pytest.mark.usefixtures("flood")
def test_explain_shows_what_the_score_is_the_sum_of(run: Run) -> None:
    value = asked(run).value["excerpts"][0]

    explained = asked(run, "--explain").value["excerpts"][0]
    text = run("ask", "river rose metres", "--explain")

    shares = explained.pop("shares")
    added = sum([*shares["terms"].values(), *shares["features"].values()])
    assert explained == value
    assert added == pytest.approx(value["score"], rel=0, abs=1e-9)
    assert shares["terms"].keys() == {"river", "rose", "metres"}
    assert "  river\n" in text.out
    assert f"{value['score']:.2f}  score\n" in text.out


@pytest.mark.usefixtures("flood")
def test_a_question_may_come_in_several_arguments(run: Run) -> None:
    ended = run("ask", "river", "rose", "metres", "--json")

    assert ended.value["question"] == "river rose metres"


def test_the_first_question_of_an_empty_library_says_that_the_seeds_were_taken(run: Run) -> None:
    first, second = run("ask", SEED_QUESTION), run("ask", SEED_QUESTION)

    assert first.err == f"The library was empty: it took in 1 article from {PROJECT / 'seeds'}.\n"
    assert second.err == ""
    assert first.out == second.out


@pytest.mark.usefixtures("flood")
def test_the_object_of_an_answer_has_its_keys_and_verbatim_quotes(run: Run) -> None:
    ended = asked(run)

    value = ended.value
    assert value.keys() == ANSWER_KEYS
    assert value["answered"] is True
    assert value["library"].keys() == {"articles", "passages", "first_date", "last_date"}
    for excerpt in value["excerpts"]:
        assert excerpt.keys() == EXCERPT_KEYS
        assert excerpt["quote"] == BODY[excerpt["start"] : excerpt["end"]]


@pytest.mark.usefixtures("flood")
def test_the_object_of_an_abstention_has_the_same_keys(run: Run) -> None:
    ended = run("ask", "Which minister paid for the river boats in Lisbon?", "--json")

    assert ended.code == 3
    assert ended.value.keys() == ANSWER_KEYS
    assert ended.value["reasons"]
    assert all(excerpt.keys() == EXCERPT_KEYS for excerpt in ended.value["closest"])


@pytest.mark.usefixtures("flood")
def test_a_receipt_is_recomputed_with_hashlib_alone(run: Run) -> None:
    (excerpt,) = asked(run).value["excerpts"]

    signed = f"{excerpt['article_id']}\n{excerpt['start']}\n{excerpt['end']}\n{excerpt['quote']}"
    assert excerpt["receipt"] == sha256(signed.encode("utf-8")).hexdigest()[:16]


def test_json_is_one_line_in_the_letters_of_the_article(run: Run, tmp_path: Path) -> None:
    run(
        "ingest", str(a_text_file(tmp_path / "in" / "fluss.txt", "Der Fluß stieg über zwei Meter."))
    )

    ended = run("ask", "Fluß stieg", "--json")

    assert ended.out.count("\n") == 1
    assert "Der Fluß stieg über zwei Meter." in ended.out


def test_limit_bounds_the_excerpts(run: Run, tmp_path: Path) -> None:
    bodies = ["The river rose by two metres.", "In Linz the river rose early on Sunday."]
    articles = [an_article(body, id=str(number)) for number, body in enumerate(bodies)]
    run("ingest", str(a_json_lines_file(tmp_path / "news.jsonl", articles)))

    shown = [
        len(run("ask", "river rose", "--json", *limit).value["excerpts"])
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
def test_bounds_leave_articles_out(run: Run, bounds: list[str], code: int) -> None:
    assert asked(run, *bounds).code == code


def test_a_clock_before_the_article_hides_it(run: Run) -> None:
    ended = run("ask", SEED_QUESTION, "--json", "--as-of", "2026-03-01")

    assert ended.code == 3
    assert ended.value["library"]["articles"] == 0
    assert ended.value["closest"] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["--as-of", "2026-03-01", "ask", "river", "--json"],
        ["ask", "--as-of", "2026-03-01", "river", "--json"],
        ["ask", "river", "--json", "--as-of=2026-03-01"],
    ],
)
@pytest.mark.usefixtures("flood")
def test_a_global_option_stands_before_or_after_the_command(run: Run, arguments: list[str]) -> None:
    ended = run(*arguments)

    assert ended.value["library"]["articles"] == 0


@pytest.mark.usefixtures("flood")
def test_the_data_folder_and_the_settings_are_named_by_options(run: Run, tmp_path: Path) -> None:
    config = tmp_path / "mine.toml"
    config.write_text("[library]\nseeds = false\n", encoding="utf-8")

    ended = asked(run, "--config", str(config), "--data-dir", str(tmp_path / "other"))

    assert ended.code == 3
    assert ended.value["library"]["articles"] == 0
    assert (tmp_path / "other" / "dateline.sqlite3").exists()


@pytest.mark.usefixtures("flood")
def test_words_after_two_dashes_are_the_question_s(run: Run) -> None:
    ended = run("ask", "--json", "--", "river", "--as-of")

    assert ended.value["question"] == "river --as-of"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["ask", "x"], ["ask", "x"]),
        (["ask", "x", "--as-of", "d"], ["--as-of", "d", "ask", "x"]),
        (
            ["ask", "--data-dir=f", "x", "--config", "c"],
            ["--data-dir=f", "--config", "c", "ask", "x"],
        ),
        (["ask", "--", "--as-of", "d"], ["ask", "--", "--as-of", "d"]),
        (["ask", "x", "--as-of"], ["--as-of"]),
        (["ask", "x", "--as-offering"], ["ask", "x", "--as-offering"]),
    ],
)
def test_global_options_are_put_first(arguments: list[str], expected: list[str]) -> None:
    assert hoist_global_options(arguments) == expected


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nonsense"], "No such command 'nonsense'"),
        (["ask"], "Missing argument 'QUESTION'"),
        (["ask", "river", "--colour"], "No such option: --colour"),
        (["ask", "river", "--limit", "0"], "Invalid value for '--limit'"),
        (["ask", "river", "--limit", "many"], "Invalid value for '--limit'"),
        (["ask", "river", "--as-of"], "Option '--as-of' requires an argument"),
        (["remove", "flood"], "Missing option '--reason'"),
        (["ask", ""], "holds no question"),
        (["ask", "🙂🙂"], "Emoji"),
        (["ask", "the of and"], "nothing to search for"),
        (["ask", "river", "--after", "someday"], "'someday' is not a date"),
        (["ask", "river", "--before", "2026-02-30"], "'2026-02-30' is not a date"),
        (["ask", "river", "--after", ""], "'' is not a date"),
        (["ask", "river", "--after", "3/2"], "write “2 March 2026” or “3 February 2026”"),
        (
            ["ask", "river", "--after", "2026-03-05", "--before", "2026-03-01"],
            "No day lies between 5 March 2026 and 1 March 2026",
        ),
        (["ask", "river", "--as-of", "someday"], "'someday' is not a date"),
        (["ask", "river", "--config", "missing.toml"], "it can't be read"),
        (["ask", "river", "--config", "a\nb\x1b.toml"], "a\ufffdb\ufffd.toml: "),
        (["verify", "0123"], "'0123' is no receipt"),
        (["verify", "xyzxyzxyzxyzxyzx"], "is no receipt"),
        (["remove", "nothing", "--reason", "x"], "no article with the id 'nothing'"),
        (["remove", "a\nb\x1b[31m", "--reason", "x"], r"'a\nb\x1b[31m'"),
    ],
    ids=lambda value: (
        " ".join(value)[:40].encode("unicode_escape").decode() if isinstance(value, list) else ""
    ),
)
def test_wrong_input_is_told_in_one_line_and_ends_with_2(
    run: Run, arguments: list[str], said: str
) -> None:
    ended = run(*arguments)

    assert (ended.code, ended.out) == (2, "")
    assert re.fullmatch(r"dateline: [^\n]+\n", ended.err)
    assert ended.err[:-1].isprintable()
    assert said in ended.err


def test_a_wrong_setting_in_the_environment_ends_with_2(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_ANSWERS__MAX_EXCERPT", "2")

    ended = run("ask", "river")

    assert ended.code == 2
    assert ended.err.startswith("dateline: the environment variable DATELINE_ANSWERS__MAX_EXCERPT")


def test_a_database_that_can_not_be_used_ends_with_1(run: Run, tmp_path: Path) -> None:
    (tmp_path / "data" / "dateline.sqlite3").mkdir(parents=True)

    ended = run("ask", "river")

    assert (ended.code, ended.out) == (1, "")
    assert re.fullmatch(r"dateline: The database .* it is a folder: [^\n]+\n", ended.err)


def test_a_fault_is_told_in_one_line_and_its_traceback_kept_in_a_file(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(cli, "commands", None)  # a fault that no check foresaw
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    ended = run("ask", "river")

    told = re.fullmatch(
        r"dateline: This is a fault in Dateline \(\w+: .*\)\. "
        r"Please report it with the file (\S+)\.\n",
        ended.err,
    )
    assert told
    assert ended.code == 1
    assert Path(told[1]).parent == tmp_path
    assert "Traceback" in Path(told[1]).read_text(encoding="utf-8")


def test_a_fault_is_told_where_no_file_can_be_written(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(cli, "commands", None)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "missing"))

    ended = run("ask", "river")

    assert ended.code == 1
    assert re.fullmatch(r"dateline: This is a fault in Dateline .* Please report it\.\n", ended.err)


def test_without_a_command_the_help_is_shown(run: Run) -> None:
    ended = run()

    assert (ended.code, ended.err) == (0, "")
    assert all(f"  {command}  " in ended.out for command in ("ask", "verify", "ingest", "remove"))


@pytest.mark.parametrize("flag", ["-h", "--help"])
@pytest.mark.parametrize("command", ["ask", "verify", "ingest", "remove"])
def test_the_help_of_each_command_holds_an_example(run: Run, command: str, flag: str) -> None:
    ended = run(command, flag)

    assert ended.code == 0
    assert f"Example: dateline {command} " in ended.out


@pytest.mark.usefixtures("flood")
def test_a_receipt_that_stands_ends_with_0(run: Run) -> None:
    receipt = receipt_of(asked(run))

    text, value = run("verify", receipt), run("verify", receipt, "--json")

    assert (text.code, value.code) == (0, 0)
    assert text.out.startswith(f"The quote stands, word for word.\n\n▌ {QUOTE}\n")
    assert value.value["standing"] == "identical"
    assert value.value["quote"] == QUOTE


def test_a_receipt_whose_quote_moved_ends_with_0(run: Run, flood: Path) -> None:
    receipt = receipt_of(asked(run))
    run("ingest", str(a_text_file(flood, f"No rain.\n\n{BODY}")), "--as-of", "2026-03-04")

    text, value = run("verify", receipt), run("verify", receipt, "--json")

    assert (text.code, value.code) == (0, 0)
    assert "Now in paragraph 3 of revision 2 of 4 March 2026, dated 2 March 2026." in text.out
    assert value.value["standing"] == "moved"


def test_a_receipt_whose_quote_was_revised_ends_with_3_and_shows_both_texts(
    run: Run, flood: Path
) -> None:
    receipt = receipt_of(asked(run))
    run("ingest", str(a_text_file(flood, BODY.replace("two metres", "one metre"))))

    text, value = run("verify", receipt), run("verify", receipt, "--json")

    assert (text.code, value.code) == (3, 3)
    assert f"▌ {QUOTE}\n" in text.out
    assert "▌ The river rose by one metre.\n" in text.out
    assert text.out.count("2 March 2026") == 2
    assert value.value["standing"] == "revised"


def test_a_server_is_forgotten_with_all_its_rows(run: Run, tmp_path: Path) -> None:
    run("forget-server", "1")
    with closing(sqlite3.connect(tmp_path / "data" / DATABASE_NAME)) as connection:
        connection.execute("INSERT INTO servers VALUES ('7', 1, NULL, '[]', NULL)")
        connection.execute("INSERT INTO servers VALUES ('8', 1, NULL, '[]', NULL)")
        connection.commit()

    once = run("forget-server", "7")
    again = run("forget-server", "7")

    assert once == (0, "Nothing is kept about the server 7 now: 1 row deleted.\n", "")
    assert again == (0, "Nothing is kept about the server 7 now: 0 rows deleted.\n", "")


@pytest.mark.parametrize("server_id", ["harbour", "0"])
def test_what_is_no_id_of_a_server_is_wrong_input(run: Run, server_id: str) -> None:
    ended = run("forget-server", server_id)

    assert ended.code == 2
    assert "'ID'" in ended.err


@pytest.mark.usefixtures("flood")
def test_a_receipt_of_a_removed_article_ends_with_3_and_says_since_when_and_why(run: Run) -> None:
    receipt = receipt_of(asked(run))
    run("remove", "flood", "--reason", "Published in error.", "--as-of", "2026-03-04")

    text, value = run("verify", receipt), run("verify", receipt, "--json")

    assert (text.code, value.code) == (3, 3)
    assert "flood, withdrawn on 4 March 2026: Published in error.\n" in text.out
    assert QUOTE not in text.out
    assert value.value["standing"] == "withdrawn"
    assert value.value["reason"] == "Published in error."


@pytest.mark.usefixtures("flood")
def test_a_receipt_never_shown_ends_with_3(run: Run) -> None:
    text = run("verify", "0123456789abcdef")
    value = run("verify", "0123456789abcdef", "--json")

    assert (text.code, value.code) == (3, 3)
    assert text.out == "No excerpt was ever shown under this receipt.\n"
    assert value.value["standing"] == "unknown"


def test_a_malformed_receipt_ends_with_2_with_json_too(run: Run) -> None:
    ended = run("verify", "0123456789abcdeg", "--json")

    assert (ended.code, ended.out) == (2, "")


def test_an_article_removed_and_ingested_again_unchanged_verifies(run: Run, flood: Path) -> None:
    receipt = receipt_of(asked(run))
    run("remove", "flood", "--reason", "A mistake.")
    run("ingest", str(flood))

    ended = run("verify", receipt, "--json")

    assert (ended.code, ended.value["standing"]) == (0, "identical")


@pytest.mark.usefixtures("flood")
def test_a_removed_article_is_gone_from_search_at_once(run: Run) -> None:
    removed = run("remove", "flood", "--reason", "Published in error.")

    assert (removed.code, removed.err) == (0, "")
    assert removed.out == "Removed flood; its receipts now say so.\n"
    assert asked(run).value["library"]["articles"] == 0


def test_no_file_keeps_the_text_of_a_removed_article(run: Run, tmp_path: Path) -> None:
    articles = [
        an_article(f"Number {number}. {BODY * 80}", id=f"n{number}") for number in range(60)
    ]
    run("ingest", str(a_json_lines_file(tmp_path / "news.jsonl", articles)))

    run("remove", "n7", "--reason", "Published in error.")

    saved = (tmp_path / "data" / "corpus.npz").read_bytes()
    assert b"Number 8." in saved
    assert b"Number 7." not in saved


def test_an_ingest_tells_what_became_of_each_file(run: Run, flood: Path, tmp_path: Path) -> None:
    a_text_file(tmp_path / "in" / "council.txt", "The council met.")
    a_text_file(flood, f"{BODY} Nobody was hurt.")

    ended = run("ingest", str(tmp_path / "in"))

    assert (ended.code, ended.err) == (0, "")
    assert ended.out == f"{tmp_path}/in/council.txt: 1 added\n{flood}: 1 revised\n"


def test_a_refused_file_is_named_with_its_reason_and_ends_with_2_while_others_go_in(
    run: Run, tmp_path: Path
) -> None:
    good = a_text_file(tmp_path / "in" / "flood.txt", BODY)
    bad = tmp_path / "in" / "notes.txt"
    bad.write_text("No date here.", encoding="utf-8")

    text, value = run("ingest", str(good.parent)), run("ingest", str(good.parent), "--json")

    assert (text.code, value.code) == (2, 2)
    assert f"Refused: {bad}: " in text.out
    assert value.value | {"refusals": None} == {
        "added": 0,
        "revised": 0,
        "unchanged": 1,
        "refused": 1,
        "refusals": None,
    }
    assert [each["path"] for each in value.value["refusals"]] == [str(bad)]
    assert asked(run).code == 0


def test_a_path_that_does_not_exist_is_refused(run: Run, tmp_path: Path) -> None:
    ended = run("ingest", str(tmp_path / "nowhere"))

    assert ended.code == 2
    assert "No such file" in ended.out


def test_an_empty_folder_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()

    ended = run("ingest", str(tmp_path / "in"))

    assert (ended.code, ended.out) == (0, "No article was found.\n")


def test_control_characters_reach_a_program_verbatim_and_a_person_visibly(
    run: Run, tmp_path: Path
) -> None:
    body = "The river \x1b[31mrose\x1b[0m by two metres."
    run("ingest", str(a_text_file(tmp_path / "in" / "flood.txt", body)))

    text, value = run("ask", "river rose metres"), asked(run)

    assert "\x1b" not in text.out
    assert "The river ␛[31mrose␛[0m by two metres." in text.out
    assert value.value["excerpts"][0]["quote"] == body


def test_a_file_name_with_control_characters_is_shown_harmless(run: Run, tmp_path: Path) -> None:
    bad = tmp_path / "\x1b[31mnotes.txt"
    bad.write_text("No date here.", encoding="utf-8")

    ended = run("ingest", str(bad))

    assert "\x1b" not in ended.out
    assert "␛[31mnotes.txt" in ended.out


def test_no_progress_bar_is_drawn_where_there_is_no_terminal(run: Run, tmp_path: Path) -> None:
    path = a_json_lines_file(
        tmp_path / "news.jsonl", [an_article(id=str(number)) for number in range(120)]
    )

    ended = run("ingest", str(path))

    assert ended == (0, f"{path}: 120 added\n", "")


@pytest.mark.usefixtures("flood")
def test_a_question_is_not_stored(run: Run, tmp_path: Path) -> None:
    asked(run)

    with closing(sqlite3.connect(tmp_path / "data" / "dateline.sqlite3")) as connection:
        dump = "\n".join(connection.iterdump())
    assert "river rose metres" not in dump


@pytest.mark.usefixtures("flood")
def test_a_blank_reason_removes_nothing(run: Run) -> None:
    ended = run("remove", "flood", "--reason", " ")

    assert (ended.code, ended.out) == (2, "")
    assert asked(run).value["library"]["articles"] == 1


def test_an_argument_of_other_bytes_than_utf8_is_refused(run: Run) -> None:
    ended = run("remove", "\udcff", "--reason", "x")

    assert (ended.code, ended.out) == (2, "")


def test_a_question_without_end_is_refused_at_once(run: Run) -> None:
    ended = run("ask", "how much " * 11_000)

    assert (ended.code, ended.out) == (2, "")
    assert "ask it in at most 300" in ended.err


@pytest.fixture
def judged(tmp_path: Path) -> Path:
    """A folder with three judged questions about `flood`, of which one can't be searched for."""
    questions: list[dict[str, Any]] = [
        {"id": "q1", "text": "river rose metres", "answer": "2 metres"},
        {"id": "q2", "text": "What is the price of saffron?", "answerable": False},
        {"id": "q3", "text": "When?", "answer": "noon"},
    ]
    return a_folder(tmp_path / "judged", articles=[FLOOD], questions=questions)


def test_judged_questions_are_measured(run: Run, judged: Path) -> None:
    ended = run("eval", str(judged))

    lines = ended.out.splitlines()
    assert (ended.code, ended.err) == (0, "")
    assert lines[0] == "3 questions, 1 article"
    assert any(re.fullmatch(r"answer@1 +0\.500 +0\.000 to 1\.000 +2", line) for line in lines)


def test_the_measures_are_printed_as_one_json_object(run: Run, judged: Path) -> None:
    value = run("eval", str(judged), "--json").value

    assert value["questions"] == 3
    assert value["measures"]["recall of no"]["figure"] == 1
    assert value["against"] is None


def test_the_answers_are_written_as_ask_prints_them_with_their_ids(
    run: Run, judged: Path, tmp_path: Path
) -> None:
    file = tmp_path / "run.jsonl"

    assert run("eval", str(judged), "--answers", str(file)).code == 0

    answered, refused, unsearched = map(json.loads, file.read_text("utf-8").splitlines())
    assert [each["id"] for each in (answered, refused, unsearched)] == ["q1", "q2", "q3"]
    assert answered.keys() == refused.keys() == unsearched.keys() == ANSWER_KEYS | {"id"}
    assert answered["excerpts"][0]["quote"] == QUOTE
    assert answered["excerpts"][0].keys() == EXCERPT_KEYS
    assert refused["reasons"] == ["No article holds “price” or “saffron”."]
    assert unsearched["reasons"][0].startswith("There is nothing to search for")
    assert unsearched["library"] is None


def test_a_run_is_compared_with_one_that_was_written_down(
    run: Run, judged: Path, tmp_path: Path
) -> None:
    file = tmp_path / "run.jsonl"
    run("eval", str(judged), "--answers", str(file))

    ended = run("eval", str(judged), "--against", str(file), "--json")

    against = ended.value["against"]
    assert against["questions"] == 3
    assert against["measures"]["answer@1"]["difference"] == 0


def test_plain_leaves_the_features_out(run: Run, judged: Path, tmp_path: Path) -> None:
    files = [tmp_path / "plain.jsonl", tmp_path / "featured.jsonl"]

    run("eval", str(judged), "--answers", str(files[0]), "--plain")
    run("eval", str(judged), "--answers", str(files[1]))

    plain, featured = (
        json.loads(file.read_text("utf-8").splitlines()[0])["excerpts"][0]["score"]
        for file in files
    )
    assert plain < featured


def test_without_dates_no_article_is_hidden(run: Run, tmp_path: Path) -> None:
    question = {"id": "q1", "text": "How far did the river rise?", "date": "2020-01-01"}
    folder = a_folder(tmp_path / "judged", articles=[FLOOD], questions=[question])

    found = [
        run("eval", str(folder), "--json", *flags).value["measures"]["R@100"]["figure"]
        for flags in ((), ("--no-dates",))
    ]

    assert found == [0, 1]


@pytest.mark.parametrize("command", [["ask", "river rose metres"], ["eval", "{judged}"]])
def test_weights_that_are_missing_stop_the_program_with_one_sentence(
    run: Run, judged: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    weights = a_home(tmp_path / "home") / "config" / "weights.toml"
    weights.unlink()
    monkeypatch.setenv("DATELINE_HOME", str(tmp_path / "home"))

    ended = run(*(each.format(judged=judged) for each in command))

    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        f"dateline: {weights}: weights: the file can't be used: restore it from the project.\n"
    )


def test_plain_needs_no_weights(
    run: Run, judged: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (a_home(tmp_path / "home") / "config" / "weights.toml").unlink()
    monkeypatch.setenv("DATELINE_HOME", str(tmp_path / "home"))

    assert run("eval", str(judged), "--plain").code == 0


def test_measuring_leaves_the_library_alone(run: Run, judged: Path, tmp_path: Path) -> None:
    run("eval", str(judged))

    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["absent"], "a folder of judged questions holds either corpus.jsonl"),
        (["{judged}", "--against", "absent.jsonl"], "absent.jsonl: it can't be read"),
        (["{judged}", "--answers", "{judged}"], "it can't be written: Is a directory"),
        (["{judged}", "--as-of", "2026-03-02"], "eval takes the day of each question"),
    ],
)
def test_what_can_not_be_measured_is_wrong_input(
    run: Run, judged: Path, arguments: list[str], complaint: str
) -> None:
    ended = run("eval", *(each.format(judged=judged) for each in arguments))

    assert (ended.code, ended.out) == (2, "")
    assert complaint in ended.err
