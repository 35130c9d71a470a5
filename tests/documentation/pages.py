"""The pages of the documentation."""

from pathlib import Path

from tests.builders import PROJECT

REFERENCE = PROJECT / "docs" / "reference"


def read_reference(name: str) -> str:
    """Return the text of a page of docs/reference/."""
    return (REFERENCE / name).read_text(encoding="utf-8")


def list_pages() -> list[Path]:
    """Return all pages, by their path in the project."""
    pages = [*PROJECT.glob("*.md"), *PROJECT.glob("docs/**/*.md")]
    return sorted(page.relative_to(PROJECT) for page in pages)
