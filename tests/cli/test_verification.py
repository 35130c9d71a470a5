"""The commands that check quotations against the articles."""

from pathlib import Path

import pytest

from tests.builders import a_json_lines_file, a_text_file
from tests.cli.flood import BODY, QUOTE, ask_about_flood, get_receipt
from tests.commands import RunCommand
from tests.scenario import river

VERBATIM = "“while markets stayed open all night”"


@pytest.fixture
def river_library(tmp_path: Path, run: RunCommand) -> None:
    path = a_json_lines_file(tmp_path / "articles.jsonl", river.ARTICLES)
    assert run("ingest", str(path)).code == 0


@pytest.mark.usefixtures("flood")
def test_a_receipt_that_stands_ends_with_0(run: RunCommand) -> None:
    receipt = get_receipt(ask_about_flood(run))

    text, as_json = run("verify", receipt), run("verify", receipt, "--json")

    assert (text.code, as_json.code) == (0, 0)
    assert text.out.startswith(
        f"The article still contains this quote, word for word.\n\n▌ {QUOTE}\n"
    )
    assert as_json.json["standing"] == "identical"
    assert as_json.json["quote"] == QUOTE


def test_a_receipt_of_a_moved_quote_ends_with_0(run: RunCommand, flood: Path) -> None:
    receipt = get_receipt(ask_about_flood(run))
    run("ingest", str(a_text_file(flood, f"No rain.\n\n{BODY}")), "--as-of", "2026-03-04")

    text, as_json = run("verify", receipt), run("verify", receipt, "--json")

    assert (text.code, as_json.code) == (0, 0)
    assert (
        "The quote is now in paragraph 3 of revision 2 of 4 March 2026, dated 2 March 2026."
        in text.out
    )
    assert as_json.json["standing"] == "moved"


def test_a_receipt_of_a_revised_quote_ends_with_3_and_shows_both_texts(
    run: RunCommand, flood: Path
) -> None:
    receipt = get_receipt(ask_about_flood(run))
    run("ingest", str(a_text_file(flood, BODY.replace("two metres", "one metre"))))

    text, as_json = run("verify", receipt), run("verify", receipt, "--json")

    assert (text.code, as_json.code) == (3, 3)
    assert f"▌ {QUOTE}\n" in text.out
    assert "▌ The river rose by one metre.\n" in text.out
    assert text.out.count("2 March 2026") == 2
    assert as_json.json["standing"] == "revised"


@pytest.mark.usefixtures("flood")
def test_a_receipt_of_a_removed_article_ends_with_3_and_says_since_when_and_why(
    run: RunCommand,
) -> None:
    receipt = get_receipt(ask_about_flood(run))
    run("remove", "flood", "--reason", "Published in error.", "--as-of", "2026-03-04")

    text, as_json = run("verify", receipt), run("verify", receipt, "--json")

    assert (text.code, as_json.code) == (3, 3)
    assert "Article flood, withdrawn on 4 March 2026. Reason: Published in error.\n" in text.out
    assert QUOTE not in text.out
    assert as_json.json["standing"] == "withdrawn"
    assert as_json.json["reason"] == "Published in error."


@pytest.mark.usefixtures("flood")
def test_a_receipt_never_shown_ends_with_3(run: RunCommand) -> None:
    text = run("verify", "0123456789abcdef")
    as_json = run("verify", "0123456789abcdef", "--json")

    assert (text.code, as_json.code) == (3, 3)
    assert text.out == "No excerpt was ever shown with this receipt.\n"
    assert as_json.json["standing"] == "unknown"


def test_a_malformed_receipt_ends_with_2_with_json_too(run: RunCommand) -> None:
    result = run("verify", "0123456789abcdeg", "--json")

    assert (result.code, result.out) == (2, "")


def test_an_article_removed_and_ingested_again_unchanged_verifies(
    run: RunCommand, flood: Path
) -> None:
    receipt = get_receipt(ask_about_flood(run))
    run("remove", "flood", "--reason", "A mistake.")
    run("ingest", str(flood))

    result = run("verify", receipt, "--json")

    assert (result.code, result.json["standing"]) == (0, "identical")


@pytest.mark.usefixtures("river_library")
def test_a_quotation_that_stands_ends_with_0_and_can_be_verified(run: RunCommand) -> None:
    result = run("verify-quotes", f"He said {VERBATIM}.")

    receipt = result.out.partition("receipt ")[2].split()[0]
    assert result.code == 0
    assert "Found word for word in “Flood in Bremen” · The Courier, 2 March 2025" in result.out
    assert run("verify", receipt).code == 0


@pytest.mark.usefixtures("river_library")
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (f"{VERBATIM} and “markets were closed all night”", "Not found in any article."),
        ("“WHILE MARKETS STAYED OPEN”", "Found with different capital letters"),
        ("Nothing is quoted here.", "There is no quotation of at least 3 words"),
    ],
    ids=["absent", "capitals", "none"],
)
def test_one_that_does_not_stand_word_for_word_ends_with_3(
    run: RunCommand, text: str, sentence: str
) -> None:
    result = run("verify-quotes", text)

    assert result.code == 3
    assert sentence in result.out


@pytest.mark.usefixtures("river_library")
def test_without_an_argument_the_input_is_read_whatever_its_bytes(run: RunCommand) -> None:
    result = run("verify-quotes", stdin=f"> {VERBATIM[1:-1]}\n".encode() + b"\xff")

    assert result.code == 0


@pytest.mark.usefixtures("river_library")
def test_as_json_every_quotation_is_included(run: RunCommand) -> None:
    text = " ".join(f"“number {number} of these”" for number in range(12))

    result = run("verify-quotes", text, "--json")

    assert (result.json["quoted"], len(result.json["quotations"])) == (12, 12)
    assert {quotation["likeness"] for quotation in result.json["quotations"]} == {"absent"}
