import gzip
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.errors import JudgedFileError
from bot.evaluation.judged import Judgement, read_judged_collection
from tests.evaluation.builders import ARTICLE, QUESTION, a_folder


def judgement_of(folder: Path, **fields: Any) -> Judgement:
    question = {"id": "q1", "text": "What rose?", **fields}
    return read_judged_collection(a_folder(folder, questions=[question])).judgements["q1"]


def test_articles_are_read_unchanged(tmp_path: Path) -> None:
    article = ARTICLE | {"text": " One.\r\nTwo.\n", "source": "The Courier", "url": "https://a.b/c"}

    (read_article,) = read_judged_collection(a_folder(tmp_path, articles=[article])).articles

    assert read_article.id == "flood"
    assert read_article.title == "The flood"
    assert not read_article.has_derived_title
    assert read_article.source == "The Courier"
    assert read_article.url == "https://a.b/c"
    assert read_article.published_on == date(2026, 3, 2)
    assert read_article.body == "One.\nTwo."


@pytest.mark.parametrize("absent", [None, ""])
def test_missing_fields_of_an_article_are_none_or_derived(
    tmp_path: Path, absent: str | None
) -> None:
    article = {"id": "flood", "text": "The river rose.\nIt fell.", "url": absent}
    article |= dict.fromkeys(("title", "date", "source"), absent)
    grades = ""

    (found,) = read_judged_collection(
        a_folder(tmp_path, articles=[article], grades=grades)
    ).articles

    assert (found.title, found.has_derived_title) == ("The river rose.", True)
    assert (found.source, found.url, found.published_on) == (None, None, None)


def test_a_corpus_may_be_gzipped(tmp_path: Path) -> None:
    corpus = a_folder(tmp_path) / "corpus.jsonl"
    (tmp_path / "corpus.jsonl.gz").write_bytes(gzip.compress(corpus.read_bytes()))
    corpus.unlink()

    assert len(read_judged_collection(tmp_path).articles) == 1


def test_blank_lines_are_skipped(tmp_path: Path) -> None:
    a_folder(tmp_path, grades="\nq1\tflood\t2\n\n")
    with (tmp_path / "queries.jsonl").open("a", encoding="utf-8") as file:
        file.write("\n  \n")

    judged = read_judged_collection(tmp_path)

    assert len(judged.questions) == 1
    assert judged.judgements["q1"].grades == {"flood": 2}


def test_a_question_may_have_a_day(tmp_path: Path) -> None:
    questions = [QUESTION, {"id": "q2", "text": "What fell?"}]

    judged = read_judged_collection(a_folder(tmp_path, questions=questions))

    assert [question.id for question in judged.questions] == ["q1", "q2"]
    assert [question.asked_on for question in judged.questions] == [date(2026, 3, 3), None]
    assert judged.judgements["q2"].grades == {}


def test_the_answering_code_receives_only_id_text_and_day(tmp_path: Path) -> None:
    (question,) = read_judged_collection(a_folder(tmp_path)).questions

    assert question.__slots__ == ("id", "text", "asked_on")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("Iran", ("Iran",)),
        ("WMO; the WMO", ("WMO", "the WMO")),
        ("Iran; ", ("Iran",)),
        ("AT&T;T", ("AT&T;T",)),
        ("", ()),
        (None, ()),
    ],
)
def test_an_answer_may_have_several_wordings(
    tmp_path: Path, answer: str | None, expected: tuple[str, ...]
) -> None:
    assert judgement_of(tmp_path, answer=answer).answers == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param({"answer": "a"}, True, id="answer"),
        pytest.param({}, False, id="nothing"),
        pytest.param({"evidence": ["It rose."]}, False, id="evidence alone"),
        pytest.param({"answer": "a", "answerable": True}, True, id="answerable"),
        pytest.param({"answer": "a", "answerable": False}, False, id="unanswerable"),
        pytest.param({"answerable": True}, False, id="answerable, unknown how"),
        pytest.param({"evidence": ["It rose."], "answerable": True}, True, id="by evidence"),
        pytest.param({"answer": "a", "has_answer_gold": False}, False, id="marked without"),
        pytest.param(
            {"answer": "a", "has_answer_gold": True, "answerable": False}, True, id="marked with"
        ),
    ],
)
def test_an_answer_is_expected_if_marked_or_given(
    tmp_path: Path, fields: dict[str, Any], *, expected: bool
) -> None:
    assert judgement_of(tmp_path, **fields).has_answer is expected


@pytest.mark.parametrize("answerable", [True, False, None])
def test_a_question_is_answerable_or_not_or_unknown(
    tmp_path: Path, *, answerable: bool | None
) -> None:
    assert judgement_of(tmp_path, answerable=answerable).is_answerable is answerable


@pytest.mark.parametrize(
    ("file", "line", "number", "reason"),
    [
        ("corpus.jsonl", "{", 2, "not valid JSON"),
        ("corpus.jsonl", "[1]", 2, "not a JSON object"),
        ("corpus.jsonl", "[" * 100_000, 2, "not valid JSON"),
        ("corpus.jsonl", '{"text": "It rose."}', 2, "“id” is missing"),
        ("corpus.jsonl", '{"id": "x", "text": " "}', 2, "“text” is missing"),
        ("corpus.jsonl", '{"id": 7, "text": "It rose."}', 2, "“id” is not text"),
        ("corpus.jsonl", '{"id": "x", "text": "\\ud800"}', 2, "“text” is not text"),
        ("corpus.jsonl", '{"id": "flood", "text": "It rose."}', 2, "already used on line 1"),
        ("corpus.jsonl", '{"id": "x", "text": "a", "date": "2026-02-30"}', 2, "YYYY-MM-DD"),
        ("corpus.jsonl", '{"id": "x", "text": "a", "date": "20260302"}', 2, "YYYY-MM-DD"),
        ("corpus.jsonl", '{"id": "x", "text": "a", "date": "9999-12-31"}', 2, "YYYY-MM-DD"),
        ("queries.jsonl", '{"id": "q2"}', 2, "“text” is missing"),
        ("queries.jsonl", '{"id": "q1", "text": "What?"}', 2, "already used on line 1"),
        ("queries.jsonl", '{"id": "q2", "text": "a", "date": "today"}', 2, "YYYY-MM-DD"),
        ("queries.jsonl", '{"id": "q2", "text": "a", "answer": 3}', 2, "“answer” is not text"),
        ("queries.jsonl", '{"id": "q2", "text": "a", "answerable": "no"}', 2, "not a boolean"),
        ("queries.jsonl", '{"id": "q2", "text": "a", "evidence": "b"}', 2, "not a list of texts"),
        ("queries.jsonl", '{"id": "q2", "text": "a", "evidence": [1]}', 2, "not a list of texts"),
        ("qrels.tsv", "q1 flood 1", 2, "separated by tabs"),
        ("qrels.tsv", "q1\tflood\tgood", 2, "separated by tabs"),
        ("qrels.tsv", "q9\tflood\t1", 2, "the id “q9” does not occur"),
        ("qrels.tsv", "q1\tdrought\t1", 2, "the id “drought” does not occur"),
    ],
)
def test_an_invalid_line_is_named_with_the_reason(
    tmp_path: Path, file: str, line: str, number: int, reason: str
) -> None:
    with (a_folder(tmp_path) / file).open("a", encoding="utf-8") as opened:
        opened.write(f"{line}\n")

    with pytest.raises(JudgedFileError) as raised:
        read_judged_collection(tmp_path)

    assert (raised.value.path, raised.value.line) == (tmp_path / file, number)
    assert reason in raised.value.reason


@pytest.mark.parametrize("file", ["queries.jsonl", "qrels.tsv"])
def test_a_missing_file_is_named(tmp_path: Path, file: str) -> None:
    (a_folder(tmp_path) / file).unlink()

    with pytest.raises(JudgedFileError) as raised:
        read_judged_collection(tmp_path)

    assert (raised.value.path, raised.value.line) == (tmp_path / file, None)
    assert "No such file" in raised.value.reason


@pytest.mark.parametrize("count", [0, 2])
def test_a_folder_has_exactly_one_corpus(tmp_path: Path, count: int) -> None:
    corpus = a_folder(tmp_path) / "corpus.jsonl"
    (tmp_path / "corpus.jsonl.gz").write_bytes(gzip.compress(corpus.read_bytes()))
    if not count:
        corpus.unlink()
        (tmp_path / "corpus.jsonl.gz").unlink()

    with pytest.raises(JudgedFileError) as raised:
        read_judged_collection(tmp_path)

    assert raised.value.path == tmp_path
    assert "either corpus.jsonl or corpus.jsonl.gz" in str(raised.value)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(gzip.compress(b"{}\n" * 1000)[:-20], id="cut"),
        pytest.param(gzip.compress(b"\xff\xfe\n"), id="no UTF-8"),
        pytest.param(b"{}\n", id="not gzip"),
        pytest.param(gzip.compress(b"{}")[:10] + b"\xff" * 20, id="damaged"),
    ],
)
def test_a_damaged_corpus_is_named(tmp_path: Path, content: bytes) -> None:
    corpus = a_folder(tmp_path) / "corpus.jsonl"
    corpus.unlink()
    packed = tmp_path / "corpus.jsonl.gz"
    packed.write_bytes(content)

    with pytest.raises(JudgedFileError) as raised:
        read_judged_collection(tmp_path)

    assert raised.value.path == packed
    assert str(raised.value).isprintable()
