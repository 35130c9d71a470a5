"""The pages of the documentation: their links lead somewhere, and their examples are real."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import PROJECT, SEED_QUESTION
from tests.commands import RunCommand

PAGES = (*sorted(PROJECT.glob("*.md")), *sorted((PROJECT / "docs").rglob("*.md")))

WRITTEN_PAGES = tuple(page for page in PAGES if "reference" not in page.parts)
"""The pages without the reference, whose examples are generated."""

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_CODE_BLOCK = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
_EXAMPLE = re.compile(r"^```text\n\$ dateline (.+)\n((?:.*\n)*?)```$", re.MULTILINE)
_OMISSION = "…"


def get_page_name(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


def list_anchors(page: str) -> set[str]:
    """Return the anchors that GitHub gives the headings of a page."""
    headings = _HEADING.findall(_CODE_BLOCK.sub("", page))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def find_broken_links(path: Path) -> Iterator[str]:
    """Yield the links to files or headings that do not exist."""
    for link in _LINK.findall(_CODE_BLOCK.sub("", path.read_text(encoding="utf-8"))):
        if "://" in link:
            continue
        name, _, anchor = link.partition("#")
        target = path.parent / name if name else path
        if not target.exists() or (
            anchor and anchor not in list_anchors(target.read_text(encoding="utf-8"))
        ):
            yield link


def build_output_pattern(output: str) -> str:
    """Return a pattern for an output in which a line “…” stands for any lines."""
    lines = (
        r"(?:.*\n)*?" if line == _OMISSION else rf"{re.escape(line.rstrip())}[^\S\n]*\n"
        for line in output.splitlines()
    )
    return "".join(lines)


@pytest.mark.parametrize("path", PAGES, ids=get_page_name)
def test_each_link_of_a_page_leads_somewhere(path: Path) -> None:
    assert not list(find_broken_links(path))


def test_a_link_to_a_missing_page_or_heading_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One two\n[a](gone.md) [b](#one-two) [c](#three)\n", encoding="utf-8")

    assert list(find_broken_links(page)) == ["gone.md", "#three"]


@pytest.mark.parametrize(
    "path",
    [page for page in WRITTEN_PAGES if _EXAMPLE.search(page.read_text(encoding="utf-8"))],
    ids=get_page_name,
)
def test_the_examples_of_a_page_print_what_it_shows(
    path: Path, run: RunCommand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = path.read_text(encoding="utf-8")
    monkeypatch.setenv("DATELINE_HOME", str(PROJECT))
    monkeypatch.chdir(tmp_path)
    _write_articles(tmp_path / "articles")
    if "dateline ingest" not in page:
        run("ask", SEED_QUESTION)  # takes the seeds, and shows the excerpt that can be verified

    for command, output in _EXAMPLE.findall(page):
        result = run(*shlex.split(command))
        assert re.fullmatch(build_output_pattern(output), result.out), result.out + result.err


def _write_articles(folder: Path) -> None:
    """Write the articles of the guide, and a line that is refused."""
    guide = (PROJECT / "docs" / "guides" / "your-own-articles.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"^```text\n(date .*?)^```$", guide, re.DOTALL | re.MULTILINE)
    (line,) = re.findall(r"^```json\n(.*\n)```$", guide, re.MULTILINE)
    folder.mkdir()
    (folder / "tram-line.txt").write_text(text, encoding="utf-8")
    (folder / "news.jsonl").write_text(
        f'{line}{{"id": "flood-2", "date": "3 March", "text": "No date."}}\n', encoding="utf-8"
    )
