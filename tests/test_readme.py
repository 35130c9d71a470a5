"""The README and CONTRIBUTING stay short, and their commands and output are correct."""

import re

from bot.discord_ui.permissions import REQUIRED_PERMISSIONS, get_required_permissions
from tests.builders import PROJECT, SEED_QUESTION

README = (PROJECT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")
RUN_THE_BOT = (PROJECT / "docs" / "guides" / "run-the-bot.md").read_text(encoding="utf-8")

_INSTALL = (
    "python3 -m venv .venv"
    " && .venv/bin/pip install --quiet --no-deps --require-hashes -r {lock} && {then}"
)


def list_shell_blocks(page: str) -> list[str]:
    """Return the commands of each block that is marked as a shell's."""
    return re.findall(r"^```(?:sh|bash|console|shell)\n(.*?)\n```$", page, re.DOTALL | re.MULTILINE)


def test_the_readme_is_short() -> None:
    assert len(README.split()) < 1_500


def test_contributing_is_short() -> None:
    assert len(CONTRIBUTING.split()) < 500


def test_the_first_two_shell_blocks_ask_a_question_and_run_the_tests() -> None:
    ask = f'.venv/bin/python -m bot ask "{SEED_QUESTION}"'
    test = ".venv/bin/pip check && .venv/bin/python -m pytest"

    assert list_shell_blocks(README)[:2] == [
        _INSTALL.format(lock="requirements.lock", then=ask),
        _INSTALL.format(lock="tests/requirements.lock", then=test),
    ]


def test_the_readme_shows_what_its_first_command_prints() -> None:
    # tests/documentation/test_examples.py compares it with the real output.
    assert f'```text\n$ dateline ask "{SEED_QUESTION}"\n▌ “We retain full discretion' in README


def test_the_link_asks_for_the_permissions_in_use_each_with_its_row() -> None:
    names = [name.replace("_", " ").title() for name in REQUIRED_PERMISSIONS]

    assert f"&permissions={get_required_permissions().value}`" in RUN_THE_BOT
    assert re.findall(r"^\| ([A-Z][\w ]+) \| to [^|]+ \|$", RUN_THE_BOT, re.MULTILINE) == names
