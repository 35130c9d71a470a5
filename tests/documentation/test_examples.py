"""The examples of the pages: a command of `dateline` prints what the page shows below it.

The examples of the reference are not among them, since they are generated.
"""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import PROJECT, SEED_QUESTION
from tests.commands import RunCommand
from tests.documentation.markdown import find_code_blocks
from tests.documentation.pages import list_pages

PROMPT = "$ dateline "
OMISSION = "…"
"""A line of an example that stands for any lines."""

INGEST = "ingest articles/"


def list_examples(page: Path) -> Iterator[tuple[str, str]]:
    """Yield each command that the page shows, without `dateline`, and its output."""
    for block in find_code_blocks((PROJECT / page).read_text(encoding="utf-8")):
        command, _, output = block.code.partition("\n")
        if command.startswith(PROMPT):
            yield command.removeprefix(PROMPT), output


def build_output_pattern(output: str) -> str:
    """Return a pattern for the output; white space at the end of a line does not count."""
    lines = (
        r"(?:.*\n)*?" if line == OMISSION else rf"{re.escape(line.rstrip())}[^\S\n]*\n"
        for line in output.splitlines()
    )
    return "".join(lines)


EXAMPLES = {
    page: examples
    for page in list_pages()
    if "reference" not in page.parts and (examples := [*list_examples(page)])
}


@pytest.mark.parametrize("page", EXAMPLES, ids=str)
def test_the_examples_of_a_page_print_what_it_shows(
    page: Path, run: RunCommand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_HOME", str(PROJECT))
    monkeypatch.chdir(tmp_path)
    write_articles(tmp_path / "articles")
    if EXAMPLES[page][0][0] != INGEST:
        run("ask", SEED_QUESTION)  # adds the seeds, and shows the excerpt that can be verified

    for command, output in EXAMPLES[page]:
        result = run(*shlex.split(command))
        assert re.fullmatch(build_output_pattern(output), result.out), result.out + result.err


def test_the_readme_and_the_guides_have_examples() -> None:
    assert {"README.md", "docs/guides/your-own-articles.md"} <= {*map(str, EXAMPLES)}


def write_articles(folder: Path) -> None:
    """Write the articles of the guide, and a line that is refused."""
    page = PROJECT / "docs" / "guides" / "your-own-articles.md"
    blocks = [*find_code_blocks(page.read_text(encoding="utf-8"))]
    text = next(block.code for block in blocks if block.code.startswith("date "))
    line = next(block.code.strip() for block in blocks if block.language == "json")
    folder.mkdir()
    (folder / "tram-line.txt").write_text(text, encoding="utf-8")
    (folder / "news.jsonl").write_text(
        f'{line}\n{{"id": "flood-2", "date": "3 March", "text": "No date."}}\n', encoding="utf-8"
    )
