"""The links of the documentation, held to the files and headings that exist."""

from pathlib import Path

import pytest

from tests.builders import PROJECT
from tests.documentation.markdown import find_anchors, find_links
from tests.documentation.pages import list_pages


@pytest.mark.parametrize("page", list_pages(), ids=str)
def test_each_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    targets = find_links((PROJECT / page).read_text(encoding="utf-8"))
    relative = [target for target in targets if ":" not in target]

    assert [target for target in relative if not is_reachable(PROJECT / page, target)] == []


def is_reachable(page: Path, target: str) -> bool:
    """Return whether a link on the page leads to an existing file and, if it names one, heading."""
    name, _, anchor = target.partition("#")
    path = (page.parent / name).resolve() if name else page
    if not path.exists():
        return False
    return not anchor or anchor in find_anchors(path.read_text(encoding="utf-8"))
