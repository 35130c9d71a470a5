"""ARCHITECTURE.md names files and packages that exist."""

import re

from tests.builders import PROJECT
from tests.test_layers import ORDER

PAGE = (PROJECT / "ARCHITECTURE.md").read_text(encoding="utf-8")
LAYERS = re.findall(r"^\| (`.+`) \| ", PAGE, re.MULTILINE)


def test_every_file_named_exists() -> None:
    names = re.findall(r"`(?:bot/)?([\w/.]+\.(?:py|toml))`", PAGE)
    files = [path.as_posix() for path in PROJECT.glob("[bct]*/**/*.*")]

    assert len(names) > 20
    assert [name for name in names if not any(file.endswith(f"/{name}") for file in files)] == []


def test_the_layers_are_those_that_the_tests_enforce_in_their_order() -> None:
    named = [name for row in LAYERS for name in re.findall(r"`(\w+)`", row)]

    assert named[: len(ORDER)] == list(ORDER)
