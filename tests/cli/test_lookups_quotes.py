"""The command verify-quotes in this process."""

from pathlib import Path

import pytest

from tests.builders import a_json_lines_file
from tests.commands import Run
from tests.scenario import river

STANDS = "“while markets stayed open all night”"


@pytest.fixture(autouse=True)
def library(tmp_path: Path, run: Run) -> None:
    path = a_json_lines_file(tmp_path / "articles.jsonl", river.ARTICLES)
    assert run("ingest", str(path)).code == 0


def test_a_quotation_that_stands_ends_with_0_and_can_be_verified(run: Run) -> None:
    ended = run("verify-quotes", f"He said {STANDS}.")

    receipt = ended.out.partition("receipt ")[2].split()[0]
    assert ended.code == 0
    assert "Found word for word in Flood in Bremen · The Courier, 2 March 2025" in ended.out
    assert run("verify", receipt).code == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{STANDS} and “markets were closed all night”", "Not found in any article."),
        ("“WHILE MARKETS STAYED OPEN”", "Found but for its capitals"),
        ("Nothing is quoted here.", "There is no quotation of at least 3 words"),
    ],
    ids=["absent", "capitals", "none"],
)
def test_one_that_does_not_stand_word_for_word_ends_with_3(run: Run, text: str, said: str) -> None:
    ended = run("verify-quotes", text)

    assert ended.code == 3
    assert said in ended.out


def test_without_an_argument_the_input_is_read_whatever_its_bytes(run: Run) -> None:
    ended = run("verify-quotes", typed=f"> {STANDS[1:-1]}\n".encode() + b"\xff")

    assert ended.code == 0


def test_as_json_every_quotation_is_told_however_many(run: Run) -> None:
    text = " ".join(f"“number {number} of these”" for number in range(12))

    ended = run("verify-quotes", text, "--json")

    assert (ended.value["quoted"], len(ended.value["quotations"])) == (12, 12)
    assert {each["likeness"] for each in ended.value["quotations"]} == {"absent"}


def test_its_help_has_an_example(run: Run) -> None:
    assert "Example: dateline verify-quotes '" in run("verify-quotes", "--help").out
