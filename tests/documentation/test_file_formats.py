"""docs/reference/file-formats.md: its examples are read, and what it says is refused is refused."""

import gzip
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.library.json_lines import MAX_LINES_WITHOUT_ARTICLE, SUFFIXES
from tests.commands import RunCommand
from tests.documentation.markdown import find_code_blocks, parse_table, split_sections
from tests.documentation.pages import read_reference

PAGE = read_reference("file-formats.md")
SECTIONS = split_sections(PAGE)

Files = Mapping[str, bytes]


def a_line(**fields: str) -> bytes:
    members = {"id": '"flood"', "date": '"2026-03-02"', "text": '"The river rose."'} | fields
    pairs = ", ".join(f'"{key}": {value}' for key, value in members.items() if value)
    return f"{{{pairs}}}\n".encode()


REFUSED: Mapping[str, Files] = {
    "A text file without `date YYYY-MM-DD` at its beginning": {"a.txt": b"The river rose."},
    "`date 2026-02-30`": {"a.txt": b"date 2026-02-30 The river rose."},
    "`date 2 March 2026`": {"a.txt": b"date 2 March 2026 The river rose."},
    "A file that is not UTF-8, or binary": {
        "a.txt": "date 2026-03-02 Café.".encode("latin-1"),
        "b.txt": b"date 2026-03-02 \0",
    },
    "An empty file, or a date without text": {"a.txt": b"", "b.txt": b"date 2026-03-02\n"},
    "A body over 1,000,000 bytes (setting `library.max_article_bytes`)": {
        "a.txt": b"date 2026-03-02 " + b"river " * 170_000
    },
    "A line that is not a JSON object": {"a.jsonl": b"{\n", "b.jsonl": b"[1]\n"},
    "A line without `id`, `date` or `text`": {
        "a.jsonl": a_line(id=""),
        "b.jsonl": a_line(date=""),
        "c.jsonl": a_line(text=""),
    },
    'A value that is not text, such as `"id": 7`': {"a.jsonl": a_line(id="7")},
    '`"url": "courier.example/flood"`': {"a.jsonl": a_line(url='"courier.example/flood"')},
    "Two articles with the same id in one run": {"a.jsonl": a_line() + a_line()},
    "A text with a NUL character or half a surrogate pair": {
        "a.jsonl": a_line(text=r'"\u0000"'),
        "b.jsonl": a_line(text=r'"\ud800"'),
    },
    "Damaged gzip": {"a.jsonl.gz": gzip.compress(a_line())[:20]},
}


def find_examples(section: str) -> list[str]:
    return [block.code for block in find_code_blocks(SECTIONS[section])]


@pytest.mark.parametrize(
    ("section", "name", "count"), [("Dated text", "flood.txt", 1), ("JSON Lines", "a.jsonl", 2)]
)
def test_an_example_of_an_article_is_added(
    run: RunCommand, tmp_path: Path, section: str, name: str, count: int
) -> None:
    (example,) = find_examples(section)
    path = tmp_path / name
    path.write_text(example, encoding="utf-8")

    result = run("ingest", str(path), "--json")

    assert (result.code, result.json["added"]) == (0, count)


@pytest.mark.parametrize("example", REFUSED)
def test_what_the_page_calls_refused_is_refused(
    run: RunCommand, tmp_path: Path, example: str
) -> None:
    for name, data in REFUSED[example].items():
        (tmp_path / name).write_bytes(data)
    paths = [str(tmp_path / name) for name in REFUSED[example]]

    result = run("ingest", *paths, "--json")

    assert (result.code, result.json["added"]) == (2, 0)
    assert result.json["refused"] >= len(paths)


def test_each_example_of_what_is_refused_is_tried() -> None:
    assert [row[0] for row in parse_table(SECTIONS["What is refused"])] == list(REFUSED)


def test_the_names_and_limits_are_those_of_the_code() -> None:
    assert all(f"`{suffix}`" in SECTIONS["JSON Lines"] for suffix in SUFFIXES)
    assert f"{MAX_LINES_WITHOUT_ARTICLE:,} lines" in SECTIONS["What is refused"]


def test_the_example_of_judged_questions_is_measured(run: RunCommand, tmp_path: Path) -> None:
    names = ("corpus.jsonl", "queries.jsonl", "qrels.tsv")
    for name, example in zip(names, find_examples("Judged questions"), strict=True):
        (tmp_path / name).write_text(example, encoding="utf-8")

    result = run("eval", str(tmp_path), "--json")

    assert (result.code, result.json["articles"], result.json["questions"]) == (0, 2, 3)
    assert result.json["measures"]["nDCG@10"]["questions"] == 2
    assert result.json["measures"]["answer@1"]["questions"] == 2
    assert result.json["measures"]["recall of no"]["questions"] == 1
